import type { KeyCache } from '../crypto/key-cache.js'
import { importPublicKey, type PublicKey, type PublicKeyMaterial } from '../crypto/public-key.js'
import { OptionError, ResolutionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonValue } from '../encoding/json-types.js'
import { selectVerificationMethod } from './controller-document.js'
import { parseDidKey } from './did-key.js'
import { parseDidWeb } from './did-web.js'
import { askResolver, type Resolver } from './resolver.js'

export interface ResolveIssuerKeyOptions {
  /** The `verificationMethod` of the proof. */
  readonly verificationMethod: string
  /** The `id` of the issuer. */
  readonly issuer: string
  /** The time at which the key must be usable. */
  readonly at: Date
  /** Reads controller documents. Without it only `did:key` issuers can be verified. */
  readonly resolver?: Resolver
  /** Remembers imported keys. */
  readonly keyCache?: KeyCache
  readonly signal?: AbortSignal
}

export interface IssuerKey {
  readonly publicKey: PublicKey
  /** How the key is tied to the issuer. `legacyFragment` means: not at all. */
  readonly via: 'did:key' | 'did:web' | 'https' | 'legacyFragment'
}

const MAX_URL_LENGTH = 2048
const MAX_DOCUMENT_LENGTH = 65_536
const FRAGMENT = /^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+$/

/**
 * Finds the public key of a proof, and that it is a key of the issuer for making assertions.
 *
 * A `did:key` issuer is its key, and nothing is read. A `did:web` or https issuer has a controller document, which the
 * resolver reads: its id is the issuer, and the method is listed there for `assertionMethod` and controlled by the
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
  const { verificationMethod, issuer, at, keyCache } = options
  checkTime(at)
  const base = checkVerificationMethod(verificationMethod)
  if (base !== issuer) {
    throw new ResolutionError({
      code: 'ISSUER_KEY_MISMATCH',
      message: 'the verification method belongs to somebody else than the issuer',
      path: 'verificationMethod',
      expected: String(issuer).slice(0, 200),
      got: base.slice(0, 200)
    })
  }
  const [material, via] = base.startsWith('did:key:')
    ? ([ed25519(parseDidKey(verificationMethod).publicKey), 'did:key'] as const)
    : await resolveKey(options, base)
  return { publicKey: await (keyCache?.importKey(material) ?? importPublicKey(material)), via }
}

/**
 * Checks the form of a `verificationMethod`: a `did:key`, `did:web` or https URL with one fragment, and without query,
 * credentials, or a second spelling. Gives back the part before the fragment.
 *
 * @throws {ResolutionError} DID_INVALID
 */
export function checkVerificationMethod(url: string): string {
  if (typeof url !== 'string' || url.length > MAX_URL_LENGTH)
    throw invalid('the verification method is not a usable URL')
  const [base = '', fragment, ...rest] = url.split('#')
  if (fragment === undefined || rest.length > 0 || !FRAGMENT.test(fragment)) {
    throw invalid('the verification method has no fragment, or more than one', url)
  }
  if (base.startsWith('did:key:')) parseDidKey(url)
  else if (base.startsWith('did:web:')) parseDidWeb(base)
  else if (base.startsWith('https://')) checkHttps(base)
  else throw invalid('the verification method is of a kind that is not supported', url)
  return base
}

async function resolveKey(
  options: ResolveIssuerKeyOptions,
  base: string
): Promise<readonly [PublicKeyMaterial, Exclude<IssuerKey['via'], 'did:key'>]> {
  const { verificationMethod, issuer, at, resolver, signal } = options
  if (resolver === undefined) {
    throw failed(
      'the key of the issuer has to be read from elsewhere, and there is no resolver',
      base,
      'Pass a resolver.'
    )
  }
  const request = { url: base, kind: 'controllerDocument', verificationMethod } as const
  const found = await askResolver(resolver, signal === undefined ? request : { ...request, signal })
  if (found === undefined) {
    throw failed('no resolver knows the controller document of the issuer', base, 'Add it to what the resolver reads.')
  }
  const document = parseDocument(found.body, base)
  const selectOptions = { url: verificationMethod, purpose: 'assertionMethod', controller: issuer, at } as const
  const { publicKey } = selectVerificationMethod(document, selectOptions)
  if (found.legacyFragment === true) return [ed25519(publicKey), 'legacyFragment']
  return [ed25519(publicKey), base.startsWith('did:web:') ? 'did:web' : 'https']
}

function ed25519(bytes: Uint8Array): PublicKeyMaterial {
  return { algorithm: 'Ed25519', bytes }
}

function parseDocument(body: string | Uint8Array, url: string): JsonValue {
  const fault = { code: 'RESOLUTION_INVALID', path: url } as const
  if (body.length > MAX_DOCUMENT_LENGTH) {
    const expected = `at most ${MAX_DOCUMENT_LENGTH} bytes`
    throw new ResolutionError({ ...fault, message: 'the controller document is too large', expected })
  }
  try {
    return parseJson(body)
  } catch (cause) {
    throw new ResolutionError({ ...fault, message: 'the controller document is not strict JSON' }, { cause })
  }
}

// The text has to be what a URL parser would write, so that nobody reads another host out of it.
function checkHttps(base: string): void {
  let parsed: URL
  try {
    parsed = new URL(base)
  } catch (cause) {
    throw invalid('the verification method is not a URL', base, cause)
  }
  const usual = parsed.href === base || parsed.href === `${base}/`
  if (!usual || base.includes('?') || parsed.username !== '' || parsed.password !== '') {
    throw invalid('the verification method has a query, credentials, or another spelling than the usual one', base)
  }
}

function checkTime(at: Date): void {
  if (at instanceof Date && !Number.isNaN(at.getTime())) return
  throw new OptionError({ code: 'OPTION_INVALID', message: 'the time is not usable', path: 'at', expected: 'a Date' })
}

function failed(message: string, url: string, hint: string): ResolutionError {
  return new ResolutionError({ code: 'RESOLUTION_FAILED', message, path: url, hint })
}

function invalid(message: string, got?: string, cause?: unknown): ResolutionError {
  return new ResolutionError(
    {
      code: 'DID_INVALID',
      message,
      path: 'verificationMethod',
      expected: 'did:key:…#…, did:web:…#… or https://…#…',
      ...(got === undefined ? {} : { got: JSON.stringify(got.slice(0, 200)) })
    },
    { cause }
  )
}
