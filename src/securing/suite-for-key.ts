import type { SigningKeyAlgorithm } from '../keys/key-store.js'
import type { Cryptosuite } from './cryptosuite.js'
import { ecdsaRdfc2019 } from './ecdsa-rdfc-2019.js'
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js'

/** The suite that signs with a kind of key where nobody names one. */
export function suiteForKey(algorithm: SigningKeyAlgorithm): Cryptosuite {
  return algorithm === 'Ed25519' ? eddsaRdfc2022 : ecdsaRdfc2019
}

/** Whether a suite makes proofs with a kind of key. */
export function signsWith(suite: Cryptosuite, algorithm: SigningKeyAlgorithm): boolean {
  return suite.createProof !== undefined && suite.keyAlgorithms.includes(algorithm)
}
