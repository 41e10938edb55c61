import type { JsonObject } from '../encoding/json-types.js'
import { findCredentialAgain, findSharedIds } from '../model/shared-ids.js'
import type { Settings } from './options.js'
import { type ProofFact, type Warning, warn } from './report.js'

/** Places of one class that describe the same thing differently: harmless, but not told apart by the signature. */
export function sharedIdWarnings(
  document: JsonObject,
  proofs: readonly ProofFact[],
  settings: Settings
): readonly Warning[] {
  // A token signs the text, and the text says which place says what.
  if (proofs.some(({ holds }) => holds === true)) return []
  const { differing } =
    settings.expect === 'VerifiableCredential'
      ? findCredentialAgain(document)
      : findSharedIds(document, settings.expect)
  return differing.map((id) => warn('SHARED_ID', { id: id.slice(0, 200) }))
}
