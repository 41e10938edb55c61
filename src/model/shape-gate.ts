import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { CheckCode } from './check-codes.js'
import { type ContextSet, OB_CONTEXT, OB_CONTEXTS, VC_V1_CONTEXT, VC_V2_CONTEXT } from './contexts.js'
import { listOf } from './read.js'

/** The kinds of verifiable credential this library reads. */
export type CredentialKind = 'AchievementCredential' | 'EndorsementCredential' | 'BitstringStatusListCredential'

/** What the gate refuses: a code of the report and the facts for its sentence. */
export interface ShapeFinding {
  readonly code: CheckCode
  readonly facts: Readonly<Record<string, string>>
}

const TYPES: Readonly<Record<CredentialKind, readonly string[]>> = {
  AchievementCredential: ['AchievementCredential', 'OpenBadgeCredential'],
  EndorsementCredential: ['EndorsementCredential'],
  BitstringStatusListCredential: ['BitstringStatusListCredential']
}
/** 3.0.0 and 3.0.1 redefine protected terms of VCDM 2.0, so JSON-LD refuses the pair. */
const OB_CONTEXTS_FOR_V2 = OB_CONTEXTS.filter((url) => /context-3\.0\.[2-9]\.json$/.test(url))
const VALUE_KEYWORDS = new Set(['@value', '@language', '@direction'])
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/
/** The one member that RDF keeps as a list; every other array is a set, in which a second mention is not signed. */
const ORDERED_MEMBER = 'allowedValue'
const MAX_OBJECTS = 2_000

/**
 * The gate before JSON-LD: refuses every form in which a document could mean something else than its plain members
 * show, and every size that would make canonicalisation expensive. Reads names and forms only; types and required
 * members are the schema's.
 *
 * @returns the first finding, or undefined where the document may enter
 */
export function findShapeFault(
  document: JsonObject,
  kind: CredentialKind,
  contexts: ContextSet
): ShapeFinding | undefined {
  return (
    findContextFault(document['@context'], kind, contexts) ??
    findTypeFault(document, kind) ??
    new Walk(kind, contexts).of(document)
  )
}

function findTypeFault(document: JsonObject, kind: CredentialKind): ShapeFinding | undefined {
  const types = listOf(document['type'])
  const fits = types.includes('VerifiableCredential') && TYPES[kind].some((type) => types.includes(type))
  return fits ? undefined : finding('TYPE_NOT_EXPECTED', { expected: kind })
}

/** `@context` has to be a sequence whose meaning is known: the data model first, Open Badges second, known URLs after. */
function findContextFault(
  context: JsonValue | undefined,
  kind: CredentialKind,
  contexts: ContextSet
): ShapeFinding | undefined {
  const refuse = (reason: string) => finding('CONTEXT_NOT_ALLOWED', { reason })
  if (context === undefined) return refuse('there is none')
  const urls = listOf(context)
  const inline = urls.findIndex((url) => typeof url !== 'string')
  if (inline >= 0) return refuse(`entry ${inline} is written inline`)
  const [first, second] = urls as readonly string[]
  if (first !== VC_V2_CONTEXT && first !== VC_V1_CONTEXT) return refuse(`it does not start with ${VC_V2_CONTEXT}`)
  if (kind !== 'BitstringStatusListCredential') {
    const allowed = first === VC_V2_CONTEXT ? OB_CONTEXTS_FOR_V2 : OB_CONTEXTS
    if (!allowed.includes(second ?? ''))
      return refuse(`the second entry is not ${OB_CONTEXT} or an earlier one that fits the first`)
  }
  const unknown = (urls as readonly string[]).find((url) => !contexts.has(url))
  if (unknown !== undefined) return refuse(`${unknown.slice(0, 200)} is not known`)
  const base = (urls as readonly string[]).slice(1).find((url) => url === VC_V2_CONTEXT || url === VC_V1_CONTEXT)
  if (base !== undefined) return refuse(`${base} stands twice or with another version of itself`)
  return new Set(urls).size === urls.length ? undefined : refuse('an entry stands twice')
}

class Walk {
  readonly #kind: CredentialKind
  readonly #contexts: ContextSet
  #objects = 0

  constructor(kind: CredentialKind, contexts: ContextSet) {
    this.#kind = kind
    this.#contexts = contexts
  }

  of(value: JsonValue, path = '', member = ''): ShapeFinding | undefined {
    if (value === null) return finding('EMPTY_VALUE', { path })
    if (typeof value === 'number' && !isExact(value)) return finding('NUMBER_NOT_EXACT', { path })
    if (Array.isArray(value)) return this.#array(value, path, member)
    return isJsonObject(value) ? this.#object(value, path, member) : undefined
  }

  #array(array: readonly JsonValue[], path: string, member: string): ShapeFinding | undefined {
    if (array.length === 0) return finding('EMPTY_VALUE', { path })
    const double = findDouble(array)
    if (double !== undefined && member !== ORDERED_MEMBER) {
      const place = pointer(path, double)
      return finding(member === 'type' ? 'DUPLICATE_TYPE' : 'DUPLICATE_VALUE', { path: place })
    }
    for (const [index, item] of array.entries()) {
      // An array inside an array has no RDF form but a list's, so the inner brackets would not be signed.
      if (Array.isArray(item)) return finding('EMPTY_VALUE', { path: pointer(path, index) })
      const found = this.of(item, pointer(path, index), member)
      if (found) return found
    }
    return undefined
  }

  #object(object: JsonObject, path: string, member: string): ShapeFinding | undefined {
    this.#objects += 1
    if (this.#objects > MAX_OBJECTS) return finding('TOO_MANY_NODES', { limit: String(MAX_OBJECTS) })
    const keys = Object.keys(object)
    const isText = keys.includes('@value') && keys.every((key) => VALUE_KEYWORDS.has(key))
    for (const key of keys) {
      const place = pointer(path, key)
      const found =
        key === '@context'
          ? this.#context(object, place, path, member)
          : ((isText ? undefined : nameFault(key, place)) ??
            idFault(key, object[key] as JsonValue, place) ??
            this.of(object[key] as JsonValue, place, key))
      if (found) return found
    }
    return undefined
  }

  /** An embedded endorsement is a credential of its own and brings its own context; nothing else may. */
  #context(object: JsonObject, place: string, path: string, member: string): ShapeFinding | undefined {
    if (path === '') return undefined
    if (member !== 'endorsement' || this.#kind === 'BitstringStatusListCredential')
      return finding('CONTEXT_NESTED', { path: place })
    return findContextFault(object['@context'], 'EndorsementCredential', this.#contexts)
  }
}

/** JSON-LD writes a number with 16 digits into RDF, so two numbers that agree on those would share a signature. */
function isExact(value: number): boolean {
  return Number(value.toExponential(15)) === value
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
  return key.includes(':') ? finding('IRI_AS_MEMBER', { path }) : undefined
}

/** A relative or blank id means something else in every place it is read. */
function idFault(key: string, value: JsonValue, path: string): ShapeFinding | undefined {
  if (key !== 'id' || typeof value !== 'string') return undefined
  return ABSOLUTE_IRI.test(value) ? undefined : finding('ID_NOT_ABSOLUTE', { path })
}

function finding(code: CheckCode, facts: Readonly<Record<string, string>>): ShapeFinding {
  return { code, facts }
}
