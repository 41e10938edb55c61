import type { KommaErrorCode } from '../encoding/error-codes.js'
import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonValue } from '../encoding/json-types.js'

const CLOSES_EMBEDDING = 0x202c
const CLOSES_ISOLATE = 0x2069
const OPENS_EMBEDDING: readonly number[] = [0x202a, 0x202b, 0x202d, 0x202e]
const OPENS_ISOLATE: readonly number[] = [0x2066, 0x2067, 0x2068]
const LAYOUT: readonly number[] = [0x09, 0x0a, 0x0d]

/** Members whose text may run over several lines. */
const SEVERAL_LINES: readonly string[] = ['narrative', 'description', 'targetDescription']

/**
 * Finds characters in any text of a JSON value that a reader cannot see but a screen obeys: control characters, and
 * marks of writing direction that are opened and not closed, or closed and not opened. Line breaks and tabs are fine in
 * the members that hold prose.
 *
 * Does not change any text; composed and decomposed accents are both left as they are.
 *
 * Source: VCDM 2.0 §11 (security considerations), Unicode UAX #9 §3.1.
 */
export function characterFaults(value: JsonValue, code: KommaErrorCode): Fault[] {
  return walk(value, '', false, code)
}

function walk(value: JsonValue, path: string, prose: boolean, code: KommaErrorCode): Fault[] {
  if (typeof value === 'string') {
    const problem = hiddenCharacter(value, prose)
    return problem === undefined ? [] : [{ code, message: problem, path, expected: 'visible text' }]
  }
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, pointer(path, index), prose, code))
  return Object.entries(value).flatMap(([name, member]) =>
    walk(member, pointer(path, name), prose || SEVERAL_LINES.includes(name), code)
  )
}

function hiddenCharacter(text: string, prose: boolean): string | undefined {
  const open: number[] = []
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (isControl(unit) && !(prose && LAYOUT.includes(unit))) {
      return `the text contains the control character ${name(unit)}`
    }
    if (OPENS_EMBEDDING.includes(unit)) open.push(CLOSES_EMBEDDING)
    if (OPENS_ISOLATE.includes(unit)) open.push(CLOSES_ISOLATE)
    if ((unit === CLOSES_EMBEDDING || unit === CLOSES_ISOLATE) && open.pop() !== unit) {
      return `the text contains ${name(unit)}, which closes a direction that was not opened`
    }
  }
  const [left] = open
  return left === undefined ? undefined : `the text opens a direction of writing that ${name(left)} does not close`
}

function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)
}

function name(unit: number): string {
  return `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`
}
