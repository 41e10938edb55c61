import { canonicalJson } from '../encoding/canonical-json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { Warning } from './report.js'

/**
 * Things that the document describes in more than one place, and differently. An embedded proof covers what is said of
 * a thing, not which of the places says it, so a holder could move a member from one to the other.
 */
export function findSharedIds(document: JsonObject): readonly Warning[] {
  const descriptions = new Map<string, string>()
  const shared = new Set<string>()
  for (const { id, ...rest } of objectsWithId(document)) {
    const description = canonicalJson(rest)
    const earlier = descriptions.get(id)
    if (earlier !== undefined && earlier !== description) shared.add(id)
    descriptions.set(id, earlier ?? description)
  }
  return [...shared].map((id) => ({
    code: 'SHARED_ID',
    message: `${id.slice(0, 200)} is described in more than one place; the signature does not say which place says what.`
  }))
}

function* objectsWithId(value: JsonValue): Generator<JsonObject & { readonly id: string }> {
  if (Array.isArray(value)) for (const item of value) yield* objectsWithId(item)
  if (!isJsonObject(value)) return
  if (typeof value['id'] === 'string') yield value as JsonObject & { readonly id: string }
  for (const member of Object.values(value)) yield* objectsWithId(member)
}
