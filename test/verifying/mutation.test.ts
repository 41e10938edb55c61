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
import { fuzzing, tell } from '../support/fuzz.js'
import { FIRST_AID, KARI, NOW, testHouse } from '../support/issuer.js'
import { meaning, mutated, mutations } from '../support/mutate.js'

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

/** What a suite does not tell apart: an RDF form has no order and no single values, JSON is JSON. */
const SUITES: readonly (readonly [Cryptosuite, (document: JsonValue) => JsonValue])[] = [
  [eddsaRdfc2022, meaning],
  [eddsaJcs2022, (document) => document]
]

describe.each(SUITES)('a badge secured with $name, after any change', (suite, covered) => {
  it('is refused, or says exactly what was signed', async () => {
    const { badge, resolver } = await badgeBy(suite)
    const { proof: _, ...signed } = badge
    let verified = 0
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const changed = mutated(badge, changes)
        if (changed === undefined) return
        verified += 1
        const report = await verify(changed as never, { now: NOW, resolver })
        expect(report.checks).toHaveLength(CHECK_IDS.length)
        if (!report.accepted) return
        accepted += 1
        expect(covered(report.credential as JsonObject)).toEqual(covered(signed))
      }),
      fuzzing(1000, 0.5)
    )
    tell(`${verified} changes of one badge, of which ${accepted} were accepted and say what was signed`)
    expect(accepted).toBeGreaterThan(0)
  })
})
