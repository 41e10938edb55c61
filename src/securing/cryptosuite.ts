import type { KeyAlgorithm, PublicKey } from '../crypto/public-key.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { ContextSet } from '../model/contexts.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/**
 * How a proof came out. `order` says that it fits the order by UTF-16 unit only, which some libraries sign in; `document`
 * is the document with the contexts that the proof covers, where it does not cover all.
 */
export type ProofVerdict =
  | { readonly holds: true; readonly order?: 'utf16'; readonly document?: JsonObject }
  | { readonly holds: false }

/** Signs bytes with a key of this algorithm; the signature is checked before it comes back. */
export interface ProofSigner {
  readonly algorithm: KeyAlgorithm
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/**
 * One way of securing a document with an embedded proof. A format is added by adding a suite beside the others;
 * nothing else in the library knows what a suite does.
 */
export interface Cryptosuite {
  /** The name in `cryptosuite`, or the proof type where a type alone names the suite. */
  readonly name: string
  /** The kinds of key the suite signs with; any other is refused (VC Data Integrity 1.0 section 4.4). */
  readonly keyAlgorithms: readonly KeyAlgorithm[]
  /** True where the proof options may carry the `@context` that they were made under, as the JCS suites do. */
  readonly proofContext: boolean
  /** True for a proof whose `type` *and* `cryptosuite` name this suite. */
  matches(proof: JsonObject): boolean
  /**
   * Checks what can be checked of `proofValue` without a key.
   *
   * @throws {InputError} ENCODING_INVALID where the value is not exactly what the suite would write; PROOF_BASE_SHOWN
   */
  checkProofValue(proofValue: string): void
  /**
   * Whether the proof holds for the document and the key.
   *
   * @throws {SecuringError} where the document or the proof has no canonical form
   * @throws {KeyError} CRYPTO_UNAVAILABLE
   */
  verifyProof(secured: UnsecuredDocument, proof: JsonObject, key: PublicKey): Promise<ProofVerdict>
  /** Makes a proof from its options; absent for a suite that is only read. */
  createProof?(secured: UnsecuredDocument, options: ProofOptions, signer: ProofSigner): Promise<JsonObject>
  /**
   * Refuses a document that {@link createProof} would refuse, before anything else is done for it.
   *
   * @throws {InputError}
   */
  checkUnsigned?(document: JsonObject, contexts: ContextSet): void
  /** True where what is signed is for a holder alone, who chooses what others see of it. */
  readonly showsPart?: boolean
  /**
   * The same suite with more that no holder may leave out; absent where nobody can leave out anything.
   *
   * @throws {OptionError} OPTION_INVALID for a text that is not a JSON Pointer
   */
  withMandatoryPointers?(pointers: readonly string[]): Cryptosuite
}

/** What a new proof says of itself besides its type (VC Data Integrity 1.0 section 2.1). */
export interface ProofOptions {
  readonly created: string
  readonly verificationMethod: string
  /** Default `assertionMethod`. */
  readonly proofPurpose?: string
  readonly id?: string
  readonly expires?: string
  readonly domain?: string | readonly string[]
  readonly challenge?: string
  readonly nonce?: string
  /** The ids of proofs that the document to sign carries already. */
  readonly previousProof?: string | readonly string[]
}
