import { compareInstants, type Instant, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import type { Settings } from './options.js'
import { type Check, check } from './report.js'

/** The validity period of a credential, by the names of VCDM 2.0 or 1.1. */
export interface Period {
  readonly from: Instant | undefined
  readonly until: Instant | undefined
  readonly texts: { readonly from: string; readonly until: string }
}

/** @throws {InputError} DATE_INVALID, DATE_NO_OFFSET */
export function readPeriod(document: JsonObject): Period {
  const from = document['validFrom'] ?? document['issuanceDate']
  const until = document['validUntil'] ?? document['expirationDate']
  return {
    from: readTime(from, '/validFrom'),
    until: readTime(until, '/validUntil'),
    texts: { from: String(from ?? ''), until: String(until ?? '') }
  }
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

function readTime(value: JsonValue | undefined, path: string): Instant | undefined {
  return value === undefined ? undefined : parseDateTimeStamp(String(value), path)
}
