import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KommaError } from '../../src/encoding/errors.js'
import { parseJson } from '../../src/encoding/json.js'
import { describeShared, readSharedBytes, sharedPath } from '../support/shared.js'

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof KommaError) return error.code
    throw error
  }
}

describe('strict JSON', () => {
  it('reads what JSON can say', () => {
    const text = '{"a":[1,-0.5,2e3,true,false,null,"\\u00e6\\n\\ud83d\\ude00"],"b":{}}'
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it.each([
    ['a member twice', '{"a":1,"b":{"c":1,"c":2}}', 'JSON_DUPLICATE_MEMBER', '/b/c'],
    ['the same member behind an escape', '{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_MEMBER', '/a'],
    ['__proto__ at any depth', '{"a":[{"__proto__":{"admin":true}}]}', 'JSON_FORBIDDEN_MEMBER', '/a/0/__proto__'],
    ['constructor', '{"constructor":1}', 'JSON_FORBIDDEN_MEMBER', '/constructor'],
    ['half a surrogate pair in a value', '{"name":"Bad\\ud800"}', 'JSON_STRING_MALFORMED', '/name'],
    ['half a surrogate pair in a name', '{"Bad\\udc00":1}', 'JSON_STRING_MALFORMED', '/'],
    ['a number beyond 2^53', '[9007199254740993]', 'JSON_NUMBER_RANGE', '/0'],
    ['an infinite number', '[1e400]', 'JSON_NUMBER_RANGE', '/0'],
    ['trailing data', '{}{}', 'JSON_SYNTAX', 'line 1, column 3'],
    ['a truncated text', '{"a":\n {"b": "c', 'JSON_SYNTAX', 'line 2, column 10'],
    ['a comment', '{/* */}', 'JSON_SYNTAX', 'line 1, column 2'],
    ['single quotes', "{'a':1}", 'JSON_SYNTAX', 'line 1, column 2']
  ])('refuses %s and says where', (_, text, code, path) => {
    expect(codeOf(() => parseJson(text))).toBe(code)
    expect(() => parseJson(text)).toThrow(path)
  })

  it('refuses a byte order mark and bytes that are not UTF-8', () => {
    expect(codeOf(() => parseJson('\ufeff{}'))).toBe('INPUT_NOT_UTF8')
    expect(codeOf(() => parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)))).toBe('INPUT_NOT_UTF8')
    expect(codeOf(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22)))).toBe('INPUT_NOT_UTF8')
  })

  it('takes 32 levels and refuses 33, and 100,000 without running out of stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(codeOf(() => parseJson(nested(32)))).toBeUndefined()
    expect(codeOf(() => parseJson(nested(33)))).toBe('JSON_TOO_DEEP')
    expect(codeOf(() => parseJson('['.repeat(100_000)))).toBe('JSON_TOO_DEEP')
  })

  it('takes 10,000 items and refuses one more', () => {
    const wide = (items: number) => `[${Array(items).fill('1').join()}]`
    expect(codeOf(() => parseJson(wide(10_000)))).toBeUndefined()
    expect(codeOf(() => parseJson(wide(10_001)))).toBe('JSON_TOO_MANY_ITEMS')
  })

  it('takes 1 MiB and refuses one more byte before reading', () => {
    const long = (length: number) => new TextEncoder().encode(`"${'x'.repeat(length - 2)}"`)
    expect(codeOf(() => parseJson(long(1_048_576)))).toBeUndefined()
    expect(codeOf(() => parseJson(long(1_048_577)))).toBe('INPUT_TOO_LARGE')
  })

  it('leaves every prototype as it was', () => {
    codeOf(() => parseJson('{"__proto__":{"polluted":true}}'))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describeShared('JSONTestSuite', () => {
  const folder = 'vectors/jsontestsuite/test_parsing'
  const files = (prefix: string) => readdirSync(sharedPath(folder)).filter((name) => name.startsWith(prefix))
  // Duplicates and numbers that readers understand differently are refused on top of the grammar.
  const stricter: Readonly<Record<string, string>> = {
    'y_object_duplicated_key.json': 'JSON_DUPLICATE_MEMBER',
    'y_object_duplicated_key_and_value.json': 'JSON_DUPLICATE_MEMBER',
    'y_number.json': 'JSON_NUMBER_RANGE',
    'y_number_real_capital_e.json': 'JSON_NUMBER_RANGE',
    'y_number_real_exponent.json': 'JSON_NUMBER_RANGE',
    'y_number_real_fraction_exponent.json': 'JSON_NUMBER_RANGE',
    'y_object_extreme_numbers.json': 'JSON_NUMBER_RANGE'
  }

  it('accepts the files that are JSON, but for seven named ones', () => {
    const verdicts = files('y_').map((name) => [name, codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`)))])
    expect(verdicts).toHaveLength(95)
    expect(Object.fromEntries(verdicts.filter(([, code]) => code !== undefined))).toEqual(stricter)
  })

  it('refuses every file that is not JSON', () => {
    const accepted = files('n_').filter(
      (name) => codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`))) === undefined
    )
    expect(files('n_')).toHaveLength(188)
    expect(accepted).toEqual([])
  })

  it('has one fixed verdict on the files that the grammar leaves open', () => {
    const accepted = files('i_').filter(
      (name) => codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`))) === undefined
    )
    expect(files('i_')).toHaveLength(35)
    expect(accepted).toEqual(['i_number_double_huge_neg_exp.json', 'i_number_real_underflow.json'])
  })
})
