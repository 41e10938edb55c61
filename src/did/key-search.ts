import type { KeyCache } from '../crypto/key-cache.js'
import { importPublicKey, type PublicKey, type PublicKeyMaterial } from '../crypto/public-key.js'
import { OptionError, ResolutionError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'
import { type SelectOptions, selectMethodOfKey, selectVerificationMethod } from './controller-document.js'
import { parseOwnKey } from './method-url.js'
import type { VerificationPurpose } from './purpose.js'
import { refused } from './refused.js'
import { parseResolved } from './resolved-json.js'
import { askResolver, type Resolution, type ResolveRequest, type Resolver } from './resolver.js'
import type { SelectedMethod } from './verification-method.js'

/** Whose key is looked for, what for, and how it may be found. */
export interface KeySearch {
  /** The `id` of the issuer, or of whoever else has to control the key. */
  readonly issuer: string
  /** What the key has to be listed for. `assertionMethod` unless told. */
  readonly purpose?: VerificationPurpose
  /** The time at which the key must be usable. */
  readonly at: Date
  /**
   * When the signature says it was made. With it a key that expired since then is found, and said to be retired; one that
   * was revoked is not. Whoever holds a retired key can write any time, so leave it out unless the caller accepts that.
   */
  readonly signedAt?: Date
  /** Reads controller documents and key sets. Without it only issuers that are their key can be verified. */
  readonly resolver?: Resolver
  /** Remembers imported keys. */
  readonly keyCache?: KeyCache
  readonly signal?: AbortSignal
}

export interface IssuerKey {
  readonly publicKey: PublicKey
  /** How the key is tied to the issuer. `legacyFragment` means: not at all. */
  readonly via: 'did:key' | 'did:jwk' | 'did:web' | 'https' | 'jwks' | 'legacyFragment'
  /** Since when the key is retired, where it was not yet at `signedAt`. */
  readonly expires?: string
}

/** An {@link IssuerKey} before its import. */
export interface FoundKey extends Pick<IssuerKey, 'via' | 'expires'> {
  readonly material: PublicKeyMaterial
}

/** @throws {OptionError} OPTION_INVALID for a time that is none */
export function checkSearch({ at, signedAt }: KeySearch): void {
  for (const [path, time] of Object.entries({ at, signedAt: signedAt ?? at })) {
    if (time instanceof Date && !Number.isNaN(time.getTime())) continue
    throw new OptionError({ code: 'OPTION_INVALID', message: 'the time is not usable', path, expected: 'a Date' })
  }
}

/**
 * The key that a `did:key` or `did:jwk` is, or its one method; `undefined` for any other kind of id.
 *
 * @throws {ResolutionError} DID_INVALID, KEY_NOT_FOUND for a key that is not for the purpose
 */
export function findOwnKey(didOrUrl: string, { purpose = 'assertionMethod' }: KeySearch): FoundKey | undefined {
  const own = parseOwnKey(didOrUrl)
  if (own === undefined) return undefined
  if (own.purposes.includes(purpose)) return { material: own.material, via: own.method }
  throw refused(
    'KEY_NOT_FOUND',
    `the key of the ${own.method} is not for ${purpose}`,
    '',
    purpose,
    own.purposes.join(' ')
  )
}

/**
 * The key of a method in the controller document of the issuer; `undefined` where nobody has the document.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED, RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID, ISSUER_KEY_MISMATCH
 */
export function findMethod(url: string, search: KeySearch): Promise<FoundKey | undefined> {
  return inControllerDocument(search, url, (document, options) => selectVerificationMethod(document, url, options))
}

/** The method that has this key in the controller document of the issuer, as {@link findMethod}. */
export function findMethodOfKey(key: PublicKeyMaterial, search: KeySearch): Promise<FoundKey | undefined> {
  return inControllerDocument(search, undefined, (document, options) => selectMethodOfKey(document, key, options))
}

/** @throws {KeyError} KEY_INVALID for a key that breaks the rules of its kind */
export async function importFound({ material, ...found }: FoundKey, { keyCache }: KeySearch): Promise<IssuerKey> {
  return { ...found, publicKey: await (keyCache?.importKey(material) ?? importPublicKey(material)) }
}

/**
 * Asks the resolver of the search.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED, also where there is no resolver; RESOLUTION_INVALID
 */
export async function askFor(
  { resolver, signal }: Pick<KeySearch, 'resolver' | 'signal'>,
  request: ResolveRequest
): Promise<Resolution | undefined> {
  if (resolver !== undefined) return askResolver(resolver, signal === undefined ? request : { ...request, signal })
  throw new ResolutionError({
    code: 'RESOLUTION_FAILED',
    message: 'the keys of the issuer have to be read from elsewhere, and there is no resolver',
    path: request.url,
    hint: 'Pass a resolver.'
  })
}

/** The error where the resolver knows of no place that lists the keys of the issuer. */
export function nobodyKnows(issuer: string): ResolutionError {
  return new ResolutionError({
    code: 'RESOLUTION_FAILED',
    message: 'no resolver knows the keys of the issuer',
    path: issuer,
    hint: 'Add its controller document to what the resolver reads.'
  })
}

async function inControllerDocument(
  search: KeySearch,
  verificationMethod: string | undefined,
  select: (document: JsonValue, options: SelectOptions) => SelectedMethod
): Promise<FoundKey | undefined> {
  const { issuer, at, signedAt, purpose = 'assertionMethod' } = search
  const request = { url: issuer, kind: 'controllerDocument' } as const
  const found = await askFor(search, verificationMethod === undefined ? request : { ...request, verificationMethod })
  if (found === undefined) return undefined
  const document = parseResolved(found.body, 'the controller document', issuer)
  const { material, expires } = select(document, { id: issuer, controller: issuer, purpose, at, signedAt })
  const via = found.legacyFragment ? 'legacyFragment' : issuer.startsWith('did:web:') ? 'did:web' : 'https'
  return { material, via, ...(expires === undefined ? {} : { expires }) }
}
