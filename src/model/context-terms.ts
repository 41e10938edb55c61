import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { textOf } from './read.js'

/** A term of a context with the IRI it stands for. */
export interface ContextTerm {
  readonly term: string
  readonly iri: string
  /** The IRI as the context states it, before prefixes are expanded. */
  readonly stated: string
  /** How values are typed, where the context says so. */
  readonly type: string | undefined
  /** How several values are kept together, where the context says so. */
  readonly container: string | undefined
  /** True where JSON-LD would also take the term as a prefix of other names. */
  readonly isPrefix: boolean
}

export interface ContextReading {
  readonly terms: readonly ContextTerm[]
  /** Features beyond those whose effect on names is known, each in words. */
  readonly strange: readonly string[]
  /** True where every part of the context is `@protected`, so that no later context changes its terms. */
  readonly isProtected: boolean
}

const CONTEXT_FEATURES = ['@protected', '@version']
const TERM_FEATURES = ['@id', '@type', '@context', '@container', '@protected', '@language', '@direction']
const CONTAINERS = ['@graph', '@set', '@list', '@language']

/**
 * Reads the names of a JSON-LD context, scoped contexts included: which IRI each stands for, and whether the context
 * uses anything by which a name could come to mean something else than it shows.
 *
 * Does not process the context; prefixes of the context itself are expanded, and nothing else.
 */
export function readContext(document: JsonObject): ContextReading {
  const reading = { terms: [] as ContextTerm[], strange: [] as string[], isProtected: true }
  walk(document['@context'] ?? null, {}, reading)
  return reading
}

type Reading = { terms: ContextTerm[]; strange: string[]; isProtected: boolean }
type Prefixes = Readonly<Record<string, string>>

function walk(context: JsonValue, outer: Prefixes, reading: Reading): void {
  if (context === null) return
  if (Array.isArray(context)) {
    for (const part of context) walk(part, outer, reading)
    return
  }
  if (!isJsonObject(context)) {
    reading.strange.push('a reference to another context')
    return
  }
  if (context['@protected'] !== true) reading.isProtected = false
  const prefixes = { ...outer, ...textMembers(context) }
  for (const [term, definition] of Object.entries(context)) {
    if (!term.startsWith('@')) walkTerm(term, definition, prefixes, reading)
    else if (!CONTEXT_FEATURES.includes(term)) reading.strange.push(term)
  }
}

function walkTerm(term: string, definition: JsonValue, prefixes: Prefixes, reading: Reading): void {
  if (definition === null) return
  const parts = isJsonObject(definition) ? definition : { '@id': definition }
  for (const feature of Object.keys(parts)) if (!TERM_FEATURES.includes(feature)) reading.strange.push(feature)
  for (const feature of ['@id', '@type', '@container']) {
    const value = parts[feature]
    if (value !== undefined && typeof value !== 'string') reading.strange.push(`a ${feature} that is no text`)
  }
  const { '@container': container, '@type': type } = parts
  if (typeof container === 'string' && !CONTAINERS.includes(container)) reading.strange.push(`@container ${container}`)
  const stated = typeof parts['@id'] === 'string' ? parts['@id'] : term
  const iri = expand(stated, prefixes)
  const isPrefix = !isJsonObject(definition) && /[:/?#[\]@]$/.test(iri)
  if (!iri.startsWith('@'))
    reading.terms.push({ term, iri, stated, isPrefix, type: textOf(type), container: textOf(container) })
  else if (iri !== `@${term}` || !['@id', '@type'].includes(iri)) reading.strange.push(`${term} for ${iri}`)
  if (parts['@context'] !== undefined) walk(parts['@context'], prefixes, reading)
}

function expand(id: string, prefixes: Prefixes): string {
  const colon = id.indexOf(':')
  const prefix = id.slice(0, Math.max(colon, 0))
  const isCompact = colon > 0 && !id.startsWith('//', colon + 1) && Object.hasOwn(prefixes, prefix)
  return isCompact ? `${prefixes[prefix]}${id.slice(colon + 1)}` : id
}

function textMembers(context: JsonObject): Prefixes {
  return Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  )
}
