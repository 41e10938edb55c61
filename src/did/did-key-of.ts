import type { KeyStore } from '../keys/key-store.js'
import { didKeyFromPublicKey } from './did-key.js'

/**
 * The `did:key` of the current key of a key store: an issuer id that needs no web address.
 *
 * A `did:key` cannot be rotated: with another key it is another issuer.
 *
 * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
 */
export async function didKeyOf(keys: KeyStore): Promise<string> {
  return didKeyFromPublicKey((await keys.signer()).publicKey)
}
