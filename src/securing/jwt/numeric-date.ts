import { toWholeSeconds } from '../../encoding/dates.js'
import type { JsonValue } from '../../encoding/json-types.js'

/** The last second that can be written as a date and time with four digits of year. */
const LAST_SECOND = 253_402_300_799

/** RFC 7519 section 2, of whole seconds: a number that every reader takes for the same second. */
export function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_SECOND
}

/** A NumericDate as a date and time in UTC; undefined for any other value. */
export function timeOfNumericDate(value: JsonValue | undefined): string | undefined {
  return isNumericDate(value) ? toWholeSeconds(new Date(value * 1000)) : undefined
}
