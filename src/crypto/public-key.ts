import { encodeHex } from '../encoding/multibase.js'
import { type Ed25519Options, importEd25519PublicKey } from './ed25519.js'

/** The kinds of key that credentials are signed with. */
export type KeyAlgorithm = 'Ed25519' | 'P-256' | 'P-384' | 'RSA'

/** How a signature is made, by its JOSE name. Data Integrity suites use the first three. */
export type SignatureAlgorithm = 'EdDSA' | 'ES256' | 'ES384' | 'RS256' | 'PS256'

/** A public key as it is written down, not yet checked to be a good one. */
export type PublicKeyMaterial =
  | {
      readonly algorithm: 'Ed25519' | 'P-256' | 'P-384'
      /** Ed25519: 32 bytes. P-256 and P-384: the compressed point, 33 or 49 bytes. */
      readonly bytes: Uint8Array
    }
  | RsaMaterial

/** An RSA public key: two unsigned integers, most significant byte first, without leading zeros. */
export interface RsaMaterial {
  readonly algorithm: 'RSA'
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
  /** The one algorithm that the key may be used with, where its JWK names one. */
  readonly alg?: 'RS256' | 'PS256'
}

/** A public key that passed every check at import. */
export interface PublicKey {
  readonly algorithm: KeyAlgorithm
  readonly material: PublicKeyMaterial
  /**
   * Whether the signature is valid. ECDSA signatures are `r` and `s` side by side. What is not a proper signature, and an
   * algorithm that does not fit the key, is `false`.
   *
   * @throws {KeyError} CRYPTO_UNAVAILABLE where this runtime cannot check such signatures: that says nothing about them
   */
  verify(algorithm: SignatureAlgorithm, signature: Uint8Array, message: Uint8Array): Promise<boolean>
}

/** The signature algorithms each kind of key may be used with (closed: RFC 8725 section 3.1). */
export const SIGNATURE_ALGORITHMS: Readonly<Record<KeyAlgorithm, readonly SignatureAlgorithm[]>> = Object.freeze({
  Ed25519: ['EdDSA'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  RSA: ['RS256', 'PS256']
})

/** Takes in a public key after the checks of its kind. */
export async function importPublicKey(material: PublicKeyMaterial, options: Ed25519Options = {}): Promise<PublicKey> {
  if (material.algorithm !== 'Ed25519') throw new TypeError(`${material.algorithm} is not there yet`)
  const key = await importEd25519PublicKey(material.bytes, options)
  return Object.freeze({
    algorithm: 'Ed25519',
    get material() {
      return { algorithm: 'Ed25519', bytes: key.bytes } as const
    },
    verify: async (algorithm: SignatureAlgorithm, signature: Uint8Array, message: Uint8Array) =>
      algorithm === 'EdDSA' && key.verify(signature, message)
  })
}

/** True for a material whose members are bytes; whether they are a good key is found out at import. */
export function isMaterial(material: PublicKeyMaterial): boolean {
  const parts = material.algorithm === 'RSA' ? [material.modulus, material.exponent] : [material.bytes]
  return parts.every((part) => part instanceof Uint8Array && part.length <= 1024)
}

/** A text that two materials share exactly if they are the same key. */
export function nameOfMaterial(material: PublicKeyMaterial): string {
  return material.algorithm === 'RSA'
    ? `RSA ${encodeHex(material.exponent)} ${encodeHex(material.modulus)}`
    : `${material.algorithm} ${encodeHex(material.bytes)}`
}
