import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'

/** One value or a list of values, as a list: the model allows both for several members. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as JsonValue]
}

/** The objects among one value or a list of values. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return listOf(value).filter(isJsonObject)
}

/** A value as a message shows it. An object of a stranger can have a member `toString`, so none is asked for its text. */
export function shownAs(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The id of a value that is an id itself or an object with one, such as `issuer`. */
export function idOf(value: JsonValue | undefined): string | undefined {
  return isJsonObject(value) ? textOf(value['id']) : textOf(value)
}
