import type { PublicKey } from '../crypto/public-key.js'
import type { JsonObject } from '../encoding/json-types.js'
import { listOf } from '../model/read.js'
import { withPreviousProofs } from '../securing/proof-chain.js'
import type { UnsecuredDocument } from '../securing/unsecured-document.js'
import type { GatedProof } from './proof-gate.js'

export type ProofSetVerdict =
  | {
      readonly holds: true
      /** True where a proof fits the order by UTF-16 unit only. */
      readonly utf16: boolean
      /** The document as the proofs cover it. */
      readonly document: JsonObject
    }
  | { readonly holds: false }

/**
 * Checks every proof of a set or chain with its key, over the document and the proofs it builds on (VC Data Integrity
 * 1.0 section 4.5). All have to hold.
 *
 * Does not check whose keys they are, and reads no proof that was not gated.
 *
 * @throws {SecuringError} where the document or a proof has no canonical form
 * @throws {KeyError} CRYPTO_UNAVAILABLE
 */
export async function verifyProofSet(
  proofs: readonly GatedProof[],
  keys: readonly PublicKey[],
  secured: UnsecuredDocument
): Promise<ProofSetVerdict> {
  const covered: JsonObject[] = []
  let utf16 = false
  for (const [index, { proof, suite, previous }] of proofs.entries()) {
    const signed = await withPreviousProofs(secured, previous)
    const verdict = await suite.verifyProof(signed, proof, keys[index] as PublicKey)
    // A suite or key cache of the application may answer with something that is merely not false.
    if (verdict.holds !== true) return { holds: false }
    covered.push(verdict.document ?? secured.document)
    utf16 ||= verdict.order === 'utf16'
  }
  return { holds: true, utf16, document: widest(covered, secured.document) }
}

/** The contexts of each are the first of the document's, so the proof with most of them covers what the others cover. */
function widest(covered: readonly JsonObject[], document: JsonObject): JsonObject {
  const lists = covered.map((one) => listOf(one['@context']))
  const most = Math.max(...lists.map(({ length }) => length))
  const context = listOf(document['@context'])
  return most === context.length ? document : { ...document, '@context': context.slice(0, most) }
}
