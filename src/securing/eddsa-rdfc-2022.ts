import { sha256 } from '../crypto/digest.js'
import { InputError } from '../encoding/errors.js'
import { decodeMultibase, encodeMultibase } from '../encoding/multibase.js'
import type { Cryptosuite, HashData } from './cryptosuite.js'
import { canonicalProofOptions } from './proof-options.js'
import type { UnsecuredDocument } from './unsecured-document.js'

const SIGNATURE_LENGTH = 64

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
export const eddsaRdfc2022: Cryptosuite = Object.freeze({
  name: 'eddsa-rdfc-2022',
  keyType: 'Ed25519',
  matches: (proof) => proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === 'eddsa-rdfc-2022',
  hash: hashDocument,
  encodeProofValue: (signature) => encodeMultibase('base58btc', signature),
  decodeProofValue
} satisfies Cryptosuite)

async function hashDocument(secured: UnsecuredDocument, proof: Parameters<Cryptosuite['hash']>[1]): Promise<HashData> {
  const { document, contexts } = secured
  const options = sha256(utf8(await canonicalProofOptions(proof, document['@context'] ?? null, contexts)))
  const canonical = await secured.canonical()
  const bytes = join(options, sha256(utf8(canonical.text)))
  if (!canonical.orderMatters) return { bytes }
  const other = await secured.canonical('utf16')
  return { bytes, utf16: join(options, sha256(utf8(other.text))) }
}

function decodeProofValue(proofValue: string): Uint8Array {
  const signature = decodeMultibase(proofValue, { encoding: 'base58btc', maxLength: 120, path: '/proof/proofValue' })
  if (signature.length !== SIGNATURE_LENGTH) {
    throw new InputError({
      code: 'ENCODING_INVALID',
      message: 'the signature has the wrong length',
      path: '/proof/proofValue',
      expected: `${SIGNATURE_LENGTH} bytes`,
      got: `${signature.length} bytes`
    })
  }
  return signature
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
