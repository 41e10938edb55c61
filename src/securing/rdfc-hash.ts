import type { DigestAlgorithm } from '../crypto/digest.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { HashData } from './hash-and-sign.js'
import { hashPair } from './hash-pair.js'
import { canonicalProofOptions } from './proof-options.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/** RDFC-1.0 over proof options and document, with one digest inside and out; each is hashed, options first. */
export async function hashCanonicalRdf(
  secured: UnsecuredDocument,
  proof: JsonObject,
  algorithm: DigestAlgorithm
): Promise<HashData> {
  const { document, contexts } = secured
  const options = await canonicalProofOptions(proof, document['@context'] ?? null, contexts, algorithm)
  const canonical = await secured.canonical({ digest: algorithm })
  const bytes = hashPair(algorithm, options, canonical.text)
  if (!canonical.orderMatters) return { bytes }
  const other = await secured.canonical({ digest: algorithm, order: 'utf16' })
  return { bytes, utf16: hashPair(algorithm, options, other.text) }
}
