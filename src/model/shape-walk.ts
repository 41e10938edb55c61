import { placeOf } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { readContext } from './context-terms.js'
import type { ContextSet } from './contexts.js'
import { sharedNames } from './generated/contexts.js'
import { listOf } from './read.js'
import { type ContextRule, finding, type NestedContext, type ShapeFinding } from './shape-finding.js'

/** How much of ids N-Quads may hold: there an id stands once more with everything that is said of its thing. */
const MAX_ID_CHARACTERS = 8_388_608
const VALUE_KEYWORDS = new Set(['@value', '@language', '@direction'])
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/
/**
 * The one member that RDF keeps as a list, and the one whose values each have a graph of their own; every other array is
 * a set, in which a second mention is not signed.
 */
const KEEPS_DOUBLES = ['allowedValue', 'verifiableCredential']

/** Reading the contexts anew for a thing inside costs JSON-LD more than the thing. 64 are 32 credentials with a JCS proof each. */
const MAX_CONTEXTS = 64

/** Bounds and rules of one walk over a document. */
export interface ShapeRules {
  readonly contexts: ContextSet
  /** Objects and list entries: each may become an RDF node, and the work grows with the square of a list's length. */
  readonly maxNodes: number
  /** What to say of a context inside the document; undefined where it may stand. */
  readonly nestedContext: ContextRule
}

/** Walks a document once and answers with the first form that could hide a meaning or cost too much. */
export class ShapeWalk {
  readonly #rules: ShapeRules
  #nodes = 0
  #contexts = 0
  #idCharacters = 0
  #iris: ReadonlySet<string> | undefined

  constructor(rules: ShapeRules) {
    this.#rules = rules
  }

  /** @param outer the context of what holds the value */
  of(value: JsonValue, path = '', member = '', outer?: JsonValue): ShapeFinding | undefined {
    if (value === null) return finding('EMPTY_VALUE', { path })
    if (typeof value === 'number' && !isExact(value)) return finding('NUMBER_NOT_EXACT', { path })
    if (Array.isArray(value)) return this.#array(value, path, member, outer)
    return isJsonObject(value) ? this.#object(value, path, member, outer) : undefined
  }

  #array(
    array: readonly JsonValue[],
    path: string,
    member: string,
    outer: JsonValue | undefined
  ): ShapeFinding | undefined {
    if (array.length === 0) return finding('EMPTY_VALUE', { path })
    const many = this.#count(array.length)
    if (many) return many
    const double = findDouble(array)
    if (double !== undefined && !KEEPS_DOUBLES.includes(member)) {
      const place = placeOf(path, double)
      return finding(member === 'type' ? 'DUPLICATE_TYPE' : 'DUPLICATE_VALUE', { path: place })
    }
    for (const [index, item] of array.entries()) {
      // An array inside an array has no RDF form but a list's, so the inner brackets would not be signed.
      if (Array.isArray(item)) return finding('EMPTY_VALUE', { path: placeOf(path, index) })
      const found = this.of(item, placeOf(path, index), member, outer)
      if (found) return found
    }
    return undefined
  }

  #object(object: JsonObject, path: string, member: string, outer: JsonValue | undefined): ShapeFinding | undefined {
    const many = this.#count(1) ?? this.#weigh(object)
    if (many) return many
    const keys = Object.keys(object)
    const inner = object['@context'] ?? outer
    const isText = keys.includes('@value') && keys.every((key) => VALUE_KEYWORDS.has(key))
    for (const key of keys) {
      const place = placeOf(path, key)
      const found =
        key === '@context'
          ? this.#context({ object, path, member, outer })
          : ((isText ? undefined : nameFault(key, place)) ??
            idFault(key, object[key] as JsonValue, place) ??
            this.of(object[key] as JsonValue, place, key, inner) ??
            (key === 'type' ? this.#types(object[key] as JsonValue, place) : undefined))
      if (found) return found
    }
    return undefined
  }

  #count(nodes: number): ShapeFinding | undefined {
    const { maxNodes } = this.#rules
    this.#nodes += nodes
    return this.#nodes > maxNodes ? finding('TOO_MANY_NODES', { limit: String(maxNodes) }) : undefined
  }

  #weigh(object: JsonObject): ShapeFinding | undefined {
    const { id } = object
    if (typeof id !== 'string') return undefined
    this.#idCharacters += id.length * Object.values(object).reduce<number>((sum, value) => sum + sizeOf(value), 0)
    return this.#idCharacters > MAX_ID_CHARACTERS
      ? finding('IDS_TOO_LONG', { limit: String(MAX_ID_CHARACTERS) })
      : undefined
  }

  #context(nested: NestedContext): ShapeFinding | undefined {
    if (nested.path === '') return undefined
    this.#contexts += 1
    const isOneTooMany = this.#contexts > MAX_CONTEXTS
    const reason = `more than ${MAX_CONTEXTS} things in the document bring one of their own`
    return isOneTooMany ? finding('CONTEXT_NOT_ALLOWED', { reason }) : this.#rules.nestedContext(nested)
  }

  /** A type by its IRI, or by a property's name that shares it, is signed alike and read by nobody. */
  #types(types: JsonValue, path: string): ShapeFinding | undefined {
    const disguised = listOf(types).some(
      (type) => typeof type === 'string' && (sharedNames.properties.includes(type) || this.#hasName(type))
    )
    return disguised ? finding('TYPE_DISGUISED', { path }) : undefined
  }

  #hasName(iri: string): boolean {
    return iri.includes(':') && this.#namedIris().has(iri)
  }

  #namedIris(): ReadonlySet<string> {
    const { contexts } = this.#rules
    this.#iris ??= new Set(
      contexts.urls.flatMap((url) => readContext(contexts.get(url) ?? {}).terms.map(({ iri }) => iri))
    )
    return this.#iris
  }
}

/**
 * JSON-LD writes a number with 16 digits into RDF, so two numbers that agree on those would share a signature; minus
 * zero and fractions that JavaScript writes without a point come out as whole numbers.
 */
function isExact(value: number): boolean {
  if (Object.is(value, -0) || (!Number.isInteger(value) && !String(value).includes('.'))) return false
  return Number(value.toExponential(15)) === value
}

function sizeOf(value: JsonValue): number {
  return Array.isArray(value) ? value.length : 1
}

/** The index of a value that RDF would take for an earlier one of the same array: an equal text, or the same id. */
function findDouble(array: readonly JsonValue[]): number | undefined {
  const seen = new Set<string>()
  for (const [index, item] of array.entries()) {
    const name = isJsonObject(item) ? item['id'] : item
    if (name === undefined || typeof name === 'object') continue
    const key = `${typeof name} ${name}`
    if (seen.has(key)) return index
    seen.add(key)
  }
  return undefined
}

function nameFault(key: string, path: string): ShapeFinding | undefined {
  if (key.startsWith('@')) return finding('KEYWORD_IN_DOCUMENT', { path })
  if (sharedNames.classes.includes(key)) return finding('CLASS_AS_MEMBER', { path })
  return key.includes(':') ? finding('IRI_AS_MEMBER', { path }) : undefined
}

/** A relative or blank id means something else in every place it is read. */
function idFault(key: string, value: JsonValue, path: string): ShapeFinding | undefined {
  if (key !== 'id' || typeof value !== 'string') return undefined
  return ABSOLUTE_IRI.test(value) ? undefined : finding('ID_NOT_ABSOLUTE', { path })
}
