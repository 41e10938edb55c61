import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject } from '../encoding/snapshot.js'
import { type BundledContext, bundledContexts } from './generated/contexts.js'

/**
 * The content of a context that comes with the package. Older contexts are written as what they change in a newer one,
 * in JSON Merge Patch (RFC 7396), because they differ little; a test holds every content to its digest.
 */
export function bundledContent(context: BundledContext): JsonObject {
  if (context.document !== undefined) return deepFreeze(context.document)
  const newer = bundledContexts.find(({ url }) => url === context.changes) as BundledContext
  return deepFreeze(patched(bundledContent(newer), context.patch) as JsonObject)
}

function patched(value: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch
  const members = new Map(isJsonObject(value) ? Object.entries(value) : [])
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) members.delete(name)
    else members.set(name, patched(members.get(name), change))
  }
  return Object.fromEntries(members)
}
