import type { JsonObject } from '../encoding/json-types.js'
import type { HashData } from './hash-and-sign.js'
import { canonicalProofOptions } from './proof-options.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/** RDFC-1.0 over proof options and document, each hashed, options first. */
export async function hashCanonicalRdf(
  secured: UnsecuredDocument,
  proof: JsonObject,
  digest: (bytes: Uint8Array) => Uint8Array
): Promise<HashData> {
  const { document, contexts } = secured
  const hash = (text: string) => digest(new TextEncoder().encode(text))
  const options = hash(await canonicalProofOptions(proof, document['@context'] ?? null, contexts))
  const canonical = await secured.canonical()
  const bytes = joinBytes(options, hash(canonical.text))
  if (!canonical.orderMatters) return { bytes }
  const other = await secured.canonical('utf16')
  return { bytes, utf16: joinBytes(options, hash(other.text)) }
}

export function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
