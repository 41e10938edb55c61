import type { JsonObject } from '../encoding/json-types.js'
import type { UnsecuredDocument } from './unsecured-document.js'

/** The bytes a signature covers. */
export interface HashData {
  readonly bytes: Uint8Array
  /** The bytes that a stack which orders by UTF-16 unit would have signed, where they differ. */
  readonly utf16?: Uint8Array
}

/**
 * One way of securing a document with an embedded proof. A format is added by adding a suite beside the others;
 * nothing else in the library knows what a suite does.
 */
export interface Cryptosuite {
  readonly name: string
  /** The key type the suite signs with; any other is refused (VC Data Integrity 1.0 section 4.4). */
  readonly keyType: 'Ed25519'
  /** True for a proof whose `type` *and* `cryptosuite` name this suite. */
  matches(proof: JsonObject): boolean
  hash(secured: UnsecuredDocument, proof: JsonObject): Promise<HashData>
  encodeProofValue(signature: Uint8Array): string
  /** @throws {InputError} ENCODING_INVALID where the value is not exactly what {@link encodeProofValue} writes */
  decodeProofValue(proofValue: string): Uint8Array
}
