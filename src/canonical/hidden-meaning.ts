import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import { sharedNames } from '../model/generated/contexts.js'
import { listOf } from '../model/read.js'
import { compact, type ExpandedDocument } from './json-ld.js'

/**
 * Finds a member that means something else than it shows: one that hides behind an alias or an IRI, so that a reader of
 * the JSON passes it by while the signature still holds (VC Data Integrity 1.0 section 4.6).
 *
 * In a document that passed the shape gate and uses bundled contexts only, every name has one meaning but for the few
 * that share an IRI; where none of those is misused there is nothing to hide behind. Every other document is written
 * anew from its RDF meaning, with its own contexts, and compared with itself.
 *
 * @returns the JSON Pointer of the first difference, or undefined where the document says what it means
 */
export async function findHiddenMeaning(
  document: JsonObject,
  expanded: ExpandedDocument,
  contexts: ContextSet
): Promise<string | undefined> {
  return namesArePlain(document, contexts) ? undefined : findByRecompaction(document, expanded, contexts)
}

/** {@link findHiddenMeaning} without the short way. */
export async function findByRecompaction(
  document: JsonObject,
  expanded: ExpandedDocument,
  contexts: ContextSet
): Promise<string | undefined> {
  const again = await compact(expanded, document['@context'] ?? null, contexts)
  return firstDifference(document, again as JsonObject, '')
}

function namesArePlain(value: JsonValue, contexts: ContextSet): boolean {
  if (Array.isArray(value)) return value.every((item) => namesArePlain(item, contexts))
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([name, member]) => {
    if (name === '@context') return listOf(member).every((url) => typeof url === 'string' && contexts.isBundled(url))
    if (sharedNames.classes.includes(name) || name.startsWith('@') || name.includes(':')) return false
    return name === 'type' ? listOf(member).every(isPlainType) : namesArePlain(member, contexts)
  })
}

function isPlainType(type: JsonValue): boolean {
  return typeof type === 'string' && !type.includes(':') && !sharedNames.properties.includes(type)
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
