import {
  checkSearch,
  findMethod,
  findOwnKey,
  type IssuerKey,
  importFound,
  type KeySearch,
  nobodyKnows
} from './key-search.js'
import { checkVerificationMethod } from './method-url.js'
import { refused } from './refused.js'

export interface ResolveIssuerKeyOptions extends KeySearch {
  /** The `verificationMethod` of the proof. */
  readonly verificationMethod: string
}

/**
 * Finds the public key of a proof, and that it is a key of the issuer for making assertions.
 *
 * A `did:key` or `did:jwk` issuer is its key, and nothing is read. A `did:web` or https issuer has a controller document,
 * which the resolver reads: its id is the issuer, and the method is listed there for the purpose and controlled by the
 * issuer. The proof can name no method of another party, so nobody signs in another's name.
 *
 * Does not check a signature, and does not judge who the issuer is.
 *
 * Source: Controlled Identifiers 1.0, section 3.3; Open Badges 3.0 implementation guide, "Key provenance".
 *
 * @throws {ResolutionError} DID_INVALID for a malformed URL, ISSUER_KEY_MISMATCH, RESOLUTION_FAILED,
 *   RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID
 * @throws {KeyError} KEY_INVALID for a key that breaks the rules of its curve
 * @throws {OptionError} OPTION_INVALID for a time that is none
 *
 * @example
 * ```ts
 * const { publicKey, via } = await resolveIssuerKey({
 *   verificationMethod: proof.verificationMethod,
 *   issuer: 'did:web:academy.example',
 *   at: new Date(),
 *   resolver
 * })
 * ```
 */
export async function resolveIssuerKey(options: ResolveIssuerKeyOptions): Promise<IssuerKey> {
  const { verificationMethod, issuer } = options
  checkSearch(options)
  const base = checkVerificationMethod(verificationMethod)
  if (base !== issuer) {
    const message = 'the verification method belongs to somebody else than the issuer'
    throw refused('ISSUER_KEY_MISMATCH', message, 'verificationMethod', String(issuer), base)
  }
  const found = findOwnKey(verificationMethod, options) ?? (await findMethod(verificationMethod, options))
  if (found !== undefined) return importFound(found, options)
  throw nobodyKnows(issuer)
}
