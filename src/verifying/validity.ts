import { compareInstants, type Instant, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { shownAs } from '../model/read.js'
import type { Settings } from './options.js'
import { type Check, check } from './report.js'

/** The validity period of a credential, by the names of VCDM 2.0 or 1.1. */
export interface Period {
  readonly from: Instant | undefined
  readonly until: Instant | undefined
  readonly texts: { readonly from: string; readonly until: string }
}

/**
 * Reads the period. Where a document has the names of both data models, the later start and the earlier end count.
 *
 * @throws {InputError} DATE_INVALID, DATE_NO_OFFSET
 */
export function readPeriod(document: JsonObject): Period {
  const starts = timesOf(document, ['validFrom', 'issuanceDate']).sort(byTime)
  const ends = timesOf(document, ['validUntil', 'expirationDate']).sort(byTime)
  const [from, until] = [starts.at(-1), ends[0]]
  return { from: from?.time, until: until?.time, texts: { from: from?.text ?? '', until: until?.text ?? '' } }
}

interface Stated {
  readonly text: string
  readonly time: Instant
}

function timesOf(document: JsonObject, names: readonly string[]): Stated[] {
  return names.flatMap((name) => {
    const value = document[name]
    if (value === undefined) return []
    const text = shownAs(value)
    return [{ text, time: parseDateTimeStamp(text, `/${name}`) }]
  })
}

function byTime(left: Stated, right: Stated): number {
  return compareInstants(left.time, right.time)
}

/**
 * Open Badges 3.0 section 9.1 step 4: now before `validFrom` is not yet valid, now after `validUntil` is expired. The
 * clock tolerance helps `validFrom` only: a clock that runs behind must not lengthen a life.
 */
export function checkValidity(document: JsonObject, settings: Settings): Check {
  let period: Period
  try {
    period = readPeriod(document)
  } catch (error) {
    if (error instanceof KommaError) return check('DATE_INVALID', { reason: error.message })
    throw error
  }
  const { from, until, texts } = period
  if (from && until && compareInstants(until, from) < 0) return check('VALIDITY_ORDER')
  const tolerated = new Date(settings.now.getTime() + settings.clockTolerance * 1000)
  if (from && compareInstants(instantFromDate(tolerated), from) < 0) return check('NOT_YET_VALID', { from: texts.from })
  if (until && compareInstants(instantFromDate(settings.now), until) > 0)
    return check('EXPIRED', { until: texts.until })
  return check('VALID_NOW')
}
