import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { isJsonObject } from '../../encoding/snapshot.js'

/** A part of a document: all of a value, or parts of its members and entries. */
export type Selection = 'whole' | SelectionTree
interface SelectionTree extends ReadonlyMap<string, Selection> {}

/** What says which thing an object is about; shown with any part of it, and never in part itself. */
const IDENTITY = ['@context', 'id', 'type']

/** The part of a document that JSON Pointers point at, given as their tokens. */
export function selectionOf(pointers: readonly (readonly string[])[]): Selection {
  if (pointers.some((tokens) => tokens.length === 0)) return 'whole'
  const byToken = new Map<string, (readonly string[])[]>()
  for (const [first, ...rest] of pointers as readonly (readonly [string, ...string[]])[]) {
    byToken.set(first, [...(byToken.get(first) ?? []), rest])
  }
  return new Map([...byToken].map(([token, rests]) => [token, selectionOf(rests)]))
}

/**
 * Shows the selected part of a document (Data Integrity ECDSA Cryptosuites 1.0 section 3.4.13, selectJsonLd): with its
 * context, with id and type of every object on the way, and with arrays closed up.
 */
export function showPart(document: JsonObject, selection: Selection): JsonObject {
  if (selection === 'whole') return document
  const members = Object.entries(document).flatMap(([name, value]): (readonly [string, JsonValue])[] => {
    const part = IDENTITY.includes(name) ? 'whole' : selection.get(name)
    return part === undefined ? [] : [[name, partOf(value, part)]]
  })
  return Object.fromEntries(members)
}

function partOf(value: JsonValue, selection: Selection): JsonValue {
  if (selection === 'whole') return value
  if (isJsonObject(value)) return showPart(value, selection)
  if (!Array.isArray(value)) return value
  return (value as readonly JsonValue[]).flatMap((entry, index) => {
    const part = selection.get(String(index))
    return part === undefined ? [] : [partOf(entry, part)]
  })
}
