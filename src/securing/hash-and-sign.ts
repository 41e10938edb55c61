import { type KeyAlgorithm, type PublicKey, SIGNATURE_ALGORITHMS } from '../crypto/public-key.js'
import { InputError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeMultibase, encodeMultibase } from '../encoding/multibase.js'
import { startsWithContexts } from '../model/context-prefix.js'
import type { Cryptosuite, ProofOptions, ProofSigner, ProofVerdict } from './cryptosuite.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/** The bytes a signature covers. */
export interface HashData {
  readonly bytes: Uint8Array
  /** The bytes that a stack which orders by UTF-16 unit would have signed, where they differ. */
  readonly utf16?: Uint8Array
  /** The document that the bytes stand for, where it is not the given one. */
  readonly document?: JsonObject
}

/** What tells one hash-and-sign suite from another. */
export interface HashAndSign {
  /** What a proof of this suite says of its form; each of the two has to match. */
  readonly proofType: { readonly type: string; readonly cryptosuite?: string }
  readonly keyAlgorithms: readonly KeyAlgorithm[]
  /** The lengths a signature may have, in bytes. */
  readonly signatureLengths: readonly number[]
  readonly proofContext: boolean
  /** False for a suite that is only read. */
  readonly signs: boolean
  readonly hash: (secured: UnsecuredDocument, proof: JsonObject, algorithm: KeyAlgorithm) => Promise<HashData>
}

/** A suite that hashes proof options and document and signs the two hashes (VC Data Integrity 1.0 section 3). */
export interface HashAndSignSuite extends Cryptosuite {
  readonly hash: HashAndSign['hash']
}

/** Builds a suite of the kind that signs two hashes, in base58btc. */
export function hashAndSignSuite(form: HashAndSign): HashAndSignSuite {
  const { proofType, keyAlgorithms, proofContext, hash } = form
  const decode = (proofValue: string) => decodeSignature(proofValue, form.signatureLengths)
  return Object.freeze({
    name: proofType.cryptosuite ?? proofType.type,
    keyAlgorithms,
    proofContext,
    hash,
    matches: (proof: JsonObject) => proof['type'] === proofType.type && proof['cryptosuite'] === proofType.cryptosuite,
    checkProofValue(proofValue: string): void {
      decode(proofValue)
    },
    async verifyProof(secured: UnsecuredDocument, proof: JsonObject, key: PublicKey): Promise<ProofVerdict> {
      const [algorithm] = SIGNATURE_ALGORITHMS[key.algorithm]
      if (algorithm === undefined || !keyAlgorithms.includes(key.algorithm)) return { holds: false }
      if (!fitsContext(proof, secured, proofContext)) return { holds: false }
      const signature = decode(String(proof['proofValue']))
      const { bytes, utf16, document } = await hash(secured, proof, key.algorithm)
      const covers = document === undefined ? {} : { document }
      if ((await key.verify(algorithm, signature, bytes)) === true) return { holds: true, ...covers }
      const other = utf16 !== undefined && (await key.verify(algorithm, signature, utf16)) === true
      return other ? { holds: true, order: 'utf16', ...covers } : { holds: false }
    },
    ...(form.signs && {
      async createProof(secured: UnsecuredDocument, options: ProofOptions, signer: ProofSigner): Promise<JsonObject> {
        const proof = withContext(proofOptionsOf(proofType, options), secured, proofContext)
        const { bytes } = await hash(secured, proof, signer.algorithm)
        return { ...proof, proofValue: encodeMultibase('base58btc', await signer.sign(bytes)) }
      }
    })
  })
}

/** A context in a proof could change what its members mean, unless it is one that the document has too. */
function fitsContext(proof: JsonObject, { document }: UnsecuredDocument, proofContext: boolean): boolean {
  const context = proof['@context']
  return context === undefined || (proofContext && startsWithContexts(document['@context'], context))
}

/** The members of a new proof, without its value. */
export function proofOptionsOf({ type, ...suite }: HashAndSign['proofType'], options: ProofOptions): JsonObject {
  const { created, verificationMethod, proofPurpose = 'assertionMethod', ...more } = options
  return { type, created, verificationMethod, ...suite, proofPurpose, ...more }
}

function withContext(proof: JsonObject, { document }: UnsecuredDocument, proofContext: boolean): JsonObject {
  const context = document['@context']
  return proofContext && context !== undefined ? { ...proof, '@context': context } : proof
}

function decodeSignature(proofValue: string, lengths: readonly number[]): Uint8Array {
  const signature = decodeMultibase(proofValue, { encoding: 'base58btc', maxLength: 200, path: '/proof/proofValue' })
  if (lengths.includes(signature.length)) return signature
  throw new InputError({
    code: 'ENCODING_INVALID',
    message: 'the signature has the wrong length',
    path: '/proof/proofValue',
    expected: `${lengths.join(' or ')} bytes`,
    got: `${signature.length} bytes`
  })
}
