import { type DigestAlgorithm, digest } from '../crypto/digest.js'

/** The digests of the canonical proof options and of the canonical document side by side: what the suites sign. */
export function hashPair(algorithm: DigestAlgorithm, options: string, document: string): Uint8Array {
  const encoder = new TextEncoder()
  const [first, second] = [digest(algorithm, encoder.encode(options)), digest(algorithm, encoder.encode(document))]
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
