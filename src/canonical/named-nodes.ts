import { canonicalJson } from '../encoding/canonical-json.js'
import { SecuringError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import { type ExpandedDocument, expand, toQuads } from './json-ld.js'
import type { Quad, Term } from './rdfc.js'
import { type TermForms, termFormsOf } from './term-forms.js'

/**
 * A document in which every blank node keeps one label however much of the document is looked at, so that the quads of a
 * part can be found among the quads of the whole.
 */
export interface NamedNodes {
  /** The document with a label in place of every `id`; take parts of this. */
  readonly labelled: JsonObject
  readonly forms: TermForms
  readonly quads: readonly Quad[]
  /** The quads of a part of {@link labelled}. */
  quadsOf(part: JsonObject): Promise<readonly Quad[]>
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/**
 * Labels the nodes of a document, in place of the skolemisation of Data Integrity ECDSA Cryptosuites 1.0 section 3.4.7,
 * which knows neither ordered lists nor graphs: their blank nodes are named after the node and the member they hang on.
 *
 * @param expanded the same document in expanded form, against which the labelled one is held
 * @throws {SecuringError} CANONICALIZATION_FAILED for a form of JSON-LD whose nodes cannot be told apart
 */
export async function nameNodes(
  document: JsonObject,
  expanded: ExpandedDocument,
  contexts: ContextSet
): Promise<NamedNodes> {
  const forms = termFormsOf(document, contexts)
  const labels = new Labels(document)
  const labelled = labels.write(document, forms)
  const whole = await expand(labelled, contexts)
  if (canonicalJson(labels.remove(whole.nodes)) !== canonicalJson(expanded.nodes)) throw unnameable('a label')
  const namer = new Namer(labels)
  const quadsOf = async ({ nodes }: ExpandedDocument) => {
    const quads = await toQuads({ nodes: namer.nodes(nodes) })
    return quads.map((quad) => labels.toBlankNodes(quad))
  }
  return {
    labelled,
    forms,
    quads: await quadsOf(whole),
    quadsOf: async (part) => quadsOf(await expand(part, contexts))
  }
}

/** Numbers the objects of a document, each with an IRI that occurs nowhere in it. */
class Labels {
  readonly #prefix: string
  readonly #ids: (string | undefined)[] = []

  constructor(document: JsonObject) {
    const text = JSON.stringify(document)
    let prefix = 'urn:komma-node:'
    while (text.includes(prefix)) prefix = prefix.replace(/:$/, 'x:')
    this.#prefix = prefix
  }

  write(object: JsonObject, { opaque }: TermForms): JsonObject {
    const value = (given: JsonValue): JsonValue => {
      if (Array.isArray(given)) return given.map(value)
      return isJsonObject(given) && given['@value'] === undefined ? node(given) : given
    }
    const node = ({ id, ...members }: JsonObject): JsonObject => {
      if (id !== undefined && typeof id !== 'string') throw unnameable('an id that is no text')
      const label = `${this.#prefix}${this.#ids.push(id) - 1}`
      const written = Object.entries(members).map(([name, member]) => [
        name,
        name.startsWith('@') || opaque.has(name) ? member : value(member)
      ])
      return { id: label, ...Object.fromEntries(written) }
    }
    return node(object)
  }

  /** The number of a node's label. */
  numberOf(label: unknown): number {
    if (!this.#isLabel(label)) throw unnameable('a node without label')
    return Number(label.slice(this.#prefix.length))
  }

  /** What the document calls a node, if anything. An address that the document writes as a text is its own name. */
  givenId(id: unknown): string | undefined {
    return typeof id === 'string' && !this.#isLabel(id) ? id : this.#ids[this.numberOf(id)]
  }

  #isLabel(id: unknown): id is string {
    return typeof id === 'string' && id.startsWith(this.#prefix)
  }

  label(name: string): string {
    return `${this.#prefix}${name}`
  }

  /** The expanded document as it would be without labels. */
  remove(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.remove(item))
    if (typeof value !== 'object' || value === null) return value
    const { '@id': label, ...rest } = value as Record<string, unknown>
    const members = Object.entries(rest).map(([name, member]) => [name, this.remove(member)])
    const id = label === undefined ? undefined : this.givenId(label)
    return { ...(id === undefined ? {} : { '@id': id }), ...Object.fromEntries(members) }
  }

  toBlankNodes({ subject, predicate, object, graph }: Quad): Quad {
    const blank = (term: Term): Term =>
      term.termType === 'NamedNode' && term.value.startsWith(this.#prefix)
        ? { termType: 'BlankNode', value: `n${term.value.slice(this.#prefix.length)}` }
        : term
    return { subject: blank(subject), predicate, object: blank(object), graph: blank(graph) }
  }
}

type Node = Readonly<Record<string, unknown>>

/** Gives nodes of expanded documents their names, and writes lists and graphs as nodes that have one. */
class Namer {
  readonly #labels: Labels
  readonly #lists = new Map<string, { readonly number: number; readonly length: number }>()

  constructor(labels: Labels) {
    this.#labels = labels
  }

  nodes(nodes: readonly unknown[]): readonly Node[] {
    return nodes.map((node) => this.#node(node as Node))
  }

  #node(node: Node): Node {
    const { '@id': label, '@type': types, ...members } = node
    const id = this.#labels.givenId(label) ?? label
    const named = Object.entries(members).map(([name, values]) => {
      const given = values as readonly Node[]
      if (name.startsWith('@')) throw unnameable(name)
      if (given.filter((value) => value['@list'] !== undefined).length > 1) throw unnameable('a second list')
      return [name, given.map((value) => this.#value(value, `${label} ${name}`))]
    })
    return { '@id': id, ...(types === undefined ? {} : { '@type': types }), ...Object.fromEntries(named) }
  }

  #value(value: Node, place: string): Node {
    if (value['@value'] !== undefined) return value
    if (value['@list'] !== undefined) return this.#list(value['@list'] as readonly Node[], place)
    if (value['@graph'] !== undefined) return this.#graph(value)
    return this.#node(value)
  }

  /** RDF Schema 1.1 section 5.2: each entry is a node with `first` and `rest`. */
  #list(items: readonly Node[], place: string): Node {
    const known = this.#lists.get(place) ?? { number: this.#lists.size, length: items.length }
    this.#lists.set(place, known)
    if (known.length !== items.length) throw unnameable('part of an ordered list')
    return items.reduceRight<Node>(
      (rest, item, index) => ({
        '@id': this.#labels.label(`list${known.number}-${index}`),
        [`${RDF}first`]: [this.#value(item, `${place} ${index}`)],
        [`${RDF}rest`]: [rest]
      }),
      { '@id': `${RDF}nil` }
    )
  }

  #graph({ '@graph': nodes, ...more }: Node): Node {
    const [first] = nodes as readonly (Node | undefined)[]
    if (first === undefined || Object.keys(more).length > 0) throw unnameable('a graph with a name of its own')
    const label = this.#labels.label(`graph${this.#labels.numberOf(first['@id'])}`)
    return { '@id': label, '@graph': this.nodes(nodes as readonly Node[]) }
  }
}

function unnameable(what: string): SecuringError {
  return new SecuringError({
    code: 'CANONICALIZATION_FAILED',
    message: `the document cannot be disclosed in parts: ${what} stands where none belongs`
  })
}
