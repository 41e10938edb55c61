import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  digestMultibase,
  equalBytes,
  multihashSha384,
  randomBytes,
  sha256,
  sha384,
  sha512
} from '../../src/crypto/digest.js'
import { decodeMultibase } from '../../src/encoding/multibase.js'
import { describeShared, readSharedJson } from '../support/shared.js'

describe('digests', () => {
  test('are those of the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const platform = (name: string) => new Uint8Array(createHash(name).update(bytes).digest())
        expect(sha256(bytes)).toEqual(platform('sha256'))
        expect(sha384(bytes)).toEqual(platform('sha384'))
        expect(sha512(bytes)).toEqual(platform('sha512'))
      })
    )
  })

  test('digestMultibase is base64url of the multihash', () => {
    const bytes = new TextEncoder().encode('text')
    const multihash = decodeMultibase(digestMultibase(bytes), { encoding: 'base64url' })
    expect(multihash).toEqual(multihashSha384(bytes))
    expect([...multihash.slice(0, 2)]).toEqual([0x20, 0x30])
    expect(multihash.slice(2)).toEqual(sha384(bytes))
  })
})

describe('randomBytes', () => {
  test('gives as many as asked for, also beyond what WebCrypto gives at once', () => {
    for (const length of [0, 1, 32, 65_536, 65_537, 200_000]) expect(randomBytes(length)).toHaveLength(length)
    expect(
      randomBytes(200_000)
        .slice(-64)
        .some((byte) => byte !== 0)
    ).toBe(true)
  })

  test('refuses a length that is none', () => {
    for (const length of [-1, 1.5, Number.NaN, 2 ** 21, '8' as never]) {
      expect(() => randomBytes(length)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    }
  })
})

test('equalBytes compares content and length', () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false)
})

describeShared('the digest rule', () => {
  test('gives the check value of the worked scenario', () => {
    const document = readSharedJson('fixtures/scenario/07-certificate-2024-surveillance-reissue.json')
    const canonical = JSON.stringify(document, (_key, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value
    )
    expect(digestMultibase(new TextEncoder().encode(canonical))).toBe(
      'uIDC2PqWfmFyWM35YZ29thECcBjIuv0Fl4hNRpvnAORPW38gPnxHZ17nhHzy8CYKIY5E'
    )
  })
})
