import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'

/** What a name in a document stands for. */
export interface Term {
  /** The IRI, or the keyword `@id` or `@type`. */
  readonly iri: string
  /** How values are typed: `@id`, `@vocab` or the IRI of a datatype. */
  readonly type: string | undefined
  readonly container: '@set' | '@list' | '@graph' | undefined
  /** The context inside of what has this type, or in the value of this property; null where none holds there. */
  readonly scoped: JsonObject | null | undefined
  /** True where JSON-LD takes the term for a prefix of other names. */
  readonly isPrefix: boolean
  /** The definition as it is written, where it uses a feature that is not plain: then the term can only be compared. */
  readonly strange: string | undefined
}

const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+-.]*:[^\s]*$/
const PLAIN_FEATURES = ['@id', '@type', '@container', '@context', '@protected']
const PLAIN_CONTAINERS = [undefined, '@set', '@list', '@graph']
const STRANGE_TYPES = ['@json', '@none']

/**
 * The names that hold at one place of a document, for contexts that use plain features only. Whatever is not plain gives
 * `undefined`, and the whole document goes to the general processor; so does anything that is wrong.
 *
 * @see JSON-LD 1.1 Processing Algorithms and API, section 4
 */
export class PlainContext {
  readonly #terms: ReadonlyMap<string, Term>
  readonly #outer: PlainContext | undefined
  readonly #inner = new Map<JsonObject, PlainContext | undefined>()
  readonly #overridden = new Map<JsonObject, PlainContext | undefined>()

  constructor(terms: ReadonlyMap<string, Term> = new Map(), outer?: PlainContext) {
    this.#terms = terms
    this.#outer = outer
  }

  find(name: string): Term | undefined {
    return this.#terms.get(name) ?? this.#outer?.find(name)
  }

  /** These names and those of a context inside, which may define known names again in the same way only. */
  with(context: JsonObject): PlainContext | undefined {
    return once(this.#inner, context, () => readContext(context, this, isSame))
  }

  /** {@link with} for the context of a property, which may give names another meaning. */
  withOverride(context: JsonObject): PlainContext | undefined {
    return once(this.#overridden, context, () => readContext(context, this, () => true))
  }

  /** The IRI that stands in a document, or undefined where it is relative, a blank node, or perhaps a compact IRI. */
  absolute(iri: string): string | undefined {
    return absolute(iri, (prefix) => this.find(prefix) !== undefined)
  }
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  if (!known.has(key)) known.set(key, make())
  return known.get(key) as Value
}

type MayFollow = (previous: Term, term: Term) => boolean

function readContext(context: JsonObject, outer: PlainContext, mayFollow: MayFollow): PlainContext | undefined {
  const { '@version': version = 1.1, '@protected': isProtected = false, ...definitions } = context
  if (version !== 1.1 || typeof isProtected !== 'boolean') return undefined
  const terms = new Map<string, Term>()
  const reader = new Reader(definitions, outer, terms)
  let isKnown = true
  for (const name of Object.keys(definitions)) {
    const term = reader.define(name)
    const previous = outer.find(name)
    if (term === undefined || (previous !== undefined && !mayFollow(previous, term))) return undefined
    isKnown &&= previous !== undefined && isSame(previous, term)
  }
  return isKnown ? outer : new PlainContext(terms, outer)
}

/** Reads the definitions of one context, each once, in the order in which they need each other. */
class Reader {
  readonly #definitions: JsonObject
  readonly #outer: PlainContext
  readonly #terms: Map<string, Term>
  readonly #begun = new Set<string>()

  constructor(definitions: JsonObject, outer: PlainContext, terms: Map<string, Term>) {
    this.#definitions = definitions
    this.#outer = outer
    this.#terms = terms
  }

  define(name: string): Term | undefined {
    if (!this.#begun.has(name)) {
      this.#begun.add(name)
      const term = this.#read(name, this.#definitions[name] ?? null)
      if (term !== undefined) this.#terms.set(name, term)
    }
    return this.#terms.get(name)
  }

  #read(name: string, definition: JsonValue): Term | undefined {
    if (name === '' || /[@:/]/.test(name)) return undefined
    if (definition === '@id' || definition === '@type') return plainTerm(definition)
    if (typeof definition === 'string') {
      const iri = this.#iri(name, definition)
      return iri === undefined ? undefined : { ...plainTerm(iri), isPrefix: /[:/?#[\]@]$/.test(iri) }
    }
    return isJsonObject(definition) ? this.#readObject(name, definition) : undefined
  }

  #readObject(name: string, definition: JsonObject): Term | undefined {
    const { '@id': id, '@type': stated, '@container': container, '@context': scoped } = definition
    const iri = typeof id === 'string' ? this.#iri(name, id) : undefined
    if (iri === undefined || iri.startsWith('@')) return undefined
    const isStrange =
      Object.keys(definition).some((feature) => !PLAIN_FEATURES.includes(feature)) ||
      !PLAIN_CONTAINERS.includes(container as string | undefined) ||
      !(scoped === undefined || scoped === null || isJsonObject(scoped)) ||
      STRANGE_TYPES.includes(stated as string)
    if (isStrange) return { ...plainTerm(iri), strange: JSON.stringify(definition) }
    const type = stated === undefined ? undefined : this.#type(name, stated)
    if (stated !== undefined && type === undefined) return undefined
    return { ...plainTerm(iri), type, container: container as Term['container'], scoped: scoped as Term['scoped'] }
  }

  #type(name: string, stated: JsonValue): string | undefined {
    if (stated === '@id' || stated === '@vocab') return stated
    return typeof stated === 'string' ? this.#iri(name, stated) : undefined
  }

  /** What a definition refers to: another term of this context or one around it, or an IRI. */
  #iri(name: string, value: string): string | undefined {
    if (value === name) return undefined
    if (Object.hasOwn(this.#definitions, value)) return this.define(value)?.iri
    const known = this.#outer.find(value)
    if (known !== undefined) return known.iri
    const isName = (prefix: string) =>
      Object.hasOwn(this.#definitions, prefix) || this.#outer.find(prefix) !== undefined
    return absolute(value, isName)
  }
}

function plainTerm(iri: string): Term {
  return { iri, type: undefined, container: undefined, scoped: undefined, isPrefix: false, strange: undefined }
}

function isSame(previous: Term, term: Term): boolean {
  return (
    previous.iri === term.iri &&
    previous.type === term.type &&
    previous.container === term.container &&
    previous.isPrefix === term.isPrefix &&
    previous.strange === term.strange &&
    (previous.scoped === term.scoped || JSON.stringify(previous.scoped) === JSON.stringify(term.scoped))
  )
}

function absolute(iri: string, isName: (prefix: string) => boolean): string | undefined {
  const [prefix = '', rest = ''] = iri.split(/:(.*)/s, 2)
  const isIri = ABSOLUTE_IRI.test(iri) && prefix !== '_'
  return isIri && (rest.startsWith('//') || !isName(prefix)) ? iri : undefined
}
