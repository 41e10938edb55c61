import type { DigestAlgorithm } from '../crypto/digest.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { HashData } from './hash-and-sign.js'
import { hashPair } from './hash-pair.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/**
 * RFC 8785 over proof options and document; each is hashed, options first. A proof that names the contexts it was made
 * under covers the document with those alone, because later proofs may have added others behind them (Data Integrity
 * EdDSA Cryptosuites 1.0 section 3.3.2, step 4).
 */
export async function hashCanonicalJson(
  { document }: UnsecuredDocument,
  proof: JsonObject,
  algorithm: DigestAlgorithm
): Promise<HashData> {
  const { proofValue: _, ...options } = proof
  const context = proof['@context']
  const covered = context === undefined ? document : { ...document, '@context': context }
  const bytes = hashPair(algorithm, canonicalJson(options), canonicalJson(covered))
  return covered === document ? { bytes } : { bytes, document: covered }
}
