import { randomBytes } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/encoding/crc32.js'
import { StatusError } from '../../src/encoding/errors.js'
import {
  createBitstring,
  decodeList,
  decodeList2021,
  encodeList,
  findStatusMessage,
  getBit,
  parseStatusListIndex,
  parseStatusSize,
  readStatus,
  setBit,
  writeStatus
} from '../../src/status/bitstring.js'
import type { GzipCodec } from '../../src/status/gzip.js'

const MIB = 1024 * 1024
const zlibCodec: GzipCodec = { deflateRaw: async (bytes) => deflateRawSync(bytes) }

function textOf(packed: Uint8Array): string {
  return `u${Buffer.from(packed).toString('base64url')}`
}

function gzip(bytes: Uint8Array): Buffer {
  return gzipSync(bytes, { level: 9 })
}

function listWith(length: number, ...bits: number[]): string {
  const bytes = new Uint8Array(length)
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return textOf(gzip(bytes))
}

function statusOf(text: string, index: unknown, statusSize?: unknown, statusMessage?: unknown): number {
  const size = parseStatusSize(statusSize, statusMessage)
  return readStatus(decodeList(text), parseStatusListIndex(index), { statusSize: size })
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason
  )
  expect(error).toBeInstanceOf(StatusError)
  return (error as StatusError).code
}

function codeOfCall(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError)
    return (error as StatusError).code
  }
  return 'nothing was thrown'
}

function messages(count: number): { status: string; message: string }[] {
  return Array.from({ length: count }, (_, n) => ({ status: `0x${n.toString(16)}`, message: `state ${n}` }))
}

const base = listWith(16_384)
const baseGzip = gzip(new Uint8Array(16_384))

describe('a published list is read as the standard says', () => {
  it('reads 0 where no bit is set', () => {
    expect(statusOf(base, '5')).toBe(0)
  })

  it('161: counts bits from the left', () => {
    const text = listWith(16_384, 5)
    expect(statusOf(text, '5')).toBe(1)
    expect(statusOf(text, '2')).toBe(0)
  })

  it('161: reads the last index', () => {
    expect(statusOf(listWith(16_384, 131_071), '131071')).toBe(1)
  })

  it('160: reads entries of two and three bits, most significant bit first, across byte borders', () => {
    expect(statusOf(listWith(32_768, 10), '5', 2, messages(4))).toBe(2)
    expect(statusOf(listWith(49_152, 6, 8), '2', 3, messages(8))).toBe(5)
  })

  it('reads entries of 32 bits as positive numbers', () => {
    const bytes = new Uint8Array(131_072 * 4).fill(0xff)
    expect(readStatus(bytes, 131_071, { statusSize: 32 })).toBe(2 ** 32 - 1)
  })

  it.each([['131072'], [131_072], ['9007199254740991']])('158: refuses index %s, which is not in the list', (index) => {
    expect(codeOfCall(() => statusOf(base, index))).toBe('STATUS_RANGE')
  })

  it('158: refuses an index whose product with the size is beyond the safe integers', () => {
    const bytes = new Uint8Array(131_072)
    expect(codeOfCall(() => readStatus(bytes, Number.MAX_SAFE_INTEGER, { statusSize: 8 }))).toBe('STATUS_RANGE')
  })

  it.each([
    [1, 1],
    [16_383, 1],
    [16_384, 2]
  ])('159: refuses a list of %i bytes with %i bits per entry as too short', (length, statusSize) => {
    const bytes = decodeList(listWith(length))
    expect(codeOfCall(() => readStatus(bytes, 0, { statusSize }))).toBe('STATUS_LIST_LENGTH')
  })

  it('159: takes the shortest list that is long enough', () => {
    expect(readStatus(new Uint8Array(32_768), 131_071, { statusSize: 2 })).toBe(0)
  })

  it.each([
    [0, undefined],
    [2, undefined],
    [2, messages(3)],
    [2, messages(5)],
    [2, {}],
    [1, messages(3)],
    [2, [...messages(3), null]],
    [2, [...messages(3), 'text']],
    [2, [...messages(3), { status: 3, message: 'x' }]],
    [2, [...messages(3), { status: '0x3', message: 3 }]],
    [2, [...messages(3), { status: '0x2', message: 'a value twice' }]],
    [2, [...messages(3), { status: '0x4', message: 'a value that cannot be' }]],
    [2, [...messages(3), { status: '3', message: 'no 0x' }]],
    [2, [...messages(3), { status: '0x', message: 'no digit' }]],
    [2, [...messages(3), { status: '0x0000000000000003', message: 'too many digits' }]],
    [2, [...messages(3), { status: 'x0x3', message: 'something before' }]],
    [2, [...messages(3), { status: ' 0x3', message: 'a space before' }]],
    [2, [...messages(3), { status: '0x3 ', message: 'something after' }]],
    [33, undefined],
    [2_147_483_648, undefined],
    [-1, undefined],
    [1.5, undefined],
    ['1', undefined],
    [null, undefined],
    [Number.NaN, undefined]
  ])('160: refuses the size %s with the messages %j', (statusSize, statusMessage) => {
    expect(codeOfCall(() => parseStatusSize(statusSize, statusMessage))).toBe('STATUS_LIST_MALFORMED')
  })

  it('160: takes messages for entries of one bit, and none', () => {
    expect(parseStatusSize(undefined, messages(2))).toBe(1)
    expect(parseStatusSize(undefined, undefined)).toBe(1)
    expect(parseStatusSize(1, undefined)).toBe(1)
  })

  it('160: finds a message by the value it is for, wherever it stands', () => {
    const shuffled = [messages(4)[2], messages(4)[0], { status: '0X3'.toLowerCase(), message: 'last' }, messages(4)[1]]
    expect(parseStatusSize(2, shuffled)).toBe(2)
    expect([0, 1, 2, 3].map((value) => findStatusMessage(value, shuffled))).toEqual([
      'state 0',
      'state 1',
      'state 2',
      'last'
    ])
    expect(findStatusMessage(10, [{ status: '0xA', message: 'upper case' }])).toBe('upper case')
    expect(findStatusMessage(1, undefined)).toBeUndefined()
    expect(findStatusMessage(1, [null, { status: '0x0', message: 'other' }])).toBeUndefined()
  })

  it('refuses an impossible size while reading', () => {
    expect(codeOfCall(() => readStatus(new Uint8Array(16_384), 0, { statusSize: 0 }))).toBe('STATUS_LIST_MALFORMED')
  })
})

describe('an index is read in one form only', () => {
  it.each([
    ['0', 0],
    ['5', 5],
    ['131071', 131_071],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    [0, 0],
    [23, 23]
  ])('157: reads %j', (value, index) => {
    expect(parseStatusListIndex(value)).toBe(index)
  })

  it.each([
    ['-1'],
    ['+5'],
    ['05'],
    ['5.0'],
    ['5e0'],
    ['0x5'],
    [' 5'],
    ['5 '],
    ['5\n'],
    ['5abc'],
    [''],
    ['NaN'],
    ['Infinity'],
    ['9007199254740993'],
    ['9007199254740992'],
    ['10000000000000000'],
    ['٥'],
    [-1],
    [-0],
    [5.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
    [[5]],
    [['5']],
    [{}],
    [null],
    [undefined],
    [true],
    [5n]
  ])('157: refuses %s', (value) => {
    expect(codeOfCall(() => parseStatusListIndex(value))).toBe('STATUS_LIST_MALFORMED')
  })
})

describe('a malformed list is refused', () => {
  function withByte(position: number, change: (byte: number) => number): string {
    const packed = Buffer.from(baseGzip)
    const at = position < 0 ? packed.length + position : position
    packed[at] = change(packed[at] as number)
    return textOf(packed)
  }

  const cases: readonly (readonly [string, string])[] = [
    ['no multibase prefix', base.slice(1)],
    ['nothing at all', ''],
    ['the prefix alone', 'u'],
    ['base58', `z${'2'.repeat(40)}`],
    ['padding', `${base}=`],
    ['a line break at the end', `${base}\n`],
    ['the standard alphabet', `u${gzip(randomBytes(16_384)).toString('base64')}`],
    ['a zlib stream', textOf(deflateSync(new Uint8Array(16_384)))],
    ['raw deflate', textOf(deflateRawSync(new Uint8Array(16_384)))],
    ['two members', textOf(Buffer.concat([baseGzip, baseGzip]))],
    ['four members', textOf(Buffer.concat([baseGzip, baseGzip, baseGzip, baseGzip]))],
    ['an empty second member', textOf(Buffer.concat([baseGzip, gzip(new Uint8Array(0))]))],
    ['trailing junk', textOf(Buffer.concat([baseGzip, Buffer.from('junk')]))],
    ['one trailing zero', textOf(Buffer.concat([baseGzip, Buffer.from([0])]))],
    [
      'junk before a correct trailer',
      textOf(Buffer.concat([baseGzip.subarray(0, -8), Buffer.from('junk'), baseGzip.subarray(-8)]))
    ],
    [
      'a zero before a correct trailer',
      textOf(Buffer.concat([baseGzip.subarray(0, -8), Buffer.from([0]), baseGzip.subarray(-8)]))
    ],
    ['one bit flipped in the CRC', withByte(-8, (byte) => byte ^ 1)],
    ['an ISIZE of 1', textOf(Buffer.concat([baseGzip.subarray(0, -4), Buffer.from([1, 0, 0, 0])]))],
    ['an ISIZE one too large', withByte(-4, (byte) => byte + 1)],
    ['cut after 30 bytes', textOf(baseGzip.subarray(0, 30))],
    ['cut after 9 bytes', textOf(baseGzip.subarray(0, 9))],
    ['cut by one byte', textOf(baseGzip.subarray(0, -1))],
    ['a reserved flag', withByte(3, () => 0x20)],
    ['a method other than deflate', withByte(2, () => 7)],
    ['a name without end', withByte(3, () => 8)],
    ['a wrong header checksum', textOf(headered(2, Buffer.from([0, 0])))]
  ]

  it.each(cases)('163: %s', (_what, text) => {
    expect(codeOfCall(() => decodeList(text))).toBe('STATUS_LIST_MALFORMED')
  })

  it('163: bits after the last byte', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let extra = 0; extra < 3; extra++) {
      const named = textOf(headered(8, Buffer.concat([Buffer.from('n'.repeat(extra)), Buffer.from([0])])))
      expect(decodeList(named)).toHaveLength(16_384)
      if ((named.length - 1) % 4 === 0) continue
      const last = named.at(-1) as string
      const other = alphabet[alphabet.indexOf(last) + 1] as string
      expect(codeOfCall(() => decodeList(named.slice(0, -1) + other))).toBe('STATUS_LIST_MALFORMED')
    }
  })

  it('163: something that is not a text', () => {
    for (const value of [undefined, null, 5, ['u'], {}]) {
      expect(codeOfCall(() => decodeList(value as never))).toBe('STATUS_LIST_MALFORMED')
      expect(codeOfCall(() => decodeList2021(value as never))).toBe('STATUS_LIST_MALFORMED')
    }
  })

  it('a single member is taken with any header fields', () => {
    const extra = headered(4, Buffer.from([3, 0, 1, 2, 3]))
    const comment = headered(8 + 16, Buffer.from('list\0about\0'))
    const text = headered(1, Buffer.alloc(0))
    for (const packed of [baseGzip, extra, comment, text]) {
      expect(decodeList(textOf(packed))).toEqual(new Uint8Array(16_384))
    }
  })

  it('a header with its own checksum is taken where that is right', () => {
    const head = Buffer.concat([baseGzip.subarray(0, 3), Buffer.from([2 + 4]), baseGzip.subarray(4, 10)])
    const fields = Buffer.concat([head, Buffer.from([1, 0, 7])])
    const checksum = Buffer.from([crc32(fields) & 0xff, (crc32(fields) >> 8) & 0xff])
    const packed = Buffer.concat([fields, checksum, baseGzip.subarray(10)])
    expect(decodeList(textOf(packed))).toEqual(new Uint8Array(16_384))
    for (const position of [fields.length, fields.length + 1]) {
      const wrong = Buffer.from(packed)
      wrong[position] = (wrong[position] as number) ^ 1
      expect(codeOfCall(() => decodeList(textOf(wrong)))).toBe('STATUS_LIST_MALFORMED')
    }
  })

  it('162: a member that says it holds more than the limit is refused', () => {
    expect(codeOfCall(() => decodeList(textOf(gzip(Buffer.alloc(64 * MIB)))))).toBe('INPUT_TOO_LARGE')
    expect(codeOfCall(() => decodeList(textOf(gzip(Buffer.alloc(8 * MIB + 1)))))).toBe('INPUT_TOO_LARGE')
    expect(decodeList(textOf(gzip(Buffer.alloc(8 * MIB))))).toHaveLength(8 * MIB)
    expect(codeOfCall(() => decodeList(base, { maxBytes: 16_383 }))).toBe('INPUT_TOO_LARGE')
    expect(decodeList(base, { maxBytes: 16_384 })).toHaveLength(16_384)
  })

  it('162: a member that hides how much it holds is unpacked no further than it says', () => {
    const bomb = gzip(Buffer.alloc(64 * MIB))
    bomb.writeUInt32LE(16_384, bomb.length - 4)
    expect(codeOfCall(() => decodeList(textOf(bomb)))).toBe('STATUS_LIST_MALFORMED')
  })

  it('a text beyond the limit is refused', () => {
    expect(codeOfCall(() => decodeList(base, { maxTextLength: base.length - 1 }))).toBe('INPUT_TOO_LARGE')
    expect(decodeList(base, { maxTextLength: base.length })).toHaveLength(16_384)
    expect(codeOfCall(() => decodeList(`u${'A'.repeat(4 * MIB)}`))).toBe('INPUT_TOO_LARGE')
  })

  it.each([
    ['the streams of the runtime', undefined],
    ['an injected codec', zlibCodec]
  ])('what was encoded with %s comes back', async (_name, codec) => {
    const options = codec === undefined ? {} : { gzip: codec }
    for (const bytes of [new Uint8Array(16_384), new Uint8Array(randomBytes(100_003))]) {
      const text = await encodeList(bytes, options)
      expect(text).toMatch(/^u[A-Za-z0-9_-]+$/)
      expect(await encodeList(bytes, options)).toBe(text)
      expect(decodeList(text)).toEqual(bytes)
    }
  })
})

describe('a list of StatusList2021', () => {
  it('is read without the multibase letter, and otherwise alike', () => {
    expect(decodeList2021(listWith(16_384, 5).slice(1))).toEqual(decodeList(listWith(16_384, 5)))
    expect(codeOfCall(() => decodeList2021(base.slice(1), { maxBytes: 16_383 }))).toBe('INPUT_TOO_LARGE')
    expect(codeOfCall(() => decodeList2021(base.slice(1), { maxTextLength: base.length - 2 }))).toBe('INPUT_TOO_LARGE')
  })

  it.each([
    ['with the multibase letter', base],
    ['with padding', `${base.slice(1)}=`],
    ['of nothing', '']
  ])('%s is malformed', (_what, text) => {
    expect(codeOfCall(() => decodeList2021(text))).toBe('STATUS_LIST_MALFORMED')
  })
})

/** The base list with header fields after the ten fixed bytes. */
function headered(flags: number, fields: Buffer): Buffer {
  const head = Buffer.from(gzip(new Uint8Array(16_384)).subarray(0, 10))
  head[3] = flags
  return Buffer.concat([head, fields, baseGzip.subarray(10)])
}

describe('the memory stays small', () => {
  it('162: while four members of 256 MiB are refused', () => {
    const member = gzip(Buffer.alloc(256 * MIB))
    const text = textOf(Buffer.concat([member, member, member, member]))
    const lying = Buffer.from(member)
    lying.writeUInt32LE(8 * MIB, lying.length - 4)
    const lyingText = textOf(Buffer.concat([lying, lying, lying, lying]))
    const before = process.memoryUsage().rss
    expect(codeOfCall(() => decodeList(text))).toBe('INPUT_TOO_LARGE')
    expect(codeOfCall(() => decodeList(lyingText))).toBe('STATUS_LIST_MALFORMED')
    expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(64)
  })
})

describe('bits', () => {
  it('are set and cleared one at a time', () => {
    const bits = createBitstring(131_072)
    expect(bits).toHaveLength(16_384)
    setBit(bits, 5, true)
    setBit(bits, 131_071, true)
    expect(bits[0]).toBe(0b100)
    expect(bits[16_383]).toBe(1)
    setBit(bits, 4, true)
    setBit(bits, 5, false)
    expect(bits[0]).toBe(0b1000)
    expect([getBit(bits, 4), getBit(bits, 5), getBit(bits, 131_071)]).toEqual([true, false, true])
  })

  it.each([-1, 131_072, 0.5, Number.NaN])('at %s are out of range', (index) => {
    const bits = createBitstring(131_072)
    expect(codeOfCall(() => getBit(bits, index))).toBe('STATUS_RANGE')
    expect(codeOfCall(() => setBit(bits, index, true))).toBe('STATUS_RANGE')
  })

  it('below the minimum are neither made nor encoded', async () => {
    expect(codeOfCall(() => createBitstring(131_071))).toBe('STATUS_LIST_LENGTH')
    expect(await codeOf(encodeList(new Uint8Array(16_383)))).toBe('STATUS_LIST_LENGTH')
  })

  it('of an odd number of entries fill whole bytes', () => {
    expect(createBitstring(131_073)).toHaveLength(16_385)
  })
})

describe('writing a status', () => {
  it('and reading it gives it back, and leaves its neighbours alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 1, max: 131_070 }),
        fc.nat(),
        fc.boolean(),
        (statusSize, index, number, isSet) => {
          const status = number % 2 ** statusSize
          const bytes = new Uint8Array((131_072 * statusSize) / 8).fill(isSet ? 255 : 0)
          writeStatus(bytes, index, status, { statusSize })
          const neighbour = isSet ? 2 ** statusSize - 1 : 0
          const read = [-1, 0, 1].map((step) => readStatus(bytes, index + step, { statusSize }))
          expect(read).toEqual([neighbour, status, neighbour])
        }
      ),
      { numRuns: 60 }
    )
  })

  it('outside the list is refused', () => {
    expect(codeOfCall(() => writeStatus(new Uint8Array(16_384), 131_072, 1))).toBe('STATUS_RANGE')
  })
})
