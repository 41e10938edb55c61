import { readdirSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
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
    ['1: a member twice', '{"a":1,"b":{"c":1,"c":2}}', 'JSON_DUPLICATE_MEMBER', '/b/c'],
    ['1: the same member behind an escape', '{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_MEMBER', '/a'],
    ['2: __proto__ at any depth', '{"a":[{"__proto__":{"admin":true}}]}', 'JSON_FORBIDDEN_MEMBER', '/a/0/__proto__'],
    ['2: prototype', '[{"prototype":1}]', 'JSON_FORBIDDEN_MEMBER', '/0/prototype'],
    ['2: constructor', '{"constructor":1}', 'JSON_FORBIDDEN_MEMBER', '/constructor'],
    ['3: half a surrogate pair in a value', '{"name":"Bad\\ud800"}', 'JSON_STRING_MALFORMED', '/name'],
    ['3: half a surrogate pair in a name', '{"Bad\\udc00":1}', 'JSON_STRING_MALFORMED', '/'],
    ['9: a number beyond 2^53', '[9007199254740993]', 'JSON_NUMBER_RANGE', '/0'],
    ['9: an infinite number', '[1e400]', 'JSON_NUMBER_RANGE', '/0'],
    ['6: trailing data', '{}{}', 'JSON_SYNTAX', 'line 1, column 3'],
    ['6: NaN', '[NaN]', 'JSON_SYNTAX', 'line 1, column 2'],
    ['6: a leading zero', '[01]', 'JSON_SYNTAX', 'line 1, column 3'],
    ['6: a truncated text', '{"a":\n {"b": "c', 'JSON_SYNTAX', 'line 2, column 10'],
    ['6: a comment', '{/* */}', 'JSON_SYNTAX', 'line 1, column 2'],
    ['6: single quotes', "{'a':1}", 'JSON_SYNTAX', 'line 1, column 2']
  ])('refuses %s and says where', (_, text, code, path) => {
    expect(codeOf(() => parseJson(text))).toBe(code)
    expect(() => parseJson(text)).toThrow(path)
  })

  it('4, 5: refuses a byte order mark and bytes that are not UTF-8', () => {
    expect(codeOf(() => parseJson('\ufeff{}'))).toBe('INPUT_NOT_UTF8')
    expect(codeOf(() => parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)))).toBe('INPUT_NOT_UTF8')
    expect(codeOf(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22)))).toBe('INPUT_NOT_UTF8')
  })

  it('7: takes 32 levels and refuses 33, and 100,000 without running out of stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(codeOf(() => parseJson(nested(32)))).toBeUndefined()
    expect(codeOf(() => parseJson(nested(33)))).toBe('JSON_TOO_DEEP')
    expect(codeOf(() => parseJson(nested(2_000)))).toBe('JSON_TOO_DEEP')
    expect(codeOf(() => parseJson('['.repeat(100_000)))).toBe('JSON_TOO_DEEP')
  })

  it('8: takes 10,000 items and refuses one more', () => {
    const wide = (items: number) => `[${Array(items).fill('1').join()}]`
    expect(codeOf(() => parseJson(wide(10_000)))).toBeUndefined()
    expect(codeOf(() => parseJson(wide(10_001)))).toBe('JSON_TOO_MANY_ITEMS')
  })

  it('8: takes 1 MiB and refuses one more byte before reading', () => {
    const long = (length: number) => new TextEncoder().encode(`"${'x'.repeat(length - 2)}"`)
    expect(codeOf(() => parseJson(long(1_048_576)))).toBeUndefined()
    expect(codeOf(() => parseJson(long(1_048_577)))).toBe('INPUT_TOO_LARGE')
  })

  it('8: looks into nothing that is too long: not 50 MiB, not a million members, not a text of 20 MiB', () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode')
    const members = Array.from({ length: 1_000_000 }, (_, index) => `"${index}":1`).join()
    for (const text of [`{${members}}`, `["${'x'.repeat(20 * 1_048_576)}"]`, new Uint8Array(50 * 1_048_576)]) {
      expect(codeOf(() => parseJson(text))).toBe('INPUT_TOO_LARGE')
    }
    expect(decode).not.toHaveBeenCalled()
    decode.mockRestore()
  })

  it('2: leaves every prototype as it was', () => {
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

  it('1, 6, 9: accepts the files that are JSON, but for seven named ones', () => {
    const verdicts = files('y_').map((name) => [name, codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`)))])
    expect(verdicts).toHaveLength(95)
    expect(Object.fromEntries(verdicts.filter(([, code]) => code !== undefined))).toEqual(stricter)
  })

  it('5, 6, 7: refuses every file that is not JSON', () => {
    const accepted = files('n_').filter(
      (name) => codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`))) === undefined
    )
    expect(files('n_')).toHaveLength(188)
    expect(accepted).toEqual([])
  })

  it('3, 5, 6, 9: has one fixed verdict on the files that the grammar leaves open', () => {
    const accepted = files('i_').filter(
      (name) => codeOf(() => parseJson(readSharedBytes(`${folder}/${name}`))) === undefined
    )
    expect(files('i_')).toHaveLength(35)
    expect(accepted).toEqual(['i_number_double_huge_neg_exp.json', 'i_number_real_underflow.json'])
  })

  it('1, 3, 9, 14: reads a text that parsers transform as it stands, or refuses it', () => {
    const transform = 'vectors/jsontestsuite/test_transform'
    const verdicts = readdirSync(sharedPath(transform)).map((name) => {
      const read = () => parseJson(readSharedBytes(`${transform}/${name}`))
      return [name, codeOf(read) ?? read()]
    })
    const [composed, apart] = ['\u00e9', 'e\u0301']
    expect(Object.fromEntries(verdicts)).toEqual({
      'number_-9223372036854775808.json': 'JSON_NUMBER_RANGE',
      'number_-9223372036854775809.json': 'JSON_NUMBER_RANGE',
      'number_1.0.json': [1],
      'number_1.000000000000000005.json': [1],
      'number_1000000000000000.json': [1_000_000_000_000_000],
      'number_10000000000000000999.json': 'JSON_NUMBER_RANGE',
      'number_1e-999.json': [0],
      'number_1e6.json': [1_000_000],
      'number_9223372036854775807.json': 'JSON_NUMBER_RANGE',
      'number_9223372036854775808.json': 'JSON_NUMBER_RANGE',
      'object_key_nfc_nfd.json': { [composed]: 'NFC', [apart]: 'NFD' },
      'object_key_nfd_nfc.json': { [composed]: 'NFC', [apart]: 'NFD' },
      'object_same_key_different_values.json': 'JSON_DUPLICATE_MEMBER',
      'object_same_key_same_value.json': 'JSON_DUPLICATE_MEMBER',
      'object_same_key_unclear_values.json': 'JSON_DUPLICATE_MEMBER',
      'string_1_escaped_invalid_codepoint.json': 'JSON_STRING_MALFORMED',
      'string_1_invalid_codepoint.json': 'INPUT_NOT_UTF8',
      'string_2_escaped_invalid_codepoints.json': 'JSON_STRING_MALFORMED',
      'string_2_invalid_codepoints.json': 'INPUT_NOT_UTF8',
      'string_3_escaped_invalid_codepoints.json': 'JSON_STRING_MALFORMED',
      'string_3_invalid_codepoints.json': 'INPUT_NOT_UTF8',
      'string_with_escaped_NULL.json': ['A\u0000B']
    })
  })
})
