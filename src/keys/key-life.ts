import { multikeyOf } from '../crypto/multikey.js'
import { KeyError } from '../encoding/errors.js'
import {
  type CompromiseOptions,
  type CreateKeyOptions,
  checkAlgorithm,
  checkKeyId,
  checkKeyUse,
  formatKeyTime,
  type KeyInfo,
  type KeyLife,
  keyNotFound,
  materialOfKey,
  type RetireOptions,
  type RotateOptions,
  type SigningKeyAlgorithm
} from './key-store.js'

/** A key as a driver holds it: what is known about it, and whatever the driver needs to sign with it. */
export interface KeyEntry {
  readonly info: KeyInfo
}

/** The keys of a store after a change, and the one that changed. The keys given in are not changed. */
export type Changed<Entry extends KeyEntry> = readonly [entries: readonly Entry[], info: KeyInfo]

/** A copy that its owner alone can change. */
export function ownInfo(info: KeyInfo): KeyInfo {
  return Object.freeze({ ...info, publicKey: Uint8Array.from(info.publicKey) })
}

/** What a signer says of the life of its key. */
export function lifeOf({ use, issuer, signsUntil, expires, revoked }: KeyLife): KeyLife {
  return {
    ...(use === undefined ? {} : { use }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(signsUntil === undefined ? {} : { signsUntil }),
    ...(expires === undefined ? {} : { expires }),
    ...(revoked === undefined ? {} : { revoked })
  }
}

/** What has to be right before a driver makes a key: checked first, so that no key is made in vain. */
export interface KeyPlan {
  readonly algorithm: SigningKeyAlgorithm
  readonly created: string
  readonly id: string | undefined
  readonly current: boolean
  readonly life: KeyLife
}

/**
 * Checks the wish for a new key.
 *
 * @throws {KeyError} KEY_EXISTS
 * @throws {OptionError} OPTION_INVALID
 */
export function planKey(entries: readonly KeyEntry[], options: CreateKeyOptions): KeyPlan {
  const created = formatKeyTime(options.now ?? new Date(), 'now')
  const algorithm = checkAlgorithm(options.algorithm ?? 'Ed25519')
  const id = options.id === undefined ? undefined : checkKeyId(options.id)
  if (entries.some(({ info }) => info.id === id)) throw exists('a key with this id is there already', id)
  const { use, signsUntil } = options
  const life = {
    ...(use === undefined || checkKeyUse(use) === 'assertionMethod' ? {} : { use }),
    ...(signsUntil === undefined ? {} : { signsUntil: formatKeyTime(signsUntil, 'signsUntil') })
  }
  return { algorithm, created, id, current: entries.length === 0 || (options.current ?? true), life }
}

/**
 * Puts a new key beside the others.
 *
 * @throws {KeyError} KEY_EXISTS
 */
export function putKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  { algorithm, created, id, current, life }: KeyPlan,
  publicKey: Uint8Array,
  entryOf: (info: KeyInfo) => Entry
): Changed<Entry> {
  const multikey = multikeyOf(materialOfKey({ algorithm, publicKey }))
  const info = ownInfo({ id: id ?? multikey, algorithm, publicKey, created, current, ...life })
  for (const { info: other } of entries) {
    if (other.id === info.id) throw exists('a key with this id is there already', other.id)
    if (multikeyOf(materialOfKey(other)) === multikey)
      throw exists('this key is there already, under another id', other.id)
  }
  const others = current ? entries.map((each) => changed(each, { current: false })) : entries
  return [[...others, entryOf(info)], info]
}

/**
 * Makes a key the current one, and retires the one that was.
 *
 * @throws {KeyError} KEY_NOT_FOUND, KEY_REVOKED, KEY_PURPOSE
 * @throws {OptionError} OPTION_INVALID
 */
export function switchKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  id: string,
  { now }: Pick<RotateOptions, 'now'>
): Changed<Entry> {
  const at = formatKeyTime(now ?? new Date(), 'now')
  const { info: next } = findKey(entries, id)
  if (next.revoked !== undefined) throw unfit('KEY_REVOKED', 'a compromised key cannot become the current one', next)
  if (next.use !== undefined) throw unfit('KEY_PURPOSE', 'a key for another use cannot become the current one', next)
  const after = entries.map((entry) => {
    // A key that had retired signs again; a planned end stays.
    const isOver = next.signsUntil !== undefined && next.signsUntil <= at
    if (entry.info.id === id)
      return changed(entry, isOver ? { current: true, signsUntil: undefined } : { current: true })
    return entry.info.current
      ? changed(entry, { current: false, signsUntil: earlier(entry.info.signsUntil, at) })
      : entry
  })
  return [after, findKey(after, id).info]
}

/** @throws {KeyError} KEY_NOT_FOUND; {OptionError} OPTION_INVALID */
export function retireKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  id: string,
  { at, expires }: RetireOptions
): Changed<Entry> {
  const signsUntil = formatKeyTime(at ?? new Date(), 'at')
  const end = expires === undefined ? {} : { expires: formatKeyTime(expires, 'expires') }
  return changeKey(entries, id, () => ({ signsUntil, ...end }))
}

/** @throws {KeyError} KEY_NOT_FOUND; {OptionError} OPTION_INVALID */
export function compromiseKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  id: string,
  { at }: CompromiseOptions
): Changed<Entry> {
  const revoked = formatKeyTime(at ?? new Date(), 'at')
  return changeKey(entries, id, (info) => ({ revoked: earlier(info.revoked, revoked) }))
}

/** @throws {KeyError} KEY_NOT_FOUND, KEY_ISSUER */
export function bindKey<Entry extends KeyEntry>(entries: readonly Entry[], id: string, issuer: string): Changed<Entry> {
  return changeKey(entries, id, (info) => {
    checkKeyIssuer(info, issuer)
    return { issuer }
  })
}

/**
 * Refuses a key that signs for another issuer.
 *
 * @throws {KeyError} KEY_ISSUER
 */
export function checkKeyIssuer(key: Pick<KeyInfo, 'id' | 'issuer'>, issuer: string): void {
  if (key.issuer === undefined || key.issuer === issuer) return
  throw new KeyError({
    code: 'KEY_ISSUER',
    message: 'the key signs for another issuer already',
    path: String(key.id).slice(0, 100),
    expected: issuer.slice(0, 200),
    got: String(key.issuer).slice(0, 200),
    hint: 'Give each issuer a key of its own.'
  })
}

function changeKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  id: string,
  change: (info: KeyInfo) => Partial<KeyInfo>
): Changed<Entry> {
  const { info } = findKey(entries, id)
  const members = change(info)
  const after = entries.map((entry) => (entry.info.id === id ? changed(entry, members) : entry))
  return [after, findKey(after, id).info]
}

function findKey<Entry extends KeyEntry>(entries: readonly Entry[], id: string): Entry {
  const found = entries.find(({ info }) => info.id === id)
  if (found === undefined) throw keyNotFound(id)
  return found
}

type Members = { readonly [Name in keyof KeyInfo]?: KeyInfo[Name] | undefined }

function changed<Entry extends KeyEntry>(entry: Entry, members: Members): Entry {
  const merged = Object.entries({ ...entry.info, ...members }).filter(([, value]) => value !== undefined)
  return { ...entry, info: ownInfo(Object.fromEntries(merged) as unknown as KeyInfo) }
}

// Both are written in the one form of this library, whose order is that of time.
function earlier(one: string | undefined, other: string): string {
  return one !== undefined && one < other ? one : other
}

function exists(message: string, id: string | undefined): KeyError {
  return new KeyError({ code: 'KEY_EXISTS', message, path: 'id', ...(id === undefined ? {} : { got: id }) })
}

function unfit(code: 'KEY_REVOKED' | 'KEY_PURPOSE', message: string, { id }: KeyInfo): KeyError {
  return new KeyError({ code, message, path: 'to', got: id })
}
