import NQuads from 'rdf-canonize/lib/NQuads.js'
import { moveSurrogatesBack, moveSurrogatesUp } from './code-point-order.js'
import type { Quad, Term } from './rdfc.js'

/** Writes each quad as one line of canonical N-Quads, its blank nodes called what `nameOf` makes of their labels. */
export function writeStatements(quads: readonly Quad[], nameOf: (label: string) => string): readonly string[] {
  const named = (term: Term): Term =>
    term.termType === 'BlankNode' ? { termType: 'BlankNode', value: nameOf(term.value) } : term
  return quads.map(({ subject, predicate, object, graph }) =>
    NQuads.serializeQuad({ subject: named(subject), predicate, object: named(object), graph: named(graph) })
  )
}

/** Each line once, in the order of RDFC-1.0 or in the order by UTF-16 unit that some libraries sign in. */
export function orderStatements(lines: Iterable<string>, order: 'codePoint' | 'utf16'): readonly string[] {
  const once = [...new Set(lines)]
  return order === 'utf16' ? once.sort() : once.map(moveSurrogatesUp).sort().map(moveSurrogatesBack)
}
