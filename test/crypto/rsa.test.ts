import { constants, createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { bytesFromInteger, integerFromBytes, powerModulo } from '../../src/crypto/integers.js'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import type { KeyImportOptions } from '../../src/crypto/provider.js'
import {
  importPublicKey,
  type PublicKeyMaterial,
  type RsaMaterial,
  type SignatureAlgorithm
} from '../../src/crypto/public-key.js'
import { hasRocaFingerprint } from '../../src/crypto/roca.js'
import { KommaError } from '../../src/encoding/errors.js'
import { parseJson } from '../../src/encoding/json.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeBase64url } from '../../src/encoding/multibase.js'
import { BACKENDS } from '../support/backends.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const message = new TextEncoder().encode('to be signed')
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
// One bit more than whole bytes: what a PSS signature recovers is then a byte shorter than the modulus.
const odd = generateKeyPairSync('rsa', { modulusLength: 2049 })
const material = materialOf(pair)
const SHA256_INFO = Uint8Array.from(Buffer.from('3031300d060960864801650304020105000420', 'hex'))

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

function materialOf({ publicKey }: Pair): RsaMaterial {
  return materialFromJwk(publicKey.export({ format: 'jwk' }) as JsonObject) as RsaMaterial
}

function rs256({ privateKey }: Pair, bytes = message): Uint8Array {
  return Uint8Array.from(createSign('sha256').update(bytes).sign(privateKey))
}

function ps256({ privateKey }: Pair, saltLength = 32): Uint8Array {
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return Uint8Array.from(sign('sha256', message, { key: privateKey, padding, saltLength }))
}

/** What RS256 signs, in as many bytes as the modulus has. */
function encoded(length: number): Uint8Array {
  const tail = Uint8Array.of(0, ...SHA256_INFO, ...sha256(message))
  return Uint8Array.of(0, 1, ...new Uint8Array(length - 2 - tail.length).fill(255), ...tail)
}

function withModulus(modulus: bigint): RsaMaterial {
  const length = Math.ceil(modulus.toString(16).length / 2)
  return { ...material, modulus: bytesFromInteger(modulus, length) }
}

describe.each(BACKENDS)('RSA on %s', (_name, options) => {
  it.each([
    ['2048', pair],
    ['2049', odd]
  ])('accepts RS256 and PS256 signatures of a key of %s bits, and nothing else', async (_bits, keys) => {
    const key = await importPublicKey(materialOf(keys), options)
    for (const [algorithm, signature] of [['RS256', rs256(keys)] as const, ['PS256', ps256(keys)] as const]) {
      expect(await key.verify(algorithm, signature, message)).toBe(true)
      expect(await key.verify(algorithm, signature, message.subarray(1))).toBe(false)
      expect(await key.verify(algorithm === 'RS256' ? 'PS256' : 'RS256', signature, message)).toBe(false)
      for (const index of [0, 1, 100, signature.length - 1]) {
        const changed = signature.map((byte, at) => (at === index ? byte ^ 1 : byte))
        expect(await key.verify(algorithm, changed, message), `byte ${index}`).toBe(false)
      }
      const shorter = signature.subarray(1)
      for (const bad of [shorter, Uint8Array.of(0, ...signature), Uint8Array.of(...signature, 0), new Uint8Array()]) {
        expect(await key.verify(algorithm, bad, message)).toBe(false)
      }
    }
  })

  it('refuses a signature that is as large as the modulus or larger', async () => {
    const key = await importPublicKey(material, options)
    const modulus = integerFromBytes(material.modulus)
    const grown = integerFromBytes(rs256(pair)) + modulus
    for (const value of [0n, modulus, grown].filter((each) => each < 1n << 2048n)) {
      const signature = bytesFromInteger(value, 256)
      for (const algorithm of ['RS256', 'PS256'] as const) {
        expect(await key.verify(algorithm, signature, message)).toBe(false)
      }
    }
  })

  it('refuses PS256 with a salt of another length', async () => {
    const key = await importPublicKey(material, options)
    for (const saltLength of [0, 20, 31, 33, 64]) {
      expect(await key.verify('PS256', ps256(pair, saltLength), message), `${saltLength}`).toBe(false)
    }
  })

  it('refuses whatever a key of 2049 bits recovers beyond the length of a PSS block', async () => {
    const key = await importPublicKey(materialOf(odd), options)
    const modulus = integerFromBytes(materialOf(odd).modulus)
    // The signature n - 1 recovers n - 1 for every odd exponent.
    expect(await key.verify('PS256', bytesFromInteger(modulus - 1n, 257), message)).toBe(false)
    expect(await key.verify('RS256', bytesFromInteger(modulus - 1n, 257), message)).toBe(false)
  })

  it('refuses a hash of another kind', async () => {
    const key = await importPublicKey(material, options)
    const rs512 = createSign('sha512').update(message).sign(pair.privateKey)
    expect(await key.verify('RS256', Uint8Array.from(rs512), message)).toBe(false)
  })

  it('keeps to the algorithm that the JWK of the key names', async () => {
    const only = await importPublicKey({ ...material, alg: 'PS256' }, options)
    expect(await only.verify('PS256', ps256(pair), message)).toBe(true)
    expect(await only.verify('RS256', rs256(pair), message)).toBe(false)
  })

  it('99: takes in no key that is short, even, of exponent 1, even exponent, or from a faulty generator', async () => {
    const modulus = integerFromBytes(material.modulus)
    const exponent = (value: bigint, length: number) => ({ ...material, exponent: bytesFromInteger(value, length) })
    const short = materialOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))
    const bad: readonly PublicKeyMaterial[] = [
      short,
      withModulus(modulus >> 1n),
      withModulus(modulus - 1n),
      withModulus((1n << 8192n) + 1n),
      { ...material, modulus: Uint8Array.of(0, ...material.modulus) },
      { ...material, modulus: new Uint8Array() },
      { ...material, modulus: new Uint8Array(256) },
      exponent(1n, 1),
      exponent(3n, 1),
      exponent(65_535n, 2),
      exponent(65_536n, 3),
      exponent(65_538n, 3),
      exponent(65_537n, 4),
      exponent((1n << 32n) + 1n, 5),
      exponent(0n, 1),
      exponent(modulus, 256),
      { ...material, exponent: new Uint8Array() }
    ]
    for (const each of bad) {
      await expect(importPublicKey(each, options)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
    }
  })

  it('99: believes no signature that was made without a key because the exponent is 1', async () => {
    const forged = encoded(256)
    expect(powerModulo(integerFromBytes(forged), 1n, integerFromBytes(material.modulus))).toBe(integerFromBytes(forged))
    const importing = importPublicKey({ ...material, exponent: Uint8Array.of(1) }, options)
    await expect(importing).rejects.toMatchObject({ code: 'KEY_INVALID' })
    const sound = await importPublicKey(material, options)
    expect(await sound.verify('RS256', forged, message)).toBe(false)
  })
})

describe('the fingerprint of a faulty generator', () => {
  it('is found in a modulus of its form, and not in one of a sound key', () => {
    const primes = Array.from({ length: 702 }, (_, at) => at).filter((n) => n > 1 && !divisors(n))
    const product = primes.reduce((all, prime) => all * BigInt(prime), 1n)
    const factor = (k: bigint, a: bigint) => k * product + powerModulo(65_537n, a, product)
    expect(primes).toHaveLength(126)
    expect(hasRocaFingerprint(factor(12_345_678n, 1_234_567n) * factor(87_654_321n, 7_654_321n))).toBe(true)
    expect(hasRocaFingerprint(integerFromBytes(material.modulus))).toBe(false)
  })
})

function divisors(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return true
  return false
}

interface JwsGroup {
  readonly public?: JsonObject & { readonly keys?: readonly JsonObject[] }
  readonly private: JsonObject & { readonly keys?: readonly JsonObject[] }
  readonly tests: readonly {
    readonly tcId: number
    readonly jws: string | object
    readonly result: string
    readonly flags: readonly string[]
  }[]
}

/** Valid in Wycheproof, and refused: the key is for PS256, as its JWK says, and the header says PS384. */
const FOR_PS384 = [346, 350]

describeShared('RSA on the test vectors of Wycheproof', () => {
  /** The signatures alone: what a JWS has to look like is for its reader to judge. */
  async function verdictsOf(file: string, options: KeyImportOptions, algorithms: readonly string[]) {
    const rows: { tcId: number; accepted: boolean; expected: boolean; flags: readonly string[] }[] = []
    for (const group of readSharedJson(`vectors/wycheproof/${file}.json`).testGroups as JwsGroup[]) {
      const found = group.public ?? group.private
      const { d, p, q, dp, dq, qi, ...jwk } = found.keys?.[0] ?? found
      if (jwk['kty'] !== 'RSA' || !algorithms.includes(String(jwk['alg']))) continue
      for (const { tcId, jws, result, flags } of group.tests) {
        const accepted = await verdict(jwk as JsonObject, String(jws), options)
        rows.push({ tcId, accepted, expected: result === 'valid', flags })
      }
    }
    return rows
  }

  async function verdict(jwk: JsonObject, jws: string, options: KeyImportOptions): Promise<boolean> {
    const [header = '', payload = '', signature = ''] = jws.split('.')
    try {
      const { alg } = parseJson(decodeBase64url(header)) as { readonly alg: SignatureAlgorithm }
      const key = await importPublicKey(materialFromJwk(jwk), options)
      return await key.verify(alg, decodeBase64url(signature), new TextEncoder().encode(`${header}.${payload}`))
    } catch (error) {
      if (error instanceof KommaError && error.code !== 'CRYPTO_UNAVAILABLE') return false
      throw error
    }
  }

  it.each(BACKENDS)(
    '100: %s refuses the 213 forged paddings, and agrees on all of RS256 and PS256',
    async (_, options) => {
      const rows = await verdictsOf('json_web_signature_test', options, ['RS256', 'PS256'])
      const differing = rows.filter(({ accepted, expected }) => accepted !== expected)
      expect(differing.map(({ tcId }) => tcId)).toEqual(FOR_PS384)
      expect(rows.filter(({ flags }) => flags.includes('ModifiedPadding'))).toHaveLength(213)
      expect(rows).toHaveLength(283)
    }
  )

  it.each(BACKENDS)('99: %s refuses a ROCA key, a key of 1024 bits and one of exponent 1', async (_, options) => {
    const rows = await verdictsOf('json_web_key_test', options, ['RS256', 'RSA1_5'])
    expect(rows.map(({ tcId, accepted }) => [tcId, accepted])).toEqual([
      [5, true],
      [6, false],
      [7, false],
      [8, false],
      [9, false]
    ])
  })
})
