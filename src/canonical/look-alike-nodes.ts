import RDFC10 from 'rdf-canonize/lib/RDFC10Sync.js'
import { SecuringError } from '../encoding/errors.js'
import { moveSurrogatesBack, moveSurrogatesUp } from './code-point-order.js'
import type { Labelling } from './distinct-nodes.js'
import type { Quad, Term } from './quads.js'

/**
 * The canonical labels of RDFC-1.0 for any graph.
 *
 * The library sorts by UTF-16 unit, so for the order by code point it gets texts that sort alike both ways.
 *
 * @throws {SecuringError} CANONICALIZATION_LIMIT, CANONICALIZATION_FAILED
 */
export function labelNodes(
  quads: readonly Quad[],
  { hash, order, maxWorkFactor }: Labelling & { readonly maxWorkFactor: number }
): ReadonlyMap<string, string> {
  const move = order === 'codePoint'
  const issued = new Map<string, string>()
  const createMessageDigest = () => new TextDigest((text) => hash(move ? moveSurrogatesBack(text) : text))
  try {
    const algorithm = new RDFC10({ maxWorkFactor, canonicalIdMap: issued, createMessageDigest })
    algorithm.main(move ? quads.map((quad) => mapTerms(quad, moveSurrogatesUp)) : quads)
  } catch (cause) {
    const limit = cause instanceof Error && /maximum deep iterations/i.test(cause.message)
    throw new SecuringError(
      limit
        ? { code: 'CANONICALIZATION_LIMIT', message: 'too many blank nodes look alike' }
        : { code: 'CANONICALIZATION_FAILED', message: 'RDF canonicalisation failed' },
      { cause }
    )
  }
  return move ? new Map([...issued].map(([label, name]) => [moveSurrogatesBack(label), name])) : issued
}

class TextDigest {
  readonly #hash: (text: string) => string
  #text = ''

  constructor(hash: (text: string) => string) {
    this.#hash = hash
  }

  update(text: string): void {
    this.#text += text
  }

  digest(): string {
    return this.#hash(this.#text)
  }
}

function mapTerms(quad: Quad, map: (text: string) => string): Quad {
  const term = (one: Term): Term => ({
    ...one,
    value: map(one.value),
    ...(one.datatype ? { datatype: term(one.datatype) } : {})
  })
  return {
    ...quad,
    subject: term(quad.subject),
    predicate: term(quad.predicate),
    object: term(quad.object),
    graph: term(quad.graph)
  }
}
