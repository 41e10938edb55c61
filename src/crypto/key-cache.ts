import { OptionError } from '../encoding/errors.js'
import { isMaterial, nameOfMaterial, type PublicKeyMaterial } from './key-material.js'
import type { KeyImportOptions } from './provider.js'
import { importPublicKey, type PublicKey } from './public-key.js'

/** Remembers imported public keys, so that the costly checks run once per key. */
export interface KeyCache {
  /**
   * The imported key of this material.
   *
   * @throws {KeyError} KEY_INVALID, every time anew: a refusal is not remembered
   */
  importKey(material: PublicKeyMaterial): Promise<PublicKey>
}

export interface KeyCacheOptions extends KeyImportOptions {
  /** How many keys to remember; the one unused for longest is forgotten first. 1,000 unless told. */
  readonly maxKeys?: number
}

/**
 * A cache of imported public keys, by their bytes, for `VerifyOptions.keyCache`: importing a key costs more than checking
 * a signature. It belongs to whoever makes it, and holds no secrets.
 *
 * Does NOT remember which issuer a key belongs to: that is found out anew for every badge.
 *
 * @param options `maxKeys`: how many keys to remember, 1,000 unless told. `provider`: who checks ECDSA and RSA signatures
 *   where the runtime's WebCrypto does not, such as the one of `komma/crypto/noble`
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { createKeyCache, verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const options = { keyCache: createKeyCache(), resolver: await openFolderResolver('published') }
 * for (const file of ['badge.json', 'badge.png']) {
 *   const report = await verify(await readFile(file), options)
 *   console.log(report.accepted) // => true
 * }
 * ```
 */
export function createKeyCache(options: KeyCacheOptions = {}): KeyCache {
  const { maxKeys = 1000, provider } = options
  if (provider !== undefined && !isProvider(provider)) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the provider lacks what a provider does',
      path: 'provider',
      expected: 'an object with verifyEcdsa and verifyRsa, such as nobleProvider of komma/crypto/noble'
    })
  }
  if (!Number.isInteger(maxKeys) || maxKeys < 1) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the size of the key cache is out of bounds',
      path: 'maxKeys',
      expected: 'a whole number from 1'
    })
  }
  const keys = new Map<string, Promise<PublicKey>>()
  return Object.freeze({
    async importKey(material: PublicKeyMaterial): Promise<PublicKey> {
      if (!isMaterial(material)) return importPublicKey(material, options)
      const name = nameOfMaterial(material)
      const known = keys.get(name)
      const key = known ?? importPublicKey(material, options)
      keys.delete(name)
      keys.set(name, key)
      if (keys.size > maxKeys) keys.delete(keys.keys().next().value ?? name)
      try {
        return await key
      } catch (error) {
        if (keys.get(name) === key) keys.delete(name)
        throw error
      }
    }
  })
}

function isProvider(provider: unknown): boolean {
  const { verifyEcdsa, verifyRsa } = (provider ?? {}) as Record<string, unknown>
  return typeof verifyEcdsa === 'function' && typeof verifyRsa === 'function'
}
