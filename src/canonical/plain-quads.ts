import type { Node } from './plain-expansion.js'
import type { Quad, Term } from './quads.js'

/**
 * The RDF quads of expanded nodes of the usual kind: types, ids, plain and typed values, lists of those, and graphs
 * without a name. They are what the general processor gives, label for label.
 *
 * @returns undefined for any other nodes
 * @see JSON-LD 1.1 Processing Algorithms and API, sections 7.2 and 8.1
 */
export function plainQuads(nodes: readonly unknown[]): readonly Quad[] | undefined {
  const dataset = new Dataset()
  return nodes.every((node) => dataset.add(node as Node)) ? dataset.quads() : undefined
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const XSD = 'http://www.w3.org/2001/XMLSchema#'
/** As JSON-LD calls it; it comes before all others. */
const DEFAULT = '@default'
const DEFAULT_GRAPH: Term = { termType: 'DefaultGraph', value: '' }
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+-.]*:[^\s]*$/

type Values = Map<unknown, Node>
type Graph = Map<string, Map<string, Values>>

/** Keeps for each property of each node of each graph its values, once each. Objects of a graph with one id are one node. */
class Dataset {
  readonly #graphs = new Map<string, Graph>([[DEFAULT, new Map()]])
  #labels = 0

  /** False where the node is not plain. */
  add(node: Node, graph: string = DEFAULT, id: string = this.#idOf(node)): boolean {
    const properties = madeIn(this.#graphs.get(graph) as Graph, id, () => new Map<string, Values>())
    if ('@graph' in node) return this.#addGraph(node, id)
    return Object.keys(node)
      .sort()
      .every((name) => {
        if (name === '@id') return ABSOLUTE_IRI.test(id)
        const items = node[name]
        if (!Array.isArray(items) || !(name === '@type' || ABSOLUTE_IRI.test(name))) return false
        const values = madeIn(properties, name, () => new Map<unknown, Node>())
        return items.every((item) => (name === '@type' ? addType(item, values) : this.#addItem(item, graph, values)))
      })
  }

  /** The label of a graph without a name is new, and so is the graph. */
  #addGraph({ '@graph': nodes, ...others }: Node, label: string): boolean {
    this.#graphs.set(label, new Map())
    const isNameless = Object.keys(others).length === 0 && Array.isArray(nodes)
    return isNameless && nodes.every((node) => this.add(node, label))
  }

  #addItem(item: Node, graph: string, values: Values): boolean {
    if ('@list' in item) {
      values.set(item, item)
      return Object.keys(item).length === 1 && (item['@list'] as readonly Node[]).every(isPlainValue)
    }
    if ('@value' in item) {
      keep(values, `${typeof item['@value']} ${item['@value']} ${item['@type']}`, item)
      return isPlainValue(item)
    }
    const id = this.#idOf(item)
    keep(values, `@id ${id}`, { '@id': id })
    return this.add(item, graph, id)
  }

  #idOf(node: Node): string {
    return '@id' in node ? String(node['@id']) : this.#newLabel()
  }

  #newLabel(): string {
    return `_:b${this.#labels++}`
  }

  quads(): readonly Quad[] {
    const quads: Quad[] = []
    for (const [name, graph] of sorted(this.#graphs))
      this.#writeGraph(graph, name === DEFAULT ? DEFAULT_GRAPH : nodeTerm(name), quads)
    return quads
  }

  #writeGraph(nodes: Graph, graph: Term, quads: Quad[]): void {
    for (const [id, properties] of sorted(nodes)) {
      for (const [name, values] of sorted(properties)) {
        const predicate = nodeTerm(name === '@type' ? `${RDF}type` : name)
        for (const value of values.values()) {
          const isList = '@list' in value
          const object = isList ? this.#writeList(value['@list'] as readonly Node[], graph, quads) : termOf(value)
          quads.push({ subject: nodeTerm(id), predicate, object, graph })
        }
      }
    }
  }

  /** The head of the list; its links go in front of the quad that leads to it. */
  #writeList(items: readonly Node[], graph: Term, quads: Quad[]): Term {
    const nil = nodeTerm(`${RDF}nil`)
    const head = items.length === 0 ? nil : nodeTerm(this.#newLabel())
    let subject = head
    for (const [index, item] of items.entries()) {
      const next = index === items.length - 1 ? nil : nodeTerm(this.#newLabel())
      quads.push({ subject, predicate: nodeTerm(`${RDF}first`), object: termOf(item), graph })
      quads.push({ subject, predicate: nodeTerm(`${RDF}rest`), object: next, graph })
      subject = next
    }
    return head
  }
}

function madeIn<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

function addType(type: unknown, values: Values): boolean {
  keep(values, type, { '@id': type })
  return typeof type === 'string' && ABSOLUTE_IRI.test(type)
}

function keep(values: Values, key: unknown, value: Node): void {
  if (!values.has(key)) values.set(key, value)
}

/** A value with nothing but a datatype, and none that would be written anew. */
function isPlainValue(item: Node): boolean {
  const { '@value': value, '@type': type, ...others } = item
  const isWrittenAnew = type === '@json' || type === `${XSD}double`
  return ['string', 'number', 'boolean'].includes(typeof value) && !isWrittenAnew && Object.keys(others).length === 0
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : 1))
}

function nodeTerm(id: string): Term {
  return id.startsWith('_:') ? { termType: 'BlankNode', value: id.slice(2) } : { termType: 'NamedNode', value: id }
}

function termOf(item: Node): Term {
  if ('@id' in item) return nodeTerm(String(item['@id']))
  const [value, datatype] = lexical(item['@value'])
  return { termType: 'Literal', value, datatype: { termType: 'NamedNode', value: String(item['@type'] ?? datatype) } }
}

/** A value in RDF, and its datatype where none is stated. */
function lexical(value: unknown): readonly [string, string] {
  if (typeof value === 'boolean') return [String(value), `${XSD}boolean`]
  if (typeof value !== 'number') return [String(value), `${XSD}string`]
  const isDouble = String(value).includes('.') || Math.abs(value) >= 1e21
  if (!isDouble) return [value.toFixed(0), `${XSD}integer`]
  return [value.toExponential(15).replace(/(\d)0{0,14}e\+?/, '$1E'), `${XSD}double`]
}
