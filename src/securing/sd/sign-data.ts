import { sha256 } from '../../crypto/digest.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { ContextSet } from '../../model/contexts.js'
import { canonicalProofOptions } from '../proof-options.js'

/**
 * What the issuer's key signs: the hash of the proof options, the key of the statements, and the hash of the mandatory
 * statements (Data Integrity ECDSA Cryptosuites 1.0 section 3.5.1).
 */
export async function signData(
  { document, contexts }: { readonly document: JsonObject; readonly contexts: ContextSet },
  proof: JsonObject,
  publicKey: Uint8Array,
  mandatory: readonly string[]
): Promise<Uint8Array> {
  const hash = (text: string) => sha256(new TextEncoder().encode(text))
  const options = await canonicalProofOptions(proof, document['@context'] ?? null, contexts)
  return Uint8Array.from([...hash(options), ...publicKey, ...hash(mandatory.join(''))])
}
