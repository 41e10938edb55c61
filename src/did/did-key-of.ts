import { type KeyStore, materialOfKey } from '../keys/key-store.js'
import { didKeyFromMaterial } from './did-key.js'

/**
 * The `did:key` of the current key of a key store: an issuer id that needs no web address.
 *
 * A `did:key` cannot be rotated: with another key it is another issuer. Does NOT check that the store holds the secret.
 *
 * Source: did:key 0.9, section 3.
 *
 * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
 *
 * @example
 * ```ts
 * import { createMemoryKeyStore, didKeyOf } from 'komma'
 *
 * const id = await didKeyOf(await createMemoryKeyStore())
 * console.log(id.startsWith('did:key:z6Mk')) // => true
 * ```
 */
export async function didKeyOf(keys: KeyStore): Promise<string> {
  return didKeyFromMaterial(materialOfKey(await keys.signer()))
}
