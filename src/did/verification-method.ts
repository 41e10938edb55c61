import { materialFromJwk } from '../crypto/jwk.js'
import { materialFromMultikey } from '../crypto/multikey.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import { compareInstants, type Instant, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { refused } from './refused.js'

/** What is asked of a verification method. */
export interface MethodOptions {
  /** Who has to control the method: the issuer. */
  readonly controller: string
  /** The time at which the method must neither be expired nor revoked. */
  readonly at: Date
  /**
   * When the signature says it was made. With it a method that expired between then and `at` will do; one that was
   * revoked before `at` never does.
   */
  readonly signedAt?: Date | undefined
  /** A key that was read before, with its Multikey: reading a point again takes a square root. */
  readonly known?: KnownKey | undefined
}

export interface KnownKey {
  readonly multikey: string
  readonly material: PublicKeyMaterial
}

/** A verification method that may be used. */
export interface SelectedMethod {
  readonly id: string
  readonly controller: string
  /** Not checked to be a good key: importing it does that. */
  readonly material: PublicKeyMaterial
  /** Since when the method is retired, where it was not yet when the signature was made. */
  readonly expires?: string
}

interface MethodKind {
  /** The member that states the key. */
  readonly member: 'publicKeyMultibase' | 'publicKeyJwk'
  /** The one kind of key it is for, where it is for one. */
  readonly algorithm?: 'Ed25519'
}

const KINDS: ReadonlyMap<JsonValue | undefined, MethodKind> = new Map<string, MethodKind>([
  ['Multikey', { member: 'publicKeyMultibase' }],
  // As the official validator of Open Badges writes it.
  ['MultiKey', { member: 'publicKeyMultibase' }],
  ['Ed25519VerificationKey2020', { member: 'publicKeyMultibase', algorithm: 'Ed25519' }],
  ['JsonWebKey', { member: 'publicKeyJwk' }],
  ['JsonWebKey2020', { member: 'publicKeyJwk' }]
])

const SECRET_MEMBER = /^(?:secret|private)Key/
const KEY_MEMBER = /^(?:publicKey|blockchainAccountId|ethereumAddress)/

/**
 * Reads one verification method: the issuer controls it, it has one key, in the form of its kind, and no secret, and it
 * is in force.
 *
 * Source: Controlled Identifiers 1.0, section 2.2.
 *
 * @throws {ResolutionError} RESOLUTION_INVALID, KEY_INVALID, ISSUER_KEY_MISMATCH
 */
export function readVerificationMethod(
  id: string,
  method: JsonObject,
  path: string,
  options: MethodOptions
): SelectedMethod {
  const { controller, known } = options
  if (method['controller'] !== controller) {
    const message = 'the verification method has another controller'
    throw refused('ISSUER_KEY_MISMATCH', message, `${path}/controller`, controller, method['controller'])
  }
  const material = readMaterial(method, path, known)
  const expires = checkTimes(method, path, options)
  return { id, controller, material, ...(expires === undefined ? {} : { expires }) }
}

/**
 * Reads the key of a verification method, without asking whose it is and whether it is in force.
 *
 * @throws {ResolutionError} KEY_INVALID
 */
export function readMaterial(method: JsonObject, path: string, known?: KnownKey): PublicKeyMaterial {
  const kind = KINDS.get(method['type'])
  if (kind === undefined) {
    const message = 'the verification method is of a kind that is not supported'
    throw refused('KEY_INVALID', message, `${path}/type`, [...KINDS.keys()].join(', '), method['type'])
  }
  const names = Object.keys(method)
  if (names.some((name) => SECRET_MEMBER.test(name))) {
    throw refused('KEY_INVALID', 'the controller document publishes a secret key', path)
  }
  const stated = names.filter((name) => KEY_MEMBER.test(name))
  if (stated.length !== 1 || stated[0] !== kind.member) {
    const message = 'the verification method does not state its key once, in the form of its kind'
    throw refused('KEY_INVALID', message, path, kind.member, stated.join(', '))
  }
  const place = `${path}/${kind.member}`
  const stating = method[kind.member]
  const isKnown = known !== undefined && stating === known.multikey
  const material = isKnown ? known.material : decode(kind.member, stating, place)
  if (kind.algorithm === undefined || material.algorithm === kind.algorithm) return material
  const message = 'the key is not of the kind that the verification method is for'
  throw refused('KEY_INVALID', message, place, kind.algorithm, material.algorithm)
}

function decode(member: MethodKind['member'], value: JsonValue | undefined, place: string): PublicKeyMaterial {
  try {
    if (member === 'publicKeyMultibase' && typeof value === 'string') return materialFromMultikey(value, place)
    if (member === 'publicKeyJwk' && isJsonObject(value)) return materialFromJwk(value, place)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : undefined
    throw refused('KEY_INVALID', 'the key of the verification method cannot be read', place, undefined, reason, cause)
  }
  throw refused('KEY_INVALID', `${member} of the verification method is something else than a key`, place)
}

function checkTimes(method: JsonObject, path: string, { at, signedAt }: MethodOptions): string | undefined {
  const [revoked, expires] = [timeOf(method, 'revoked', path), timeOf(method, 'expires', path)]
  if (revoked !== undefined && isPast(revoked.instant, at)) {
    throw refused('KEY_INVALID', `the verification method was revoked at ${revoked.text}`, `${path}/revoked`)
  }
  if (expires === undefined || !isPast(expires.instant, at)) return undefined
  if (signedAt !== undefined && !isPast(expires.instant, signedAt)) return expires.text
  throw refused('KEY_INVALID', `the verification method had expired at ${expires.text}`, `${path}/expires`)
}

/** Whether a key that ends at a time is no longer in force at another. */
export function isPast(end: Instant, time: Date): boolean {
  return compareInstants(end, instantFromDate(time)) <= 0
}

function timeOf(
  method: JsonObject,
  name: 'expires' | 'revoked',
  path: string
): { readonly text: string; readonly instant: Instant } | undefined {
  const text = method[name]
  if (text === undefined) return undefined
  const place = `${path}/${name}`
  try {
    return { text: text as string, instant: parseDateTimeStamp(text as string, place) }
  } catch (cause) {
    throw refused('RESOLUTION_INVALID', `${name} is not a date and time`, place, undefined, undefined, cause)
  }
}
