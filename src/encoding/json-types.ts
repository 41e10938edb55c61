/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject

/** A JSON object. Read-only: the library never changes what it was given. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** A JSON array. Read-only, as {@link JsonObject} is. */
export type JsonArray = readonly JsonValue[]
