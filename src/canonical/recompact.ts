import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import { compact, type ExpandedDocument } from './json-ld.js'

/**
 * Terms that the published contexts give the same IRI as another term. Compaction may choose either name; the schema
 * says which of the two a credential may use.
 */
const MEMBER_ALIASES: Readonly<Record<string, string>> = { Achievement: 'achievement' }
const TYPE_ALIASES: Readonly<Record<string, string>> = { geo: 'GeoCoordinates' }

/**
 * Compares a document with the one that comes back when its RDF meaning is written with its own contexts. A member
 * that hides behind a keyword, an alias or an absolute IRI comes back in another place or under another name (VC Data
 * Integrity 1.0 section 4.6).
 *
 * @returns the JSON Pointer of the first difference, or undefined where the two say the same
 */
export async function findHiddenMeaning(
  document: JsonObject,
  expanded: ExpandedDocument,
  contexts: ContextSet
): Promise<string | undefined> {
  const again = await compact(expanded, document['@context'] ?? null, contexts)
  return firstDifference(document, again as JsonObject, '')
}

function firstDifference(given: JsonValue, again: JsonValue, path: string, member = ''): string | undefined {
  const left = unwrap(given)
  const right = unwrap(again)
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return path
    return firstOf(
      left.map((item, index) => () => firstDifference(item, right[index] as JsonValue, pointer(path, index), member))
    )
  }
  if (isJsonObject(left) && isJsonObject(right)) return differenceOfObjects(left, right, path)
  const same = left === right || (member === 'type' && alias(TYPE_ALIASES, left) === alias(TYPE_ALIASES, right))
  return same ? undefined : path || '/'
}

function differenceOfObjects(left: JsonObject, right: JsonObject, path: string): string | undefined {
  const names = memberNames(left)
  const others = memberNames(right)
  for (const name of others.keys()) if (!names.has(name)) return pointer(path, name)
  return firstOf(
    [...names].map(([name, given]) => () => {
      const place = pointer(path, given)
      const again = others.get(name)
      if (again === undefined) return place
      return firstDifference(left[given] as JsonValue, right[again] as JsonValue, place, name)
    })
  )
}

/** Member names by the name they go under when aliases are set aside. A nested credential's context is compared by its effect. */
function memberNames(object: JsonObject): Map<string, string> {
  return new Map(
    Object.keys(object)
      .filter((name) => name !== '@context')
      .map((name) => [Object.hasOwn(MEMBER_ALIASES, name) ? (MEMBER_ALIASES[name] as string) : name, name])
  )
}

/** JSON-LD does not tell one value from a list of one. */
function unwrap(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? (value[0] as JsonValue) : value
}

function alias(table: Readonly<Record<string, string>>, value: JsonValue): JsonValue {
  return typeof value === 'string' && Object.hasOwn(table, value) ? (table[value] as string) : value
}

function firstOf(steps: readonly (() => string | undefined)[]): string | undefined {
  for (const step of steps) {
    const found = step()
    if (found !== undefined) return found
  }
  return undefined
}
