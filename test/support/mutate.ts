import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'

const CONTEXT_TERMS = [
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

const STRANGE_NAMES = [
  ...CONTEXT_TERMS,
  '@id',
  '@nest',
  '@included',
  '@index',
  'validUntil',
  'name',
  'type',
  'https://schema.org/name',
  'proof',
  'toString',
  'toJSON',
  'hasOwnProperty',
  'length',
  'x'
]

const STRANGE_VALUES: readonly unknown[] = [
  '',
  -0,
  1e-7,
  'Profile',
  'VerifiableCredential',
  'Badge',
  '2030-01-01T00:00:00Z',
  'did:example:x',
  ['Evidence'],
  { toString: 'x' },
  ['x', { toString: 'x', valueOf: 0 }],
  { length: 1 }
]

/** One change of a document. */
export interface Mutation {
  readonly where: number
  readonly how: 'delete' | 'replace' | 'wrap' | 'duplicate' | 'add' | 'move' | 'swap'
  readonly other: number
  readonly name: string
  readonly value: unknown
}

/** One to three changes, each at any place. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record<Mutation>({
    where: fc.nat(),
    how: fc.constantFrom('delete', 'replace', 'wrap', 'duplicate', 'add', 'move', 'swap'),
    other: fc.nat(),
    name: fc.constantFrom(...STRANGE_NAMES),
    value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...STRANGE_VALUES))
  }),
  { minLength: 1, maxLength: 3 }
)

/** A changed copy of a document; undefined where the changes leave nothing that could be changed further. */
export function mutated(document: JsonObject, changes: readonly Mutation[]): JsonObject | undefined {
  try {
    return changes.reduce(mutate, document)
  } catch {
    return undefined
  }
}

/** One value and a list of one say the same, and so do sets in another order; nothing else does. */
export function meaning(value: JsonValue): JsonValue {
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

/** No two places share an object, or a change further on could make a circle, which no JSON has. */
function mutate(document: JsonObject, { where, how, other, name, value }: Mutation): JsonObject {
  const copy = structuredClone(document)
  const paths = pathsOf(copy).slice(1)
  const path = paths[where % paths.length] as Path
  const parent = parentOf(copy, path)
  const key = path.at(-1) as string
  if (how === 'delete') Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]
  if (how === 'replace') parent[key] = structuredClone(value)
  if (how === 'wrap') parent[key] = [parent[key]]
  if (how === 'duplicate') parent[key] = [parent[key], structuredClone(parent[key])].flat()
  if (how === 'add' && !Array.isArray(parent)) parent[name] = structuredClone(value)
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
