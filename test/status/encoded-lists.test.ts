import { createHash, randomBytes } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../../src/encoding/errors.js'
import { decodeList, parseStatusListIndex, parseStatusSize, readStatus } from '../../src/status/bitstring.js'
import { createBitstring, setStatus } from '../support/bits.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const MIB = 1_048_576

function packed(bits: readonly number[] = [], bytes = 16_384): Buffer {
  const bitstring = createBitstring(bytes)
  for (const bit of bits) setStatus(bitstring, bit)
  return gzipSync(bitstring, { level: 9 })
}

function textOf(bytes: Buffer): string {
  return `u${bytes.toString('base64url')}`
}

function changed(at: number, ...values: readonly number[]): Buffer {
  const bytes = packed()
  for (const [index, value] of values.entries()) bytes[bytes.length + at + index] = value
  return bytes
}

function messages(count: number): { status: string; message: string }[] {
  return Array.from({ length: count }, (_, value) => ({ status: `0x${value.toString(16)}`, message: `${value}` }))
}

/** The status at an index, or the code of the refusal. */
function outcome(text: string, index: unknown = '5', size?: unknown, statusMessage?: unknown): number | string {
  try {
    const statusSize = parseStatusSize(size, statusMessage)
    return readStatus(decodeList(text), parseStatusListIndex(index), { statusSize })
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError)
    return (error as StatusError).code
  }
}

const base = textOf(packed())
const MALFORMED = 'STATUS_LIST_MALFORMED'

describe('the encoded lists of the catalogue', () => {
  it.each([
    ['161: no bit set, index 5', 0, base, '5'],
    ['161: bit 5 set, index 5', 1, textOf(packed([5])), '5'],
    ['161: bit 5 set, index 2', 0, textOf(packed([5])), '2'],
    ['161: bit 131071 set, index 131071', 1, textOf(packed([131_071])), '131071'],
    ['158: index 131072', 'STATUS_RANGE', base, '131072'],
    ['160: two bits, bit 10 set, index 5', 2, textOf(packed([10], 32_768)), '5', 2, messages(4)],
    ['160: three bits, bits 6 and 8 set, index 2', 5, textOf(packed([6, 8], 49_152)), '2', 3, messages(8)],
    ['160: size 0', MALFORMED, base, '5', 0],
    ['160: size 2 without messages', MALFORMED, textOf(packed([], 32_768)), '5', 2],
    ['160: size 2 with three messages', MALFORMED, textOf(packed([], 32_768)), '5', 2, messages(3)],
    ['160: size 2147483648', MALFORMED, base, '5', 2_147_483_648],
    [
      '158: index 9007199254740991, size 8',
      'STATUS_RANGE',
      textOf(packed([], 131_072)),
      '9007199254740991',
      8,
      messages(256)
    ],
    ['163: no multibase prefix', MALFORMED, base.slice(1)],
    ['163: z and forty times 2', MALFORMED, `z${'2'.repeat(40)}`],
    ['163: padding', MALFORMED, `${base}=`],
    ['163: standard base64', MALFORMED, `u${gzipSync(randomBytes(16_384)).toString('base64')}`],
    ['163: a zlib stream', MALFORMED, textOf(deflateSync(createBitstring(16_384)))],
    ['163: a raw deflate stream', MALFORMED, textOf(deflateRawSync(createBitstring(16_384)))],
    ['162, 163: two members', MALFORMED, textOf(Buffer.concat([packed(), packed()]))],
    ['163: a member and junk', MALFORMED, textOf(Buffer.concat([packed(), Buffer.from('junk')]))],
    ['163: a bit of the CRC flipped', MALFORMED, textOf(changed(-8, (packed().at(-8) as number) ^ 1))],
    ['163: an ISIZE of 1', MALFORMED, textOf(changed(-4, 1, 0, 0, 0))],
    ['163: cut after 30 bytes', MALFORMED, textOf(packed().subarray(0, 30))],
    ['162: a member of 64 MiB', 'INPUT_TOO_LARGE', textOf(gzipSync(Buffer.alloc(64 * MIB), { level: 9 }))],
    [
      '162: four members of 256 MiB',
      'INPUT_TOO_LARGE',
      textOf(Buffer.concat(Array(4).fill(gzipSync(Buffer.alloc(256 * MIB), { level: 9 }))))
    ]
  ] as const)('%s → %s', (_what, expected, ...given: readonly [text: string, ...rest: unknown[]]) => {
    expect(outcome(...given)).toBe(expected)
  })
})

interface DerivedList {
  readonly setIndexes: readonly number[]
  readonly sha256OfUncompressed: string
  readonly encodedListExample: string
}

describeShared('the vectors of W3C for Bitstring Status List', () => {
  const folder = 'vectors/w3c/bitstring'

  it('161: unpack to the bits that they say', () => {
    const lists = readSharedJson(`${folder}/derived-lists.json`) as unknown as readonly DerivedList[]
    expect(lists.length).toBeGreaterThan(5)
    for (const { setIndexes, sha256OfUncompressed, encodedListExample } of lists) {
      const bytes = decodeList(encodedListExample)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256OfUncompressed)
      const set = Array.from({ length: bytes.length * 8 }, (_, index) => index).filter(
        (n) => readStatus(bytes, n) === 1
      )
      expect(set).toEqual(setIndexes)
    }
  })

  it.each(['example-2', 'example-4'])('%s of the standard is a list of zeros', (name) => {
    const { credentialSubject } = readSharedJson(`${folder}/${name}.json`) as never as {
      credentialSubject: { encodedList: string }
    }
    expect(decodeList(credentialSubject.encodedList).every((byte) => byte === 0)).toBe(true)
  })

  it.each([
    ['example-1', [94_567, 23_452]],
    ['example-3', [94_567]]
  ] as const)('%s of the standard has indexes that are read', (name, indexes) => {
    const { credentialStatus } = readSharedJson(`${folder}/${name}.json`) as never as {
      credentialStatus: { statusListIndex: string } | readonly { statusListIndex: string }[]
    }
    expect([credentialStatus].flat().map(({ statusListIndex }) => parseStatusListIndex(statusListIndex))).toEqual(
      indexes
    )
  })
})
