import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'

/** A value and where it stands. */
export interface Placed<T> {
  readonly path: string
  readonly value: T
}

/** The entries of a list with their places; nothing where the value is no list. The rules run on broken input too. */
export function entries(value: JsonValue | undefined, path: string): Placed<JsonValue>[] {
  return Array.isArray(value)
    ? value.map((item: JsonValue, index) => ({ path: pointer(path, index), value: item }))
    : []
}

/** Like {@link entries}, for the entries that are objects. */
export function objects(value: JsonValue | undefined, path: string): Placed<JsonObject>[] {
  return entries(value, path).filter((entry): entry is Placed<JsonObject> => isJsonObject(entry.value))
}

/** The text of a member, or undefined. */
export function textMember(owner: JsonObject, name: string): string | undefined {
  const value = owner[name]
  return typeof value === 'string' ? value : undefined
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** A copy without the members that are undefined, because JSON has no such value. */
export function withoutUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
