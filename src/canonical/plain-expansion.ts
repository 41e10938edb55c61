import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import { listOf } from '../model/read.js'
import { PlainContext, type Term } from './plain-context.js'

/** A node object of JSON-LD in expanded form. */
export type Node = Readonly<Record<string, unknown>>

/**
 * The expanded form of a document of the usual kind: bundled contexts at its root, defined names, absolute IRIs, and
 * texts, numbers, truth values, objects and lists of them as values. It is what the general processor gives, found in a
 * fraction of the time and without loading it.
 *
 * @returns undefined for any other document, a faulty one included; the general processor has the word on it
 */
export function expandPlainly(document: JsonObject, contexts: ContextSet): readonly Node[] | undefined {
  const { '@context': urls, ...members } = document
  const context = rootContext(listOf(urls), contexts)
  const node = context && expandNode(members, { context, base: context })
  // What has an id alone says nothing.
  return node === undefined || Object.keys(node).every((name) => name === '@id') ? undefined : [node]
}

function rootContext(urls: readonly unknown[], contexts: ContextSet): PlainContext | undefined {
  let context: PlainContext | undefined = new PlainContext()
  for (const url of urls) {
    const content = typeof url === 'string' && contexts.isBundled(url) ? contexts.get(url)?.['@context'] : undefined
    context = isJsonObject(content) ? context?.with(content) : undefined
  }
  return context
}

/** The names at a place: what holds there, and what is left of it inside of other objects. */
interface Scope {
  readonly context: PlainContext
  /** Without the contexts of types, which hold for the members of their object alone. */
  readonly base: PlainContext
}

function expandNode(object: JsonObject, around: Scope): Node | undefined {
  const names = Object.keys(object).sort()
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

/** Types bring their contexts, in the order of their names; a mere reference keeps those of the object around it. */
function scopeOf(object: JsonObject, names: readonly string[], around: Scope): Scope | undefined {
  const { base } = around
  const [first = ''] = names
  if (names.length === 1 && around.context.find(first)?.iri === '@id') return around
  const [typeName, ...others] = names.filter((name) => base.find(name)?.iri === '@type')
  if (others.length > 0) return undefined
  let context: PlainContext | undefined = base
  for (const type of typeName === undefined ? [] : [...listOf(object[typeName])].sort()) {
    const scoped = typeof type === 'string' ? base.find(type) : undefined
    if (scoped?.strange !== undefined) return undefined
    if (scoped?.scoped !== undefined) context = context?.with(scoped.scoped)
  }
  return context && { context, base }
}

function expandMember(name: string, term: Term, value: JsonValue, scope: Scope): unknown {
  if (term.strange !== undefined) return undefined
  if (term.iri === '@id') return typeof value === 'string' ? scope.context.absolute(value) : undefined
  if (term.iri === '@type') return scope.base.find(name)?.iri === '@type' ? expandTypes(value, scope.base) : undefined
  const inner = term.scoped === undefined ? scope.context : scope.context.withOverride(term.scoped)
  // The context of a property may give the property itself another meaning.
  if (inner === undefined || inner.find(name) !== term) return undefined
  const items = all(listOf(value), (item) => expandItem(term, item as JsonValue, inner, scope))
  return items && term.container === '@list' ? [{ '@list': items }] : items
}

function expandTypes(value: JsonValue, base: PlainContext): readonly string[] | undefined {
  return all(listOf(value), (type) => (typeof type === 'string' ? vocabularyIri(type, base) : undefined))
}

function vocabularyIri(name: string, context: PlainContext): string | undefined {
  const iri = context.find(name)?.iri ?? context.absolute(name)
  return iri?.startsWith('@') ? undefined : iri
}

function expandItem(term: Term, value: JsonValue, inner: PlainContext, scope: Scope): Node | undefined {
  const { type } = term
  if (isJsonObject(value)) {
    return term.scoped === undefined && term.container !== '@list' ? expandNode(value, scope) : undefined
  }
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
