import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalRdf } from './rdfc-hash.js'

/**
 * `DataIntegrityProof` with `eddsa-2022`, the earlier name of `eddsa-rdfc-2022`; the procedure is the same. For reading
 * only: a new proof has no reason to carry the old name.
 */
export const eddsa2022: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-2022' },
  keyAlgorithms: ['Ed25519'],
  signatureLengths: [64],
  proofContext: false,
  signs: false,
  hash: (secured, proof) => hashCanonicalRdf(secured, proof, 'SHA-256')
})
