import { materialFromJwk } from '../crypto/jwk.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import { ResolutionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { jwksUrlOf, selectJwk, type WantedKey } from './jwk-set.js'
import {
  askFor,
  checkSearch,
  type FoundKey,
  findMethod,
  findMethodOfKey,
  findOwnKey,
  type IssuerKey,
  importFound,
  type KeySearch,
  nobodyKnows
} from './key-search.js'
import { checkIssuerId, checkVerificationMethod, type IssuerIdKind, isSameKey, parseHttps } from './method-url.js'
import { refused } from './refused.js'
import { parseResolved } from './resolved-json.js'

/** A `kid` that is no URL: a name in the key set of the issuer, and nothing anywhere else (RFC 7517 section 4.5). */
const NAME = /^[A-Za-z0-9._~-]{1,200}$/

/** What a JOSE header says about the key. */
export interface KeyHeader {
  readonly kid?: string
  readonly jwk?: JsonObject
}

export interface ResolveJwtKeyOptions extends KeySearch {
  readonly header: KeyHeader
}

/**
 * Finds the public key of a JWT, and that it is a key of the issuer. The header only says which one: whatever it carries,
 * the key is taken from where the issuer lists its keys.
 *
 * - `did:key`, `did:jwk`: the issuer is its key. `kid` is the URL of its one method.
 * - `did:web`: the method is in the controller document, as for a proof. `kid` is its URL.
 * - https: the key is in the JWK Set at `/.well-known/jwks.json` of the issuer's authority, and belongs to the issuer
 *   where it has an `iss`; or else in the controller document of the issuer. `kid` is an https URL of the same origin,
 *   or a mere name, which counts in the key set alone.
 * - A `jwk` in the header has to be the key that was found. Without `kid`, it is what is looked for there.
 *
 * Does not check a signature, and does not judge who the issuer is. Knows no other headers: refuse `jku`, `x5u` and
 * their like before.
 *
 * Source: Open Badges 3.0 section 8.2; implementation guide, "Key provenance"; RFC 7515 sections 4.1.3 and 4.1.4.
 *
 * @throws {ResolutionError} DID_INVALID for a malformed or relative `kid` or an issuer whose keys are not found this way,
 *   ISSUER_KEY_MISMATCH, RESOLUTION_FAILED, RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID
 * @throws {KeyError} KEY_INVALID for a `jwk` that is none or exposes a private key, and for a key that breaks the rules
 *   of its kind
 * @throws {OptionError} OPTION_INVALID for a time that is none
 *
 * @example
 * ```ts
 * const { publicKey, via } = await resolveJwtKey({
 *   header: { kid: 'https://academy.example/issuer#key-1' },
 *   issuer: 'https://academy.example/issuer',
 *   at: new Date(),
 *   resolver
 * })
 * ```
 */
export async function resolveJwtKey(options: ResolveJwtKeyOptions): Promise<IssuerKey> {
  const { header, issuer } = options
  checkSearch(options)
  const kind = checkIssuerId(issuer)
  const key = header.jwk === undefined ? undefined : materialFromJwk(header.jwk, '/jwk')
  if (header.kid !== undefined) checkKid(header.kid, issuer, kind)
  const found = await find({ kid: header.kid, key }, kind, options)
  if (key === undefined || isSameKey(found.material, key)) return importFound(found, options)
  throw refused('ISSUER_KEY_MISMATCH', 'the jwk of the header is not the key of the issuer', '/jwk')
}

function checkKid(kid: string, issuer: string, kind: IssuerIdKind): void {
  if (kind === 'https' && NAME.test(kid)) return
  const [expected, got] =
    kind === 'https' && kid.startsWith('https://')
      ? [new URL(issuer).origin, parseHttps(kid, '/kid').origin]
      : [issuer, checkVerificationMethod(kid, '/kid')]
  if (expected === got) return
  throw refused('ISSUER_KEY_MISMATCH', 'the kid belongs to somebody else than the issuer', '/kid', expected, got)
}

async function find(wanted: WantedKey, kind: IssuerIdKind, options: ResolveJwtKeyOptions): Promise<FoundKey> {
  const { issuer } = options
  if (wanted.kid === undefined && wanted.key === undefined) {
    throw refused('KEY_NOT_FOUND', 'the header names no key', '/', 'kid or jwk')
  }
  const places = kind === 'https' ? [findInKeySet, findInDocument] : [findInDocument]
  const found = findOwnKey(wanted.kid ?? issuer, options) ?? (await firstOf(places, wanted, options))
  if (found !== undefined) return found
  throw nobodyKnows(issuer)
}

type Place = (wanted: WantedKey, options: ResolveJwtKeyOptions) => Promise<FoundKey | undefined>

/** The first place that has the key. A place that could not be read leaves the answer open, unless another has it. */
async function firstOf(
  places: readonly Place[],
  wanted: WantedKey,
  options: ResolveJwtKeyOptions
): Promise<FoundKey | undefined> {
  const errors: ResolutionError[] = []
  for (const place of places) {
    try {
      const found = await place(wanted, options)
      if (found !== undefined) return found
    } catch (error) {
      const goesOn = error instanceof ResolutionError && ['RESOLUTION_FAILED', 'KEY_NOT_FOUND'].includes(error.code)
      if (!goesOn) throw error
      errors.push(error)
    }
  }
  const failure = errors.find(({ code }) => code === 'RESOLUTION_FAILED') ?? errors[0]
  if (failure !== undefined) throw failure
  return undefined
}

async function findInKeySet(wanted: WantedKey, options: ResolveJwtKeyOptions): Promise<FoundKey | undefined> {
  const { issuer } = options
  const url = jwksUrlOf(issuer) ?? issuer
  const found = await askFor(options, { url, kind: 'jwks' })
  if (found === undefined) return undefined
  return { material: selectJwk(parseResolved(found.body, 'the key set', url), wanted, issuer), via: 'jwks' }
}

async function findInDocument({ kid, key }: WantedKey, options: ResolveJwtKeyOptions): Promise<FoundKey | undefined> {
  if (kid === undefined) return findMethodOfKey(key as PublicKeyMaterial, options)
  return kid.startsWith(`${options.issuer}#`) ? findMethod(kid, options) : undefined
}
