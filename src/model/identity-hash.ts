import { sha256 } from '../crypto/digest.js'
import { encodeHex } from '../encoding/multibase.js'

/**
 * Hashes an identifier as Open Badges 3.0 does: `sha256$` and the SHA-256 of the identifier followed by the salt, as
 * UTF-8, in lower-case hexadecimal.
 *
 * Case counts: nothing is folded, trimmed or normalised, so `A@Example.com` and `a@example.com` differ. Does not check
 * that either text is well-formed Unicode.
 *
 * Source: Open Badges 3.0, IdentityHash.
 *
 * @param salt the salt of the identity object; empty where it has none
 * @example
 * ```ts
 * hashIdentity('a@example.com', 'Kosher') // 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
 * ```
 */
export function hashIdentity(identity: string, salt: string): string {
  return `sha256$${encodeHex(sha256(new TextEncoder().encode(identity + salt)))}`
}
