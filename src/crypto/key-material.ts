import { encodeHex } from '../encoding/multibase.js'

/** The kinds of key that credentials are signed with. */
export type KeyAlgorithm = 'Ed25519' | 'P-256' | 'P-384' | 'RSA'

/** How a signature is made, by its JOSE name. Data Integrity suites use the first three. */
export type SignatureAlgorithm = 'EdDSA' | 'ES256' | 'ES384' | 'RS256' | 'PS256'

/** A public key as it is written down, not yet checked to be a good one. */
export type PublicKeyMaterial = CurveMaterial | RsaMaterial

/** A public key of an elliptic curve. */
export interface CurveMaterial {
  readonly algorithm: 'Ed25519' | 'P-256' | 'P-384'
  /** Ed25519: 32 bytes. P-256 and P-384: the compressed point, 33 or 49 bytes. */
  readonly bytes: Uint8Array
}

/** An RSA public key: two unsigned integers, most significant byte first, without leading zeros. */
export interface RsaMaterial {
  readonly algorithm: 'RSA'
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
  /** The one algorithm that the key may be used with, where its JWK names one. */
  readonly alg?: 'RS256' | 'PS256'
}

/** The signature algorithms each kind of key may be used with (closed: RFC 8725 section 3.1). */
export const SIGNATURE_ALGORITHMS: Readonly<Record<KeyAlgorithm, readonly SignatureAlgorithm[]>> = Object.freeze({
  Ed25519: ['EdDSA'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  RSA: ['RS256', 'PS256']
})

/** True for a material of a known kind whose members are bytes; whether they are a good key is found out at import. */
export function isMaterial(material: PublicKeyMaterial): boolean {
  if (!Object.hasOwn(SIGNATURE_ALGORITHMS, material.algorithm)) return false
  const parts = material.algorithm === 'RSA' ? [material.modulus, material.exponent] : [material.bytes]
  return parts.every((part) => part instanceof Uint8Array && part.length <= 1024)
}

/** A copy that its owner alone can change. */
export function copyMaterial(material: PublicKeyMaterial): PublicKeyMaterial {
  if (material.algorithm !== 'RSA') return { algorithm: material.algorithm, bytes: Uint8Array.from(material.bytes) }
  const { algorithm, modulus, exponent, alg } = material
  return { algorithm, modulus: modulus.slice(), exponent: exponent.slice(), ...(alg && { alg }) }
}

/** A text that two materials share exactly if they are the same key for the same algorithms. */
export function nameOfMaterial(material: PublicKeyMaterial): string {
  return material.algorithm === 'RSA'
    ? `RSA ${material.alg ?? ''} ${encodeHex(material.exponent)} ${encodeHex(material.modulus)}`
    : `${material.algorithm} ${encodeHex(material.bytes)}`
}
