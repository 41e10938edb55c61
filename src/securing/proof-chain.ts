import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { listOf } from '../model/read.js'
import { expandUnsecured, type UnsecuredDocument } from './unsecured-document.js'

/**
 * The first fault in how proofs build on each other, in words: every id in a `previousProof` has to name exactly one
 * other proof, which stands before it. New proofs are appended (VC Data Integrity 1.0 section 4.3), so a chain that was
 * made in order stands in order, and one that leads back to itself cannot.
 *
 * Does not check any signature.
 */
export function findChainFault(proofs: readonly JsonObject[]): string | undefined {
  for (const [index, { previousProof }] of proofs.entries()) {
    if (previousProof === undefined) continue
    const ids = listOf(previousProof)
    if (ids.length === 0 || !ids.every((id) => typeof id === 'string')) return 'previousProof is not one id or more'
    for (const id of ids) {
      const fault = findReferenceFault(proofs, index, id)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

function findReferenceFault(proofs: readonly JsonObject[], index: number, id: JsonValue): string | undefined {
  const places = [...proofs.keys()].filter((place) => proofs[place]?.['id'] === id)
  const [place] = places
  if (place === undefined) return 'previousProof names a proof that is not there'
  if (places.length > 1) return 'previousProof names more than one proof'
  if (place === index) return 'a proof builds on itself'
  return place > index ? 'a proof builds on one that comes after it' : undefined
}

/** The proofs that a proof builds on, in the order of the document (VC Data Integrity 1.0 section 4.5, step 3). */
export function previousProofs(proof: JsonObject, proofs: readonly JsonObject[]): readonly JsonObject[] {
  const ids = listOf(proof['previousProof'])
  return proofs.filter(({ id }) => id !== undefined && ids.includes(id))
}

/**
 * What a proof signs: the document, along with the proofs it builds on (VC Data Integrity 1.0 sections 4.3 and 4.5).
 *
 * @throws {SecuringError} UNDEFINED_TERM, CANONICALIZATION_FAILED where the contexts do not define those proofs
 */
export async function withPreviousProofs(
  secured: UnsecuredDocument,
  previous: readonly JsonObject[]
): Promise<UnsecuredDocument> {
  if (previous.length === 0) return secured
  return expandUnsecured({ ...secured.document, proof: previous }, secured.contexts)
}
