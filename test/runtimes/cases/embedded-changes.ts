import type { JsonObject } from '../../../src/encoding/json-types.js'
import type { CaseInput } from '../case.js'
import { type Anything, DOCUMENT_CHANGES } from './document-changes.js'
import type { FormatSigner } from './formats.js'

const PROOF_CHANGES: readonly (readonly [string, (proof: Anything, stranger: FormatSigner) => void])[] = [
  ['the first byte of the proof', (proof) => flip(proof, 5)],
  ['the last byte of the proof', (proof) => flip(proof, proof.proofValue.length - 1)],
  [
    'a proof value in another encoding',
    (proof) => {
      const other = proof.proofValue.startsWith('u') ? 'z' : 'u'
      proof.proofValue = `${other}${proof.proofValue.slice(1)}`
    }
  ],
  ['half a proof value', (proof) => Object.assign(proof, { proofValue: proof.proofValue.slice(0, 44) })],
  ['another time of signing', (proof) => Object.assign(proof, { created: '2024-06-01T00:00:01Z' })],
  ['signed in the future', (proof) => Object.assign(proof, { created: '2036-06-01T00:00:00Z' })],
  ['another purpose', (proof) => Object.assign(proof, { proofPurpose: 'authentication' })],
  ['an unknown suite', (proof) => Object.assign(proof, { cryptosuite: 'eddsa-rdfc-2122' })],
  ["a stranger's key", (proof, { verificationMethod }) => Object.assign(proof, { verificationMethod })],
  ['a challenge', (proof) => Object.assign(proof, { challenge: 'abc' })],
  ['a proof before it', (proof) => Object.assign(proof, { previousProof: 'urn:uuid:1' })]
]

/** Changes of a credential with an embedded proof. */
export function* embeddedChanges(signed: CaseInput, stranger: FormatSigner): Iterable<readonly [string, CaseInput]> {
  const original = (signed as { readonly json: JsonObject }).json
  for (const [name, change] of DOCUMENT_CHANGES) yield [name, edited(original, change)]
  for (const [name, change] of PROOF_CHANGES) {
    yield [name, edited(original, ({ proof }) => change(Array.isArray(proof) ? proof[0] : proof, stranger))]
  }
  yield ['no proof', edited(original, (document) => delete document.proof)]
  yield ['an empty list of proofs', edited(original, (document) => Object.assign(document, { proof: [] }))]
  yield ['a second proof that does not hold', edited(original, addBrokenProof)]
}

function addBrokenProof(document: Anything): void {
  const [proof] = [document.proof].flat()
  const broken = { ...proof, created: '2024-06-02T00:00:00Z' }
  document.proof = [proof, broken]
}

function flip(proof: Anything, place: number): void {
  const other = proof.proofValue[place] === '2' ? '3' : '2'
  proof.proofValue = proof.proofValue.slice(0, place) + other + proof.proofValue.slice(place + 1)
}

function edited(original: JsonObject, change: (document: Anything) => unknown): CaseInput {
  const copy = structuredClone(original)
  change(copy)
  return { json: copy }
}
