import { compareInstants, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { type Fault, ResolutionError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeEd25519Multikey, encodeEd25519Multikey } from '../encoding/multibase.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { KeyInfo } from '../keys/key-store.js'
import { parseDidKey } from './did-key.js'

/** What a key may be used for, as controller documents name it. */
export type VerificationPurpose =
  | 'assertionMethod'
  | 'authentication'
  | 'keyAgreement'
  | 'capabilityInvocation'
  | 'capabilityDelegation'

export interface SelectOptions {
  /** The DID URL or https URL of the verification method, with its fragment. */
  readonly url: string
  readonly purpose: VerificationPurpose
  /** Who has to control the method: the issuer. */
  readonly controller: string
  /** The time at which the method must neither be expired nor revoked. */
  readonly at: Date
}

export interface SelectedMethod {
  readonly id: string
  readonly controller: string
  readonly publicKeyMultibase: string
  /** 32 bytes of an Ed25519 public key. Not checked to be a point of the curve: importing the key does that. */
  readonly publicKey: Uint8Array
}

const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1']
const PURPOSES: readonly VerificationPurpose[] = [
  'assertionMethod',
  'authentication',
  'keyAgreement',
  'capabilityInvocation',
  'capabilityDelegation'
]
const METHOD_TYPES: readonly JsonValue[] = ['Multikey', 'MultiKey', 'Ed25519VerificationKey2020']
const MAX_METHODS = 100

/**
 * The URL that a proof by this key names: the fragment of a `did:key` is its value, any other issuer lists the key under
 * its id.
 *
 * @throws {ResolutionError} ISSUER_KEY_MISMATCH if the issuer is the `did:key` of another key, DID_INVALID
 */
export function verificationMethodUrl(issuer: string, key: Pick<KeyInfo, 'id' | 'publicKey'>): string {
  if (!issuer.startsWith('did:key:')) return `${issuer}#${key.id}`
  const { did, verificationMethod } = parseDidKey(issuer)
  const mine = encodeEd25519Multikey(key.publicKey)
  if (issuer === did && verificationMethod === `${did}#${mine}`) return verificationMethod
  throw new ResolutionError({
    code: 'ISSUER_KEY_MISMATCH',
    message: 'the issuer is the did:key of another key',
    expected: `did:key:${mine}`,
    got: issuer
  })
}

/**
 * The controller document of an issuer with its own address (`did:web` or https): each key as a Multikey, listed for
 * assertions by reference. Keys that no longer sign stay in it, so that older credentials keep verifying; leave one out
 * to stop trusting what it signed.
 *
 * Source: Controlled Identifiers 1.0, section 2.
 *
 * @example
 * ```ts
 * const document = buildControllerDocument({ id: 'did:web:academy.example', keys: await keys.keys() })
 * ```
 */
export function buildControllerDocument(options: {
  readonly id: string
  readonly keys: readonly KeyInfo[]
}): JsonObject {
  const { id, keys } = options
  return {
    '@context': [...CONTEXTS],
    id,
    verificationMethod: keys.map((key) => ({
      id: verificationMethodUrl(id, key),
      type: 'Multikey',
      controller: id,
      publicKeyMultibase: encodeEd25519Multikey(key.publicKey)
    })),
    assertionMethod: keys.map((key) => verificationMethodUrl(id, key))
  }
}

/**
 * Finds a verification method in a controller document, and takes nothing on trust: the document is that of the URL, the
 * method is named exactly and once, belongs to the controller, is listed for the purpose (by reference or embedded),
 * has one key and no secret, and is neither expired nor revoked.
 *
 * Relative ids (`#key`) count as those of the document. Does not verify who served the document.
 *
 * Source: Controlled Identifiers 1.0, sections 2.2 and 3.3.
 *
 * @throws {ResolutionError} RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID, ISSUER_KEY_MISMATCH
 */
export function selectVerificationMethod(document: JsonValue, options: SelectOptions): SelectedMethod {
  const { url, purpose, controller, at } = options
  const base = url.split('#', 1)[0] ?? ''
  if (!isJsonObject(document)) throw refused('RESOLUTION_INVALID', 'the controller document is not a JSON object', '')
  if (document.id !== base) {
    throw refused('RESOLUTION_INVALID', 'the controller document is that of another id', '/id', base, document.id)
  }
  const others = [document.controller ?? base].flat().filter((each) => each !== base)
  if (others.length > 0) {
    throw refused(
      'RESOLUTION_INVALID',
      'the controller document is controlled by somebody else',
      '/controller',
      base,
      others[0]
    )
  }
  const listed = methodsOf(document, 'verificationMethod')
  const relationships = PURPOSES.flatMap((name) => methodsOf(document, name).map((method) => ({ ...method, name })))
  const wanted = relationships.filter(({ name }) => name === purpose)
  const embedded = [...listed, ...relationships].filter(({ value }) => isJsonObject(value))
  if (embedded.length > MAX_METHODS || relationships.length > PURPOSES.length * MAX_METHODS) {
    throw refused('RESOLUTION_INVALID', 'the controller document lists too many methods', '', `at most ${MAX_METHODS}`)
  }
  const matches = embedded.filter(({ value }) => absoluteId(value, base) === url)
  if (matches.length > 1) {
    throw refused(
      'RESOLUTION_INVALID',
      'two verification methods of the document have the same id',
      matches[1]?.path ?? ''
    )
  }
  const [match] = matches
  if (match === undefined) {
    throw refused('KEY_NOT_FOUND', 'the controller document has no verification method with this id', '', url)
  }
  if (!wanted.some(({ value }) => absoluteId(value, base) === url)) {
    throw refused('KEY_NOT_FOUND', `the verification method is not listed for ${purpose}`, match.path)
  }
  return readMethod(match.value as JsonObject, match.path, { url, controller, at })
}

interface Listed {
  readonly value: JsonValue
  readonly path: string
}

function methodsOf(document: JsonObject, name: string): readonly Listed[] {
  const list = document[name]
  if (list === undefined) return []
  const path = `/${name}`
  const values = Array.isArray(list) ? (list as readonly JsonValue[]) : [list]
  return values.map((value, index) => {
    const place = Array.isArray(list) ? `${path}/${index}` : path
    const isReference = typeof value === 'string' && name !== 'verificationMethod'
    if (!isReference && !(isJsonObject(value) && typeof value.id === 'string')) {
      throw refused('RESOLUTION_INVALID', 'an entry of the controller document is not a verification method', place)
    }
    return { value, path: place }
  })
}

function absoluteId(value: JsonValue, base: string): string {
  const id = isJsonObject(value) ? value.id : value
  const text = typeof id === 'string' ? id : ''
  return text.startsWith('#') ? `${base}${text}` : text
}

function readMethod(
  method: JsonObject,
  path: string,
  { url, controller, at }: Pick<SelectOptions, 'url' | 'controller' | 'at'>
): SelectedMethod {
  if (method.controller !== controller) {
    const place = `${path}/controller`
    throw refused(
      'ISSUER_KEY_MISMATCH',
      'the verification method has another controller',
      place,
      controller,
      method.controller
    )
  }
  if (!METHOD_TYPES.includes(method.type ?? null)) {
    const place = `${path}/type`
    throw refused(
      'KEY_INVALID',
      'the verification method is of a kind that is not supported',
      place,
      'Multikey',
      method.type
    )
  }
  checkMaterial(method, path)
  checkTimes(method, path, at)
  const publicKeyMultibase = method.publicKeyMultibase
  if (typeof publicKeyMultibase !== 'string') {
    throw refused('KEY_INVALID', 'the verification method has no publicKeyMultibase', path)
  }
  const place = `${path}/publicKeyMultibase`
  try {
    return { id: url, controller, publicKeyMultibase, publicKey: decodeEd25519Multikey(publicKeyMultibase, place) }
  } catch (cause) {
    throw refused('KEY_INVALID', 'the key is not an Ed25519 Multikey', place, undefined, undefined, cause)
  }
}

function checkMaterial(method: JsonObject, path: string): void {
  const names = Object.keys(method)
  const jwk = method.publicKeyJwk
  const secret =
    names.some((name) => /^(?:secret|private)Key/.test(name)) || (isJsonObject(jwk) && Object.hasOwn(jwk, 'd'))
  if (secret) throw refused('KEY_INVALID', 'the controller document publishes a secret key', path)
  const materials = names.filter((name) => /^(?:publicKey|blockchainAccountId|ethereumAddress)/.test(name))
  if (materials.length > 1) {
    throw refused(
      'KEY_INVALID',
      'the verification method states its key more than once',
      path,
      undefined,
      materials.join(', ')
    )
  }
}

function checkTimes(method: JsonObject, path: string, at: Date): void {
  for (const [name, words] of [
    ['revoked', 'was revoked'],
    ['expires', 'had expired']
  ] as const) {
    const value = method[name]
    if (value === undefined) continue
    const place = `${path}/${name}`
    if (typeof value !== 'string') throw refused('RESOLUTION_INVALID', `${name} is not a date and time`, place)
    let end: ReturnType<typeof parseDateTimeStamp>
    try {
      end = parseDateTimeStamp(value, place)
    } catch (cause) {
      throw refused('RESOLUTION_INVALID', `${name} is not a date and time`, place, undefined, undefined, cause)
    }
    if (compareInstants(end, instantFromDate(at)) <= 0) {
      throw refused('KEY_INVALID', `the verification method ${words} at ${value}`, place)
    }
  }
}

function refused(
  code: Fault['code'],
  message: string,
  path: string,
  expected?: string,
  got?: JsonValue,
  cause?: unknown
): ResolutionError {
  const fault: Fault = {
    code,
    message,
    ...(path === '' ? {} : { path }),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got: (typeof got === 'string' ? got : JSON.stringify(got)).slice(0, 200) })
  }
  return new ResolutionError(fault, { cause })
}
