import { toQuads } from '../../canonical/json-ld.js'
import { canonicalizeQuads, type Quad } from '../../canonical/rdfc.js'
import { orderStatements } from '../../canonical/statements.js'
import type { PublicKey } from '../../crypto/public-key.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { ProofVerdict } from '../cryptosuite.js'
import type { UnsecuredDocument } from '../unsecured-document.js'
import { type DerivedProofValue, readDerivedProofValue } from './proof-value.js'
import { signData } from './sign-data.js'
import { importStatementKey } from './statement-key.js'
import { type StatementOrder, writeNamed } from './statements.js'

/** The statements of a derived credential as the issuer signed them. */
export interface ShownStatements {
  readonly mandatory: readonly string[]
  readonly optional: readonly string[]
}

/**
 * Whether a derived proof holds (Data Integrity ECDSA Cryptosuites 1.0 section 3.6.7): the issuer's key signed the
 * mandatory statements and the key of the others, and that key signed each of the others.
 */
export async function verifyDerivedProof(
  secured: UnsecuredDocument,
  proof: JsonObject,
  key: PublicKey
): Promise<ProofVerdict> {
  const value = readDerivedProofValue(String(proof['proofValue']))
  const quads = await toQuads(secured.expanded)
  const holds = async (order: StatementOrder) => {
    const shown = await readStatements(quads, value, order)
    return shown !== undefined && (await holdsFor(shown, value, secured, proof, key))
  }
  if (await holds('codePoint')) return { holds: true }
  const { orderMatters } = await secured.canonical()
  return orderMatters && (await holds('utf16')) ? { holds: true, order: 'utf16' } : { holds: false }
}

/**
 * The statements of a derived credential under the names that its proof gives to blank nodes; undefined where the proof
 * belongs to another document: a node without name, a name without node, an index without statement.
 */
export async function readStatements(
  quads: readonly Quad[],
  { labelMap, mandatoryIndexes, signatures }: DerivedProofValue,
  order: StatementOrder
): Promise<ShownStatements | undefined> {
  const labels = new Map<string, string>()
  await canonicalizeQuads(quads, { issuedIdentifiers: labels, order })
  const secret = new Map([...labels].map(([label, name]) => [label, labelMap.get(numberOfLabel(name))] as const))
  if (labelMap.size !== labels.size || [...secret.values()].includes(undefined)) return undefined
  const lines = orderStatements(
    writeNamed(quads, (label) => secret.get(label) as Uint8Array),
    order
  )
  if (mandatoryIndexes.some((index) => index >= lines.length)) return undefined
  if (signatures.length !== lines.length - mandatoryIndexes.length) return undefined
  const isMandatory = new Set(mandatoryIndexes)
  return {
    mandatory: lines.filter((_, index) => isMandatory.has(index)),
    optional: lines.filter((_, index) => !isMandatory.has(index))
  }
}

/** The number in a canonical label, `c14n` and digits (RDFC-1.0 section 4.3). */
export function numberOfLabel(name: string): number {
  return Number(name.slice('c14n'.length))
}

async function holdsFor(
  { mandatory, optional }: ShownStatements,
  { baseSignature, publicKey, signatures }: DerivedProofValue,
  secured: UnsecuredDocument,
  proof: JsonObject,
  key: PublicKey
): Promise<boolean> {
  const signed = await signData(secured, proof, publicKey, mandatory)
  return (await key.verify('ES256', baseSignature, signed)) === true && allSigned(optional, signatures, publicKey)
}

/** Whether the key of a proof signed each statement, one after the other until one fails. */
export async function allSigned(
  statements: readonly string[],
  signatures: readonly Uint8Array[],
  publicKey: Uint8Array
): Promise<boolean> {
  const check = await importStatementKey(publicKey)
  for (const [index, statement] of statements.entries()) {
    if (!(await check(signatures[index] as Uint8Array, statement))) return false
  }
  return true
}
