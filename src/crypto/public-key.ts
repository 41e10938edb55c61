import { KeyError } from '../encoding/errors.js'
import { importEcdsaPublicKey } from './ecdsa.js'
import { importEd25519PublicKey } from './ed25519.js'
import {
  copyMaterial,
  isMaterial,
  type KeyAlgorithm,
  type PublicKeyMaterial,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm
} from './key-material.js'
import type { KeyImportOptions, SignatureCheck } from './provider.js'
import { importRsaPublicKey } from './rsa.js'

export type { KeyAlgorithm, PublicKeyMaterial, RsaMaterial, SignatureAlgorithm } from './key-material.js'
export { SIGNATURE_ALGORITHMS } from './key-material.js'

/** A public key that passed every check at import. */
export interface PublicKey {
  readonly algorithm: KeyAlgorithm
  /** The key itself; a fresh copy each time. */
  readonly material: PublicKeyMaterial
  /**
   * Whether the signature is valid. ECDSA signatures are `r` and `s` side by side. What is not a proper signature, and an
   * algorithm that does not fit the key, is `false`.
   *
   * @throws {KeyError} CRYPTO_UNAVAILABLE where this runtime cannot check such signatures: that says nothing about them
   */
  verify(algorithm: SignatureAlgorithm, signature: Uint8Array, message: Uint8Array): Promise<boolean>
}

/**
 * Takes in a public key after the checks of its kind, which are the same on every backend. They take longer than checking
 * a signature, so import a key once and keep it, for instance in a key cache.
 *
 * Does not check whose key it is.
 *
 * @throws {KeyError} KEY_INVALID
 *
 * @example
 * ```ts
 * const key = await importPublicKey(materialFromMultikey('zDna…'))
 * await key.verify('ES256', signature, message) // true or false
 * ```
 */
export async function importPublicKey(material: PublicKeyMaterial, options: KeyImportOptions = {}): Promise<PublicKey> {
  if (!isMaterial(material)) throw notAKey(material)
  const own = copyMaterial(material)
  const checks = await importChecks(own, options)
  const { algorithm } = own
  return Object.freeze({
    algorithm,
    get material() {
      return copyMaterial(own)
    },
    async verify(name: SignatureAlgorithm, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
      const check = SIGNATURE_ALGORITHMS[algorithm].includes(name) ? checks[name] : undefined
      if (check === undefined || !(signature instanceof Uint8Array && message instanceof Uint8Array)) return false
      return check(Uint8Array.from(signature), Uint8Array.from(message))
    }
  })
}

type Checks = Readonly<Partial<Record<SignatureAlgorithm, SignatureCheck>>>

async function importChecks(material: PublicKeyMaterial, options: KeyImportOptions): Promise<Checks> {
  switch (material.algorithm) {
    case 'Ed25519': {
      const key = await importEd25519PublicKey(material.bytes, options)
      return { EdDSA: (signature, message) => key.verify(signature, message) }
    }
    case 'P-256':
      return { ES256: await importEcdsaPublicKey('P-256', material.bytes, options) }
    case 'P-384':
      return { ES384: await importEcdsaPublicKey('P-384', material.bytes, options) }
    case 'RSA': {
      const checks = await importRsaPublicKey(material, options)
      return material.alg === undefined ? checks : { [material.alg]: checks[material.alg] }
    }
  }
}

function notAKey(material: PublicKeyMaterial): KeyError {
  return new KeyError({
    code: 'KEY_INVALID',
    message: 'the public key is of an unknown kind, or its parts are not bytes of a usable length',
    expected: Object.keys(SIGNATURE_ALGORITHMS).join(', '),
    got: String(material.algorithm).slice(0, 40)
  })
}
