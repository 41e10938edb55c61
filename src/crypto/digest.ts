import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import { OptionError } from '../encoding/errors.js'
import { encodeMultibase } from '../encoding/multibase.js'

/** Gives `length` unpredictable bytes. */
export type RandomSource = (length: number) => Uint8Array

/** The digests that securing mechanisms ask for, by their WebCrypto names. */
export type DigestAlgorithm = 'SHA-256' | 'SHA-384'

const QUOTA = 65_536
const MULTIHASH_SHA2_384: readonly [number, number] = [0x20, 0x30]

/** SHA-256 of bytes: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/** SHA-384 of bytes: 48 bytes. */
export function sha384(bytes: Uint8Array): Uint8Array {
  return nobleSha384(bytes)
}

/** SHA-512 of bytes: 64 bytes. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return nobleSha512(bytes)
}

/** The digest of bytes with the named algorithm. */
export function digest(algorithm: DigestAlgorithm, bytes: Uint8Array): Uint8Array {
  return algorithm === 'SHA-384' ? sha384(bytes) : sha256(bytes)
}

/** The multihash of bytes with SHA-384: the bytes `20 30`, then the digest. */
export function multihashSha384(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...MULTIHASH_SHA2_384, ...sha384(bytes))
}

/**
 * The value of a `digestMultibase` member over bytes: `u` and base64url of the SHA-384 multihash.
 *
 * Which bytes stand for a document is the caller's choice: for a JSON credential the canonical JSON (RFC 8785) of the
 * signed document, for a compact JWS its ASCII bytes.
 *
 * Source: Verifiable Credentials Data Model 2.0, section 5.3, which wants SHA-384 or better.
 *
 * @example
 * ```ts
 * digestMultibase(new TextEncoder().encode('{"id":"urn:uuid:…"}')) // 'uIDC…'
 * ```
 */
export function digestMultibase(bytes: Uint8Array): string {
  return encodeMultibase('base64url', multihashSha384(bytes))
}

/**
 * Unpredictable bytes from the runtime's WebCrypto.
 *
 * @throws {OptionError} OPTION_INVALID if `length` is not a whole number of bytes from 0 to 1 MiB
 */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(length) || length < 0 || length > 1_048_576) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the number of random bytes is out of bounds',
      path: 'length',
      expected: 'a whole number from 0 to 1048576'
    })
  }
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += QUOTA) {
    globalThis.crypto.getRandomValues(bytes.subarray(start, start + QUOTA))
  }
  return bytes
}

/** Whether two byte strings are the same. Not for secrets: it stops at the first difference. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
