import { equalBytes } from '../crypto/digest.js'
import { jwkThumbprint } from '../crypto/jwk.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import { ResolutionError } from '../encoding/errors.js'
import { type KeyInfo, materialOfKey } from '../keys/key-store.js'
import { didJwkFromMaterial, parseDidJwk } from './did-jwk.js'
import { didKeyFromMaterial, parseDidKey } from './did-key.js'
import { parseDidWeb } from './did-web.js'
import type { OwnKey } from './own-key.js'
import { refused } from './refused.js'

/** The kinds of id that an issuer may have, named after how its keys are found. */
export type IssuerIdKind = 'did:key' | 'did:jwk' | 'did:web' | 'https'

const MAX_URL_LENGTH = 2048
const FRAGMENT = /^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+$/

/**
 * The URL that a proof by this key names: the fragment of a `did:key` is its value, that of a `did:jwk` is `0`, and any
 * other issuer lists the key under its id.
 *
 * @throws {ResolutionError} ISSUER_KEY_MISMATCH if the issuer is the `did:key` or `did:jwk` of another key, DID_INVALID
 */
export function verificationMethodUrl(issuer: string, key: Pick<KeyInfo, 'id' | 'algorithm' | 'publicKey'>): string {
  const own = parseOwnKey(issuer)
  if (own === undefined) return `${issuer}#${key.id}`
  const mine = materialOfKey(key)
  if (issuer === own.did && isSameKey(own.material, mine)) return own.verificationMethod
  const expected = own.method === 'did:key' ? didKeyFromMaterial(mine) : didJwkFromMaterial(mine)
  throw refused('ISSUER_KEY_MISMATCH', `the issuer is the ${own.method} of another key`, '', expected, issuer)
}

/**
 * Reads a `did:key` or `did:jwk`, or the URL of its verification method; `undefined` for any other kind of id.
 *
 * @throws {ResolutionError} DID_INVALID
 */
export function parseOwnKey(didOrUrl: string): OwnKey | undefined {
  if (didOrUrl.startsWith('did:key:')) return parseDidKey(didOrUrl)
  return didOrUrl.startsWith('did:jwk:') ? parseDidJwk(didOrUrl) : undefined
}

/** Whether two materials are one key: then, and only then, their thumbprints are the same (RFC 7638). */
export function isSameKey(one: PublicKeyMaterial, other: PublicKeyMaterial): boolean {
  if (one.algorithm === 'RSA' || other.algorithm === 'RSA') return jwkThumbprint(one) === jwkThumbprint(other)
  // A thumbprint of a point takes a square root, and a document of a stranger may list a hundred points.
  return one.algorithm === other.algorithm && equalBytes(one.bytes, other.bytes)
}

/**
 * Checks the form of a verification method's URL: a `did:key`, `did:jwk`, `did:web` or https URL with one fragment, and
 * without query, credentials, or a second spelling. Gives back the part before the fragment.
 *
 * @param path where the URL stands, for the error
 * @throws {ResolutionError} DID_INVALID
 */
export function checkVerificationMethod(url: string, path = 'verificationMethod'): string {
  if (typeof url !== 'string' || url.length > MAX_URL_LENGTH) throw invalid('the URL of the key is not usable', path)
  const [base = '', fragment, ...rest] = url.split('#')
  if (fragment === undefined || rest.length > 0 || !FRAGMENT.test(fragment)) {
    throw invalid('the URL of the key has no fragment, or more than one', path, url)
  }
  checkIssuerId(base, path)
  parseOwnKey(url)
  return base
}

/**
 * Checks the form of an issuer's id, and says of which kind it is.
 *
 * @param path where the id stands, for the error
 * @throws {ResolutionError} DID_INVALID
 */
export function checkIssuerId(id: string, path = 'issuer'): IssuerIdKind {
  if (typeof id !== 'string' || id.length > MAX_URL_LENGTH) throw invalid('the id is not usable', path)
  if (id.includes('#') || id.includes('?')) throw invalid('the id has a query or a fragment', path, id)
  const own = parseOwnKey(id)
  if (own !== undefined) return own.method
  if (id.startsWith('did:web:')) {
    parseDidWeb(id)
    return 'did:web'
  }
  parseHttps(id, path)
  return 'https'
}

/**
 * Reads an https URL that is written as a URL parser would write it, so that nobody reads another host out of it.
 *
 * @param path where the URL stands, for the error
 * @throws {ResolutionError} DID_INVALID
 */
export function parseHttps(text: string, path: string): URL {
  if (!text.startsWith('https://')) throw invalid('the id or address is of a kind that is not supported', path, text)
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw invalid('the address is not a URL', path, text, cause)
  }
  const usual = url.href === text || url.href === `${text}/`
  if (usual && url.username === '' && url.password === '') return url
  throw invalid('the address has credentials, or another spelling than the usual one', path, text)
}

function invalid(message: string, path: string, got?: string, cause?: unknown): ResolutionError {
  return new ResolutionError(
    {
      code: 'DID_INVALID',
      message,
      path,
      expected: 'did:key:…, did:jwk:…, did:web:… or https://…, and for a key its fragment',
      ...(got === undefined ? {} : { got: JSON.stringify(got.slice(0, 200)) })
    },
    { cause }
  )
}
