import { InputError } from './errors.js'
import {
  Budget,
  checkMemberName,
  checkNumber,
  checkString,
  type JsonLimits,
  pointer,
  refuse,
  storeMember
} from './json-rules.js'
import type { JsonObject, JsonValue } from './json-types.js'

/**
 * Reads JSON strictly: RFC 8259 and nothing beside it, each member once, no name that reaches a prototype, numbers that
 * every reader understands alike, well-formed strings, and bounds on length, depth and number of items.
 *
 * Does not check what the document means.
 *
 * @throws {InputError} INPUT_NOT_UTF8, INPUT_TOO_LARGE, JSON_SYNTAX, JSON_DUPLICATE_MEMBER, JSON_FORBIDDEN_MEMBER,
 *   JSON_TOO_DEEP, JSON_TOO_MANY_ITEMS, JSON_NUMBER_RANGE, JSON_STRING_MALFORMED
 */
export function parseJson(input: string | Uint8Array, limits: JsonLimits = {}): JsonValue {
  const budget = new Budget(limits)
  budget.length(input.length)
  const text = typeof input === 'string' ? input : decodeUtf8(input)
  if (text.charCodeAt(0) === 0xfeff) {
    throw new InputError({ code: 'INPUT_NOT_UTF8', message: 'the text starts with a byte order mark' })
  }
  return new Reader(text, budget).document()
}

/** Decodes UTF-8 and keeps nothing that is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new InputError({ code: 'INPUT_NOT_UTF8', message: 'the bytes are not UTF-8' }, { cause })
  }
}

const WHITE_SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 section 7 forbids exactly these inside a string.
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null]
]
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t']
])

class Reader {
  readonly #text: string
  readonly #budget: Budget
  #at = 0

  constructor(text: string, budget: Budget) {
    this.#text = text
    this.#budget = budget
  }

  document(): JsonValue {
    this.#skipSpace()
    const value = this.#value('', 0)
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#syntax('the end of the text')
    return value
  }

  #value(path: string, depth: number): JsonValue {
    const character = this.#text[this.#at]
    if (character === '{') return this.#object(path, depth + 1)
    if (character === '[') return this.#array(path, depth + 1)
    if (character === '"') return checkString(this.#string(), path)
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    const number = this.#match(NUMBER)
    if (number === '') this.#syntax('a JSON value')
    return checkNumber(Number(number), path, number)
  }

  #object(path: string, depth: number): JsonObject {
    this.#budget.depth(depth, path)
    const object: Record<string, JsonValue> = {}
    this.#at += 1
    this.#skipSpace()
    if (this.#take('}')) return object
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#syntax('a member name in double quotes')
      const name = this.#string()
      checkMemberName(name, path)
      const place = pointer(path, name)
      if (Object.hasOwn(object, name)) refuse('JSON_DUPLICATE_MEMBER', 'a member stands twice in one object', place)
      this.#budget.item(place)
      this.#skipSpace()
      if (!this.#take(':')) this.#syntax('a colon')
      this.#skipSpace()
      storeMember(object, name, this.#value(place, depth))
      this.#skipSpace()
      if (this.#take('}')) return object
      if (!this.#take(',')) this.#syntax('a comma or }')
      this.#skipSpace()
    }
  }

  #array(path: string, depth: number): JsonValue[] {
    this.#budget.depth(depth, path)
    const array: JsonValue[] = []
    this.#at += 1
    this.#skipSpace()
    if (this.#take(']')) return array
    for (;;) {
      const place = pointer(path, array.length)
      this.#budget.item(place)
      array.push(this.#value(place, depth))
      this.#skipSpace()
      if (this.#take(']')) return array
      if (!this.#take(',')) this.#syntax('a comma or ]')
      this.#skipSpace()
    }
  }

  #string(): string {
    this.#at += 1
    let text = ''
    for (;;) {
      text += this.#match(PLAIN_CHARACTERS)
      if (this.#take('"')) return text
      if (!this.#take('\\')) this.#syntax('a character of a string')
      text += this.#escape()
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at] ?? ''
    const plain = ESCAPES.get(letter)
    if (plain !== undefined) {
      this.#at += 1
      return plain
    }
    const digits = this.#text.slice(this.#at + 1, this.#at + 5)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) this.#syntax('an escape of RFC 8259')
    this.#at += 5
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #skipSpace(): void {
    this.#match(WHITE_SPACE)
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #syntax(expected: string): never {
    const before = this.#text.slice(0, this.#at).split('\n')
    throw new InputError({
      code: 'JSON_SYNTAX',
      message: 'the text is not JSON',
      path: `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
      expected,
      got:
        this.#at < this.#text.length ? JSON.stringify(this.#text.slice(this.#at, this.#at + 12)) : 'the end of the text'
    })
  }
}
