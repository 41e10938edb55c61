import { digestForCurve } from './ecdsa-digest.js'
import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalJson } from './jcs-hash.js'

/**
 * `DataIntegrityProof` with `ecdsa-jcs-2019` (Data Integrity ECDSA Cryptosuites 1.0 section 3.3): RFC 8785 over proof options
 * and document, ECDSA over the two hashes, options first. A P-256 key goes with SHA-256, a P-384 key with SHA-384.
 */
export const ecdsaJcs2019: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-jcs-2019' },
  keyAlgorithms: ['P-256', 'P-384'],
  signatureLengths: [64, 96],
  proofContext: true,
  signs: true,
  hash: (secured, proof, algorithm) => hashCanonicalJson(secured, proof, digestForCurve(algorithm))
})
