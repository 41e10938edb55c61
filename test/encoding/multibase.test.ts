import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeBase64url,
  decodeHex,
  decodeMultibase,
  encodeBase64url,
  encodeHex,
  encodeMultibase
} from '../../src/encoding/multibase.js'

const invalid = expect.objectContaining({ name: 'InputError', code: 'ENCODING_INVALID' })

describe('multibase', () => {
  test('bytes come back as they went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (const encoding of ['base58btc', 'base64url'] as const) {
          expect(decodeMultibase(encodeMultibase(encoding, bytes), { encoding })).toEqual(bytes)
        }
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes)
        expect(decodeHex(encodeHex(bytes))).toEqual(bytes)
      })
    )
  })

  test('one text has one meaning: any text that decodes is the one that encoding gives', () => {
    fc.assert(
      fc.property(fc.constantFrom('z', 'u'), fc.stringMatching(/^[A-Za-z0-9_=+/ -]{0,12}$/), (prefix, rest) => {
        let bytes: Uint8Array
        try {
          bytes = decodeMultibase(prefix + rest)
        } catch (error) {
          expect(error).toEqual(invalid)
          return
        }
        expect(encodeMultibase(prefix === 'z' ? 'base58btc' : 'base64url', bytes)).toBe(prefix + rest)
      })
    )
  })

  test.each([
    ['padding', 'uAA=='],
    ['white space', 'uA A'],
    ['a newline at the end', 'uAAAA\n'],
    ['loose trailing bits', 'uAB'],
    ['the other base64 alphabet', 'u+/+/'],
    ['a letter base58 lacks', 'z0OIl'],
    ['another base', 'mAAAA'],
    ['an upper-case prefix', 'ZAAAA'],
    ['no prefix', 'AAAA'],
    ['nothing', ''],
    ['too long a text', `z${'1'.repeat(5000)}`]
  ])('%s is refused', (_name, text) => {
    expect(() => decodeMultibase(text)).toThrow(invalid)
  })

  test('a value that is not text is refused', () => {
    for (const value of [7, null, undefined, ['u'], {}]) {
      expect(() => decodeMultibase(value as never)).toThrow(invalid)
      expect(() => decodeHex(value as never)).toThrow(invalid)
    }
  })

  test('only the encoding that was asked for is read', () => {
    expect(() => decodeMultibase('uAAAA', { encoding: 'base58btc' })).toThrow(invalid)
    expect(() => decodeMultibase('z1', { encoding: 'base64url' })).toThrow(invalid)
  })

  test('the limit of length holds exactly', () => {
    expect(decodeBase64url('AAAA', { maxLength: 4 })).toHaveLength(3)
    expect(() => decodeBase64url('AAAA', { maxLength: 3 })).toThrow(invalid)
  })

  test('hexadecimal is lower case and whole', () => {
    for (const text of ['AB', 'abc', '0x12', 'g0', ' 12']) expect(() => decodeHex(text)).toThrow(invalid)
  })

  test('the error names the place that was given', () => {
    expect(() => decodeMultibase('x', { path: '/proof/proofValue' })).toThrow(
      expect.objectContaining({ path: '/proof/proofValue' })
    )
  })
})
