import { type KeyStore, materialOfKey } from '../keys/key-store.js'
import { didJwkFromMaterial } from './did-jwk.js'
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

/**
 * The `did:jwk` of the current key of a key store: an issuer id that needs no web address, for verifiers that read keys
 * as JSON Web Keys. The same key has other such DIDs, which are other issuers: keep the one that was used.
 *
 * A `did:jwk` cannot be rotated either. Does NOT check that the store holds the secret.
 *
 * Source: did:jwk method specification, section Create.
 *
 * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
 *
 * @example
 * ```ts
 * import { createMemoryKeyStore, didJwkOf } from 'komma'
 *
 * const id = await didJwkOf(await createMemoryKeyStore())
 * console.log(id.startsWith('did:jwk:eyJ')) // => true
 * ```
 */
export async function didJwkOf(keys: KeyStore): Promise<string> {
  return didJwkFromMaterial(materialOfKey(await keys.signer()))
}
