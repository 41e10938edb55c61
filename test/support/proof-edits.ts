import type { KeyAlgorithm } from '../../src/crypto/public-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeMultibase, encodeHex, encodeMultibase } from '../../src/encoding/multibase.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { defaultSuites } from '../../src/securing/default-suites.js'

/** A signed document that holds, and what an edit may need to know of it. */
export interface Control {
  readonly suite: Cryptosuite
  readonly algorithm: KeyAlgorithm
  /** A verification method of somebody else, with a key of the same kind. */
  readonly stranger: string
  /** A verification method of somebody else, with a key that the suite does not sign with. */
  readonly otherKind: string
}

/**
 * The code at the public level, and at the level of proofs alone where it differs; undefined where another gate decides.
 * Alternatives stand with `or` between them.
 */
export type Codes = string | readonly [everything: string, proofs: string | undefined]

// biome-ignore lint/suspicious/noExplicitAny: an edit puts anything anywhere.
type Editable = any
export type Edit = readonly [title: string, edit: (document: Editable, control: Control) => unknown, codes: Codes]

const proofOf = ({ proof }: Editable): Editable => (Array.isArray(proof) ? proof[0] : proof)
const inProof = (members: JsonObject) => (document: Editable) => Object.assign(proofOf(document), members)
const dropFromProof = (member: string) => (document: Editable) => {
  delete proofOf(document)[member]
}
const resign = (change: (signature: Uint8Array) => string) => (document: Editable) => {
  const proof = proofOf(document)
  proof.proofValue = change(decodeMultibase(proof.proofValue))
}
const base58 = (bytes: Uint8Array) => encodeMultibase('base58btc', bytes)

/** Edits after which no signed document may be accepted, whatever its suite, each with the code that says why. */
export const DOCUMENT_EDITS: readonly Edit[] = [
  ['a changed name', (document) => Object.assign(document, { name: `${document.name}.` }), 'SIGNATURE_INVALID'],
  [
    'another subject',
    (document) => Object.assign(document.credentialSubject, { id: 'did:example:mallory' }),
    'SIGNATURE_INVALID'
  ],
  [
    'an earlier start',
    (document) => Object.assign(document, { validFrom: '2001-01-01T00:00:00Z' }),
    'SIGNATURE_INVALID'
  ],
  ['a later end', (document) => Object.assign(document, { validUntil: '2099-01-01T00:00:00Z' }), 'SIGNATURE_INVALID'],
  [
    'another id',
    (document) => Object.assign(document, { id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000f' }),
    'SIGNATURE_INVALID'
  ],
  ['a further type', (document) => document.type.push('urn:example:Other'), 'SIGNATURE_INVALID'],
  [
    'another issuer',
    (document) => {
      const id = 'did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E'
      document.issuer = typeof document.issuer === 'string' ? id : { ...document.issuer, id }
    },
    ['ISSUER_KEY_MISMATCH', 'SIGNATURE_INVALID']
  ],
  ['its proof removed', (document) => delete document.proof, 'PROOF_MISSING'],
  ['an empty list of proofs', (document) => Object.assign(document, { proof: [] }), ['EMPTY_VALUE', 'PROOF_MALFORMED']],
  [
    '68: its proof in the subject',
    (document) => {
      document.credentialSubject.proof = document.proof
      delete document.proof
    },
    // A JCS proof brings a context, which may not stand there.
    ['PROOF_MISSING or CONTEXT_NESTED', 'PROOF_MISSING']
  ]
]

/** The same for what a proof says of itself. */
export const PROOF_EDITS: readonly Edit[] = [
  ['54: another purpose', inProof({ proofPurpose: 'authentication' }), 'PROOF_PURPOSE_MISMATCH'],
  ['no purpose', dropFromProof('proofPurpose'), 'PROOF_MALFORMED'],
  ['another time', inProof({ created: '2024-06-01T00:00:01Z' }), 'SIGNATURE_INVALID'],
  ['no time', dropFromProof('created'), 'SIGNATURE_INVALID'],
  [
    '64: a time without offset',
    inProof({ created: '2024-06-01T00:00:00' }),
    ['SCHEMA_INVALID or PROOF_MALFORMED', 'PROOF_MALFORMED']
  ],
  [
    '64: a list for a time',
    inProof({ created: ['2024-06-01T00:00:00Z'] }),
    ['SCHEMA_INVALID or PROOF_MALFORMED', 'PROOF_MALFORMED']
  ],
  ['64: a time to come', inProof({ created: '2099-01-01T00:00:00Z' }), 'PROOF_CREATED_IN_FUTURE'],
  ['64: an end that has passed', inProof({ expires: '2025-01-01T00:00:00Z' }), 'PROOF_EXPIRED'],
  ['an end that was added', inProof({ expires: '2099-01-01T00:00:00Z' }), 'SIGNATURE_INVALID'],
  ['a domain that was added', inProof({ domain: 'academy.example' }), 'SIGNATURE_INVALID'],
  ['65: a null', inProof({ challenge: null, domain: null }), ['EMPTY_VALUE', undefined]],
  [
    'the key of somebody else',
    (document, { stranger }) => inProof({ verificationMethod: stranger })(document),
    ['ISSUER_KEY_MISMATCH', 'SIGNATURE_INVALID']
  ],
  [
    '58: a key of another kind',
    (document, { otherKind }) => {
      const id = otherKind.split('#')[0]
      document.issuer = typeof document.issuer === 'string' ? id : { ...document.issuer, id }
      proofOf(document).verificationMethod = otherKind
    },
    'ISSUER_KEY_INVALID'
  ],
  ['no key', dropFromProof('verificationMethod'), 'PROOF_MALFORMED'],
  ['63: a previous proof that is not there', inProof({ previousProof: 'urn:uuid:1' }), 'PROOF_CHAIN_BROKEN'],
  ['no proofValue', dropFromProof('proofValue'), 'PROOF_MALFORMED'],
  ['an empty proofValue', inProof({ proofValue: 'z' }), 'PROOF_MALFORMED'],
  [
    '66: its proofValue in base64url',
    resign((signature) => encodeMultibase('base64url', signature)),
    'PROOF_MALFORMED'
  ],
  ['66: its proofValue in base16', resign((signature) => `f${encodeHex(signature)}`), 'PROOF_MALFORMED'],
  ['66: a byte less', resign((signature) => base58(signature.slice(0, -1))), 'PROOF_MALFORMED'],
  ['66: a byte more', resign((signature) => base58(Uint8Array.of(...signature, 0))), 'PROOF_MALFORMED'],
  [
    '66: a character less',
    resign((signature) => base58(signature).slice(0, -1)),
    'PROOF_MALFORMED or SIGNATURE_INVALID'
  ],
  ['66: a 1 more', resign((signature) => `z1${base58(signature).slice(1)}`), 'PROOF_MALFORMED'],
  ['66: white space', resign((signature) => `${base58(signature)} `), 'PROOF_MALFORMED'],
  ['66: upper case', resign((signature) => base58(signature).toUpperCase()), 'PROOF_MALFORMED'],
  ['a bit of the signature flipped', resign((signature) => base58(flipped(signature))), 'SIGNATURE_INVALID'],
  ['a signature of zeros', resign((signature) => base58(new Uint8Array(signature.length))), 'SIGNATURE_INVALID']
]

/** Case 58: the label of every other suite, with the code that the pair of suite and key leads to. */
export function suiteSwaps(control: Control): readonly Edit[] {
  return defaultSuites
    .filter((suite) => suite !== control.suite)
    .map((suite) => [
      `58: the label of ${suite.name}`,
      (document) => relabel(proofOf(document), suite),
      swapCode(control, suite)
    ])
}

function relabel(proof: Editable, { name }: Cryptosuite): void {
  delete proof.cryptosuite
  Object.assign(proof, name.endsWith('2020') ? { type: name } : { type: 'DataIntegrityProof', cryptosuite: name })
}

function swapCode({ algorithm, suite }: Control, other: Cryptosuite): Codes {
  const code = swapCodeOfProofs(algorithm, other)
  // Only a JCS proof may bring a context.
  return suite.proofContext && !other.proofContext ? ['CONTEXT_NESTED', code] : code
}

function swapCodeOfProofs(algorithm: KeyAlgorithm, other: Cryptosuite): string {
  if (other.keyAlgorithms.includes(algorithm))
    return other.name.endsWith('2020') ? 'SIGNATURE_INVALID or UNDEFINED_TERM' : 'SIGNATURE_INVALID'
  return algorithm === 'P-384' ? 'PROOF_MALFORMED' : 'ISSUER_KEY_INVALID'
}

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[7] = (copy[7] as number) ^ 1
  return copy
}
