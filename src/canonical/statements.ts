import { sortTexts, type TextOrder } from './code-point-order.js'
import { writeQuad } from './n-quads.js'
import type { Quad } from './quads.js'

/** Writes each quad as one line of canonical N-Quads, its blank nodes called what `nameOf` makes of their labels. */
export function writeStatements(quads: readonly Quad[], nameOf: (label: string) => string): readonly string[] {
  return quads.map((quad) => writeQuad(quad, nameOf))
}

/** Each line once, in the order of RDFC-1.0 or in the order by UTF-16 unit that some libraries sign in. */
export function orderStatements(lines: Iterable<string>, order: TextOrder): readonly string[] {
  return sortTexts([...new Set(lines)], order)
}
