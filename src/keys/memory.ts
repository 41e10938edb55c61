import { createTurn } from '../encoding/turn.js'
import { changesOf } from './key-changes.js'
import type { Changed } from './key-life.js'
import { addKey, KeyRing, type SecretKeyEntry } from './key-ring.js'
import type { CreateKeyOptions, KeyInfo, ManagedKeyStore } from './key-store.js'

/**
 * A key store that lives in this process and is gone when it ends: for tests, demonstrations and keys that come from a
 * secret store of the platform. It starts with one key.
 *
 * @param options - the first key: `seed` (32 bytes; random unless told), `id`, `now`
 * @throws {KeyError} KEY_INVALID
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createMemoryKeyStore } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const signer = await keys.signer()
 * const signature = await signer.sign(new TextEncoder().encode('hello'))
 * console.log(signature.length) // => 64
 * ```
 */
export async function createMemoryKeyStore(options: Omit<CreateKeyOptions, 'current'> = {}): Promise<ManagedKeyStore> {
  let [entries] = await addKey([], options)
  let ring = await KeyRing.open(entries)
  const inTurn = createTurn()
  const change = (make: (before: readonly SecretKeyEntry[]) => Promise<Changed<SecretKeyEntry>>): Promise<KeyInfo> =>
    inTurn(async () => {
      const [next, info] = await make(entries)
      ring = await KeyRing.open(next)
      entries = next
      return info
    })
  return Object.freeze({
    signer: async (id?: string) => ring.signer(id),
    keys: async () => ring.keys(),
    ...changesOf(change, addKey)
  })
}
