import { addKey, KeyRing } from './key-ring.js'
import type { CreateKeyOptions, ManagedKeyStore } from './key-store.js'

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
  let turn: Promise<unknown> = Promise.resolve()
  return Object.freeze({
    signer: async (id?: string) => ring.signer(id),
    keys: async () => ring.keys(),
    create(more: CreateKeyOptions = {}) {
      const made = turn.then(async () => {
        const [next, info] = await addKey(entries, more)
        ring = await KeyRing.open(next)
        entries = next
        return info
      })
      turn = made.catch(() => undefined)
      return made
    }
  })
}
