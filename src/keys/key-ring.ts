import { type Ed25519PrivateKey, generateEd25519Seed, importEd25519Seed } from '../crypto/ed25519.js'
import { KeyError } from '../encoding/errors.js'
import { encodeEd25519Multikey } from '../encoding/multibase.js'
import {
  type CreateKeyOptions,
  checkKeyId,
  formatCreated,
  type KeyInfo,
  keyNotFound,
  type Signer
} from './key-store.js'

/** A key with its secret, as drivers hold it between making it and storing it. Never leaves the driver. */
export interface SecretKeyEntry {
  readonly info: KeyInfo
  readonly seed: Uint8Array
}

interface RingKey {
  readonly info: KeyInfo
  readonly key: Ed25519PrivateKey
}

/** The opened keys of a store. Secrets sit in key objects that do not show them. */
export class KeyRing {
  readonly #keys: readonly RingKey[]

  private constructor(keys: readonly RingKey[]) {
    this.#keys = keys
  }

  /**
   * Opens each key, and checks that its public key is the one that belongs to its secret.
   *
   * @throws {KeyError} KEY_INVALID
   */
  static async open(entries: readonly SecretKeyEntry[]): Promise<KeyRing> {
    const keys: RingKey[] = []
    for (const { info, seed } of entries) keys.push({ info: ownInfo(info), key: await importEd25519Seed(seed) })
    for (const { info, key } of keys) {
      if (encodeEd25519Multikey(key.publicKey) === encodeEd25519Multikey(info.publicKey)) continue
      throw new KeyError({ code: 'KEY_INVALID', message: 'the public key is not that of the secret', path: info.id })
    }
    return new KeyRing(keys)
  }

  keys(): readonly KeyInfo[] {
    return this.#keys.map(({ info }) => ownInfo(info))
  }

  signer(id?: string): Signer {
    const found = this.#keys.find(({ info }) => (id === undefined ? info.current : info.id === id))
    if (found === undefined) throw keyNotFound(id)
    const { info, key } = found
    return Object.freeze({
      id: info.id,
      algorithm: info.algorithm,
      get publicKey() {
        return key.publicKey
      },
      sign: (data: Uint8Array) => key.sign(data)
    })
  }
}

/**
 * The entries of a store after a key was made. The entries given in are not changed.
 *
 * @throws {KeyError} KEY_EXISTS, KEY_INVALID
 * @throws {OptionError} OPTION_INVALID
 */
export async function addKey(
  entries: readonly SecretKeyEntry[],
  options: CreateKeyOptions = {}
): Promise<readonly [entries: readonly SecretKeyEntry[], made: KeyInfo]> {
  const created = formatCreated(options.now ?? new Date())
  const seed = Uint8Array.from(options.seed ?? generateEd25519Seed())
  const { publicKey } = await importEd25519Seed(seed)
  const multikey = encodeEd25519Multikey(publicKey)
  const id = options.id === undefined ? multikey : checkKeyId(options.id)
  for (const { info } of entries) {
    if (info.id !== id && encodeEd25519Multikey(info.publicKey) !== multikey) continue
    const message =
      info.id === id ? 'a key with this id is there already' : 'this key is there already, under another id'
    throw new KeyError({ code: 'KEY_EXISTS', message, path: 'id', got: info.id })
  }
  const current = entries.length === 0 || (options.current ?? true)
  const info = ownInfo({ id, algorithm: 'Ed25519', publicKey, created, current })
  const others = current
    ? entries.map((each) => ({ ...each, info: ownInfo({ ...each.info, current: false }) }))
    : entries
  return [[...others, { info, seed }], info]
}

function ownInfo(info: KeyInfo): KeyInfo {
  return Object.freeze({ ...info, publicKey: Uint8Array.from(info.publicKey) })
}
