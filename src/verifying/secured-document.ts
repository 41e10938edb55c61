import type { CredentialKind } from '../model/credential-kind.js'
import { verifyEmbedded } from './embedded-walk.js'
import { verifyJwt } from './jwt-walk.js'
import type { Settings } from './options.js'
import type { Secured, SecuredResult } from './secured.js'

/**
 * From what was read to a verified document: the part of the way that credentials, endorsements and status lists share.
 * The steps follow the order in which the cheap and safe ones come first; nothing is fetched for a document that fails
 * before.
 */
export async function verifySecured(given: Secured, kind: CredentialKind, settings: Settings): Promise<SecuredResult> {
  return given.form === 'jwt' ? verifyJwt(given.jwt, kind, settings) : verifyEmbedded(given.document, kind, settings)
}
