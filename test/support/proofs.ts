import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeMultibase } from '../../src/encoding/multibase.js'
import { createContextSet } from '../../src/model/contexts.js'
import { objectsOf } from '../../src/model/read.js'
import type { ProofOptions, ProofSigner } from '../../src/securing/cryptosuite.js'
import type { HashAndSignSuite } from '../../src/securing/hash-and-sign.js'
import { previousProofs, withPreviousProofs } from '../../src/securing/proof-chain.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import type { SignOptions, TestSigner } from './sign.js'

export interface AppendOptions extends Pick<SignOptions, 'contexts'>, Partial<ProofOptions> {
  readonly suite: HashAndSignSuite
}

/**
 * Adds a proof to those a document has (VC Data Integrity 1.0 section 4.3), in any suite, also in one that the library
 * only reads, and with any proof options.
 */
export async function appendProof(
  given: JsonObject,
  { signer, verificationMethod }: Pick<TestSigner, 'verificationMethod'> & { readonly signer: ProofSigner },
  { suite, contexts, ...options }: AppendOptions
): Promise<JsonObject> {
  const { proof: carried, ...document } = given
  const proofs = objectsOf(carried)
  const previous = previousProofs(options as JsonObject, proofs)
  const secured = await withPreviousProofs(await expandUnsecured(document, createContextSet(contexts)), previous)
  const proof = {
    ...typeOf(suite),
    created: '2024-06-01T00:00:00Z',
    verificationMethod,
    proofPurpose: 'assertionMethod',
    ...(suite.proofContext && { '@context': document['@context'] as string[] }),
    ...(options as JsonObject)
  }
  const { bytes } = await suite.hash(secured, proof, signer.algorithm)
  const proofValue = encodeMultibase('base58btc', await signer.sign(bytes))
  return { ...document, proof: [...proofs, { ...proof, proofValue }] }
}

function typeOf({ name }: HashAndSignSuite): JsonObject {
  return name.endsWith('Signature2020') ? { type: name } : { type: 'DataIntegrityProof', cryptosuite: name }
}
