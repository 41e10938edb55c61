import { toQuads } from '../../canonical/json-ld.js'
import { type NamedNodes, nameNodes } from '../../canonical/named-nodes.js'
import { canonicalizeQuads, type Quad } from '../../canonical/rdfc.js'
import { orderStatements } from '../../canonical/statements.js'
import { InputError, SecuringError } from '../../encoding/errors.js'
import { parsePointer } from '../../encoding/json-pointer.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { UnsecuredDocument } from '../unsecured-document.js'
import { allSigned, numberOfLabel, readStatements } from './derived-proof.js'
import { selectPointers } from './pointers.js'
import {
  type BaseProofValue,
  type DerivedProofValue,
  readBaseProofValue,
  writeDerivedProofValue
} from './proof-value.js'
import { type Selection, selectionOf, showPart } from './selection.js'
import { hideStatements, quadsOfPart, type StatementOrder, writeNamed } from './statements.js'

/** A credential with a base proof, taken apart so that parts of it can be shown. */
export interface Disclosable {
  /** What is shown of the credential, without proof. */
  readonly shown: JsonObject
  /**
   * The value of the derived proof for what is shown, checked against it.
   *
   * @param given what is shown, expanded from its own JSON
   */
  derive(given: UnsecuredDocument): Promise<string>
}

/**
 * Chooses what a holder shows of a credential: the mandatory part, and what the pointers in `reveal` point at (Data
 * Integrity ECDSA Cryptosuites 1.0 sections 3.5.5 and 3.6.6).
 *
 * @throws {InputError} POINTER_INVALID with every bad pointer; ENCODING_INVALID where the proof is no base proof
 */
export async function disclose(
  secured: UnsecuredDocument,
  proofValue: string,
  reveal: readonly string[]
): Promise<Disclosable> {
  const { document, expanded, contexts } = secured
  const base = readBaseProofValue(proofValue)
  const names = await nameNodes(document, expanded, contexts)
  const mandatory = selectPointers(base.mandatoryPointers, document, names.forms, '/proof/mandatoryPointers')
  selectPointers(reveal, document, names.forms, 'reveal')
  const combined = selectionOf([...base.mandatoryPointers, ...reveal].map((one) => parsePointer(one) ?? []))
  const task = { names, base, mandatory, combined }
  return {
    shown: showPart(document, combined),
    async derive(given) {
      const { value, order } = await deriveValue(task)
      await checkShown(given, value, order)
      return writeDerivedProofValue(value)
    }
  }
}

interface Task {
  readonly names: NamedNodes
  readonly base: BaseProofValue
  readonly mandatory: Selection
  readonly combined: Selection
}

interface Derivation {
  readonly value: DerivedProofValue
  readonly order: StatementOrder
}

/** The order of the standard first; a credential for which it matters may be signed in the other. */
async function deriveValue(task: Task): Promise<Derivation> {
  const { value, orderMatters } = await deriveInOrder(task, 'codePoint')
  if (value !== undefined) return { value, order: 'codePoint' }
  const other = orderMatters ? await deriveInOrder(task, 'utf16') : undefined
  if (other?.value !== undefined) return { value: other.value, order: 'utf16' }
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'the base proof was not made for this credential',
    path: '/proof/proofValue',
    hint: 'Take the credential again from where it was issued; it was changed since.'
  })
}

async function deriveInOrder(
  { names, base, mandatory, combined }: Task,
  order: StatementOrder
): Promise<{ readonly value?: DerivedProofValue; readonly orderMatters: boolean }> {
  const { baseSignature, publicKey, hmacKey, signatures } = base
  const { lines, mandatory: required, orderMatters, nameOf } = await hideStatements(names, mandatory, hmacKey, order)
  const optional = lines.filter((line) => !required.has(line))
  const signatureOf = new Map(optional.map((line, index) => [line, signatures[index] as Uint8Array]))

  const quads = await quadsOfPart(names, combined)
  const shown = orderStatements(writeNamed(quads, nameOf), order)
  const chosen = shown.filter((line) => !required.has(line))
  const filtered = chosen.map((line) => signatureOf.get(line) as Uint8Array)
  const fits =
    signatures.length === optional.length &&
    (await allSigned(chosen, filtered, publicKey)) &&
    (!orderMatters || (await allSigned(optional, signatures, publicKey)))
  if (!fits) return { orderMatters }

  const labels = new Map<string, string>()
  await canonicalizeQuads(quads, { issuedIdentifiers: labels, order })
  const value = {
    baseSignature,
    publicKey,
    signatures: filtered,
    labelMap: new Map([...labels].map(([label, name]) => [numberOfLabel(name), nameOf(label)] as const)),
    mandatoryIndexes: shown.flatMap((line, index) => (required.has(line) ? [index] : []))
  }
  return { value, orderMatters }
}

/** A verifier has to find the same statements in what is shown as the holder found in the whole. */
async function checkShown(
  { expanded, contexts }: UnsecuredDocument,
  value: DerivedProofValue,
  order: StatementOrder
): Promise<void> {
  const quads = (await toQuads(expanded, contexts)) as readonly Quad[]
  const found = await readStatements(quads, value, order)
  if (found !== undefined && (await allSigned(found.optional, value.signatures, value.publicKey))) return
  throw new SecuringError({
    code: 'CANONICALIZATION_FAILED',
    message: 'what would be shown does not say the same as the credential does',
    hint: 'Reveal larger parts of it.'
  })
}
