import { equalBytes } from '../crypto/digest.js'
import type { PrivateKey } from '../crypto/private-key.js'
import { KeyError } from '../encoding/errors.js'
import { bindKey, type Changed, type KeyEntry, lifeOf, ownInfo, planKey, putKey } from './key-life.js'
import { type CreateKeyOptions, type KeyInfo, keyNotFound, type Signer } from './key-store.js'
import { generateSecret, openSecret } from './secret-key.js'

/** A key with its secret, as drivers hold it between making it and storing it. Never leaves the driver. */
export interface SecretKeyEntry extends KeyEntry {
  readonly secret: Uint8Array
}

/** What signs for one key of a ring. */
export type RingSigner = Pick<PrivateKey, 'sign'>

interface RingKey extends KeyEntry {
  readonly key: RingSigner
}

/** The opened keys of a store. Secrets sit in key objects that do not show them. */
export class KeyRing {
  readonly #keys: readonly RingKey[]

  constructor(keys: readonly RingKey[]) {
    this.#keys = keys.map(({ info, key }) => ({ info: ownInfo(info), key }))
  }

  /**
   * Opens each key, and checks that its public key is the one that belongs to its secret.
   *
   * @throws {KeyError} KEY_INVALID
   */
  static async open(entries: readonly SecretKeyEntry[]): Promise<KeyRing> {
    const keys: RingKey[] = []
    for (const { info, secret } of entries) {
      const key = await openSecret(info.algorithm, secret)
      if (!equalBytes(key.publicKey, info.publicKey)) {
        throw new KeyError({ code: 'KEY_INVALID', message: 'the public key is not that of the secret', path: info.id })
      }
      keys.push({ info, key })
    }
    return new KeyRing(keys)
  }

  keys(): readonly KeyInfo[] {
    return this.#keys.map(({ info }) => ownInfo(info))
  }

  /** The same keys, one of which signs for an issuer. */
  bound(id: string, issuer: string): KeyRing {
    return new KeyRing(bindKey(this.#keys, id, issuer)[0])
  }

  signer(id?: string): Signer {
    const found = this.#keys.find(({ info }) => (id === undefined ? info.current : info.id === id))
    if (found === undefined) throw keyNotFound(id)
    const { info, key } = found
    return Object.freeze({
      ...lifeOf(info),
      id: info.id,
      algorithm: info.algorithm,
      get publicKey() {
        return Uint8Array.from(info.publicKey)
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
): Promise<Changed<SecretKeyEntry>> {
  const plan = planKey(entries, options)
  const given = options.seed ?? generateSecret(plan.algorithm)
  const secret = given instanceof Uint8Array ? Uint8Array.from(given) : given
  const { publicKey } = await openSecret(plan.algorithm, secret)
  return putKey(entries, plan, publicKey, (info) => ({ info, secret }))
}
