import { equalBytes } from '../crypto/digest.js'
import { multikeyOf } from '../crypto/multikey.js'
import type { PrivateKey } from '../crypto/private-key.js'
import { KeyError } from '../encoding/errors.js'
import {
  type CreateKeyOptions,
  checkAlgorithm,
  checkKeyId,
  formatCreated,
  type KeyInfo,
  keyNotFound,
  materialOfKey,
  type Signer
} from './key-store.js'
import { generateSecret, openSecret } from './secret-key.js'

/** A key with its secret, as drivers hold it between making it and storing it. Never leaves the driver. */
export interface SecretKeyEntry {
  readonly info: KeyInfo
  readonly secret: Uint8Array
}

interface RingKey {
  readonly info: KeyInfo
  readonly key: PrivateKey
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
    for (const { info, secret } of entries) {
      keys.push({ info: ownInfo(info), key: await openSecret(info.algorithm, secret) })
    }
    for (const { info, key } of keys) {
      if (equalBytes(key.publicKey, info.publicKey)) continue
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
  const algorithm = checkAlgorithm(options.algorithm ?? 'Ed25519')
  const given = options.seed ?? generateSecret(algorithm)
  const secret = given instanceof Uint8Array ? Uint8Array.from(given) : given
  const { publicKey } = await openSecret(algorithm, secret)
  const multikey = multikeyOf(materialOfKey({ algorithm, publicKey }))
  const id = options.id === undefined ? multikey : checkKeyId(options.id)
  for (const { info } of entries) {
    if (info.id !== id && multikeyOf(materialOfKey(info)) !== multikey) continue
    const message =
      info.id === id ? 'a key with this id is there already' : 'this key is there already, under another id'
    throw new KeyError({ code: 'KEY_EXISTS', message, path: 'id', got: info.id })
  }
  const current = entries.length === 0 || (options.current ?? true)
  const info = ownInfo({ id, algorithm, publicKey, created, current })
  const others = current
    ? entries.map((each) => ({ ...each, info: ownInfo({ ...each.info, current: false }) }))
    : entries
  return [[...others, { info, secret }], info]
}

function ownInfo(info: KeyInfo): KeyInfo {
  return Object.freeze({ ...info, publicKey: Uint8Array.from(info.publicKey) })
}
