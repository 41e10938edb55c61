import type { KeyCache } from '../crypto/key-cache.js'
import { KeyError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { signChecked } from '../keys/checked-signer.js'
import type { Signer } from '../keys/key-store.js'
import type { Cryptosuite } from './cryptosuite.js'
import { signsWith, suiteForKey } from './suite-for-key.js'
import type { UnsecuredDocument } from './unsecured-document.js'

export interface AddProofOptions {
  readonly signer: Signer
  /** The DID URL under which the issuer publishes the signer's public key. */
  readonly verificationMethod: string
  /** `created` of the proof, with whole seconds. */
  readonly created: string
  /** Where undefined, the one for the signer's kind of key. */
  readonly suite: Cryptosuite | undefined
  /** Keeps the imported public key between signatures. */
  readonly keyCache?: KeyCache
}

/**
 * Adds one proof to a document (VC Data Integrity 1.0 section 4.2) and checks the fresh signature with the pinned
 * public key before anybody sees it.
 *
 * Does not check the document; that is done before a signer is asked for anything.
 *
 * @throws {KeyError} when the signer fails or signs with another key; KEY_INVALID where key and suite do not fit
 */
export async function addProof(secured: UnsecuredDocument, options: AddProofOptions): Promise<JsonObject> {
  const { signer, verificationMethod, created, keyCache } = options
  const suite = options.suite ?? suiteForKey(signer.algorithm)
  if (suite.createProof === undefined || !signsWith(suite, signer.algorithm)) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: 'the suite does not sign with a key of this kind',
      expected: suite.createProof === undefined ? `a suite other than ${suite.name}` : suite.keyAlgorithms.join(' or '),
      got: signer.algorithm
    })
  }
  const proof = await suite.createProof(
    secured,
    { created, verificationMethod },
    { algorithm: signer.algorithm, sign: (bytes) => signChecked(signer, bytes, keyCache ? { keyCache } : {}) }
  )
  return { ...secured.document, proof: [proof] }
}
