import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../../src/encoding/errors.js'
import { inflateRaw } from '../../src/status/inflate.js'

const ROOM = 1 << 16

/** What came out, or the code of the refusal. */
function inflated(data: Uint8Array, room = ROOM): string | { bytes: Buffer; read: number } {
  const output = new Uint8Array(room)
  try {
    const { written, read } = inflateRaw(data, output)
    return { bytes: Buffer.from(output.subarray(0, written)), read }
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError)
    return `${(error as StatusError).code}: ${(error as StatusError).message}`
  }
}

type Bits = readonly [value: number, count: number] | string

/** Writes DEFLATE bit by bit: numbers from the least significant bit, words of a code from the most significant. */
function bitsOf(...parts: readonly Bits[]): Uint8Array {
  const bits = parts.flatMap((part) =>
    typeof part === 'string'
      ? [...part.replaceAll(' ', '')].map(Number)
      : Array.from({ length: part[1] }, (_, n) => (part[0] >> n) & 1)
  )
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [at, bit] of bits.entries()) bytes[at >> 3] = (bytes[at >> 3] as number) | (bit << (at & 7))
  return bytes
}

const FIXED = [
  [1, 1],
  [1, 2]
] as const
const A = '10010001' // the letter 0x61 in the fixed code

describe('raw DEFLATE', () => {
  it.each([
    ['stored', { level: 0 }],
    ['fixed', { strategy: constants.Z_FIXED }],
    ['dynamic', { level: 9 }],
    ['run lengths', { strategy: constants.Z_RLE }],
    ['literals alone', { strategy: constants.Z_HUFFMAN_ONLY }]
  ])('of %s blocks unpacks to what was packed, for any bytes', (_kind, options) => {
    const repetitive = fc
      .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 700 })), { maxLength: 8 })
      .map((parts) => Buffer.concat(parts.map(([bytes, times]) => Buffer.concat(Array(times).fill(bytes)))))
    fc.assert(
      fc.property(repetitive, (bytes) => {
        const packed = deflateRawSync(bytes, options)
        const outcome = inflated(packed, bytes.length)
        if (typeof outcome === 'string') throw new Error(outcome)
        expect([outcome.bytes.equals(bytes), outcome.read]).toEqual([true, packed.length])
      }),
      { numRuns: 60, seed: 1951 }
    )
  })

  it('is read to the end of the last block, and says where that is', () => {
    const packed = Buffer.concat([deflateRawSync('abc'), Buffer.from('junk')])
    expect(inflated(packed)).toEqual({ bytes: Buffer.from('abc'), read: packed.length - 4 })
  })

  it('fills the room it was given, and no more', () => {
    for (const options of [{ level: 0 }, { level: 9 }, { strategy: constants.Z_HUFFMAN_ONLY }]) {
      const packed = deflateRawSync(Buffer.alloc(1_000, 7), options)
      expect(inflated(packed, 1_000)).toMatchObject({ read: packed.length })
      expect(inflated(packed, 999)).toBe('STATUS_LIST_MALFORMED: The GZIP data are longer than they state')
      expect(inflated(packed, 0)).toContain('longer than they state')
    }
  })

  it('cut anywhere is refused', () => {
    for (const options of [{ level: 0 }, { level: 9 }, { strategy: constants.Z_FIXED }]) {
      const packed = deflateRawSync(Buffer.from('a list of nothing but letters, letters, letters'), options)
      for (let length = 0; length < packed.length; length++) {
        expect(inflated(packed.subarray(0, length))).toContain('cut short')
      }
    }
  })

  it('changed anywhere is taken or refused as zlib does', () => {
    const texts = ['a list of nothing but letters, letters, letters', '\0'.repeat(16_384), 'abcabcabcabc'.repeat(99)]
    const packed = texts.flatMap((text) => [deflateRawSync(text, { level: 9 }), deflateRawSync(text, { strategy: 4 })])
    fc.assert(
      fc.property(fc.constantFrom(...packed), fc.nat(), fc.integer({ min: 1, max: 255 }), (whole, at, change) => {
        const data = Buffer.from(whole)
        data[at % data.length] = (data[at % data.length] as number) ^ change
        expect(agrees(takenBy(data), takenByZlib(data))).toBe(true)
      }),
      { numRuns: 3_000, seed: 1951 }
    )
  })

  it('made of any bits is taken or refused as zlib does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.constantFrom(0, 1, 2), (bytes, kind) => {
        bytes[0] = ((bytes[0] as number) & 0xf8) | 1 | (kind << 1)
        expect(agrees(takenBy(bytes), takenByZlib(bytes))).toBe(true)
      }),
      { numRuns: 3_000, seed: 1952 }
    )
  })

  it.each([
    ['a block of the kind that does not exist', bitsOf([1, 1], [3, 2]), 'unknown kind'],
    ['a stored block of two lengths', Uint8Array.of(1, 1, 0, 0xff, 0xff, 0x61), 'two lengths'],
    ['the fixed symbol 286', bitsOf(...FIXED, '11000110'), 'cannot be'],
    ['the fixed symbol 287', bitsOf(...FIXED, '11000111'), 'cannot be'],
    ['the fixed distance 30', bitsOf(...FIXED, A, '0000001', '11110'), 'cannot be'],
    ['a repetition from before the start', bitsOf(...FIXED, A, '0000001', '00001'), 'before their start'],
    ['287 literals', dynamic(30, 0, []), 'cannot be'],
    ['31 distances', dynamic(0, 30, []), 'cannot be'],
    ['lengths with a code of too many words', dynamic(0, 0, [1, 1, 1, 0]), 'cannot be'],
    ['lengths with a code of too few words', dynamic(0, 0, [0, 0, 2, 2]), 'cannot be'],
    // The words are 0 for "copy the one before" and 1 for "eleven or more zeros".
    ['a copy of the length before the first', dynamic(0, 0, [1, 0, 1, 0], '0'), 'cannot be'],
    ['more lengths than were announced', dynamic(0, 0, [1, 0, 1, 0], '1 1111111 1 1111111'), 'cannot be'],
    ['no word for the end', dynamic(0, 0, [1, 0, 1, 0], '1 1111111 1 0001011'), 'cannot be']
  ])('with %s is refused', (_what, data, reason) => {
    expect(inflated(data)).toContain(reason)
    expect(takenByZlib(data)).toBe('refused')
  })

  it('repeats from the very first byte, and as far as 258 bytes at once', () => {
    const data = bitsOf(...FIXED, A, '11000101', '00000', '0000000')
    expect(inflated(data)).toEqual({ bytes: Buffer.alloc(259, 'a'), read: data.length })
    expect(inflated(data, 259)).toMatchObject({ read: data.length })
    expect(inflated(data, 258)).toContain('longer than they state')
  })

  it('writes nothing beyond what it reports', () => {
    const output = new Uint8Array(100)
    const { written } = inflateRaw(deflateRawSync('a'.repeat(60)), output)
    expect([written, ...output.subarray(58, 63)]).toEqual([60, 97, 97, 0, 0, 0])
  })

  it('of many empty blocks takes no long time', () => {
    const empty = '0 10 0000000' // not the last, fixed, the end
    const data = bitsOf(empty.repeat(40_000), ...FIXED, '0000000')
    expect(inflated(data)).toEqual({ bytes: Buffer.alloc(0), read: data.length })
  })
})

describe('the codes of a dynamic block', () => {
  const SINGLE = [...zeros(256), 1] // a single word, of one bit, for the end
  const LONGEST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, ...zeros(241), 15]

  it.each([
    ['a single word for the end and no distance', coded(SINGLE, [0]), '0', ''],
    ['as many literals as may be', coded([...SINGLE, ...zeros(29)], [0]), '0', ''],
    ['as many distances as may be', coded(SINGLE, zeros(30)), '0', ''],
    ['a single distance', coded(SINGLE, [1]), '0', ''],
    ['two words of one bit', coded([...zeros(97), 1, ...zeros(158), 1], [0]), '001', 'aa'],
    ['words of 15 bits', coded(LONGEST, [0]), `${'1'.repeat(14)}0 ${'1'.repeat(15)}`, '\x0e'],
    ['a length that is copied six times', copied(3), '110 111', '\x06'],
    ['a length that is copied five times', copied(2, [3]), '110 111', '\x06']
  ])('may have %s', (_what, codes, words, text) => {
    const data = bitsOf(...codes, words, '0'.repeat(16))
    expect(takenByZlib(data)).toEqual(Buffer.from(text))
    expect(takenBy(data)).toEqual(Buffer.from(text))
  })

  it.each([
    ['one literal more than may be', coded([...SINGLE, ...zeros(30)], [0]), '0'],
    ['one distance more than may be', coded(SINGLE, zeros(31)), '0'],
    ['no word for the end', coded([...zeros(97), 1, 1, ...zeros(158)], [0]), '0'],
    ['too few words for the literals', coded([...zeros(97), 2, ...zeros(158), 2], [0]), '01'],
    ['too few words for the distances', coded(SINGLE, [2]), '0'],
    ['too many words for the literals', coded([1, 1, ...zeros(254), 1], [0]), '0'],
    ['too many words for the distances', coded(SINGLE, [1, 1, 1]), '0'],
    ['more zeros than lengths are left', coded(SINGLE, [0], ELEVEN_ZEROS), '0']
  ])('must not have %s', (_what, codes, words) => {
    const data = bitsOf(...codes, words, '0'.repeat(400))
    expect(takenByZlib(data)).toBe('refused')
    expect(inflated(data)).toContain('cannot be')
  })
})

function zeros(count: number): number[] {
  return Array(count).fill(0)
}

/**
 * A code for lengths in the order of the format: words of three bits for 16 and 17, of two for 18, of five for 0 to 15. So the
 * word of a length is 1 and the length itself in four bits.
 */
const CODE_LENGTHS = [3, 3, 2, ...Array(16).fill(5)]
const FIVE = (length: number) => (16 + length).toString(2)
const COPY = '010'
const ELEVEN_ZEROS = '00 0000000'

/** The head of a dynamic block with these lengths, each written out but for the last where another word is given. */
function coded(literals: readonly number[], distances: readonly number[], last?: string): readonly Bits[] {
  const words = [...literals, ...distances].map(FIVE)
  if (last !== undefined) words.splice(-1, 1, last)
  return [...headOf(literals.length, distances.length), ...words]
}

/** Literals 0 to 6 and the end have words of three bits; their lengths are a first one and copies of it. */
function copied(extra: number, again: readonly number[] = []): readonly Bits[] {
  const first = 1 + 3 + extra
  const words = [FIVE(3), COPY, [extra, 2] as const, ...again.map(FIVE)]
  return [...headOf(257, 1), ...words, ...zeros(256 - first - again.length).map(FIVE), FIVE(3), FIVE(0)]
}

function headOf(literals: number, distances: number): readonly Bits[] {
  const lengths = CODE_LENGTHS.map((length): Bits => [length, 3])
  return [[1, 1], [2, 2], [literals - 257, 5], [distances - 1, 5], [15, 4], ...lengths]
}

/** A dynamic block: counts less their least value, the first four lengths of the code for lengths, and what follows. */
function dynamic(literals: number, distances: number, codeLengths: readonly number[], rest = ''): Uint8Array {
  const lengths = codeLengths.map((length): [number, number] => [length, 3])
  return bitsOf([1, 1], [2, 2], [literals, 5], [distances, 5], [0, 4], ...lengths, rest, '0'.repeat(64))
}

function takenBy(data: Uint8Array): Buffer | 'refused' {
  const outcome = inflated(data)
  return typeof outcome === 'string' ? 'refused' : outcome.bytes
}

// Compared here, because a matcher walks over every byte.
function agrees(one: Buffer | 'refused', other: Buffer | 'refused'): boolean {
  return typeof one === 'string' || typeof other === 'string' ? one === other : one.equals(other)
}

function takenByZlib(data: Uint8Array): Buffer | 'refused' {
  try {
    return inflateRawSync(data, { maxOutputLength: ROOM })
  } catch {
    return 'refused'
  }
}
