import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalJson } from './jcs-hash.js'

/**
 * `DataIntegrityProof` with `eddsa-jcs-2022` (Data Integrity EdDSA Cryptosuites 1.0 section 3.3): RFC 8785 and SHA-256
 * over proof options and document, Ed25519 over the two hashes, options first.
 *
 * Covers the JSON text itself and not its meaning as RDF, so that even another order of a list breaks the proof.
 */
export const eddsaJcs2022: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022' },
  keyAlgorithms: ['Ed25519'],
  signatureLengths: [64],
  proofContext: true,
  signs: true,
  hash: (secured, proof) => hashCanonicalJson(secured, proof, 'SHA-256')
})
