import { KeyError } from '../encoding/errors.js'
import type { EcCurve } from './ec-point.js'
import type { Ed25519Backend, Ed25519Options } from './ed25519.js'
import type { SignatureAlgorithm } from './key-material.js'

/** How RSA keys sign. */
export type RsaAlgorithm = 'RS256' | 'PS256'

/** The numbers of an RSA public key, most significant byte first. */
export interface RsaNumbers {
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
}

/**
 * Checks ECDSA and RSA signatures where the runtime has no WebCrypto that does. `komma/crypto/noble` exports one in
 * plain JavaScript, for `createKeyCache`.
 *
 * **Contract.** The key has passed every check of its kind, and the signature has the right length and range; the
 * provider does the arithmetic. It answers `true` for a valid signature and `false` for any other, and throws where it
 * cannot tell.
 */
export interface CryptoProvider {
  /**
   * ECDSA with SHA-256 on P-256 and SHA-384 on P-384. The key is a compressed point, the signature `r` and `s` side by
   * side; a high `s` is as good as a low one.
   */
  verifyEcdsa(
    curve: EcCurve,
    publicKey: Uint8Array,
    signature: Uint8Array,
    message: Uint8Array
  ): boolean | Promise<boolean>
  /** RSASSA-PKCS1-v1_5 (RS256) or RSASSA-PSS with MGF1 and a salt of 32 bytes (PS256), with SHA-256. */
  verifyRsa(
    algorithm: RsaAlgorithm,
    publicKey: RsaNumbers,
    signature: Uint8Array,
    message: Uint8Array
  ): boolean | Promise<boolean>
}

/** Who does the arithmetic of public keys. */
export interface KeyImportOptions extends Ed25519Options {
  /**
   * WebCrypto where it can, else portable JavaScript, unless told. `noble` leaves WebCrypto aside: Ed25519 is built in,
   * ECDSA and RSA are asked of the provider.
   */
  readonly backend?: Ed25519Backend
  /** Asked where WebCrypto does not do ECDSA or RSA. Without one such signatures cannot be checked there. */
  readonly provider?: CryptoProvider
}

/** Checks one signature with one key that was taken in. */
export type SignatureCheck = (signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>

/** A key in the words of WebCrypto, and of a provider. */
export interface ArithmeticKey {
  readonly algorithm: SignatureAlgorithm
  readonly data: Uint8Array<ArrayBuffer> | JsonWebKey
  readonly importParams: EcKeyImportParams | RsaHashedImportParams
  readonly verifyParams: EcdsaParams | RsaPssParams | AlgorithmIdentifier
  readonly ask: (provider: CryptoProvider, signature: Uint8Array, message: Uint8Array) => boolean | Promise<boolean>
}

/**
 * Takes in a key for one algorithm with whoever can do the arithmetic: WebCrypto, else the provider.
 *
 * The check it gives back throws a `KeyError` CRYPTO_UNAVAILABLE where nobody can.
 */
export async function importCheck(key: ArithmeticKey, options: KeyImportOptions): Promise<SignatureCheck> {
  const { backend, provider } = options
  const { algorithm, verifyParams, ask } = key
  const native = backend === 'noble' ? undefined : await importNative(key)
  return async (signature, message) => {
    let cause: unknown
    try {
      if (native !== undefined) {
        return (await globalThis.crypto.subtle.verify(verifyParams, native, signature, message)) === true
      }
    } catch (error) {
      cause = error
    }
    if (provider === undefined || backend === 'webcrypto') throw unavailable(algorithm, cause)
    try {
      return (await ask(provider, signature, message)) === true
    } catch (error) {
      throw unavailable(algorithm, error)
    }
  }
}

async function importNative({ data, importParams }: ArithmeticKey): Promise<CryptoKey | undefined> {
  try {
    const { subtle } = globalThis.crypto
    if (data instanceof Uint8Array) return await subtle.importKey('raw', data, importParams, false, ['verify'])
    return await subtle.importKey('jwk', data, importParams, false, ['verify'])
  } catch {
    return undefined
  }
}

function unavailable(algorithm: SignatureAlgorithm, cause: unknown): KeyError {
  return new KeyError(
    {
      code: 'CRYPTO_UNAVAILABLE',
      message: `neither WebCrypto nor a provider checks ${algorithm} signatures here`,
      hint: 'Pass a keyCache that was made with the provider of komma/crypto/noble.'
    },
    { cause }
  )
}
