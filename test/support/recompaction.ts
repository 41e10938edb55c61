import jsonld from 'jsonld'
import { pointer } from '../../src/encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { isJsonObject } from '../../src/encoding/snapshot.js'
import type { ContextSet } from '../../src/model/contexts.js'
import { sharedNames } from '../../src/model/generated/contexts.js'

/**
 * The oracle for what the shape gate promises: writes a document anew from its RDF meaning, with its own contexts, and
 * compares it with itself (VC Data Integrity 1.0 section 4.6).
 *
 * @returns the JSON Pointer of the first difference, or undefined where the document says what it means
 */
export async function findHiddenMeaning(document: JsonObject, contexts: ContextSet): Promise<string | undefined> {
  const documentLoader = async (url: string) => ({
    contextUrl: null,
    documentUrl: url,
    document: { ...contexts.get(url) }
  })
  const options = { documentLoader, base: null, safe: true } as const
  const expanded = await jsonld.expand(document, options)
  const again = await jsonld.compact(expanded, document['@context'], { ...options, skipExpansion: true })
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
  const same = left === right || (member === 'type' && asClass(left) === asClass(right))
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

/**
 * Member names, each as the property it stands for: compaction may choose either of two names that share an IRI, and
 * the schema says which of them a credential may use. A nested credential's context is compared by its effect.
 */
function memberNames(object: JsonObject): Map<string, string> {
  return new Map(
    Object.keys(object)
      .filter((name) => name !== '@context')
      .map((name) => [sharedNames.properties[sharedNames.classes.indexOf(name)] ?? name, name])
  )
}

function asClass(type: JsonValue): JsonValue {
  return typeof type === 'string' ? (sharedNames.classes[sharedNames.properties.indexOf(type)] ?? type) : type
}

/** JSON-LD does not tell one value from a list of one. */
function unwrap(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? (value[0] as JsonValue) : value
}

function firstOf(steps: readonly (() => string | undefined)[]): string | undefined {
  for (const step of steps) {
    const found = step()
    if (found !== undefined) return found
  }
  return undefined
}
