import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import {
  type Cryptosuite,
  compileCompetency,
  eddsaJcs2022,
  eddsaRdfc2022,
  type Resolver,
  verify
} from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { FIRST_AID, KARI, NOW, testHouse } from '../support/issuer.js'

async function badgeBy(suite: Cryptosuite): Promise<{ readonly badge: JsonObject; readonly resolver: Resolver }> {
  const house = await testHouse({ suite })
  const competency = compileCompetency({
    ...FIRST_AID,
    tag: ['first aid', 'safety'],
    alignment: [
      { targetName: 'first response', targetUrl: 'http://data.europa.eu/esco/skill/x', targetType: 'ext:ESCOSkill' }
    ]
  })
  const issued = await house.issuer.issue(competency, {
    ...KARI,
    evidence: [
      { genre: 'WorkProduct', narrative: 'A drill.' },
      { genre: 'Reflection', narrative: 'What I would do next time.' }
    ]
  })
  return { badge: JSON.parse(issued.text), resolver: await house.publish() }
}

const contextTerms = [
  'relatedResource',
  'renderMethod',
  'termsOfUse',
  'refreshService',
  'jti',
  'sub',
  'image',
  'Image',
  'creator',
  'Profile',
  'achievement',
  'id',
  'identifier',
  'related',
  'expirationDate'
]

type Path = readonly (string | number)[]

function pathsOf(value: JsonValue, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries: [string | number, JsonValue][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...entries.flatMap(([key, member]) => pathsOf(member, [...path, key]))]
}

// biome-ignore lint/suspicious/noExplicitAny: a mutation puts anything anywhere.
function parentOf(document: any, path: Path): any {
  return path.slice(0, -1).reduce((value, key) => value[key], document)
}

const strangeNames = [
  ...contextTerms,

  '@id',
  '@nest',
  '@included',
  '@index',
  'validUntil',
  'name',
  'type',
  'https://schema.org/name',
  'proof',
  'x'
]
const mutation = fc.record({
  where: fc.nat(),
  how: fc.constantFrom('delete', 'replace', 'wrap', 'duplicate', 'add', 'move', 'swap'),
  other: fc.nat(),
  name: fc.constantFrom(...strangeNames),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('', -0, 1e-7, 'Profile', 'VerifiableCredential', 'Badge', '2030-01-01T00:00:00Z', 'did:example:x', [
      'Evidence'
    ])
  )
})

function mutate(
  document: JsonObject,
  { where, how, other, name, value }: { where: number; how: string; other: number; name: string; value: unknown }
) {
  const copy = structuredClone(document)
  const paths = pathsOf(copy).slice(1)
  const path = paths[where % paths.length] as Path
  const parent = parentOf(copy, path)
  const key = path.at(-1) as string
  if (how === 'delete') Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]
  if (how === 'replace') parent[key] = value
  if (how === 'wrap') parent[key] = [parent[key]]
  if (how === 'duplicate') parent[key] = [parent[key], parent[key]].flat()
  if (how === 'add' && !Array.isArray(parent)) parent[name] = value
  if (how === 'move' && !Array.isArray(parent)) {
    parent[name] = parent[key]
    if (name !== key) delete parent[key]
  }
  if (how === 'swap') {
    const second = paths[other % paths.length] as Path
    const target = parentOf(copy, second)
    if (target !== undefined && target !== null && typeof target === 'object') {
      const kept = target[second.at(-1) as string]
      target[second.at(-1) as string] = structuredClone(parent[key])
      parent[key] = kept
    }
  }
  return copy
}

/** One value and a list of one say the same, and so do sets in another order; nothing else does. */
function meaning(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map(meaning)
    return items.length === 1
      ? (items[0] as JsonValue)
      : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, member]) => [key, meaning(member)])
  )
}

/** What a suite does not tell apart: an RDF form has no order and no single values, JSON is JSON. */
const SUITES: readonly (readonly [Cryptosuite, (document: JsonValue) => JsonValue])[] = [
  [eddsaRdfc2022, meaning],
  [eddsaJcs2022, (document) => document]
]

describe.each(SUITES)('a badge secured with $name, after any change', (suite, covered) => {
  it('is refused, or says exactly what was signed', async () => {
    const { badge, resolver } = await badgeBy(suite)
    const { proof: _, ...signed } = badge
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        let changed: JsonObject
        try {
          changed = mutations.reduce(mutate, badge)
        } catch {
          return // a cycle of moves that leaves nothing to change
        }
        const report = await verify(changed as never, { now: NOW, resolver })
        expect(report.checks).toHaveLength(CHECK_IDS.length)
        if (!report.accepted) return
        accepted += 1
        expect(covered(report.credential as JsonObject)).toEqual(covered(signed))
      }),
      { numRuns: Number(process.env['KOMMA_MUTATIONS'] ?? 1000) }
    )
    expect(accepted).toBeGreaterThan(0)
  })
})
