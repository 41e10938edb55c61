import { toQuads } from '../../canonical/json-ld.js'
import { type NamedNodes, nameNodes } from '../../canonical/named-nodes.js'
import { canonicalizeQuads } from '../../canonical/rdfc.js'
import { orderStatements } from '../../canonical/statements.js'
import { InputError, SecuringError } from '../../encoding/errors.js'
import { parsePointer } from '../../encoding/json-pointer.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { UnsecuredDocument } from '../unsecured-document.js'
import { allSigned, numberOfLabel, readStatements, type ShownStatements } from './derived-proof.js'
import { selectPointers } from './pointers.js'
import {
  type BaseProofValue,
  type DerivedProofValue,
  readBaseProofValue,
  writeDerivedProofValue
} from './proof-value.js'
import { type Selection, selectionOf, showPart } from './selection.js'
import { type HiddenStatements, hideStatements, quadsOfPart, type StatementOrder, writeNamed } from './statements.js'

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
      const derivation = await deriveValue(task)
      await checkShown(given, derivation)
      return writeDerivedProofValue(derivation.value)
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
  readonly statements: ShownStatements
  readonly order: StatementOrder
}

/** The order of the standard first; a credential for which it matters may be signed in the other. */
const ORDERS: readonly StatementOrder[] = ['codePoint', 'utf16']

async function deriveValue(task: Task): Promise<Derivation> {
  for (const order of ORDERS) {
    const hidden = await hideStatements(task.names, task.mandatory, task.base.hmacKey, order)
    const derivation = await deriveInOrder(task, hidden, order)
    if (derivation !== undefined) return derivation
    if (!hidden.orderMatters) break
  }
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'the base proof was not made for this credential',
    path: '/proof/proofValue',
    hint: 'Take the credential again from where it was issued; it was changed since.'
  })
}

/** Undefined where the statements of the credential in this order are not the ones that were signed. */
async function deriveInOrder(
  { names, base, combined }: Task,
  { lines, mandatory, nameOf }: HiddenStatements,
  order: StatementOrder
): Promise<Derivation | undefined> {
  const { baseSignature, publicKey, signatures } = base
  const isMandatory = (line: string) => mandatory.has(line)
  const optional = lines.filter((line) => !isMandatory(line))
  if (signatures.length !== optional.length) return undefined
  if (!(await allSigned(optional, signatures, publicKey))) return undefined
  const signatureOf = new Map(optional.map((line, index) => [line, signatures[index] as Uint8Array]))

  const quads = await quadsOfPart(names, combined)
  const shown = orderStatements(writeNamed(quads, nameOf), order)
  const statements = {
    mandatory: shown.filter(isMandatory),
    optional: shown.filter((line) => !isMandatory(line))
  }
  const labels = new Map<string, string>()
  await canonicalizeQuads(quads, { issuedIdentifiers: labels, order })
  const value = {
    baseSignature,
    publicKey,
    signatures: statements.optional.map((line) => signatureOf.get(line) as Uint8Array),
    labelMap: new Map([...labels].map(([label, name]) => [numberOfLabel(name), nameOf(label)] as const)),
    mandatoryIndexes: shown.flatMap((line, index) => (isMandatory(line) ? [index] : []))
  }
  return { value, statements, order }
}

/** A verifier has to find the same statements in what is shown as the holder found in the whole. */
async function checkShown({ expanded }: UnsecuredDocument, { value, statements, order }: Derivation): Promise<void> {
  const quads = await toQuads(expanded)
  const found = await readStatements(quads, value, order)
  if (found !== undefined && textOf(found) === textOf(statements)) return
  throw new SecuringError({
    code: 'CANONICALIZATION_FAILED',
    message: 'what would be shown does not say the same as the credential does',
    hint: 'Reveal larger parts of it.'
  })
}

function textOf({ mandatory, optional }: ShownStatements): string {
  return [...mandatory, ...optional].join('')
}
