import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { p256, p384 } from '@noble/curves/nist.js'
import type { SigningKeyAlgorithm } from '../../../src/keys/key-store.js'

const CURVES = { 'P-256': p256, 'P-384': p384 } as const
const HASHES = { 'P-256': 'sha256', 'P-384': 'sha384' } as const

/** A real key, as a service holds it. */
export interface FakeKey {
  readonly algorithm: SigningKeyAlgorithm
  /** In the form of `KeyInfo`. */
  readonly publicKey: Uint8Array
  readonly spki: Buffer
  readonly pem: string
  readonly jwk: { readonly x: string; readonly y?: string }
  /** Signs a message: Ed25519 as it is, ECDSA in DER over its hash. */
  sign(message: Uint8Array): Buffer
  /** Signs a digest with ECDSA, without another look at it. In DER. */
  signDigest(digest: Uint8Array): Buffer
}

export function createFakeKey(algorithm: SigningKeyAlgorithm): FakeKey {
  const { publicKey, privateKey } =
    algorithm === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: algorithm })
  return {
    ...publicPart(algorithm, publicKey),
    sign: (message) =>
      algorithm === 'Ed25519' ? sign(null, message, privateKey) : sign(HASHES[algorithm], message, privateKey),
    signDigest: (digest) => signDigest(algorithm, digest, privateKey)
  }
}

/** The key of somebody else, with which nothing can be signed: what the fake gives instead is up to its script. */
export function createForeignKey(algorithm: SigningKeyAlgorithm, spki: Buffer): FakeKey {
  const publicKey = createPublicKey({ key: spki, type: 'spki', format: 'der' })
  return { ...publicPart(algorithm, publicKey), sign: () => Buffer.alloc(0), signDigest: () => Buffer.alloc(0) }
}

function publicPart(algorithm: SigningKeyAlgorithm, key: KeyObject): Omit<FakeKey, 'sign' | 'signDigest'> {
  const { x, y } = key.export({ format: 'jwk' }) as FakeKey['jwk']
  const jwk = { x, ...(y === undefined ? {} : { y }) }
  return {
    algorithm,
    publicKey: compressed(algorithm, jwk),
    spki: key.export({ type: 'spki', format: 'der' }),
    pem: key.export({ type: 'spki', format: 'pem' }) as string,
    jwk
  }
}

function compressed(algorithm: SigningKeyAlgorithm, { x, y = '' }: FakeKey['jwk']): Uint8Array {
  const bytes = Buffer.from(x, 'base64url')
  if (algorithm === 'Ed25519') return Uint8Array.from(bytes)
  return Uint8Array.of(2 + ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1), ...bytes)
}

function signDigest(algorithm: SigningKeyAlgorithm, digest: Uint8Array, key: KeyObject): Buffer {
  if (algorithm === 'Ed25519') throw new TypeError('Ed25519 signs no digests')
  const { d = '' } = key.export({ format: 'jwk' })
  const curve = CURVES[algorithm]
  const signature = curve.sign(digest, Buffer.from(d, 'base64url'), { prehash: false, lowS: false })
  return Buffer.from(curve.Signature.fromBytes(signature).toBytes('der'))
}

/** `r` and `s` of a DER signature side by side, read with nothing that is under test. */
export function sideBySide(der: Buffer, size: number): Buffer {
  const first = 4 + (der[1] === 0x81 ? 1 : 0)
  const rLength = der[first - 1] ?? 0
  const r = der.subarray(first, first + rLength)
  const s = der.subarray(first + rLength + 2)
  return Buffer.concat([r, s].map((part) => Buffer.concat([Buffer.alloc(size), part]).subarray(-size)))
}

export function sha(algorithm: SigningKeyAlgorithm, data: Uint8Array): Buffer {
  return createHash(algorithm === 'P-384' ? 'sha384' : 'sha256')
    .update(data)
    .digest()
}
