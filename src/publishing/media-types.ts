import type { PublicDocument } from './placement.js'

const JSON_TYPE = 'application/json'
const DID_DOCUMENT = [JSON_TYPE, 'application/did+json', 'application/did+ld+json', 'application/did']
const CONTROLLER_DOCUMENT = [JSON_TYPE, 'application/ld+json', 'application/cid']
const JWT = ['application/vc+jwt', 'application/jwt', 'text/plain']
const CREDENTIAL = ['application/vc', 'application/ld+json', JSON_TYPE]
const CREDENTIAL_V1 = ['application/vc+ld+json', 'application/ld+json', JSON_TYPE]

/**
 * The media types that a document may be called, the usual one first.
 *
 * Source: DID 1.0 section 6; Controlled Identifiers 1.0 section 5; RFC 7517 section 8.5; VCDM 2.0 section 6.2;
 * VC-JOSE-COSE section 6.
 */
export function mediaTypesOf({ id, kind, text }: Pick<PublicDocument, 'id' | 'kind' | 'text'>): readonly string[] {
  if (kind === 'jwks') return ['application/jwk-set+json', JSON_TYPE]
  if (kind === 'controllerDocument') return id.startsWith('did:') ? DID_DOCUMENT : CONTROLLER_DOCUMENT
  if (kind === 'achievement') return ['application/ld+json', JSON_TYPE]
  return credentialTypesOf(text)
}

/** The media types of a secured credential, JSON or a JWT. */
export function credentialTypesOf(text: string): readonly string[] {
  if (!text.trimStart().startsWith('{')) return JWT
  return text.includes('"https://www.w3.org/2018/credentials/v1"') ? CREDENTIAL_V1 : CREDENTIAL
}
