import { sortTexts, type TextOrder } from './code-point-order.js'
import { writeQuad } from './n-quads.js'
import type { Quad } from './quads.js'

export interface Labelling {
  /** Hexadecimal digest of a text. */
  readonly hash: (text: string) => string
  readonly order: TextOrder
}

/**
 * The canonical labels of RDFC-1.0 for a graph in which what is said of each blank node tells it from all others.
 *
 * @returns undefined where two nodes look alike
 * @see RDF Dataset Canonicalization, sections 4.4.3 (steps 1 to 4) and 4.6 Hash First Degree Quads
 */
export function labelDistinctNodes(
  quads: readonly Quad[],
  { hash, order }: Labelling
): ReadonlyMap<string, string> | undefined {
  const nodes = new Map<string, string>()
  for (const [node, mentions] of mentionsOf(quads)) {
    const lines = mentions.map((quad) => writeQuad(quad, (label) => (label === node ? 'a' : 'z')))
    const digest = hash(sortTexts(lines, order).join(''))
    if (nodes.has(digest)) return undefined
    nodes.set(digest, node)
  }
  const inOrder = [...nodes].sort(([left], [right]) => (left < right ? -1 : 1))
  return new Map(inOrder.map(([, node], index) => [node, `c14n${index}`]))
}

/** The quads in which each blank node stands. */
function mentionsOf(quads: readonly Quad[]): ReadonlyMap<string, readonly Quad[]> {
  const mentions = new Map<string, Quad[]>()
  for (const quad of quads) {
    const terms = [quad.subject, quad.object, quad.graph].filter(({ termType }) => termType === 'BlankNode')
    for (const label of new Set(terms.map(({ value }) => value))) {
      const known = mentions.get(label)
      if (known === undefined) mentions.set(label, [quad])
      else known.push(quad)
    }
  }
  return mentions
}
