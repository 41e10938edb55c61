import { bytesToHex } from '@noble/hashes/utils.js'
import { type DigestAlgorithm, digest } from '../crypto/digest.js'
import { orderCanDiffer, sortTexts } from './code-point-order.js'
import { labelDistinctNodes } from './distinct-nodes.js'
import { type ExpandedDocument, toQuads } from './json-ld.js'
import { writeQuad } from './n-quads.js'
import type { Quad, Term } from './quads.js'

export type { Quad, Term }

export interface CanonicalizeOptions {
  /** The hash that labels blank nodes. Default SHA-256; with another the labels come out differently. */
  readonly digest?: DigestAlgorithm
  /** How hard a graph of look-alike blank nodes may be (RDFC-1.0 section 7.1). Default 1. */
  readonly maxWorkFactor?: number
  /**
   * `codePoint` is the standard's. `utf16` is what most JavaScript stacks produce; it differs only for the documents
   * that {@link CanonicalForm.orderMatters} marks.
   */
  readonly order?: 'codePoint' | 'utf16'
}

export interface CanonicalizeQuadsOptions extends CanonicalizeOptions {
  /** Is filled with the canonical label of every blank node (the issued identifiers map of RDFC-1.0 section 4.4.2). */
  readonly issuedIdentifiers?: Map<string, string>
}

export interface CanonicalForm {
  /** Canonical N-Quads (RDFC-1.0). */
  readonly text: string
  /** True where sorting by UTF-16 unit could give another text. */
  readonly orderMatters: boolean
}

/**
 * RDFC-1.0: canonical N-Quads of an expanded document, ordered by code point as the standard says.
 *
 * Does not bound the number of nodes: the shape gate does that before JSON-LD is entered.
 *
 * @throws {SecuringError} CANONICALIZATION_LIMIT, CANONICALIZATION_FAILED
 */
export async function canonicalize(
  expanded: ExpandedDocument,
  options: CanonicalizeOptions = {}
): Promise<CanonicalForm> {
  return canonicalizeQuads(await toQuads(expanded), options)
}

/** {@link canonicalize} for a dataset that is RDF already. */
export async function canonicalizeQuads(
  quads: readonly Quad[],
  options: CanonicalizeQuadsOptions = {}
): Promise<CanonicalForm> {
  const orderMatters = orderCanDiffer(quads.map(textOf).join(''))
  const order = orderMatters && options.order !== 'utf16' ? 'codePoint' : 'utf16'
  const hash = (text: string) => bytesToHex(digest(options.digest ?? 'SHA-256', new TextEncoder().encode(text)))
  const labels =
    labelDistinctNodes(quads, { hash, order }) ?? (await labelLookAlikes(quads, hash, order, options.maxWorkFactor))
  for (const [label, name] of labels) options.issuedIdentifiers?.set(label, name)
  const lines = quads.map((quad) => writeQuad(quad, (label) => labels.get(label) ?? label))
  return { text: sortTexts(lines, order).join(''), orderMatters }
}

/** Few graphs have nodes that look alike, and what tells them apart is loaded for those. */
async function labelLookAlikes(
  quads: readonly Quad[],
  hash: (text: string) => string,
  order: 'codePoint' | 'utf16',
  maxWorkFactor = 1
): Promise<ReadonlyMap<string, string>> {
  const { labelNodes } = await import('./look-alike-nodes.js')
  return labelNodes(quads, { hash, order, maxWorkFactor })
}

function textOf({ subject, predicate, object, graph }: Quad): string {
  return subject.value + predicate.value + object.value + (object.datatype?.value ?? '') + graph.value
}
