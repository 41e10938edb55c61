import { KeyError } from '../encoding/errors.js'
import { encodeBase64url } from '../encoding/multibase.js'
import { integerFromBytes } from './integers.js'
import {
  type ArithmeticKey,
  importCheck,
  type KeyImportOptions,
  type RsaAlgorithm,
  type RsaNumbers,
  type SignatureCheck
} from './provider.js'
import { hasRocaFingerprint } from './roca.js'

const MODULUS_BITS = { least: 2048, most: 8192 } as const
const EXPONENT = { least: 65_537n, below: 1n << 32n } as const
const SALT_LENGTH = 32

/**
 * Takes in an RSA public key: an odd modulus of 2,048 to 8,192 bits without the fingerprint of a generator that is known
 * to be faulty, and an odd exponent from 65,537 below 2^32.
 *
 * The checks it gives back ask for a signature as long as the modulus and smaller than it. PS256 takes MGF1 with SHA-256
 * and a salt of 32 bytes. Does not try to factor the modulus.
 *
 * Source: RFC 7518 sections 3.3 and 3.5, RFC 8017 sections 8.1.2 and 8.2.2, FIPS 186-5 section 5.1.
 *
 * @throws {KeyError} KEY_INVALID
 */
export async function importRsaPublicKey(
  numbers: RsaNumbers,
  options: KeyImportOptions = {}
): Promise<Readonly<Record<RsaAlgorithm, SignatureCheck>>> {
  const modulus = checkedModulus(numbers.modulus)
  checkExponent(numbers.exponent)
  return {
    RS256: bounded(modulus, await importCheck(arithmeticKey('RS256', numbers), options)),
    PS256: bounded(modulus, await importCheck(arithmeticKey('PS256', numbers), options))
  }
}

function arithmeticKey(algorithm: RsaAlgorithm, numbers: RsaNumbers): ArithmeticKey {
  const { modulus, exponent } = numbers
  const name = algorithm === 'RS256' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS'
  return {
    algorithm,
    data: { kty: 'RSA', n: encodeBase64url(modulus), e: encodeBase64url(exponent) },
    importParams: { name, hash: 'SHA-256' },
    verifyParams: algorithm === 'RS256' ? { name } : { name, saltLength: SALT_LENGTH },
    ask: (provider, signature, message) => {
      const copy = { modulus: modulus.slice(), exponent: exponent.slice() }
      return provider.verifyRsa(algorithm, copy, signature, message)
    }
  }
}

function bounded(modulus: bigint, check: SignatureCheck): SignatureCheck {
  const length = Math.ceil(modulus.toString(16).length / 2)
  return async (signature, message) =>
    signature.length === length && integerFromBytes(signature) < modulus && check(signature, message)
}

function checkedModulus(bytes: Uint8Array): bigint {
  const { least, most } = MODULUS_BITS
  const modulus = integerFromBytes(bytes)
  const bits = modulus.toString(2).length
  if (bits < least || bits > most) {
    throw invalid('the RSA modulus is too short or too long', `${least} to ${most} bits`, `${bits} bits`)
  }
  if (bytes[0] === 0 || (modulus & 1n) === 0n) {
    throw invalid('the RSA modulus is even, or starts with a zero byte', 'an odd number without leading zeros')
  }
  if (hasRocaFingerprint(modulus)) {
    throw invalid('the RSA key was made by a generator whose keys can be broken (ROCA)', 'a key of another generator')
  }
  return modulus
}

function checkExponent(bytes: Uint8Array): void {
  const exponent = integerFromBytes(bytes)
  const { least, below } = EXPONENT
  if (bytes[0] !== 0 && (exponent & 1n) === 1n && exponent >= least && exponent < below) return
  const got = exponent < below ? `${exponent}` : `${bytes.length} bytes`
  throw invalid('the RSA exponent is even, too small or too large', `an odd number from ${least} below 2^32`, got)
}

function invalid(message: string, expected: string, got?: string): KeyError {
  return new KeyError({ code: 'KEY_INVALID', message, expected, ...(got === undefined ? {} : { got }) })
}
