import { jwkOf, materialFromJwk } from '../crypto/jwk.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import { KommaError, ResolutionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../encoding/multibase.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { OwnKey } from './own-key.js'
import { PURPOSES, SIGNING_PURPOSES, type VerificationPurpose } from './purpose.js'

/** What a `did:jwk` says about itself. */
export interface DidJwk extends OwnKey {
  readonly jwk: JsonObject
}

const PREFIX = 'did:jwk:'
const MAX_LENGTH = 2048

/**
 * The `did:jwk` of a public key: its JWK with the members of the key alone, in the order of their names.
 *
 * @throws {KeyError} KEY_INVALID for bytes that are not a point of the curve
 */
export function didJwkFromMaterial(material: PublicKeyMaterial): string {
  return `${PREFIX}${encodeBase64url(new TextEncoder().encode(JSON.stringify(jwkOf(material))))}`
}

/**
 * Reads a `did:jwk`, or the URL of its verification method (`did:jwk:…#0`), strictly: base64url in the one spelling of
 * its bytes, strict JSON, a public JWK of a supported kind without a private member.
 *
 * White space in the JSON and the order of its members are up to whoever made the DID: the DID is its text, and another
 * spelling of the same key is another DID. A key for encryption (`use` is `enc`) is read, and makes no assertions.
 *
 * Source: did:jwk method specification, sections DID Format, Create and Read.
 *
 * @throws {ResolutionError} DID_INVALID
 *
 * @example
 * ```ts
 * parseDidJwk('did:jwk:eyJ…#0').jwk // { crv: 'P-256', kty: 'EC', x: '…', y: '…' }
 * ```
 */
export function parseDidJwk(didOrUrl: string): DidJwk {
  if (typeof didOrUrl !== 'string' || !didOrUrl.startsWith(PREFIX)) throw invalid('the text is not a did:jwk')
  if (didOrUrl.length > MAX_LENGTH) throw invalid(`the did:jwk is longer than ${MAX_LENGTH} characters`)
  const [did = '', fragment, ...rest] = didOrUrl.split('#')
  if (rest.length > 0 || (fragment !== undefined && fragment !== '0')) {
    throw invalid('the fragment of the did:jwk is not 0')
  }
  try {
    const jwk = parseJson(decodeBase64url(did.slice(PREFIX.length)))
    if (!isJsonObject(jwk)) throw invalid('the did:jwk holds something else than a JSON object')
    const { use, ...key } = jwk
    const material = materialFromJwk(use === 'enc' ? key : jwk)
    return { method: 'did:jwk', did, jwk, material, verificationMethod: `${did}#0`, purposes: purposesOf(use) }
  } catch (cause) {
    if (cause instanceof ResolutionError) throw cause
    throw invalid('the value of the did:jwk is not a public JWK of a supported kind in base64url', cause)
  }
}

function purposesOf(use: JsonObject[string] | undefined): readonly VerificationPurpose[] {
  if (use === 'enc') return ['keyAgreement']
  return use === 'sig' ? SIGNING_PURPOSES : PURPOSES
}

function invalid(message: string, cause?: unknown): ResolutionError {
  const reason = cause instanceof KommaError ? { got: cause.message.slice(0, 300) } : {}
  return new ResolutionError({ code: 'DID_INVALID', message, expected: 'did:jwk:eyJ…', ...reason }, { cause })
}
