import { fromString as readDuration } from 'temporal-polyfill/fns/Duration'
import { add, create } from 'temporal-polyfill/fns/PlainDateTime'
import { InputError } from './errors.js'

const DURATION =
  /^P(?=[0-9T])(?:[0-9]{1,6}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,6}D)?(?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?$/
const LAST_YEAR = 9999

/**
 * True for an ISO 8601 duration of whole units that is longer than nothing, such as `P3Y`, `P18M` or `P1DT12H`.
 *
 * Does not accept a sign, a fraction or lower case.
 */
export function isDuration(text: string): boolean {
  return DURATION.test(text) && /[1-9]/.test(text)
}

/**
 * Adds a duration to a date by the calendar, in UTC, so that no daylight-saving rule moves the result.
 *
 * A day that the target month does not have becomes its last day: 2024-02-29 plus `P3Y` is 2027-02-28.
 *
 * @throws {InputError} DURATION_INVALID where the text is not a duration, or the sum lies after the year 9999;
 *   DATE_INVALID where the `Date` holds no time
 * @example
 * ```ts
 * addDuration(new Date('2026-11-21T00:00:00Z'), 'P3Y').toISOString() // '2029-11-21T00:00:00.000Z'
 * ```
 */
export function addDuration(date: Date, duration: string): Date {
  if (typeof duration !== 'string' || !isDuration(duration)) {
    throw new InputError({
      code: 'DURATION_INVALID',
      message: 'the duration cannot be read',
      expected: 'an ISO 8601 duration longer than nothing, such as P3Y or P18M',
      got: typeof duration === 'string' ? JSON.stringify(duration.slice(0, 40)) : typeof duration
    })
  }
  if (Number.isNaN(date.getTime())) {
    throw new InputError({ code: 'DATE_INVALID', message: 'the Date holds no time', expected: 'a valid Date' })
  }
  const sum = addInUtc(date, duration)
  if (sum === undefined || sum.getUTCFullYear() > LAST_YEAR) {
    throw new InputError({
      code: 'DURATION_INVALID',
      message: 'the date plus the duration is too far away',
      expected: 'a sum before the year 10000',
      got: duration
    })
  }
  return sum
}

function addInUtc(date: Date, duration: string): Date | undefined {
  const start = create(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds()
  )
  try {
    const sum = add(start, readDuration(duration))
    const result = new Date(0)
    result.setUTCFullYear(sum.year, sum.month - 1, sum.day)
    result.setUTCHours(sum.hour, sum.minute, sum.second, sum.millisecond)
    return result
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}
