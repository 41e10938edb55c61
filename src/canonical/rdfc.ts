import { bytesToHex } from '@noble/hashes/utils.js'
import RDFC10 from 'rdf-canonize/lib/RDFC10Sync.js'
import { type DigestAlgorithm, digest } from '../crypto/digest.js'
import { SecuringError } from '../encoding/errors.js'
import type { ContextSet } from '../model/contexts.js'
import { moveSurrogatesBack, moveSurrogatesUp, orderCanDiffer } from './code-point-order.js'
import { type ExpandedDocument, toQuads } from './json-ld.js'
import type { Quad, Term } from './quads.js'

export type { Quad, Term }

export interface CanonicalizeOptions {
  readonly contexts: ContextSet
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

export interface CanonicalizeQuadsOptions extends Omit<CanonicalizeOptions, 'contexts'> {
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
export async function canonicalize(expanded: ExpandedDocument, options: CanonicalizeOptions): Promise<CanonicalForm> {
  const quads = (await toQuads(expanded, options.contexts)) as readonly Quad[]
  return canonicalizeQuads(quads, options)
}

/** {@link canonicalize} for a dataset that is RDF already. */
export async function canonicalizeQuads(
  quads: readonly Quad[],
  options: CanonicalizeQuadsOptions = {}
): Promise<CanonicalForm> {
  const orderMatters = orderCanDiffer(quads.map(textOf).join(''))
  const move = orderMatters && options.order !== 'utf16'
  const issued = new Map<string, string>()
  try {
    const algorithm = new RDFC10({
      maxWorkFactor: options.maxWorkFactor ?? 1,
      canonicalIdMap: issued,
      createMessageDigest: () => new TextDigest(options.digest ?? 'SHA-256', move)
    })
    const text = algorithm.main(move ? quads.map((quad) => mapTerms(quad, moveSurrogatesUp)) : quads)
    for (const [label, name] of issued) options.issuedIdentifiers?.set(move ? moveSurrogatesBack(label) : label, name)
    return { text: move ? moveSurrogatesBack(text) : text, orderMatters }
  } catch (cause) {
    const limit = cause instanceof Error && /maximum deep iterations/i.test(cause.message)
    throw new SecuringError(
      limit
        ? { code: 'CANONICALIZATION_LIMIT', message: 'too many blank nodes look alike' }
        : { code: 'CANONICALIZATION_FAILED', message: 'RDF canonicalisation failed' },
      { cause }
    )
  }
}

class TextDigest {
  readonly #algorithm: DigestAlgorithm
  readonly #moved: boolean
  #text = ''

  constructor(algorithm: DigestAlgorithm, moved: boolean) {
    this.#algorithm = algorithm
    this.#moved = moved
  }

  update(text: string): void {
    this.#text += text
  }

  digest(): string {
    const text = this.#moved ? moveSurrogatesBack(this.#text) : this.#text
    return bytesToHex(digest(this.#algorithm, new TextEncoder().encode(text)))
  }
}

function textOf({ subject, predicate, object, graph }: Quad): string {
  return subject.value + predicate.value + object.value + (object.datatype?.value ?? '') + graph.value
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
