import type { DigestAlgorithm } from '../crypto/digest.js'
import type { KeyAlgorithm } from '../crypto/public-key.js'

/** The digest that goes with the curve of a key (Data Integrity ECDSA Cryptosuites 1.0 section 3). */
export function digestForCurve(algorithm: KeyAlgorithm): DigestAlgorithm {
  return algorithm === 'P-384' ? 'SHA-384' : 'SHA-256'
}
