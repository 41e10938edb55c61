import type { JsonValue } from '../encoding/json-types.js'
import type { CheckCode } from './check-codes.js'

/** What the gate refuses: a code of the report and the facts for its sentence. */
export interface ShapeFinding {
  readonly code: CheckCode
  readonly facts: Readonly<Record<string, string>>
}

/** Judges the `@context` of an object that stands at `path` under the member `member`. */
export type ContextRule = (context: JsonValue | undefined, path: string, member: string) => ShapeFinding | undefined

export function finding(code: CheckCode, facts: Readonly<Record<string, string>>): ShapeFinding {
  return { code, facts }
}
