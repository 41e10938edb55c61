import type { KeyStore } from '../keys/key-store.js'
import { didKeyFromPublicKey } from './did-key.js'

/**
 * The `did:key` of the current key of a key store: an issuer id that needs no web address.
 *
 * A `did:key` cannot be rotated: with another key it is another issuer. Does NOT check that the store holds the secret.
 *
 * Source: The did:key Method, Ed25519.
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
  return didKeyFromPublicKey((await keys.signer()).publicKey)
}
