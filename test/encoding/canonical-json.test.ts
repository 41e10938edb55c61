import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/encoding/canonical-json.js'
import { InputError } from '../../src/encoding/errors.js'
import { describeShared, readSharedJson, readSharedText, sharedPath } from '../support/shared.js'

function refusal(value: unknown): readonly [string, string | undefined] | undefined {
  try {
    canonicalJson(value)
  } catch (error) {
    if (error instanceof InputError) return [error.code, error.path]
    throw error
  }
  return undefined
}

describe('canonicalJson', () => {
  test('orders members by UTF-16 code unit, at every depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null, '😀': 1, '\ufb33': 2, '': true })).toBe(
      '{"":true,"a":null,"b":[{"c":2,"d":1}],"😀":1,"\ufb33":2}'
    )
  })

  test('orders names that look like array indices as text', () => {
    expect(canonicalJson({ 10: 1, 9: 2, 1: 3 })).toBe('{"1":3,"10":1,"9":2}')
  })

  test('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([1.0, -0, 1e21, 1e-7, JSON.parse('333333333.33333329'), 4.5])).toBe(
      '[1,0,1e+21,1e-7,333333333.3333333,4.5]'
    )
  })

  test.each([
    ['undefined', { a: undefined }, 'JSON_VALUE_TYPE', '/a'],
    ['a function', [() => 1], 'JSON_VALUE_TYPE', '/0'],
    ['a method called toJSON', { toJSON: () => 1 }, 'JSON_VALUE_TYPE', '/toJSON'],
    ['a symbol', Symbol('x'), 'JSON_VALUE_TYPE', '/'],
    ['a BigInt', [1n], 'JSON_VALUE_TYPE', '/0'],
    ['a Date', { when: new Date(0) }, 'JSON_VALUE_TYPE', '/when'],
    ['a Map', new Map(), 'JSON_VALUE_TYPE', '/'],
    ['bytes', new Uint8Array(1), 'JSON_VALUE_TYPE', '/'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    ['a hole in an array', [1, , 2], 'JSON_VALUE_TYPE', '/1'],
    ['NaN', { 'a/b': Number.NaN }, 'JSON_NUMBER_RANGE', '/a~1b'],
    ['an infinity', [Number.NEGATIVE_INFINITY], 'JSON_NUMBER_RANGE', '/0'],
    ['half a surrogate pair', ['Bad\ud800'], 'JSON_STRING_MALFORMED', '/0'],
    ['half a surrogate pair in a name', { '\udc00': 1 }, 'JSON_STRING_MALFORMED', '/\udc00']
  ])('9, 10: refuses %s', (_, value, code, path) => {
    expect(refusal(value)).toEqual([code, path])
  })

  test('refuses a value that contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(refusal(loop)?.[0]).toBe('JSON_TOO_DEEP')
  })

  test('takes objects without a prototype', () => {
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}')
  })

  test('reads back to the same value, and gives one text for one value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value))
        const text = canonicalJson(plain)
        expect(JSON.parse(text)).toEqual(plain)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      })
    )
  })
})

describeShared('canonicalJson against the published vectors', () => {
  test('9: every vector of RFC 8785 comes out byte for byte', () => {
    const names = readdirSync(sharedPath('vectors/jcs/testdata/input'))
    expect(names.length).toBeGreaterThanOrEqual(6)
    for (const name of names) {
      const output = readSharedText(`vectors/jcs/testdata/output/${name}`).trimEnd()
      expect([name, canonicalJson(readSharedJson(`vectors/jcs/testdata/input/${name}`))]).toEqual([name, output])
    }
  })
})
