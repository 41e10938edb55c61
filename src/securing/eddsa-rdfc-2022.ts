import { type HashAndSignSuite, hashAndSignSuite } from './hash-and-sign.js'
import { hashCanonicalRdf } from './rdfc-hash.js'

/**
 * `DataIntegrityProof` with `eddsa-rdfc-2022` (Data Integrity EdDSA Cryptosuites 1.0 section 3.2): RDFC-1.0 and SHA-256
 * over proof options and document, Ed25519 over the two hashes, options first.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { eddsaRdfc2022, verify } from 'komma'
 *
 * const report = await verify(await readFile('badge.json'), { suites: [eddsaRdfc2022] })
 * console.log(report.checks.find(({ id }) => id === 'shape')?.outcome) // => pass
 * ```
 */
export const eddsaRdfc2022: HashAndSignSuite = /* @__PURE__ */ hashAndSignSuite({
  proofType: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022' },
  keyAlgorithms: ['Ed25519'],
  signatureLengths: [64],
  proofContext: false,
  signs: true,
  hash: (secured, proof) => hashCanonicalRdf(secured, proof, 'SHA-256')
})
