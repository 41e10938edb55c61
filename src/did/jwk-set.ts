import { jwkOf, materialFromJwk } from '../crypto/jwk.js'
import { type PublicKeyMaterial, SIGNATURE_ALGORITHMS } from '../crypto/public-key.js'
import { parseDateTimeStamp } from '../encoding/dates.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { type KeyInfo, materialOfKey } from '../keys/key-store.js'
import { isForAssertions } from './build-controller-document.js'
import { didWebToUrl } from './did-web.js'
import { checkIssuerId, verificationMethodUrl } from './method-url.js'
import { refused } from './refused.js'
import { isPast } from './verification-method.js'

const MAX_KEYS = 100
const PLACE = '/.well-known/jwks.json'

/**
 * Where the JWK Set of an issuer lies: at the well-known place of its authority. `undefined` for an issuer without an
 * address on the web.
 *
 * Source: Open Badges 3.0 implementation guide, "Key provenance".
 *
 * @param issuer an id that `checkIssuerId` let through
 */
export function jwksUrlOf(issuer: string): string | undefined {
  const address = issuer.startsWith('did:web:') ? didWebToUrl(issuer) : issuer
  return address.startsWith('https://') ? new URL(PLACE, address).href : undefined
}

/**
 * Where a JWK Set lies by what it says itself: the one well-known place of all the issuers that its keys name in `iss`.
 * `undefined` where they are of several authorities.
 *
 * @throws {ResolutionError} DID_INVALID for a key without `iss`, or with one that is no id of an issuer
 */
export function jwksUrlOfSet(set: JsonObject): string | undefined {
  const keys = Array.isArray(set['keys']) ? (set['keys'] as readonly JsonValue[]) : []
  const places = keys.map((jwk) => {
    const iss = (isJsonObject(jwk) ? jwk['iss'] : undefined) as string
    checkIssuerId(iss)
    return jwksUrlOf(iss)
  })
  const [first] = places
  return places.every((place) => place === first) ? first : undefined
}

/**
 * The JWK Set of an issuer on the web, for whoever verifies its JWTs. Each key says by `iss` whose it is, because the
 * issuers of one authority share one place, and has as `kid` the URL that a JWT names.
 *
 * A key that no longer signs stays in it. One that has expired or was revoked is left out, because a JWK has no word for
 * that; the controller document says so.
 *
 * Source: RFC 7517 section 5; Open Badges 3.0 implementation guide, "Key provenance".
 *
 * @example
 * ```ts
 * const jwks = buildJwks({ id: 'https://academy.example/issuer', keys: await keys.keys(), at: new Date() })
 * ```
 */
export function buildJwks(options: {
  readonly id: string
  readonly keys: readonly KeyInfo[]
  readonly at: Date
}): JsonObject {
  const { id, keys, at } = options
  return {
    keys: keys
      .filter(isForAssertions)
      .filter((key) => !isEnded(key, at))
      .map((key) => ({
        ...jwkOf(materialOfKey(key)),
        kid: verificationMethodUrl(id, key),
        use: 'sig',
        alg: SIGNATURE_ALGORITHMS[key.algorithm][0] as string,
        iss: id
      }))
  }
}

/** Whether verifiers take nothing of a key any more: it has expired or was revoked. */
export function isEnded({ expires, revoked }: KeyInfo, at: Date): boolean {
  return [expires, revoked].some((end) => end !== undefined && isPast(parseDateTimeStamp(end), at))
}

/** What a JWT says about its key. */
export interface WantedKey {
  readonly kid: string | undefined
  readonly key: PublicKeyMaterial | undefined
}

/**
 * Finds a key in a JWK Set: the one with the `kid`, or where a JWT has none, one that is the key it carries. Keys of
 * kinds that are not supported may stand beside it. A key with another `iss` belongs to another issuer of the same
 * authority.
 *
 * Source: RFC 7517 section 5; Open Badges 3.0 implementation guide, "Key provenance".
 *
 * @throws {ResolutionError} RESOLUTION_INVALID for a set that is none, KEY_NOT_FOUND, ISSUER_KEY_MISMATCH
 * @throws {KeyError} KEY_INVALID, also where the set exposes the private key
 */
export function selectJwk(set: JsonValue, { kid, key }: WantedKey, issuer: string): PublicKeyMaterial {
  const wanted = Object.entries(key === undefined ? {} : jwkOf(key))
  const isWanted = ({ jwk }: { readonly jwk: JsonObject }) =>
    kid === undefined ? wanted.length > 0 && wanted.every(([name, value]) => jwk[name] === value) : jwk['kid'] === kid
  const candidates = keysOf(set).filter(isWanted)
  const isOwn = (jwk: JsonObject) => jwk['iss'] === undefined || jwk['iss'] === issuer
  const isUsable = (jwk: JsonObject) => kid !== undefined || canBeRead(jwk)
  const own = candidates.find(({ jwk }) => isOwn(jwk) && isUsable(jwk))
  if (own !== undefined) return materialFromJwk(own.jwk, own.path)
  const foreign = candidates.find(({ jwk }) => !isOwn(jwk) && isUsable(jwk))
  if (foreign === undefined) throw refused('KEY_NOT_FOUND', 'the key set of the issuer has no such key', '/keys', kid)
  const message = 'the key in the set belongs to another issuer'
  throw refused('ISSUER_KEY_MISMATCH', message, `${foreign.path}/iss`, issuer, foreign.jwk['iss'])
}

function keysOf(set: JsonValue): readonly { readonly jwk: JsonObject; readonly path: string }[] {
  const keys = isJsonObject(set) ? set['keys'] : undefined
  if (!Array.isArray(keys)) throw refused('RESOLUTION_INVALID', 'the key set has no list of keys', '/keys')
  if (keys.length > MAX_KEYS) {
    throw refused('RESOLUTION_INVALID', 'the key set has too many keys', '/keys', `at most ${MAX_KEYS}`)
  }
  const seen = new Set<JsonValue>()
  return keys.map((jwk: JsonValue, index) => {
    const path = `/keys/${index}`
    const kid = isJsonObject(jwk) ? jwk['kid'] : undefined
    if (!isJsonObject(jwk) || (kid !== undefined && typeof kid !== 'string')) {
      throw refused('RESOLUTION_INVALID', 'an entry of the key set is not a JWK', path)
    }
    if (kid !== undefined && seen.has(kid)) {
      throw refused('RESOLUTION_INVALID', 'two keys of the set have the same kid', path, undefined, kid)
    }
    if (kid !== undefined) seen.add(kid)
    return { jwk, path }
  })
}

/** Sets may hold keys of any kind (RFC 7517 section 5); one that cannot be read is not the key that is looked for. */
function canBeRead(jwk: JsonObject): boolean {
  try {
    materialFromJwk(jwk)
    return true
  } catch {
    return false
  }
}
