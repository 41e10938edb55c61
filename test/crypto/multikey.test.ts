import { p256, p384 } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { importEd25519Seed } from '../../src/crypto/ed25519.js'
import { materialFromMultikey, multikeyOf } from '../../src/crypto/multikey.js'
import type { PublicKeyMaterial } from '../../src/crypto/public-key.js'
import { decodeMultibase, encodeMultibase } from '../../src/encoding/multibase.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const seed = sha256(new TextEncoder().encode('komma-test-multikey'))
const ed25519 = (await importEd25519Seed(seed)).publicKey
const point256 = p256.getPublicKey(seed)
const point384 = p384.getPublicKey(Uint8Array.of(...seed, ...seed.subarray(16)))

const keys: readonly (readonly [string, PublicKeyMaterial, readonly number[]])[] = [
  ['z6Mk', { algorithm: 'Ed25519', bytes: ed25519 }, [0xed, 0x01]],
  ['zDn', { algorithm: 'P-256', bytes: point256 }, [0x80, 0x24]],
  ['z82', { algorithm: 'P-384', bytes: point384 }, [0x81, 0x24]]
]

function multikey(codec: readonly number[], bytes: Uint8Array): string {
  return encodeMultibase('base58btc', Uint8Array.of(...codec, ...bytes))
}

function refusal(text: string) {
  try {
    materialFromMultikey(text, '/publicKeyMultibase')
  } catch (error) {
    return error
  }
  return undefined
}

const refused = expect.objectContaining({ name: 'KeyError', code: 'KEY_INVALID', path: '/publicKeyMultibase' })

describe('a Multikey', () => {
  it.each(keys)('that starts with %s is written and read again', (start, material, codec) => {
    const text = multikeyOf(material)
    expect(text.startsWith(start)).toBe(true)
    expect([...decodeMultibase(text).slice(0, 2)]).toEqual(codec)
    expect(materialFromMultikey(text)).toEqual(material)
  })

  it('97: of a point that is not compressed, at infinity, off the curve, or of another curve is refused', () => {
    const prime256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
    const withX = (x: bigint) => Uint8Array.from(Buffer.from(`02${x.toString(16).padStart(64, '0')}`, 'hex'))
    const offTheCurve = [...Array(20).keys()].map((x) => withX(BigInt(x))).find((bytes) => !isPoint(bytes))
    const bad = [
      p256.Point.fromBytes(point256).toBytes(false),
      Uint8Array.of(6, ...point256.subarray(1)),
      Uint8Array.of(0),
      Uint8Array.of(0, ...point256.subarray(1)),
      new Uint8Array(33),
      offTheCurve as Uint8Array,
      withX(prime256),
      withX(prime256 + 5n),
      point384
    ]
    for (const bytes of bad) expect(refusal(multikey([0x80, 0x24], bytes)), `${bytes}`).toEqual(refused)
    expect(refusal(multikey([0x81, 0x24], point256))).toEqual(refused)
    expect(refusal(multikey([0x81, 0x24], Uint8Array.of(4, ...point384.subarray(1))))).toEqual(refused)
  })

  it('98: with the code of another kind, of a key for another use, or in a longer varint is refused', () => {
    const bad: readonly (readonly [readonly number[], Uint8Array])[] = [
      [[0xed, 0x01], point256],
      [[0xed, 0x01], Uint8Array.of(...ed25519, 0)],
      [[0xed, 0x01], ed25519.subarray(1)],
      [[0x80, 0x24], ed25519],
      [[0x81, 0x24], ed25519],
      [[0xec, 0x01], ed25519],
      [[0xeb, 0x01], ed25519],
      [[0xe7, 0x01], point256],
      [[0x85, 0x24], Uint8Array.of(0, ...ed25519)],
      [[0xed, 0x81, 0x00], ed25519],
      [[0x80, 0xa4, 0x00], point256],
      [[0xed], ed25519],
      [[0x01, 0xed], ed25519],
      [[0x24, 0x80], point256],
      [[0x13, 0x00], ed25519],
      [[0x80, 0x26], ed25519],
      [[], ed25519],
      [[], new Uint8Array()]
    ]
    for (const [codec, bytes] of bad) expect(refusal(multikey(codec, bytes)), `${codec}`).toEqual(refused)
  })

  it('98: in another multibase, with white space or too long is refused', () => {
    const text = multikeyOf(keys[0]?.[1] as PublicKeyMaterial)
    const bytes = decodeMultibase(text)
    const bad = [
      encodeMultibase('base64url', bytes),
      text.slice(1),
      `Z${text.slice(1)}`,
      ` ${text}`,
      `${text}\n`,
      `z1${text.slice(1)}`,
      `${text}${'1'.repeat(200)}`,
      'z',
      '',
      7 as never
    ]
    for (const each of bad) expect(refusal(each), String(each)).toEqual(refused)
  })

  it('is not written for a key of another length, nor for RSA', () => {
    const bad: readonly PublicKeyMaterial[] = [
      { algorithm: 'P-256', bytes: ed25519 },
      { algorithm: 'Ed25519', bytes: point256 },
      { algorithm: 'P-384', bytes: 'key' as never },
      { algorithm: 'RSA', modulus: new Uint8Array(256).fill(255), exponent: Uint8Array.of(1, 0, 1) }
    ]
    for (const each of bad) expect(() => multikeyOf(each)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
  })
})

describeShared('the Multikeys of the W3C', () => {
  it.each([
    ['P-256', 'p256KeyPair'],
    ['P-384', 'p384KeyPair']
  ])('of %s are read and written alike', (algorithm, file) => {
    const { publicKeyMultibase } = readSharedJson(`vectors/w3c/vc-di-ecdsa/${file}.json`)
    const material = materialFromMultikey(publicKeyMultibase)
    expect(material.algorithm).toBe(algorithm)
    expect(multikeyOf(material)).toBe(publicKeyMultibase)
  })

  it('that are did:keys of accepted kinds are read, and secp256k1 and BLS keys are refused', () => {
    const algorithms = readSharedJson('vectors/w3c/did-key/dids.json').map((did: string) => {
      try {
        return materialFromMultikey(did.slice('did:key:'.length)).algorithm
      } catch {
        return undefined
      }
    })
    expect(algorithms).toEqual(['Ed25519', 'Ed25519', undefined, undefined, undefined, undefined, 'P-256', 'P-384'])
  })
})

function isPoint(bytes: Uint8Array): boolean {
  try {
    p256.Point.fromBytes(bytes)
    return true
  } catch {
    return false
  }
}
