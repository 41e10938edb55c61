import { p256, p384 } from '@noble/curves/nist.js'
import { KeyError } from '../encoding/errors.js'
import { type RandomSource, randomBytes } from './digest.js'
import { EC_PARAMETERS, type EcCurve } from './ec-point.js'
import { messageToSign, type PrivateKey } from './private-key.js'

const CURVES = { 'P-256': p256, 'P-384': p384 } as const

/**
 * Takes in the secret number of an ECDSA private key, in 32 or 48 bytes. Signatures are `r` and `s` side by side; the
 * number that each needs beside the key is derived from key and message, so that no fault of a random source can give
 * the key away. `s` is not made low: who verifies does not ask for it.
 *
 * WebCrypto is not used: it has no such signatures. So the secret lies in this process' memory, in a place that no
 * property shows. The caller's bytes are copied, not kept and not cleared.
 *
 * Source: RFC 6979 section 3.2 with SHA-256 for P-256 and SHA-384 for P-384.
 *
 * @throws {KeyError} KEY_INVALID for another length, zero, and a number that is not below the order
 */
export function importEcdsaSecret(curve: EcCurve, secret: Uint8Array): PrivateKey {
  const { getPublicKey, sign, utils } = CURVES[curve]
  const owned = secret instanceof Uint8Array ? Uint8Array.from(secret) : new Uint8Array()
  if (!utils.isValidSecretKey(owned)) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: `the secret is not one of a ${curve} key`,
      expected: `a Uint8Array of ${EC_PARAMETERS[curve].size} bytes, a number from 1 below the order of the curve`,
      got: secret instanceof Uint8Array ? `${secret.length} bytes` : typeof secret
    })
  }
  const publicKey = Uint8Array.from(getPublicKey(owned))
  return Object.freeze({
    get publicKey() {
      return publicKey.slice()
    },
    async sign(message: Uint8Array): Promise<Uint8Array> {
      return Uint8Array.from(sign(messageToSign(message), owned, { lowS: false }))
    }
  })
}

/**
 * A fresh secret number of the curve.
 *
 * Source: FIPS 186-5 appendix A.2.1.
 *
 * @throws {KeyError} KEY_INVALID where the random source gives another number of bytes than it was asked for
 */
export function generateEcdsaSecret(curve: EcCurve, random: RandomSource = randomBytes): Uint8Array {
  const { utils, lengths } = CURVES[curve]
  const length = lengths.seed ?? 0
  const bytes = random(length)
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: 'the random source gave another number of bytes than it was asked for',
      expected: `${length} bytes`
    })
  }
  return Uint8Array.from(utils.randomSecretKey(bytes))
}
