import { InputError } from './errors.js'

/**
 * A point in time, exact for every year and every digit.
 *
 * Use {@link compareInstants} to order two of them; never compare the texts they came from.
 */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past. */
  readonly seconds: bigint
  /** The digits after the decimal point without trailing zeros; empty for a whole second. */
  readonly fraction: string
}

const DATE_TIME =
  /^(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})?$/
const LONGEST_TEXT = 64
const EXAMPLE = '2026-11-21T09:00:00Z'

const SECONDS_PER_DAY = 86_400
const DAYS_PER_ERA = 146_097n
const DAYS_FROM_YEAR_0_TO_1970 = 719_528n

/**
 * Reads an XSD 1.1 dateTimeStamp: a date, `T`, a time to the second or finer, and a time zone.
 *
 * `24:00:00` is the next day, any number of fractional digits counts, and years outside 0001–9999 are read. A leap
 * second (`:60`), a day the month does not have, a zone beyond 14:00 and lower-case `t` or `z` are refused. It does not
 * check whether the year is one that may be issued; see {@link isIssuableYear}.
 *
 * Source: XSD 1.1 Part 2 §3.4.28.
 *
 * @param path where the text stands in the input, for the error
 * @throws {InputError} DATE_NO_OFFSET where only the zone is missing, otherwise DATE_INVALID
 * @example
 * ```ts
 * const start = parseDateTimeStamp('2026-11-21T10:00:00+01:00')
 * start.seconds // 1795251600n
 * ```
 */
export function parseDateTimeStamp(text: string, path?: string): Instant {
  const parts = typeof text === 'string' && text.length <= LONGEST_TEXT ? DATE_TIME.exec(text) : null
  if (parts === null) return refuseDate(text, path)
  const [year, month, day] = [BigInt(parts[1] as string), Number(parts[2]), Number(parts[3])]
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Number(parts[6])]
  const fraction = withoutEndZeros(parts[7] ?? '')
  const endOfDay = hour === 24 && minute === 0 && second === 0 && fraction === ''
  const dateExists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  if (!dateExists || minute > 59 || second > 59 || (hour > 23 && !endOfDay)) return refuseDate(text, path)
  const offset = parts[8] === undefined ? refuseMissingOffset(text, path) : offsetInSeconds(parts[8])
  if (offset === undefined) return refuseDate(text, path)
  const timeOfDay = hour * 3600 + minute * 60 + second - offset
  return { seconds: daysSince1970(year, month, day) * BigInt(SECONDS_PER_DAY) + BigInt(timeOfDay), fraction }
}

/** Negative where `a` is earlier than `b`, positive where it is later, 0 where both are the same point in time. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds ? -1 : 1
  // Without trailing zeros, digits after the point order as text does.
  if (a.fraction !== b.fraction) return a.fraction < b.fraction ? -1 : 1
  return 0
}

/**
 * The instant of a `Date`.
 *
 * @throws {InputError} DATE_INVALID for a `Date` that holds no time
 */
export function instantFromDate(date: Date): Instant {
  const milliseconds = timeOf(date)
  const seconds = Math.floor(milliseconds / 1000)
  const fraction = String(milliseconds - seconds * 1000).padStart(3, '0')
  return { seconds: BigInt(seconds), fraction: withoutEndZeros(fraction) }
}

/**
 * The `Date` of an instant; digits beyond milliseconds are cut off.
 *
 * @throws {InputError} DATE_INVALID where a `Date` cannot hold it (beyond the year 275760)
 */
export function dateFromInstant(instant: Instant): Date {
  const date = new Date(Number(instant.seconds) * 1000 + Number(instant.fraction.slice(0, 3).padEnd(3, '0')))
  timeOf(date)
  return date
}

/** True in the years 0001 to 9999 (UTC), which everybody's software can read. */
export function isIssuableYear(instant: Instant): boolean {
  const first = daysSince1970(1n, 1, 1) * BigInt(SECONDS_PER_DAY)
  const end = daysSince1970(10_000n, 1, 1) * BigInt(SECONDS_PER_DAY)
  return instant.seconds >= first && instant.seconds < end
}

/**
 * Writes a `Date` as `YYYY-MM-DDTHH:MM:SSZ`; a part of a second is dropped, because a JWT counts whole seconds.
 *
 * @throws {InputError} DATE_INVALID for a `Date` that holds no time or a year outside 0001–9999
 */
export function toWholeSeconds(date: Date): string {
  const instant = instantFromDate(date)
  if (!isIssuableYear(instant)) {
    throw new InputError({
      code: 'DATE_INVALID',
      message: 'the year cannot be written',
      expected: 'a year from 0001 to 9999',
      got: date.toISOString()
    })
  }
  return `${dateFromInstant({ seconds: instant.seconds, fraction: '' }).toISOString().slice(0, 19)}Z`
}

function withoutEndZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}

function timeOf(date: Date): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(time)) {
    throw new InputError({ code: 'DATE_INVALID', message: 'the Date holds no time', expected: 'a valid Date' })
  }
  return time
}

function offsetInSeconds(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(4, 6))
  const total = Number(zone.slice(1, 3)) * 3600 + minutes * 60
  if (minutes > 59 || total > 14 * 3600) return undefined
  return zone.startsWith('-') ? -total : total
}

function daysInMonth(year: bigint, month: number): number {
  if (month === 2) return year % 4n === 0n && (year % 100n !== 0n || year % 400n === 0n) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days of the proleptic Gregorian calendar, counted in 400-year eras so that far years stay exact. */
function daysSince1970(year: bigint, month: number, day: number): bigint {
  const yearOfEra = ((year % 400n) + 400n) % 400n
  const era = (year - yearOfEra) / 400n
  const before = Number(yearOfEra)
  const leapDays = before === 0 ? 0 : Math.floor((before - 1) / 4) - Math.floor((before - 1) / 100) + 1
  let days = before * 365 + leapDays + day - 1
  for (let earlier = 1; earlier < month; earlier += 1) days += daysInMonth(yearOfEra, earlier)
  return era * DAYS_PER_ERA + BigInt(days) - DAYS_FROM_YEAR_0_TO_1970
}

function refuseMissingOffset(text: string, path: string | undefined): never {
  throw new InputError({
    code: 'DATE_NO_OFFSET',
    message: 'the date and time has no time zone',
    ...place(path),
    expected: `a time zone at the end, as in ${EXAMPLE}`,
    got: quote(text),
    hint: 'Add Z for UTC or an offset such as +01:00'
  })
}

function refuseDate(text: unknown, path: string | undefined): never {
  throw new InputError({
    code: 'DATE_INVALID',
    message: 'the date and time is not a valid dateTimeStamp',
    ...place(path),
    expected: `a date and time such as ${EXAMPLE}`,
    got: quote(text),
    hint: 'Write date, T, time with seconds and a time zone; leap seconds do not count'
  })
}

function place(path: string | undefined): { path?: string } {
  return path === undefined ? {} : { path }
}

function quote(text: unknown): string {
  if (typeof text !== 'string') return typeof text
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
