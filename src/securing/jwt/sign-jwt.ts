import type { KeyCache } from '../../crypto/key-cache.js'
import { SIGNATURE_ALGORITHMS } from '../../crypto/public-key.js'
import { parseDateTimeStamp } from '../../encoding/dates.js'
import { Budget } from '../../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { encodeBase64url } from '../../encoding/multibase.js'
import { signChecked } from '../../keys/checked-signer.js'
import type { Signer } from '../../keys/key-store.js'
import { idOf } from '../../model/read.js'

export interface SignJwtOptions {
  readonly signer: Signer
  /** The DID URL under which the issuer publishes the signer's public key. */
  readonly kid: string
  readonly format: 'JWT' | 'vc+jwt'
  /** When it is signed, with whole seconds. */
  readonly created: string
  /** Keeps the imported public key between signatures. */
  readonly keyCache?: KeyCache
}

/** Base64url of the longest signature there is, and the point before it. */
const SIGNATURE_ROOM = 129

/**
 * Signs a credential of the data model 2.0 as a JWT, and checks the fresh signature with the pinned public key before
 * anybody sees it. `JWT` is the proof format of Open Badges 3.0, with the claims that it asks for; `vc+jwt` is that of
 * VC-JOSE-COSE, where the credential speaks for itself.
 *
 * Does not check the credential; that is done before a signer is asked for anything.
 *
 * Source: Open Badges 3.0 section 8.2; VC-JOSE-COSE section 3.1.1; RFC 7515 section 5.1.
 *
 * @throws {InputError} INPUT_TOO_LARGE for a token that verifiers would not read, before anything is signed
 * @throws {KeyError} when the signer fails or signs with another key
 */
export async function signJwt(credential: JsonObject, options: SignJwtOptions): Promise<string> {
  const { signer, kid, format, created, keyCache } = options
  const [alg] = SIGNATURE_ALGORITHMS[signer.algorithm]
  const header = { alg: alg as string, kid, typ: format }
  const iat = secondOf(created)
  const claims = format === 'JWT' ? { ...credential, ...badgeClaims(credential), iat } : { ...credential, iat }
  const input = `${segment(header)}.${segment(claims)}`
  new Budget({}).length(input.length + SIGNATURE_ROOM)
  const signature = await signChecked(signer, new TextEncoder().encode(input), keyCache ? { keyCache } : {})
  return `${input}.${encodeBase64url(signature)}`
}

/** Open Badges 3.0 section 8.2.4.1. */
function badgeClaims({ id, issuer, credentialSubject, validFrom, validUntil }: JsonObject): JsonObject {
  return {
    iss: idOf(issuer) as string,
    sub: idOf(credentialSubject) as string,
    jti: id as string,
    nbf: secondOf(validFrom),
    ...(validUntil === undefined ? {} : { exp: secondOf(validUntil) })
  }
}

function secondOf(time: JsonValue | undefined): number {
  return Number(parseDateTimeStamp(String(time)).seconds)
}

function segment(part: JsonObject): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify(part)))
}
