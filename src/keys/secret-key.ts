import { generateEcdsaSecret, importEcdsaSecret } from '../crypto/ecdsa-private-key.js'
import { generateEd25519Seed, importEd25519Seed } from '../crypto/ed25519.js'
import type { PrivateKey } from '../crypto/private-key.js'
import type { SigningKeyAlgorithm } from './key-store.js'

/**
 * Takes in the secret of a key: the seed of an Ed25519 key, the secret number of a P-256 or P-384 key.
 *
 * @throws {KeyError} KEY_INVALID
 */
export async function openSecret(algorithm: SigningKeyAlgorithm, secret: Uint8Array): Promise<PrivateKey> {
  return algorithm === 'Ed25519' ? importEd25519Seed(secret) : importEcdsaSecret(algorithm, secret)
}

/** A fresh secret for a key of this kind. */
export function generateSecret(algorithm: SigningKeyAlgorithm): Uint8Array {
  return algorithm === 'Ed25519' ? generateEd25519Seed() : generateEcdsaSecret(algorithm)
}
