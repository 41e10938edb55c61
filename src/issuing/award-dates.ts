import { dateFromInstant, isIssuableYear, parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { addDuration } from '../encoding/duration.js'
import { type Fault, InputError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { wrong } from './award-faults.js'

const NAMES = ['awardedDate', 'validFrom', 'validUntil', 'activityStartDate', 'activityEndDate'] as const
type DateName = (typeof NAMES)[number]

/** The dates of an award in UTC and whole seconds, with what follows from the definition filled in. */
export interface AwardDates {
  readonly awardedDate: string
  readonly validFrom: string
  readonly validUntil?: string
  readonly activityStartDate?: string
  readonly activityEndDate?: string
}

/**
 * Works out the dates of an award. An award may end the validity of a definition early, never late.
 *
 * @param faults where faults are added; the dates are of no use where one was
 */
export function awardDates(award: JsonObject, validity: string | undefined, now: Date, faults: Fault[]): AwardDates {
  const given = readDates(award, faults)
  const validFrom = given.validFrom ?? given.awardedDate ?? wholeSeconds(now)
  const awardedDate = given.awardedDate ?? (now < validFrom ? wholeSeconds(now) : validFrom)
  if (awardedDate > validFrom) {
    faults.push(
      wrong('it holds before it was awarded', '/awardedDate', { expected: `${toWholeSeconds(validFrom)} or earlier` })
    )
  }
  const { activityStartDate, activityEndDate } = given
  if (activityStartDate !== undefined && activityEndDate !== undefined && activityEndDate < activityStartDate) {
    faults.push(wrong('the activity ends before it starts', '/activityEndDate'))
  }
  const limit = validity === undefined ? undefined : latestEnd(validFrom, validity, faults)
  const { validUntil = limit } = given
  if (given.validUntil !== undefined && limit !== undefined && given.validUntil > limit) {
    faults.push(
      wrong('it would hold longer than the definition allows', '/validUntil', {
        expected: `${toWholeSeconds(limit)} or earlier`,
        hint: 'Leave validUntil out to use the validity of the definition'
      })
    )
  }
  if (validUntil !== undefined && validUntil <= validFrom) {
    faults.push({
      code: 'VALIDITY_ORDER',
      message: 'validUntil is not after validFrom',
      path: '/validUntil',
      expected: `later than ${toWholeSeconds(validFrom)}`
    })
  }
  return {
    awardedDate: toWholeSeconds(awardedDate),
    validFrom: toWholeSeconds(validFrom),
    ...(validUntil === undefined ? {} : { validUntil: toWholeSeconds(validUntil) }),
    ...(activityStartDate === undefined ? {} : { activityStartDate: toWholeSeconds(activityStartDate) }),
    ...(activityEndDate === undefined ? {} : { activityEndDate: toWholeSeconds(activityEndDate) })
  }
}

function readDates(award: JsonObject, faults: Fault[]): { [name in DateName]?: Date } {
  const dates: { [name in DateName]?: Date } = {}
  for (const name of NAMES) {
    const text = award[name]
    if (typeof text !== 'string') continue
    const date = readDate(text, `/${name}`, faults)
    if (date !== undefined) dates[name] = date
  }
  return dates
}

function readDate(text: string, path: string, faults: Fault[]): Date | undefined {
  try {
    const instant = parseDateTimeStamp(text, path)
    if (isIssuableYear(instant)) return dateFromInstant({ seconds: instant.seconds, fraction: '' })
    faults.push({
      code: 'DATE_INVALID',
      message: 'the year cannot be issued',
      path,
      expected: 'a year from 0001 to 9999'
    })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    faults.push(...error.faults)
  }
  return undefined
}

function latestEnd(validFrom: Date, validity: string, faults: Fault[]): Date | undefined {
  try {
    return addDuration(validFrom, validity)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    faults.push(wrong('validity would end after the year 9999', '/validFrom', { expected: 'an earlier date' }))
    return undefined
  }
}

function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}
