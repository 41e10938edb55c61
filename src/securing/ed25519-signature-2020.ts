import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalRdf } from './rdfc-hash.js'

/**
 * `Ed25519Signature2020` (Data Integrity EdDSA Cryptosuites 1.0 appendix A), a proof type that needs no `cryptosuite` and
 * must have none. For reading only: the standard asks for `eddsa-rdfc-2022` in its place.
 *
 * The document has to bring the context `https://w3id.org/security/suites/ed25519-2020/v1`, which defines the type.
 */
export const ed25519Signature2020: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'Ed25519Signature2020' },
  keyAlgorithms: ['Ed25519'],
  signatureLengths: [64],
  proofContext: false,
  signs: false,
  hash: (secured, proof) => hashCanonicalRdf(secured, proof, 'SHA-256')
})
