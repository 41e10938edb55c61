import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import { listOf } from '../model/read.js'
import { PlainContext, type Term } from './plain-context.js'

/** A node object of JSON-LD in expanded form. */
export type Node = Readonly<Record<string, unknown>>

/**
 * The expanded form of a document of the usual kind: bundled contexts, at its root and in credentials inside, defined
 * names, absolute IRIs, and texts, numbers, truth values, objects and lists of them as values. It is what the general
 * processor gives, found in a fraction of the time and without loading it.
 *
 * @returns undefined for any other document, a faulty one included; the general processor has the word on it
 */
export function expandPlainly(document: JsonObject, contexts: ContextSet): readonly Node[] | undefined {
  const nothing = new PlainContext()
  const node = expandNode(document, { context: nothing, base: nothing, contexts })
  return node === undefined || saysNothing(node) ? undefined : [node]
}

/** What has an id alone says nothing. */
function saysNothing(node: Node): boolean {
  return Object.keys(node).every((name) => name === '@id')
}

/** The names at a place: what holds there, and what is left of it inside of other objects. */
interface Scope {
  readonly context: PlainContext
  /** Without the contexts of types, which hold for the members of their object alone. */
  readonly base: PlainContext
  readonly contexts: ContextSet
}

function expandNode(object: JsonObject, around: Scope): Node | undefined {
  const names = Object.keys(object)
    .filter((name) => name !== '@context')
    .sort()
  const scope = scopeOf(object, names, around)
  if (scope === undefined || names.length === 0) return undefined
  const node: Record<string, unknown> = {}
  for (const name of names) {
    const term = scope.context.find(name)
    const expanded = term && expandMember(name, term, object[name] as JsonValue, scope)
    if (term === undefined || expanded === undefined || Object.hasOwn(node, term.iri)) return undefined
    node[term.iri] = expanded
  }
  return node
}

/**
 * An object may bring contexts, and so do its types, in the order of their names; a mere reference keeps those of the
 * object around it.
 */
function scopeOf(object: JsonObject, names: readonly string[], around: Scope): Scope | undefined {
  const { '@context': brought } = object
  const [first = ''] = names
  if (brought === undefined && names.length === 1 && around.context.find(first)?.iri === '@id') return around
  const base = brought === undefined ? around.base : broughtContext(listOf(brought), around)
  const [typeName, ...others] = names.filter((name) => base?.find(name)?.iri === '@type')
  if (base === undefined || others.length > 0) return undefined
  const types = typeName === undefined ? [] : listOf(object[typeName])
  if (!areTexts(types)) return undefined
  let context: PlainContext | undefined = base
  for (const type of [...types].sort()) {
    const scoped = base.find(type)
    if (scoped?.strange !== undefined || scoped?.scoped === null) return undefined
    if (scoped?.scoped !== undefined) context = context?.with(scoped.scoped)
  }
  return context && { ...around, context, base }
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string')
}

function broughtContext(urls: readonly unknown[], { base, contexts }: Scope): PlainContext | undefined {
  let context: PlainContext | undefined = base
  for (const url of urls) {
    const content = typeof url === 'string' && contexts.isBundled(url) ? contexts.get(url)?.['@context'] : undefined
    context = isJsonObject(content) ? context?.with(content) : undefined
  }
  return context
}

function expandMember(name: string, term: Term, value: JsonValue, scope: Scope): unknown {
  if (term.strange !== undefined) return undefined
  if (term.iri === '@id') return typeof value === 'string' ? scope.context.absolute(value) : undefined
  if (term.iri === '@type') return scope.base.find(name)?.iri === '@type' ? expandTypes(value, scope.base) : undefined
  const inner = contextOfValues(name, term, scope.context)
  const items = inner && all(listOf(value), (item) => expandItem(term, item as JsonValue, inner, scope))
  return items && term.container === '@list' ? [{ '@list': items }] : items
}

function contextOfValues(name: string, term: Term, context: PlainContext): PlainContext | undefined {
  if (term.scoped === undefined) return context
  if (term.scoped === null) return new PlainContext()
  const inner = context.withOverride(term.scoped)
  // The context of a property may give the property itself another meaning.
  return inner?.find(name) === term ? inner : undefined
}

function expandTypes(value: JsonValue, base: PlainContext): readonly string[] | undefined {
  return all(listOf(value), (type) => (typeof type === 'string' ? vocabularyIri(type, base) : undefined))
}

function vocabularyIri(name: string, context: PlainContext): string | undefined {
  const iri = context.find(name)?.iri ?? context.absolute(name)
  return iri?.startsWith('@') ? undefined : iri
}

function expandItem(term: Term, value: JsonValue, inner: PlainContext, scope: Scope): Node | undefined {
  const { type, container, scoped } = term
  if (isJsonObject(value)) {
    if (isJsonObject(scoped) || container === '@list') return undefined
    const node = expandNode(value, scoped === null ? { ...scope, context: inner, base: inner } : scope)
    if (node === undefined || container !== '@graph') return node
    return saysNothing(node) ? undefined : { '@graph': [node] }
  }
  if (container === '@graph' || scoped === null) return undefined
  if (typeof value === 'string' && (type === '@id' || type === '@vocab')) {
    const iri = type === '@id' ? inner.absolute(value) : vocabularyIri(value, inner)
    return iri === undefined ? undefined : { '@id': iri }
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined
  return type === undefined || type.startsWith('@') ? { '@value': value } : { '@type': type, '@value': value }
}

/** Every item in another form, or undefined where one has none, or where there is none. */
function all<From, To>(items: readonly From[], change: (item: From) => To | undefined): readonly To[] | undefined {
  const changed: To[] = []
  for (const item of items) {
    const to = change(item)
    if (to === undefined) return undefined
    changed.push(to)
  }
  return changed.length === 0 ? undefined : changed
}
