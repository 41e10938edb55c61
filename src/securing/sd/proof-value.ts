import { type CborMap, type CborValue, decodeCbor, encodeCbor } from '../../encoding/cbor.js'
import { InputError } from '../../encoding/errors.js'
import { decodeMultibase, encodeMultibase } from '../../encoding/multibase.js'

/** What a base proof carries, for the holder alone (Data Integrity ECDSA Cryptosuites 1.0 section 3.5.3). */
export interface BaseProofValue {
  readonly baseSignature: Uint8Array
  /** The Multikey, in bytes, of the key that signed the statements. */
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly mandatoryPointers: readonly string[]
}

/** What a derived proof carries (Data Integrity ECDSA Cryptosuites 1.0 section 3.5.8). */
export interface DerivedProofValue {
  readonly baseSignature: Uint8Array
  readonly publicKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  /** The signed name of each blank node, by the number of its canonical label. */
  readonly labelMap: ReadonlyMap<number, Uint8Array>
  readonly mandatoryIndexes: readonly number[]
}

export const SIGNATURE_LENGTH = 64
/** The bytes 80 24 and a compressed point: 35 in all, where section 3.5.8 of the standard says 36 of the same thing. */
export const STATEMENT_KEY_LENGTH = 35
export const HMAC_LENGTH = 32
/** Each is an ECDSA signature to check. */
export const MAX_SIGNATURES = 1_000

const HEADER = [0xd9, 0x5d] as const
const BASE = 0x00
const DERIVED = 0x01
const COMPONENTS = 5
const PATH = '/proof/proofValue'
const MAX_LENGTH = 524_288
const MAX_ITEMS = 20_000

/** @throws {InputError} ENCODING_INVALID for anything but a well-formed base proof */
export function readBaseProofValue(text: string): BaseProofValue {
  const { kind, bytes } = decode(text)
  if (kind !== BASE) throw malformed('it is no base proof', 'the header d95d00')
  const [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers] = readComponents(bytes)
  return {
    baseSignature: bytesOf(baseSignature, SIGNATURE_LENGTH, 'the base signature'),
    publicKey: bytesOf(publicKey, STATEMENT_KEY_LENGTH, 'the key of the statements'),
    hmacKey: bytesOf(hmacKey, HMAC_LENGTH, 'the HMAC key'),
    signatures: signaturesOf(signatures),
    mandatoryPointers: arrayOf(mandatoryPointers, 'the mandatory pointers').map((pointer) => {
      if (typeof pointer !== 'string') throw malformed('a mandatory pointer is no text', 'a JSON Pointer')
      return pointer
    })
  }
}

/** @throws {InputError} PROOF_BASE_SHOWN for a base proof, ENCODING_INVALID for anything else but a well-formed derived one */
export function readDerivedProofValue(text: string): DerivedProofValue {
  const { kind, bytes } = decode(text)
  if (kind === BASE) {
    throw new InputError({
      code: 'PROOF_BASE_SHOWN',
      message: 'a base proof was shown, which is for the holder alone',
      path: PATH,
      expected: 'a derived proof',
      hint: 'Derive a credential from it with deriveCredential, and show that.'
    })
  }
  if (kind !== DERIVED) throw malformed('it is no proof of this suite', 'the header d95d01')
  const [baseSignature, publicKey, signatures, labelMap, mandatoryIndexes] = readComponents(bytes)
  return {
    baseSignature: bytesOf(baseSignature, SIGNATURE_LENGTH, 'the base signature'),
    publicKey: bytesOf(publicKey, STATEMENT_KEY_LENGTH, 'the key of the statements'),
    signatures: signaturesOf(signatures),
    labelMap: labelMapOf(labelMap),
    mandatoryIndexes: indexesOf(mandatoryIndexes)
  }
}

export function writeBaseProofValue(value: BaseProofValue): string {
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = value
  return encode(BASE, [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers])
}

export function writeDerivedProofValue(value: DerivedProofValue): string {
  const { baseSignature, publicKey, signatures, labelMap, mandatoryIndexes } = value
  return encode(DERIVED, [baseSignature, publicKey, signatures, labelMap, mandatoryIndexes])
}

function decode(text: string): { readonly kind: number; readonly bytes: Uint8Array } {
  const bytes = decodeMultibase(text, { encoding: 'base64url', maxLength: MAX_LENGTH, path: PATH })
  const [first, second, kind] = bytes
  const ours = first === HEADER[0] && second === HEADER[1] && kind !== undefined
  return { kind: ours ? kind : -1, bytes: bytes.subarray(3) }
}

function encode(kind: number, components: CborValue): string {
  return encodeMultibase('base64url', Uint8Array.from([...HEADER, kind, ...encodeCbor(components)]))
}

function readComponents(bytes: Uint8Array): readonly (CborValue | undefined)[] {
  const components = arrayOf(decodeCbor(bytes, { path: PATH, maxItems: MAX_ITEMS }), 'the proof value')
  if (components.length === COMPONENTS) return components
  throw malformed('it has another number of components', `${COMPONENTS}`, `${components.length}`)
}

function bytesOf(value: CborValue | undefined, length: number, name: string): Uint8Array {
  if (value instanceof Uint8Array && value.length === length) return value
  throw malformed(`${name} has another form`, `${length} bytes`)
}

function arrayOf(value: CborValue | undefined, name: string): readonly CborValue[] {
  if (Array.isArray(value)) return value
  throw malformed(`${name} has another form`, 'an array')
}

function signaturesOf(value: CborValue | undefined): readonly Uint8Array[] {
  const signatures = arrayOf(value, 'the list of signatures')
  if (signatures.length > MAX_SIGNATURES)
    throw malformed('it has too many signatures', `at most ${MAX_SIGNATURES}`, `${signatures.length}`)
  return signatures.map((signature) => bytesOf(signature, SIGNATURE_LENGTH, 'the signature of a statement'))
}

/** Two nodes of one name would be one node, and what is said of either would be said of both. */
function labelMapOf(value: CborValue | undefined): ReadonlyMap<number, Uint8Array> {
  if (!(value instanceof Map)) throw malformed('the label map has another form', 'a map')
  const entries = [...(value as CborMap)].map(([key, label]) => {
    if (typeof key !== 'number' || key < 0) throw malformed('a label is not named by its number', 'a number from 0')
    return [key, bytesOf(label, HMAC_LENGTH, 'a label')] as const
  })
  const labels = new Set(entries.map(([, label]) => label.join()))
  if (labels.size !== entries.length) throw malformed('two labels are the same', 'labels that differ')
  return new Map(entries)
}

function indexesOf(value: CborValue | undefined): readonly number[] {
  const indexes = arrayOf(value, 'the list of mandatory indexes').map((index) => {
    if (typeof index !== 'number' || index < 0)
      throw malformed('a mandatory index is not a number from 0', 'a number from 0')
    return index
  })
  if (new Set(indexes).size !== indexes.length) throw malformed('a mandatory index stands twice', 'each index once')
  return indexes
}

function malformed(message: string, expected: string, got?: string): InputError {
  return new InputError({
    code: 'ENCODING_INVALID',
    message: `the value of the ecdsa-sd-2023 proof is not well formed: ${message}`,
    path: PATH,
    expected,
    ...(got === undefined ? {} : { got })
  })
}
