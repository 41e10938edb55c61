import { p256 } from '@noble/curves/nist.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { EC_PARAMETERS } from '../../src/crypto/ec-point.js'
import { importEd25519Seed } from '../../src/crypto/ed25519.js'
import { bytesFromInteger } from '../../src/crypto/integers.js'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import {
  importPublicKey,
  type PublicKeyMaterial,
  type RsaMaterial,
  type SignatureAlgorithm
} from '../../src/crypto/public-key.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'

const message = new TextEncoder().encode('to be signed')
const secret = sha256(new TextEncoder().encode('komma-test-public-key'))
const point: PublicKeyMaterial = { algorithm: 'P-256', bytes: p256.getPublicKey(secret) }
const signature = p256.sign(message, secret, { lowS: false })
const unavailable = { name: 'KeyError', code: 'CRYPTO_UNAVAILABLE' }

afterEach(() => vi.unstubAllGlobals())

describe('without WebCrypto', () => {
  it('ECDSA cannot be checked: that is neither a good signature nor a bad one', async () => {
    vi.stubGlobal('crypto', undefined)
    const key = await importPublicKey(point)
    await expect(key.verify('ES256', signature, message)).rejects.toMatchObject(unavailable)
    expect(await key.verify('ES256', new Uint8Array(64), message)).toBe(false)
    expect(await key.verify('ES384', signature, message)).toBe(false)
  })

  it('a bad key is a bad key', async () => {
    vi.stubGlobal('crypto', undefined)
    const importing = importPublicKey({ algorithm: 'P-256', bytes: new Uint8Array(33) })
    await expect(importing).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })

  it('a provider checks ECDSA, and Ed25519 needs none', async () => {
    const signer = await importEd25519Seed(secret)
    const fromSeed: PublicKeyMaterial = { algorithm: 'Ed25519', bytes: signer.publicKey }
    const ed25519Signature = await signer.sign(message)
    vi.stubGlobal('crypto', undefined)
    const keyCache = createKeyCache({ provider: nobleProvider })
    expect(await (await keyCache.importKey(point)).verify('ES256', signature, message)).toBe(true)
    expect(await (await createKeyCache().importKey(fromSeed)).verify('EdDSA', ed25519Signature, message)).toBe(true)
  })

  it('a WebCrypto that knows no ECDSA, or fails at the signature, is like none', async () => {
    const failing = () => Promise.reject(new DOMException('no such thing', 'NotSupportedError'))
    const importKey = crypto.subtle.importKey.bind(crypto.subtle)
    for (const subtle of [{ importKey: failing }, { importKey, verify: failing }]) {
      vi.stubGlobal('crypto', { subtle })
      const alone = await importPublicKey(point)
      await expect(alone.verify('ES256', signature, message)).rejects.toMatchObject(unavailable)
      const helped = await importPublicKey(point, { provider: nobleProvider })
      expect(await helped.verify('ES256', signature, message)).toBe(true)
    }
  })
})

describe('a provider', () => {
  const answering = (answer: unknown): CryptoProvider => ({
    verifyEcdsa: () => answer as boolean,
    verifyRsa: () => answer as boolean
  })

  it('is not asked where WebCrypto answers', async () => {
    const key = await importPublicKey(point, { provider: answering(false) })
    expect(await key.verify('ES256', signature, message)).toBe(true)
  })

  it('94, 95: is not asked about a signature of another length or out of range', async () => {
    const order = EC_PARAMETERS['P-256'].order
    const half = (value: bigint) => [...bytesFromInteger(value, 32)]
    const modulus = Uint8Array.of(0xc1, ...new Uint8Array(254), 0x0b)
    const bad: readonly (readonly [PublicKeyMaterial, SignatureAlgorithm, Uint8Array])[] = [
      [point, 'ES256', new Uint8Array(64)],
      [point, 'ES256', Uint8Array.of(...half(0n), ...half(1n))],
      [point, 'ES256', Uint8Array.of(...half(1n), ...half(0n))],
      [point, 'ES256', Uint8Array.of(...half(order), ...half(1n))],
      [point, 'ES256', Uint8Array.of(...half(1n), ...half(order))],
      [point, 'ES256', signature.subarray(1)],
      [point, 'ES256', Uint8Array.of(...signature, 0)],
      [{ algorithm: 'RSA', modulus, exponent: Uint8Array.of(1, 0, 1) }, 'RS256', modulus],
      [{ algorithm: 'RSA', modulus, exponent: Uint8Array.of(1, 0, 1) }, 'PS256', modulus.subarray(1)],
      [{ algorithm: 'RSA', modulus, exponent: Uint8Array.of(1, 0, 1) }, 'RS256', Uint8Array.of(0, ...modulus)]
    ]
    for (const [material, algorithm, each] of bad) {
      const key = await importPublicKey(material, { backend: 'noble', provider: answering(true) })
      expect(await key.verify(algorithm, each, message), `${algorithm} ${each}`).toBe(false)
    }
    const key = await importPublicKey(point, { backend: 'noble', provider: answering(true) })
    const edge = Uint8Array.of(...half(order - 1n), ...half(1n))
    expect([await key.verify('ES256', edge, message), await key.verify('ES256', signature, message)]).toEqual([
      true,
      true
    ])
  })

  it('that answers anything but true has not said that a signature is good', async () => {
    for (const answer of [false, undefined, 1, 'true', {}, Promise.resolve(false), Promise.resolve(1)]) {
      const key = await importPublicKey(point, { backend: 'noble', provider: answering(answer) })
      expect(await key.verify('ES256', signature, message), String(answer)).toBe(false)
    }
  })

  it('that throws leaves the signature unchecked', async () => {
    const cause = new Error('out of order')
    const throwing = { verifyEcdsa: () => Promise.reject(cause), verifyRsa: () => Promise.reject(cause) }
    const key = await importPublicKey(point, { backend: 'noble', provider: throwing })
    await expect(key.verify('ES256', signature, message)).rejects.toMatchObject({ ...unavailable, cause })
  })

  it('that is none is refused at once', () => {
    for (const provider of [null, {}, 'noble', () => true, { verifyEcdsa: () => true }, { verifyRsa: () => true }]) {
      expect(() => createKeyCache({ provider: provider as never })).toThrow(
        expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID', path: 'provider' })
      )
    }
  })
})

describe('importPublicKey', () => {
  it('89: refuses the key with which one signature would hold for every message', async () => {
    const x = encodeBase64url(Uint8Array.of(1, ...new Uint8Array(31)))
    const importing = importPublicKey(materialFromJwk({ kty: 'OKP', crv: 'Ed25519', x }))
    await expect(importing).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
  })

  it('refuses a key of an unknown kind, or whose parts are not bytes', async () => {
    const rsa: RsaMaterial = {
      algorithm: 'RSA',
      modulus: new Uint8Array(1025).fill(255),
      exponent: Uint8Array.of(1, 0, 1)
    }
    const bad: readonly unknown[] = [
      { algorithm: 'P-521', bytes: new Uint8Array(67) },
      { algorithm: 'X25519', bytes: new Uint8Array(32) },
      { algorithm: 'constructor', bytes: new Uint8Array(32) },
      { algorithm: 'P-256' },
      { algorithm: 'P-256', bytes: [...new Uint8Array(33)] },
      { algorithm: 'RSA', bytes: new Uint8Array(256) },
      rsa,
      {}
    ]
    for (const each of bad) {
      await expect(importPublicKey(each as PublicKeyMaterial)).rejects.toMatchObject({ code: 'KEY_INVALID' })
    }
  })
})
