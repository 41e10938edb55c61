import { decodeEd25519Multikey, encodeEd25519Multikey } from '../encoding/multibase.js'
import type { PublicKeyMaterial } from './public-key.js'

/** Writes a public key as a Multikey (Controlled Identifiers 1.0 section 2.2.2). */
export function multikeyOf(material: PublicKeyMaterial): string {
  if (material.algorithm !== 'Ed25519') throw new TypeError(`${material.algorithm} is not there yet`)
  return encodeEd25519Multikey(material.bytes)
}

/**
 * Reads a Multikey strictly.
 *
 * @throws {KeyError} KEY_INVALID
 */
export function materialFromMultikey(text: string, path?: string): PublicKeyMaterial {
  return { algorithm: 'Ed25519', bytes: decodeEd25519Multikey(text, path) }
}
