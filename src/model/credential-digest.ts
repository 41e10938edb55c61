import { digestMultibase } from '../crypto/digest.js'
import { canonicalJson } from '../encoding/canonical-json.js'

/**
 * The digest by which another document binds itself to one exact signed credential: `digestMultibase` over the
 * canonical JSON (RFC 8785) of the credential with its proof. A reissue of the same id has another digest.
 *
 * Does not check the credential.
 *
 * @param credential a signed credential as an object
 * @throws {InputError} where the value is not JSON
 * @see VC Data Model 2.0 section 5.3
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { credentialDigest } from 'komma'
 *
 * const badge = JSON.parse(await readFile('badge.json', 'utf8'))
 * const evidence = [{ genre: 'PartCredential', id: badge.id, digestMultibase: credentialDigest(badge) }]
 * console.log(evidence)
 * ```
 */
export function credentialDigest(credential: unknown): string {
  return digestMultibase(new TextEncoder().encode(canonicalJson(credential)))
}
