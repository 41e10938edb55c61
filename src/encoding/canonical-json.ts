import { isWellFormed, pointer, refuse } from './json-rules.js'

/** Far deeper than any document that passed the intake, and far from the end of the stack. */
const MAX_DEPTH = 500

/**
 * The one text of a JSON value: no white space, members in order of UTF-16 code units, numbers as ECMAScript writes
 * them. Two values have the same text if and only if they are the same JSON.
 *
 * Reads each member once, but does not copy: take a snapshot first of a value that somebody else can change.
 *
 * @throws {InputError} JSON_VALUE_TYPE for anything JSON cannot say, holes in arrays included; JSON_NUMBER_RANGE for
 *   NaN and the infinities; JSON_STRING_MALFORMED for half a surrogate pair; JSON_TOO_DEEP beyond 500 levels
 * @see RFC 8785, JSON Canonicalization Scheme
 * @example
 * ```ts
 * canonicalJson({ b: 1.0, a: '€' }) // '{"a":"€","b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  return write(value, '', 0)
}

function write(value: unknown, path: string, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value, path)
  if (typeof value === 'number') return writeNumber(value, path)
  if (typeof value !== 'object') {
    return refuse('JSON_VALUE_TYPE', 'a value is not JSON', path, { expected: 'a JSON value', got: typeof value })
  }
  if (depth === MAX_DEPTH) refuse('JSON_TOO_DEEP', 'arrays and objects are nested too deep', path)
  return Array.isArray(value) ? writeArray(value, path, depth) : writeObject(value, path, depth)
}

function writeString(text: string, path: string): string {
  if (!isWellFormed(text)) refuse('JSON_STRING_MALFORMED', 'a string contains half a surrogate pair', path)
  return JSON.stringify(text)
}

function writeNumber(number: number, path: string): string {
  if (!Number.isFinite(number)) refuse('JSON_NUMBER_RANGE', 'a number is not finite', path, { got: String(number) })
  return JSON.stringify(number)
}

function writeArray(array: readonly unknown[], path: string, depth: number): string {
  // Array.from visits holes too, which then are refused as undefined.
  return `[${Array.from(array, (item, index) => write(item, pointer(path, index), depth + 1)).join(',')}]`
}

function writeObject(object: object, path: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object)
  // Objects of another realm have another Object.prototype, whose own prototype is null all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    refuse('JSON_VALUE_TYPE', 'a value is not a plain object', path, { got: object.constructor?.name ?? 'object' })
  }
  const members = Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1))
  const texts = members.map(([name, member]) => {
    const place = pointer(path, name)
    return `${writeString(name, place)}:${write(member, place, depth + 1)}`
  })
  return `{${texts.join(',')}}`
}
