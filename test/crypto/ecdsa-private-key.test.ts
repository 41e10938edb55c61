import { createPrivateKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomBytes, sha256, sha384 } from '../../src/crypto/digest.js'
import { EC_PARAMETERS } from '../../src/crypto/ec-point.js'
import { generateEcdsaSecret, importEcdsaSecret } from '../../src/crypto/ecdsa-private-key.js'
import { bytesFromInteger, integerFromBytes } from '../../src/crypto/integers.js'
import { jwkOf } from '../../src/crypto/jwk.js'
import { materialFromMultikey } from '../../src/crypto/multikey.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { decodeHex, decodeMultibase, encodeBase64url, encodeHex } from '../../src/encoding/multibase.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'

const utf8 = new TextEncoder()
const KINDS = [
  { curve: 'P-256', algorithm: 'ES256', hash: 'sha256', secret: sha256(utf8.encode('komma-test-p256')) },
  { curve: 'P-384', algorithm: 'ES384', hash: 'sha384', secret: sha384(utf8.encode('komma-test-p384')) }
] as const
const RFC_6979_KEY = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'

describe.each(KINDS)('an ECDSA private key of $curve', ({ curve, algorithm, hash, secret }) => {
  const key = importEcdsaSecret(curve, secret)
  const { size, order } = EC_PARAMETERS[curve]

  it('signs what its public key verifies, here and with another implementation', async () => {
    const publicKey = await importPublicKey({ algorithm: curve, bytes: key.publicKey })
    const jwk = { ...jwkOf(publicKey.material), d: encodeBase64url(secret) }
    const platform = createPrivateKey({ format: 'jwk', key: jwk })
    for (const text of ['', 'a message', 'x'.repeat(10_000)]) {
      const message = utf8.encode(text)
      const signature = await key.sign(message)
      expect(signature).toHaveLength(2 * size)
      expect(await publicKey.verify(algorithm, signature, message)).toBe(true)
      const platformKey = { key: platform, dsaEncoding: 'ieee-p1363' } as const
      expect(verify(hash, message, platformKey, signature)).toBe(true)
    }
  })

  it('96: does not force s to be low', async () => {
    const high = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const signature = await key.sign(Uint8Array.of(index))
        return integerFromBytes(signature.subarray(size)) > order / 2n
      })
    )
    expect(new Set(high)).toEqual(new Set([true, false]))
  })

  it('101: signs bytes and nothing else, and different messages never share r', async () => {
    for (const message of ['7', 7, [0, 7], [7], 7n, new ArrayBuffer(1), new Uint16Array(1), null, undefined]) {
      await expect(key.sign(message as never)).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'message' })
    }
    const seen = new Map<string, string>()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (message) => {
        const r = encodeHex((await key.sign(message)).subarray(0, size))
        const text = encodeHex(message)
        expect(seen.get(r) ?? text).toBe(text)
        seen.set(r, text)
      }),
      { numRuns: 60 }
    )
    expect(seen.size).toBeGreaterThan(40)
    const related = [[], [0], [0, 0], [7], [0, 7], [7, 0], [0x37]]
    const rs = await Promise.all(
      related.map(async (bytes) => (await key.sign(Uint8Array.from(bytes))).subarray(0, size))
    )
    expect(new Set(rs.map(encodeHex)).size).toBe(related.length)
  })

  it('gives the same signature for the same message, whatever the caller does to its bytes', async () => {
    const message = utf8.encode('a message')
    const before = await key.sign(message)
    const mine = secret.slice()
    const copy = importEcdsaSecret(curve, mine)
    mine.fill(0)
    key.publicKey.fill(0)
    const changing = message.slice()
    const signing = copy.sign(changing)
    changing.fill(0)
    expect(await signing).toEqual(before)
    expect(await key.sign(message)).toEqual(before)
    expect(key.publicKey).toEqual(copy.publicKey)
  })

  it('is refused where its secret is zero, the order or more, or of another length', () => {
    const bad: readonly unknown[] = [
      new Uint8Array(size),
      bytesFromInteger(order, size),
      new Uint8Array(size).fill(255),
      secret.subarray(1),
      Uint8Array.of(0, ...secret),
      new Uint8Array(),
      [...secret],
      encodeHex(secret),
      1n,
      undefined
    ]
    for (const each of bad) {
      expect(() => importEcdsaSecret(curve, each as Uint8Array)).toThrow(
        expect.objectContaining({ name: 'KeyError', code: 'KEY_INVALID' })
      )
    }
    expect(importEcdsaSecret(curve, bytesFromInteger(order - 1n, size)).publicKey).toHaveLength(size + 1)
  })

  it('is made from random bytes, and from as many as were asked for', () => {
    expect(generateEcdsaSecret(curve)).toHaveLength(size)
    expect(generateEcdsaSecret(curve)).not.toEqual(generateEcdsaSecret(curve))
    const zeros = generateEcdsaSecret(curve, (length) => new Uint8Array(length))
    expect(integerFromBytes(zeros)).toBe(1n)
    const ones = generateEcdsaSecret(curve, (length) => new Uint8Array(length).fill(255))
    expect(integerFromBytes(ones)).toBeLessThan(order)
    for (const random of [(length: number) => randomBytes(length - 1), () => 'random' as never]) {
      expect(() => generateEcdsaSecret(curve, random)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
    }
  })
})

describe('deterministic ECDSA', () => {
  it('102: gives the signature of RFC 6979 where the first candidate does not do', async () => {
    const signature = await importEcdsaSecret('P-256', decodeHex(RFC_6979_KEY)).sign(utf8.encode('wv[vnX'))
    expect(encodeHex(signature)).toBe(
      'efd9073b652e76da1b5a019c0e4a2e3fa529b035a6abb91ef67f0ed7a1f21234' +
        '3db4706c9d9f4a4fe13bb5e08ef0fab53a57dbab2061c83a35fa411c68d2ba33'
    )
  })

  it('102: gives the signature of RFC 6979 appendix A.2.5 for "sample"', async () => {
    const signature = await importEcdsaSecret('P-256', decodeHex(RFC_6979_KEY)).sign(utf8.encode('sample'))
    expect(encodeHex(signature)).toBe(
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8'
    )
  })
})

describeShared('the ECDSA examples of the W3C', () => {
  it.each([
    ['P-256', 'ES256', 'p256', 'ecdsa-rdfc-2019-p256/combinedHashECDSAP256', 'ecdsa-rdfc-2019-p256/sigHexECDSAP256'],
    ['P-384', 'ES384', 'p384', 'ecdsa-rdfc-2019-p384/combinedHashECDSAP384', 'ecdsa-rdfc-2019-p384/sigHexECDSAP384'],
    [
      'P-256',
      'ES256',
      'p256',
      'ecdsa-jcs-2019-p256/combinedHashJCSECDSAP256',
      'ecdsa-jcs-2019-p256/sigHexJCSECDSAP256'
    ],
    ['P-384', 'ES384', 'p384', 'ecdsa-jcs-2019-p384/combinedHashJCSECDSAP384', 'ecdsa-jcs-2019-p384/sigHexJCSECDSAP384']
  ] as const)(
    'have keys of %s that sign and verify alike: %s %s %s',
    async (curve, algorithm, name, hashFile, sigFile) => {
      const folder = 'vectors/w3c/vc-di-ecdsa'
      const { publicKeyMultibase, secretKeyMultibase } = readSharedJson(`${folder}/${name}KeyPair.json`)
      const hash = decodeHex(readSharedText(`${folder}/${hashFile}.txt`).trim())
      const signature = decodeHex(readSharedText(`${folder}/${sigFile}.txt`).trim())
      const material = materialFromMultikey(publicKeyMultibase)
      const key = importEcdsaSecret(curve, decodeMultibase(secretKeyMultibase).slice(2))
      expect(key.publicKey).toEqual(material.bytes)
      expect(await (await importPublicKey(material)).verify(algorithm, signature, hash)).toBe(true)
      const mine = await key.sign(hash)
      // The examples were made with a low s, which komma does not ask for.
      const { size, order } = EC_PARAMETERS[curve]
      const [r, s] = [mine.subarray(0, size), integerFromBytes(mine.subarray(size))]
      expect(encodeHex(signature.subarray(0, size))).toBe(encodeHex(r))
      expect([s, order - s]).toContain(integerFromBytes(signature.subarray(size)))
    }
  )
})
