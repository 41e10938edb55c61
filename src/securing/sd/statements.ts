import type { NamedNodes } from '../../canonical/named-nodes.js'
import { canonicalizeQuads, type Quad } from '../../canonical/rdfc.js'
import { orderStatements, writeStatements } from '../../canonical/statements.js'
import { hmacSha256 } from '../../crypto/hmac.js'
import { encodeMultibase } from '../../encoding/multibase.js'
import { type Selection, showPart } from './selection.js'

/** RDFC-1.0 orders by code point; some libraries order by UTF-16 unit. */
export type StatementOrder = 'codePoint' | 'utf16'

/** The statements of a credential as they are signed: canonical N-Quads whose blank nodes bear secret names. */
export interface HiddenStatements {
  /** All of them, in order. */
  readonly lines: readonly string[]
  readonly mandatory: ReadonlySet<string>
  /** True where the other order could give other lines. */
  readonly orderMatters: boolean
  /** The secret name of a blank node, in bytes, by its label in the quads. */
  readonly nameOf: (label: string) => Uint8Array
}

/**
 * Names the blank nodes of a credential by HMAC, so that they tell nobody how many there are, and finds the statements
 * that have to be shown (Data Integrity ECDSA Cryptosuites 1.0 sections 3.4.4 and 3.4.16).
 */
export async function hideStatements(
  names: NamedNodes,
  mandatory: Selection,
  hmacKey: Uint8Array,
  order: StatementOrder = 'codePoint'
): Promise<HiddenStatements> {
  const labels = new Map<string, string>()
  const { orderMatters } = await canonicalizeQuads(names.quads, { issuedIdentifiers: labels, order })
  const secret = new Map(
    [...labels].map(([label, name]) => [label, hmacSha256(hmacKey, new TextEncoder().encode(name))] as const)
  )
  const nameOf = (label: string) => secret.get(label) as Uint8Array
  return {
    lines: orderStatements(writeNamed(names.quads, nameOf), order),
    mandatory: new Set(writeNamed(await quadsOfPart(names, mandatory), nameOf)),
    orderMatters,
    nameOf
  }
}

/** The quads of the selected part of a credential; without any pointer not even its types are selected. */
export async function quadsOfPart(names: NamedNodes, selection: Selection): Promise<readonly Quad[]> {
  if (selection !== 'whole' && selection.size === 0) return []
  return names.quadsOf(showPart(names.labelled, selection))
}

/** Writes quads as statements, each blank node under the secret name that its label stands for. */
export function writeNamed(quads: readonly Quad[], nameOf: (label: string) => Uint8Array): readonly string[] {
  return writeStatements(quads, (label) => encodeMultibase('base64url', nameOf(label)))
}
