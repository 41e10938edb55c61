import { multikeyOf } from '../crypto/multikey.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { isSameKey } from './method-url.js'
import { PURPOSES, type VerificationPurpose } from './purpose.js'
import { refused } from './refused.js'
import {
  type KnownKey,
  type MethodOptions,
  readMaterial,
  readVerificationMethod,
  type SelectedMethod
} from './verification-method.js'

export interface SelectOptions extends MethodOptions {
  /** The id that the document has to be of: a DID or an https URL. */
  readonly id: string
  readonly purpose: VerificationPurpose
}

/** A verification method as it stands in a document. */
interface Listed {
  readonly method: JsonObject
  readonly path: string
}

const MAX_METHODS = 100

/**
 * Finds a verification method in a controller document, and takes nothing on trust: the document is that of the id, no
 * two methods share one, the method is named exactly, belongs to the controller, is listed for the purpose (by reference
 * or embedded), has one key and no secret, and is neither expired nor revoked.
 *
 * Relative ids (`#key`) count as those of the document. Does not verify who served the document.
 *
 * Source: Controlled Identifiers 1.0, sections 2.2 and 3.3.
 *
 * @param url the DID URL or https URL of the verification method, with its fragment
 * @throws {ResolutionError} RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID, ISSUER_KEY_MISMATCH
 */
export function selectVerificationMethod(document: JsonValue, url: string, options: SelectOptions): SelectedMethod {
  const { methods, listed } = methodsOf(document, options)
  const found = methods.get(url)
  if (found === undefined) {
    throw refused('KEY_NOT_FOUND', 'the controller document has no verification method with this id', '', url)
  }
  if (!listed.has(url)) {
    throw refused('KEY_NOT_FOUND', `the verification method is not listed for ${options.purpose}`, found.path)
  }
  return readVerificationMethod(url, found.method, found.path, options)
}

/**
 * Finds the verification method of a key, as {@link selectVerificationMethod} does by its URL. Where several have the
 * key, every one has to be good: a key that was revoked under one name is revoked.
 *
 * @throws {ResolutionError} RESOLUTION_INVALID, KEY_NOT_FOUND, KEY_INVALID, ISSUER_KEY_MISMATCH
 */
export function selectMethodOfKey(document: JsonValue, key: PublicKeyMaterial, options: SelectOptions): SelectedMethod {
  const { methods, listed } = methodsOf(document, options)
  const known = key.algorithm === 'RSA' ? undefined : { multikey: multikeyOf(key), material: key }
  const [found] = [...methods]
    .filter(([url, { method, path }]) => listed.has(url) && holds(method, path, key, known))
    .map(([url, { method, path }]) => readVerificationMethod(url, method, path, { ...options, known }))
  if (found !== undefined) return found
  throw refused('KEY_NOT_FOUND', `the controller document lists no such key for ${options.purpose}`, '')
}

function methodsOf(
  document: JsonValue,
  { id, purpose }: SelectOptions
): { readonly methods: ReadonlyMap<string, Listed>; readonly listed: ReadonlySet<string> } {
  if (!isJsonObject(document)) throw refused('RESOLUTION_INVALID', 'the controller document is not a JSON object', '')
  if (document['id'] !== id) {
    throw refused('RESOLUTION_INVALID', 'the controller document is that of another id', '/id', id, document['id'])
  }
  const foreign = [document['controller'] ?? id].flat().find((each) => each !== id)
  if (foreign !== undefined) {
    const message = 'the controller document is controlled by somebody else'
    throw refused('RESOLUTION_INVALID', message, '/controller', id, foreign)
  }
  const methods = new Map<string, Listed>()
  const listed = new Set<string>()
  for (const name of ['verificationMethod', ...PURPOSES]) {
    for (const { value, path } of entriesOf(document, name)) {
      const url = absoluteId(value, id)
      if (name === purpose) listed.add(url)
      if (!isJsonObject(value)) continue
      if (methods.has(url)) {
        throw refused('RESOLUTION_INVALID', 'two verification methods of the document have the same id', path)
      }
      methods.set(url, { method: value, path })
      if (methods.size > MAX_METHODS) throw tooMany()
    }
  }
  return { methods, listed }
}

function entriesOf(
  document: JsonObject,
  name: string
): readonly { readonly value: JsonValue; readonly path: string }[] {
  const list = document[name]
  if (list === undefined) return []
  const values = Array.isArray(list) ? (list as readonly JsonValue[]) : [list]
  if (values.length > MAX_METHODS) throw tooMany()
  return values.map((value, index) => {
    const path = Array.isArray(list) ? `/${name}/${index}` : `/${name}`
    const isReference = typeof value === 'string' && name !== 'verificationMethod'
    if (isReference || (isJsonObject(value) && typeof value['id'] === 'string')) return { value, path }
    throw refused('RESOLUTION_INVALID', 'an entry of the controller document is not a verification method', path)
  })
}

function absoluteId(value: JsonValue, base: string): string {
  const id = String(isJsonObject(value) ? value['id'] : value)
  return id.startsWith('#') ? `${base}${id}` : id
}

/**
 * A method that cannot be read holds no key that anybody could have signed with. A Multikey is one text alone, so most need
 * not be read: reading a point takes a square root.
 */
function holds(method: JsonObject, path: string, key: PublicKeyMaterial, known: KnownKey | undefined): boolean {
  const { publicKeyMultibase: text } = method
  if (text !== undefined && text !== known?.multikey) return false
  try {
    return isSameKey(readMaterial(method, path, known), key)
  } catch {
    return false
  }
}

function tooMany(): Error {
  const message = 'the controller document lists too many methods'
  return refused('RESOLUTION_INVALID', message, '', `at most ${MAX_METHODS}`)
}
