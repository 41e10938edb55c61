import type { JsonValue } from '../encoding/json-types.js'

/**
 * Whether two ids name one credential: equal once percent encoding and white space around them are taken away.
 *
 * Does not say that two copies say the same: the one with the later `validFrom` is the newer.
 *
 * @see Open Badges 3.0 section 9.3, Equality
 */
export function isSameId(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return typeof left === 'string' && typeof right === 'string' && comparableId(left) === comparableId(right)
}

/** The form in which ids are compared. A percent sign that starts no encoding is left as it stands. */
export function comparableId(id: string): string {
  try {
    return decodeURIComponent(id).trim()
  } catch {
    return id.trim()
  }
}
