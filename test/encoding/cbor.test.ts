import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborValue, decodeCbor, encodeCbor } from '../../src/encoding/cbor.js'
import { InputError } from '../../src/encoding/errors.js'
import { decodeHex, encodeHex } from '../../src/encoding/multibase.js'

const invalid = expect.objectContaining({ name: 'InputError', code: 'ENCODING_INVALID' })
const read = (hex: string) => decodeCbor(decodeHex(hex))

const { value: anyValue } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: -Number.MAX_SAFE_INTEGER + 1, max: Number.MAX_SAFE_INTEGER - 1 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.nat(), fc.string({ maxLength: 5 })), tie('value')), {
        selector: ([key]) => `${typeof key}${key}`,
        maxLength: 5
      })
      .map((entries) => new Map(entries))
  )
}))

describe('CBOR', () => {
  it('comes back as it went in', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decodeCbor(encodeCbor(value))).toEqual(value)
      })
    )
  })

  it('has one form for one value: whatever is read is written alike again', () => {
    let accepted = 0
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
      fc.tuple(anyValue.map(encodeCbor), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([whole, at, byte]) => {
        const changed = Uint8Array.from(whole)
        changed[at % changed.length] = byte
        return changed
      })
    )
    fc.assert(
      fc.property(bytes, (given) => {
        let value: CborValue
        try {
          value = decodeCbor(given)
        } catch (error) {
          expect(error).toEqual(invalid)
          return
        }
        accepted += 1
        expect(encodeHex(encodeCbor(value))).toBe(encodeHex(given))
      }),
      { numRuns: 2000 }
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('is read as the appendix of RFC 8949 has it', () => {
    expect(read('00')).toBe(0)
    expect(read('17')).toBe(23)
    expect(read('1818')).toBe(24)
    expect(read('1903e8')).toBe(1000)
    expect(read('1b000000e8d4a51000')).toBe(1_000_000_000_000)
    expect(read('20')).toBe(-1)
    expect(read('3903e7')).toBe(-1000)
    expect(read('4401020304')).toEqual(Uint8Array.of(1, 2, 3, 4))
    expect(read('62c3bc')).toBe('ü')
    expect(read('8301820203820405')).toEqual([1, [2, 3], [4, 5]])
    expect(read('a201020304')).toEqual(
      new Map([
        [1, 2],
        [3, 4]
      ])
    )
  })

  it.each([
    ['nothing', ''],
    ['a trailing byte', '8000'],
    ['an indefinite array', '9f01ff'],
    ['an indefinite map', 'bf0102ff'],
    ['indefinite bytes', '5f42010243030405ff'],
    ['an indefinite text', '7f6161ff'],
    ['a lone break', 'ff'],
    ['a tag', 'c101'],
    ['the tag of typed arrays', 'd8404401020304'],
    ['a boolean', 'f5'],
    ['null', 'f6'],
    ['a float', 'fb3ff199999999999a'],
    ['an integer in two bytes where one does', '1817'],
    ['an integer in three bytes where two do', '1900ff'],
    ['an integer in five bytes where three do', '1a0000ffff'],
    ['an integer in nine bytes where five do', '1b00000000ffffffff'],
    ['a long length of a short array', '980101'],
    ['a long length of short bytes', '580101'],
    ['a number no double can hold', '1bffffffffffffffff'],
    ['a reserved length', '1c'],
    ['a key that stands twice', 'a201020103'],
    ['keys out of order', 'a203040102'],
    ['a key of bytes', 'a1410102'],
    ['an array that ends early', '8301'],
    ['an array of more entries than there are bytes', '9b001fffffffffffff'],
    ['bytes that end early', '4301'],
    ['a text that is not UTF-8', '61ff'],
    ['nine levels', '818181818181818181818100']
  ])('81: refuses %s', (_name, hex) => {
    expect(() => read(hex)).toThrow(invalid)
  })

  it('stops at the number of values it was told', () => {
    const bytes = encodeCbor([1, 2, 3])
    expect(decodeCbor(bytes, { maxItems: 4 })).toEqual([1, 2, 3])
    expect(() => decodeCbor(bytes, { maxItems: 3 })).toThrow(invalid)
  })

  it('says where', () => {
    try {
      decodeCbor(Uint8Array.of(0xf6), { path: '/proof/proofValue' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      expect(error).toMatchObject({ path: '/proof/proofValue', got: 'something else at byte 1 of 1' })
    }
  })
})
