import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import type { CheckCode } from './check-codes.js'

/** What the gate refuses: a code of the report and the facts for its sentence. */
export interface ShapeFinding {
  readonly code: CheckCode
  readonly facts: Readonly<Record<string, string>>
}

/** An object inside the document that brings a context of its own. */
export interface NestedContext {
  readonly object: JsonObject
  /** Where the object stands, and under which member. */
  readonly path: string
  readonly member: string
  /** The context of what holds the object. */
  readonly outer: JsonValue | undefined
}

export type ContextRule = (nested: NestedContext) => ShapeFinding | undefined

export function finding(code: CheckCode, facts: Readonly<Record<string, string>>): ShapeFinding {
  return { code, facts }
}
