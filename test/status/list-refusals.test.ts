import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { crc32 } from '../../src/encoding/crc32.js'
import { KommaError, OptionError, StatusError } from '../../src/encoding/errors.js'
import {
  createBitstring,
  decodeList,
  encodeList,
  getBit,
  parseStatusListIndex,
  parseStatusSize,
  readStatus
} from '../../src/status/bitstring.js'

const packed = gzipSync(new Uint8Array(16_384), { level: 9 })
const textOf = (bytes: Uint8Array) => `u${Buffer.from(bytes).toString('base64url')}`

function refusalOf(call: () => unknown): KommaError {
  try {
    call()
  } catch (error) {
    if (error instanceof KommaError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function messages(count: number): { status: unknown; message: string }[] {
  return Array.from({ length: count }, (_, n) => ({ status: `0x${n.toString(16)}`, message: `state ${n}` }))
}

describe('a refusal says where it is, what was expected and what was there', () => {
  it('of a number of entries that is none', () => {
    for (const entries of [131_072.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '131072']) {
      const refusal = refusalOf(() => createBitstring(entries as number))
      expect(refusal).toBeInstanceOf(OptionError)
      expect(refusal).toMatchObject({ code: 'OPTION_INVALID', path: 'entries' })
    }
  })

  it('158: of an index, counted in entries of the size that was asked for', () => {
    const bytes = new Uint8Array(32_768)
    for (const index of [131_072, 200_000, -1, -0.5, 0.5, Number.NaN]) {
      const refusal = refusalOf(() => readStatus(bytes, index, { statusSize: 2 }))
      expect(refusal).toMatchObject({ code: 'STATUS_RANGE', expected: '0 to 131071', got: String(index) })
    }
    const refusal = refusalOf(() => getBit(bytes, 262_144))
    expect(refusal).toMatchObject({ code: 'STATUS_RANGE', expected: '0 to 262143', got: '262144' })
  })

  it('157: of an index that is none', () => {
    expect(refusalOf(() => parseStatusListIndex('05'))).toMatchObject({ path: '/statusListIndex' })
  })

  it('160: of a size', () => {
    for (const size of [0, 33, '1']) {
      const refusal = refusalOf(() => parseStatusSize(size, undefined))
      expect(refusal).toMatchObject({ path: '/statusSize', expected: 'an integer from 1 to 32' })
    }
    const wide = new Uint8Array(131_072 * 5)
    expect(refusalOf(() => readStatus(wide, 0, { statusSize: 33 }))).toMatchObject({ path: '/statusSize' })
  })

  it('160: of messages', () => {
    const several = refusalOf(() => parseStatusSize(2, messages(3)))
    expect(several).toMatchObject({ path: '/statusMessage', got: '3 elements' })
    expect(several.expected).toMatch(/^4 messages/)
    expect(refusalOf(() => parseStatusSize(2, {}))).toMatchObject({ path: '/statusMessage', got: 'no array' })
    for (const one of [undefined, { status: ['0x3'], message: 'a list that reads like a text' }]) {
      expect(refusalOf(() => parseStatusSize(2, [...messages(3), one]))).toMatchObject({ path: '/statusMessage' })
    }
  })

  it('159: of a length', () => {
    const refusal = refusalOf(() => readStatus(new Uint8Array(16_383), 0))
    expect(refusal).toMatchObject({ expected: 'at least 131072 entries', got: '131064' })
  })

  it('162: of too long a text, and of too much in it', () => {
    const text = textOf(packed)
    const long = refusalOf(() => decodeList(text, { maxTextLength: 10 }))
    expect(long).toMatchObject({ code: 'INPUT_TOO_LARGE', got: `${text.length} letters` })
    const full = refusalOf(() => decodeList(text, { maxBytes: 10 }))
    expect(full).toMatchObject({ code: 'INPUT_TOO_LARGE', got: '16384 bytes' })
  })
})

describe('GZIP data', () => {
  const malformed = (bytes: Uint8Array) => {
    const refusal = refusalOf(() => decodeList(textOf(bytes)))
    expect(refusal).toMatchObject({ code: 'STATUS_LIST_MALFORMED' })
    return refusal
  }
  const headered = (flags: number, fields: Uint8Array) =>
    Buffer.concat([packed.subarray(0, 3), Buffer.of(flags), packed.subarray(4, 10), fields, packed.subarray(10)])

  it.each([0, 1, 2])('163: with another byte %i than GZIP begins with are refused as no GZIP', (at) => {
    const other = Buffer.from(packed)
    other[at] = (other[at] as number) ^ 1
    expect(malformed(other)).toMatchObject({ expected: 'GZIP (RFC 1952)' })
  })

  it('163: of fewer bytes than header and end have together are cut short', () => {
    for (let length = 4; length <= 18; length++)
      expect(malformed(packed.subarray(0, length)).message).toContain('cut short')
    for (const length of [0, 1, 2, 3])
      expect(malformed(packed.subarray(0, length)).message).toMatch(/not GZIP|cut short/)
  })

  it('163: with a name that never ends are cut short', () => {
    const endless = Buffer.concat([packed.subarray(0, 3), Buffer.of(8), packed.subarray(4, 10), Buffer.alloc(40, 'n')])
    expect(malformed(endless).message).toContain('cut short')
  })

  it('may have an extra field as long as its two bytes of length say', () => {
    const extra = Buffer.alloc(2 + 300, 7)
    extra.writeUInt16LE(300)
    expect(decodeList(textOf(headered(4, extra)))).toEqual(new Uint8Array(16_384))
  })

  it('163: that hold less than they state are refused, also where the checksum is that of the zeros after it', () => {
    const longer = Buffer.from(packed)
    const padded = new Uint8Array(16_400)
    longer.writeUInt32LE(crc32(padded), longer.length - 8)
    longer.writeUInt32LE(padded.length, longer.length - 4)
    malformed(longer)
  })
})

describe('a runtime without CompressionStream', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('says so, and takes a codec instead', async () => {
    vi.stubGlobal('CompressionStream', undefined)
    const refusal = await encodeList(new Uint8Array(16_384)).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(StatusError)
    expect(refusal).toMatchObject({ code: 'STATUS_STORE_UNSUPPORTED', cause: expect.any(TypeError) })
    expect((refusal as StatusError).hint).toContain('GzipCodec')
    const gzip = { deflateRaw: async () => packed.subarray(10, -8) }
    expect(decodeList(await encodeList(new Uint8Array(16_384), { gzip }))).toEqual(new Uint8Array(16_384))
  })
})
