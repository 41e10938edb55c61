import type { KommaErrorCode } from './error-codes.js'
import { InputError } from './errors.js'
import type { JsonValue } from './json-types.js'

/** Bounds on a JSON document. Every one can be raised or lowered by the caller. */
export interface JsonLimits {
  /** Length of the text in bytes (or UTF-16 units where the input is a string). Default 1 MiB. */
  readonly maxLength?: number
  /** Nesting of arrays and objects. Default 32. */
  readonly maxDepth?: number
  /** Members and elements together. Default 10,000. */
  readonly maxItems?: number
}

export const DEFAULT_JSON_LIMITS: Required<JsonLimits> = Object.freeze({
  maxLength: 1_048_576,
  maxDepth: 32,
  maxItems: 10_000
})

const HALF_SURROGATE = /[\uD800-\uDFFF]/u

/** True where every surrogate has its partner, so that the text has one UTF-8 form. */
export function isWellFormed(text: string): boolean {
  return !HALF_SURROGATE.test(text)
}

/** One reference token of an RFC 6901 JSON Pointer. */
export function pointer(path: string, token: string | number): string {
  return `${path}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

const LONGEST_PLACE = 500

/**
 * A {@link pointer} for people to read: cut where it is longer than any honest one. A name of a megabyte would otherwise
 * be written out once more for everything that is said of what it holds.
 */
export function placeOf(path: string, token: string | number): string {
  const place = pointer(path, token)
  return place.length <= LONGEST_PLACE ? place : `${place.slice(0, LONGEST_PLACE)}…`
}

export function refuse(
  code: KommaErrorCode,
  message: string,
  path: string,
  rest: { expected?: string; got?: string; hint?: string } = {}
): never {
  throw new InputError({ code, message, path: path === '' ? '/' : path, ...rest })
}

/** Refuses names that would change an object instead of being stored in it. */
export function checkMemberName(name: string, path: string): void {
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
    refuse('JSON_FORBIDDEN_MEMBER', `a member is called ${name}`, pointer(path, name))
  }
  if (!isWellFormed(name)) refuse('JSON_STRING_MALFORMED', 'a member name contains half a surrogate pair', path)
}

/** Stores a member also where every object inherits a frozen one of that name, which an assignment would stop at. */
export function storeMember(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name in object)
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  else object[name] = value
}

export function checkString(text: string, path: string): string {
  if (!isWellFormed(text)) refuse('JSON_STRING_MALFORMED', 'a string contains half a surrogate pair', path)
  return text
}

/** Other parsers read larger numbers differently, so a signature over them would not mean one thing. */
export function checkNumber(value: number, path: string, source: string = String(value)): number {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    refuse('JSON_NUMBER_RANGE', 'a number is out of range', path, {
      expected: 'a number between -(2^53-1) and 2^53-1',
      got: source.slice(0, 40)
    })
  }
  return value
}

/** Counts members and elements, and watches the depth, for one document. */
export class Budget {
  readonly #limits: Required<JsonLimits>
  #items = 0
  #text = 0

  constructor(limits: JsonLimits) {
    this.#limits = { ...DEFAULT_JSON_LIMITS, ...limits }
  }

  length(length: number): void {
    if (length > this.#limits.maxLength) {
      refuse('INPUT_TOO_LARGE', 'the document is too long', '', {
        expected: `at most ${this.#limits.maxLength}`,
        got: String(length)
      })
    }
  }

  /** Adds to the length of a document that was never a text. */
  text(length: number): void {
    this.#text += length
    this.length(this.#text)
  }

  item(path: string): void {
    this.#items += 1
    if (this.#items > this.#limits.maxItems) {
      refuse('JSON_TOO_MANY_ITEMS', 'too many members and elements', path, {
        expected: `at most ${this.#limits.maxItems}`
      })
    }
  }

  depth(depth: number, path: string): void {
    if (depth > this.#limits.maxDepth) {
      refuse('JSON_TOO_DEEP', 'arrays and objects are nested too deep', path, {
        expected: `at most ${this.#limits.maxDepth} levels`
      })
    }
  }
}
