import type { Fault } from './errors.js'
import type { JsonValue } from './json-types.js'
import { isJsonObject } from './snapshot.js'

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/
const INDEX = /^(?:0|[1-9][0-9]*)$/
const MAX_LENGTH = 1024

/** The reference tokens of a JSON Pointer (RFC 6901 section 3), or undefined for a text that is none. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (typeof pointer !== 'string' || pointer.length > MAX_LENGTH || !POINTER.test(pointer)) return undefined
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/**
 * One step of a JSON Pointer (RFC 6901 section 4): an own member of an object or an entry of an array that is there.
 * Prototypes are not looked at, `-` and indexes with leading zeros name nothing.
 */
export function stepInto(value: JsonValue, token: string): JsonValue | undefined {
  if (Array.isArray(value)) return INDEX.test(token) ? (value as readonly JsonValue[])[Number(token)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, token) ? value[token] : undefined
}

/** Follows tokens from the top of a document; undefined where they lead nowhere. */
export function valueAt(document: JsonValue, tokens: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = document
  for (const token of tokens) {
    if (value === undefined) return undefined
    value = stepInto(value, token)
  }
  return value
}

/** What is wrong with pointers into a document: every one that is malformed or points at nothing. */
export function findPointerFaults(pointers: readonly string[], document: JsonValue, path: string): readonly Fault[] {
  return pointers.flatMap((pointer, index) => {
    const tokens = parsePointer(pointer)
    if (tokens !== undefined && valueAt(document, tokens) !== undefined) return []
    return [
      {
        code: 'POINTER_INVALID' as const,
        message: tokens === undefined ? 'the text is not a JSON Pointer' : 'the JSON Pointer points at nothing',
        path: `${path}/${index}`,
        expected: tokens === undefined ? 'a text such as /credentialSubject/name' : 'a member or entry that is there',
        got: typeof pointer === 'string' ? JSON.stringify(pointer.slice(0, 200)) : typeof pointer
      }
    ]
  })
}
