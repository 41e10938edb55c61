import { materialFromMultikey, multikeyOf } from '../crypto/multikey.js'
import { KeyError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { type KeyEntry, lifeOf, ownInfo } from './key-life.js'
import { isKeyId, type KeyInfo, type KeyLife, materialOfKey, type SigningKeyAlgorithm } from './key-store.js'
import { CK, type Pkcs11, type Pkcs11Attribute, type Pkcs11Handle } from './pkcs11-token.js'

/** A key on a token: what is known about it, and the CKA_ID of its objects, in hexadecimal digits. */
export interface TokenEntry extends KeyEntry {
  readonly objectId: string
}

/** The history of the keys of one store, which lies on the token beside them. */
export interface TokenRecord {
  readonly sequence: number
  readonly entries: readonly TokenEntry[]
}

const APPLICATION = 'komma'
const AT_ONCE = 64

/** Everything on a token that has these attributes. */
export function findObjects(pkcs11: Pkcs11, session: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Handle[] {
  pkcs11.C_FindObjectsInit(session, template)
  const found: Pkcs11Handle[] = []
  for (let some = pkcs11.C_FindObjects(session, AT_ONCE); some.length > 0; ) {
    found.push(...some)
    some = pkcs11.C_FindObjects(session, AT_ONCE)
  }
  pkcs11.C_FindObjectsFinal(session)
  return found
}

/** The bytes of some attributes of an object, in the order of the types. */
export function readAttributes(
  pkcs11: Pkcs11,
  session: Pkcs11Handle,
  object: Pkcs11Handle,
  types: readonly number[]
): Uint8Array[] {
  const read = pkcs11.C_GetAttributeValue(
    session,
    object,
    types.map((type) => ({ type }))
  )
  return types.map((type) => {
    const value = read.find((attribute) => attribute.type === type)?.value
    if (value instanceof Uint8Array) return Uint8Array.from(value)
    throw new KeyError({ code: 'KEY_STORE_IO', message: 'the token does not show an attribute', got: String(type) })
  })
}

/**
 * Reads the history of a store: the newest record with its name.
 *
 * @throws {KeyError} KEY_STORE_IO where the record is none
 */
export function readRecord(pkcs11: Pkcs11, session: Pkcs11Handle, store: string): TokenRecord {
  const [newest] = readAll(pkcs11, session, store)
  return newest ?? { sequence: 0, entries: [] }
}

/**
 * Writes the next record. First the new one is put beside the old, then the old one goes, so that a crash loses nothing.
 *
 * @throws {KeyError} KEY_STORE_IO where another process wrote at the same time; then nothing was changed
 */
export function writeRecord(pkcs11: Pkcs11, session: Pkcs11Handle, store: string, next: TokenRecord): void {
  const mine = pkcs11.C_CreateObject(session, [
    ...recordTemplate(store),
    { type: CK.CKA_TOKEN, value: true },
    { type: CK.CKA_PRIVATE, value: true },
    { type: CK.CKA_VALUE, value: new TextEncoder().encode(JSON.stringify(toJson(next))) }
  ])
  const all = readAll(pkcs11, session, store)
  if (all.filter(({ sequence }) => sequence >= next.sequence).length > 1) {
    pkcs11.C_DestroyObject(session, mine)
    const message = 'another process changed the keys at the same time; nothing was changed here'
    throw new KeyError({ code: 'KEY_STORE_IO', message, hint: 'Try again.' }, { retryable: true })
  }
  for (const { sequence, handle } of all) if (sequence < next.sequence) pkcs11.C_DestroyObject(session, handle)
}

interface FoundRecord extends TokenRecord {
  readonly handle: Pkcs11Handle
  readonly text: string
}

/** The newest first. Of two that were left behind by crashes at the same moment everybody takes the same one. */
function readAll(pkcs11: Pkcs11, session: Pkcs11Handle, store: string): FoundRecord[] {
  const found = findObjects(pkcs11, session, recordTemplate(store)).map((handle) => {
    const [value = new Uint8Array()] = readAttributes(pkcs11, session, handle, [CK.CKA_VALUE])
    const text = new TextDecoder().decode(value)
    return { ...fromJson(text), handle, text }
  })
  return found.sort((one, other) => other.sequence - one.sequence || (one.text < other.text ? 1 : -1))
}

function recordTemplate(store: string): Pkcs11Attribute[] {
  return [
    { type: CK.CKA_CLASS, value: CK.CKO_DATA },
    { type: CK.CKA_APPLICATION, value: APPLICATION },
    { type: CK.CKA_LABEL, value: store }
  ]
}

function toJson({ sequence, entries }: TokenRecord): JsonObject {
  const keys = entries.map(({ info, objectId }) => ({
    id: info.id,
    publicKeyMultibase: multikeyOf(materialOfKey(info)),
    created: info.created,
    current: info.current,
    ...lifeOf(info),
    objectId
  }))
  return { version: 1, sequence, keys }
}

function fromJson(text: string): TokenRecord {
  try {
    const record = parseJson(text)
    if (!isJsonObject(record) || record['version'] !== 1) throw new TypeError('the version')
    const { sequence, keys } = record
    if (typeof sequence !== 'number' || !Array.isArray(keys)) throw new TypeError('the form')
    return { sequence, entries: keys.map(readEntry) }
  } catch (cause) {
    const message = 'the history of the keys on the token cannot be read'
    throw new KeyError({ code: 'KEY_STORE_IO', message, hint: 'Was it written by a newer version?' }, { cause })
  }
}

function readEntry(entry: JsonValue): TokenEntry {
  if (!isJsonObject(entry)) throw new TypeError('an entry')
  const { id, publicKeyMultibase, created, current, objectId } = entry
  const texts = [publicKeyMultibase, created, objectId].every((value) => typeof value === 'string')
  if (!isKeyId(id) || !texts || typeof current !== 'boolean') throw new TypeError('an entry')
  const { algorithm, bytes } = materialFromMultikey(publicKeyMultibase as string)
  const info: KeyInfo = {
    id,
    algorithm: algorithm as SigningKeyAlgorithm,
    publicKey: bytes,
    created: created as string,
    current,
    ...lifeOf(entry as KeyLife)
  }
  return { info: ownInfo(info), objectId: objectId as string }
}
