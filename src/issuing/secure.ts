import type { ExpandedDocument } from '../canonical/json-ld.js'
import { verificationMethodUrl } from '../did/method-url.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import type { Signer } from '../keys/key-store.js'
import { addProof } from '../securing/add-proof.js'
import { claimedDocument } from '../securing/jwt/claimed-document.js'
import { looksLikeJws, parseCompactJws } from '../securing/jwt/compact-jws.js'
import { signJwt } from '../securing/jwt/sign-jwt.js'
import { unsecured } from '../securing/unsecured-document.js'
import type { BadgeFormat } from './badge-format.js'
import type { Workshop } from './workshop.js'

export interface ToSecure {
  readonly credential: JsonObject
  readonly expanded: ExpandedDocument
  readonly format: BadgeFormat
  readonly created: string
}

/** The text of a secured badge. Its signature was checked. */
export async function secure(
  { profile, contexts, suite, keyCache }: Workshop,
  signer: Signer,
  { credential, expanded, format, created }: ToSecure
): Promise<string> {
  const verificationMethod = verificationMethodUrl(profile.id, signer)
  if (format !== 'json') {
    const typ = format === 'jwt' ? 'JWT' : format
    return signJwt(credential, { signer, kid: verificationMethod, format: typ, created, keyCache })
  }
  const document = unsecured(credential, expanded, contexts)
  return JSON.stringify(await addProof(document, { signer, suite, keyCache, verificationMethod, created }))
}

/**
 * The credential in a text that {@link secure} wrote.
 *
 * @throws {InputError} where somebody else wrote it
 */
export function readSecuredText(text: string): JsonValue {
  if (!looksLikeJws(text)) return parseJson(text)
  const claimed = claimedDocument(parseCompactJws(text).claims, 'JWT')
  return 'refused' in claimed ? null : claimed.document
}
