import { p256, p384 } from '@noble/curves/nist.js'
import type { Signer } from '../../src/keys/key-store.js'

/** A signer with an ECDSA key from its secret number: deterministic (RFC 6979), and apart from the library's own keys. */
export function ecSigner(algorithm: 'P-256' | 'P-384', secret: Uint8Array, id = 'test'): Signer {
  const curve = algorithm === 'P-256' ? p256 : p384
  return {
    id,
    algorithm,
    publicKey: curve.getPublicKey(secret, true),
    sign: async (data) => curve.sign(data, secret, { lowS: false })
  }
}
