import type { CurveMaterial } from '../crypto/key-material.js'
import { materialFromMultikey, multikeyOf } from '../crypto/multikey.js'
import { messageToSign } from '../crypto/private-key.js'
import { importPublicKey } from '../crypto/public-key.js'
import { parseDateTimeStamp } from '../encoding/dates.js'
import { KeyError, KommaError } from '../encoding/errors.js'
import { capabilityFor, checkMessageLength, type SigningCapability } from './capabilities.js'
import { checkKeyId, type KeyInfo, type KeyStore, keyNotFound, type Signer, type SignOptions } from './key-store.js'
import type { KeyService, ServiceCall } from './service.js'
import { badAnswer } from './service-failure.js'
import { optionError } from './service-options.js'

/** What a caller may say of one version of a key in a service, beside its name there. */
export interface PinnedKey {
  /** Name of the key, and fragment of its verification method. The Multikey of the public key unless told. */
  readonly id?: string
  /**
   * The public key, pinned, as a Multikey. The store does not open where the service has another one. Without it, the
   * one that the service gives at opening is pinned until the store is forgotten.
   */
  readonly publicKey?: string
  /** Signs no more, and is still listed. The service is not asked about it, so `publicKey` and `created` are needed. */
  readonly retired?: boolean
  /** When the key was made, date and time in UTC. What the service says unless told. */
  readonly created?: string
  /** As `expires` and `revoked` of `KeyInfo`. A key that is revoked does not sign. */
  readonly expires?: string
  readonly revoked?: string
}

/** What a service knows of a key that may sign. */
export interface FoundKey {
  readonly material: CurveMaterial
  /** Date and time in UTC. */
  readonly created: string
}

/** What differs between key services in how a key is read and used. Each of the two is one try. */
export interface KeyServiceDriver<Key extends PinnedKey> {
  readonly capabilities: readonly SigningCapability[]
  /** The members of a key beside those of {@link PinnedKey}. */
  readonly members: readonly string[]
  /** Checks how the key is named, before anything is sent. @throws {OptionError} */
  check(key: Key, path: string): void
  /** What errors call the key. */
  nameOf(key: Key): string
  /** Reads the public key and checks that the key is enabled and for signing. */
  find(key: Key, call: ServiceCall): Promise<FoundKey>
  /** Signs, checks whose answer it is, and gives the signature in its fixed length. */
  sign(key: Key, algorithm: CurveMaterial['algorithm'], data: Uint8Array, call: ServiceCall): Promise<Uint8Array>
}

const PINNED_MEMBERS = ['id', 'publicKey', 'retired', 'created', 'expires', 'revoked']

interface OpenKey<Key> {
  readonly pinned: Key
  readonly info: KeyInfo
}

/**
 * Opens the keys of a service: each one is read once and pinned.
 *
 * @throws {OptionError} OPTION_INVALID
 * @throws {KeyError} what the service or a check says of a key
 */
export async function openServiceStore<Key extends PinnedKey>(
  driver: KeyServiceDriver<Key>,
  service: KeyService,
  keys: readonly Key[]
): Promise<KeyStore> {
  checkKeys(driver, keys)
  const open: OpenKey<Key>[] = []
  for (const [index, pinned] of keys.entries()) {
    const info = await openKey(driver, service, pinned, index, index === keys.length - 1)
    const twin = open.find((other) => other.info.id === info.id || sameKey(other.info, info))
    if (twin !== undefined) throw optionError(`keys/${index}`, 'the same key or id is named twice', 'different keys')
    open.push({ pinned, info })
  }
  const byAge = [...open].sort((one, other) => compareText(one.info.created, other.info.created))
  return Object.freeze({
    capabilities: driver.capabilities,
    async signer(id?: string) {
      const found = open.find(({ info }) => (id === undefined ? info.current : info.id === id))
      if (found === undefined) throw keyNotFound(id)
      return signerOf(driver, service, found)
    },
    keys: async () => byAge.map(({ info }) => ownInfo(info))
  })
}

async function openKey<Key extends PinnedKey>(
  driver: KeyServiceDriver<Key>,
  service: KeyService,
  pinned: Key,
  index: number,
  current: boolean
): Promise<KeyInfo> {
  const { publicKey, retired, created, expires, revoked } = pinned
  const wanted = publicKey === undefined ? undefined : materialFromMultikey(publicKey, `keys/${index}/publicKey`)
  const name = driver.nameOf(pinned)
  const found =
    retired === true && wanted !== undefined && created !== undefined
      ? { material: wanted, created }
      : await service.run(name, undefined, async (call) => pin(wanted, await driver.find(pinned, call)))
  const { algorithm, bytes } = found.material
  capabilityFor(driver.capabilities, algorithm, name)
  await importPublicKey(found.material)
  return ownInfo({
    id: pinned.id ?? multikeyOf(found.material),
    algorithm,
    publicKey: bytes,
    created: created ?? found.created,
    current,
    ...(expires === undefined ? {} : { expires }),
    ...(revoked === undefined ? {} : { revoked })
  })
}

function pin(wanted: CurveMaterial | undefined, found: FoundKey): FoundKey {
  if (wanted === undefined || multikeyOf(wanted) === multikeyOf(found.material)) return found
  throw badAnswer('the key service has another public key than the pinned one', {
    expected: multikeyOf(wanted),
    got: multikeyOf(found.material)
  })
}

function signerOf<Key extends PinnedKey>(
  driver: KeyServiceDriver<Key>,
  service: KeyService,
  { pinned, info }: OpenKey<Key>
): Signer {
  const { id, algorithm } = info
  const name = driver.nameOf(pinned)
  if (pinned.retired === true || info.revoked !== undefined) {
    throw new KeyError({
      code: 'KEY_DISABLED',
      message: 'the key is retired or revoked and signs no more',
      path: id,
      hint: 'Sign with the current key of the store.'
    })
  }
  const capability = capabilityFor(driver.capabilities, algorithm, name)
  return Object.freeze({
    id,
    algorithm,
    capability,
    get publicKey() {
      return info.publicKey.slice()
    },
    async sign(data: Uint8Array, options: SignOptions = {}) {
      const message = messageToSign(data)
      checkMessageLength({ id, capability }, message.length)
      return service.run(name, options.signal, (call) => driver.sign(pinned, algorithm, message.slice(), call))
    }
  })
}

function checkKeys<Key extends PinnedKey>(driver: KeyServiceDriver<Key>, keys: readonly Key[]): void {
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > 100 || !keys.every(isObject)) {
    throw optionError(
      'keys',
      'the keys of the service have to be named',
      'a list of 1 to 100 keys, of which the last one signs'
    )
  }
  const members = [...driver.members, ...PINNED_MEMBERS]
  for (const [index, key] of keys.entries()) {
    const path = `keys/${index}`
    const unknown = Object.keys(key).find((name) => !members.includes(name))
    if (unknown !== undefined) throw optionError(`${path}/${unknown}`, 'a member is not known', members.join(', '))
    driver.check(key, path)
    checkKey(key, path, index === keys.length - 1)
  }
}

function checkKey(key: PinnedKey, path: string, current: boolean): void {
  const { id, publicKey, retired, revoked } = key
  if (id !== undefined) checkKeyId(id)
  if (publicKey !== undefined && typeof publicKey !== 'string') {
    throw optionError(`${path}/publicKey`, 'the public key is not text', 'a Multikey such as z6Mk…')
  }
  for (const name of ['created', 'expires', 'revoked'] as const) {
    const value = key[name]
    if (value !== undefined && !isTimeInUtc(value)) {
      throw optionError(`${path}/${name}`, 'the time is not usable', 'date and time in UTC, 2026-01-31T09:00:00Z')
    }
  }
  if (retired === true && (publicKey === undefined || key.created === undefined)) {
    throw optionError(path, 'a retired key is not looked up, so it has to be described', 'publicKey and created')
  }
  if (current && (retired === true || revoked !== undefined)) {
    throw optionError(path, 'the last key of the list is the current one and has to sign', 'a key that is not retired')
  }
}

function isTimeInUtc(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{4}-.*:\d{2}Z$/.test(text)) return false
  try {
    parseDateTimeStamp(text)
    return true
  } catch (error) {
    if (error instanceof KommaError) return false
    throw error
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function sameKey(one: KeyInfo, other: KeyInfo): boolean {
  return (
    multikeyOf({ algorithm: one.algorithm, bytes: one.publicKey }) ===
    multikeyOf({ algorithm: other.algorithm, bytes: other.publicKey })
  )
}

function ownInfo(info: KeyInfo): KeyInfo {
  return Object.freeze({ ...info, publicKey: Uint8Array.from(info.publicKey) })
}

// Equal ones keep their order, so that a list of keys made in one second stays as it was given.
function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
