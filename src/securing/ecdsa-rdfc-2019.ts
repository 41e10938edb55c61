import { digestForCurve } from './ecdsa-digest.js'
import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalRdf } from './rdfc-hash.js'

/**
 * `DataIntegrityProof` with `ecdsa-rdfc-2019` (Data Integrity ECDSA Cryptosuites 1.0 section 3.2): RDFC-1.0 over proof options
 * and document, ECDSA over the two hashes, options first. A P-256 key goes with SHA-256, a P-384 key with SHA-384, inside RDFC-1.0 as well.
 */
export const ecdsaRdfc2019: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-rdfc-2019' },
  keyAlgorithms: ['P-256', 'P-384'],
  signatureLengths: [64, 96],
  proofContext: false,
  signs: true,
  hash: (secured, proof, algorithm) => hashCanonicalRdf(secured, proof, digestForCurve(algorithm))
})
