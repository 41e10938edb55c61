import { base64 } from '@scure/base'
import { decodeMultibase } from '../encoding/multibase.js'
import { equalBytes, sha256, sha384, sha512 } from './digest.js'

/** A digest that a document states of a file. */
export interface StatedDigest {
  readonly matches: (content: Uint8Array) => boolean
}

interface Hash {
  readonly name: string
  /** The multihash code; all three are one or two bytes, the length follows. */
  readonly code: number
  readonly length: number
  readonly digest: (bytes: Uint8Array) => Uint8Array
}

const HASHES: readonly Hash[] = [
  { name: 'sha256', code: 0x12, length: 32, digest: sha256 },
  { name: 'sha384', code: 0x20, length: 48, digest: sha384 },
  { name: 'sha512', code: 0x13, length: 64, digest: sha512 }
]

/**
 * Reads a `digestSRI`: `sha384-` and base64, or several of them; the strongest counts. Options behind a `?` are ignored.
 *
 * @returns undefined where the text is not such a digest
 * @see Subresource Integrity section 3.5; VC Data Model 2.0 section 5.3
 */
export function readDigestSri(text: string): StatedDigest | undefined {
  if (text.length > 1024) return undefined
  const parts = text
    .trim()
    .split(/\s+/)
    .map((part) => part.split('?', 1)[0] ?? '')
  const stated = parts.map(readOneSri)
  if (stated.some((one) => one === undefined)) return undefined
  const known = stated as readonly { readonly hash: Hash; readonly digest: Uint8Array }[]
  const strongest = Math.max(...known.map(({ hash }) => hash.length))
  return statedBy(known.filter(({ hash }) => hash.length === strongest))
}

function readOneSri(part: string): { readonly hash: Hash; readonly digest: Uint8Array } | undefined {
  const [name, ...rest] = part.split('-')
  const hash = HASHES.find((one) => one.name === name)
  if (hash === undefined) return undefined
  try {
    const digest = base64.decode(rest.join('-'))
    return digest.length === hash.length ? { hash, digest } : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads a `digestMultibase`: a multihash with SHA-256, SHA-384 or SHA-512 in base58btc or base64url.
 *
 * @returns undefined where the text is not such a digest
 * @see Controlled Identifiers 1.0 section 2.5; VC Data Model 2.0 section 5.3
 */
export function readDigestMultibase(text: string): StatedDigest | undefined {
  let bytes: Uint8Array
  try {
    bytes = decodeMultibase(text, { maxLength: 200 })
  } catch {
    return undefined
  }
  const hash = HASHES.find(
    ({ code, length }) => bytes[0] === code && bytes[1] === length && bytes.length === length + 2
  )
  return hash && statedBy([{ hash, digest: bytes.subarray(2) }])
}

function statedBy(stated: readonly { readonly hash: Hash; readonly digest: Uint8Array }[]): StatedDigest {
  return { matches: (content) => stated.some(({ hash, digest }) => equalBytes(hash.digest(content), digest)) }
}
