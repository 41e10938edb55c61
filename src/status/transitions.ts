import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import { OptionError, StatusError } from '../encoding/errors.js'
import type { IssuanceRecord, Publication, Reservation, StatusEvent, StatusListInfo } from './status-store.js'

// What may follow what. Drivers ask here, inside their transaction, and then only write.

/** The answer to a repeated `reserve`. */
export function repeatReservation(record: IssuanceRecord, requestDigest: string): Reservation {
  if (record.requestDigest !== requestDigest) {
    throw refused('STATUS_IDEMPOTENCY_CONFLICT', 'The idempotency key was used to issue something else', {
      path: 'idempotencyKey',
      hint: 'Use a new idempotency key for a new award'
    })
  }
  return toReservation(record)
}

/** Whether `record` has to write; false when it did already. */
export function mustRecord(record: IssuanceRecord, digest: string): boolean {
  if (record.state === 'intended') return true
  if (record.state === 'abandoned')
    throw refused('STATUS_CONFLICT', 'The issuance was abandoned', { path: 'credentialId' })
  if (record.digest === digest) return false
  throw refused('STATUS_CONFLICT', 'Another signed text was recorded for this credential first', {
    path: 'credentialId',
    hint: 'Reserve again with the same idempotency key and hand out the recorded text'
  })
}

/** Whether `release` has to write; false when it did already. */
export function mustRelease(record: IssuanceRecord): boolean {
  if (record.state === 'recorded') return true
  if (record.state === 'released') return false
  throw refused('STATUS_CONFLICT', 'Nothing was recorded for this credential, so nothing can be released', {
    path: 'credentialId',
    expected: 'recorded',
    got: record.state
  })
}

/** Whether `abandon` has to write; false when it did already. */
export function mustAbandon(record: IssuanceRecord): boolean {
  if (record.state === 'intended') return true
  if (record.state === 'abandoned') return false
  throw refused('STATUS_CONFLICT', 'The credential is signed and recorded', {
    path: 'credentialId',
    hint: 'Revoke it instead'
  })
}

/** The event that answers a repeated `revoke`, if there is one: by the same key first, otherwise of the credential. */
export function repeatRevocation(
  credentialId: string,
  sameKey: StatusEvent | undefined,
  last: StatusEvent | undefined
): StatusEvent | undefined {
  if (sameKey !== undefined && sameKey.credentialId !== credentialId) {
    throw refused('STATUS_IDEMPOTENCY_CONFLICT', 'The idempotency key was used to revoke another credential', {
      path: 'idempotencyKey'
    })
  }
  return sameKey ?? (last?.to === 'revoked' ? last : undefined)
}

/** What `publish` has to do: write, nothing because it did already, or give way. */
export function publishStep(
  list: StatusListInfo,
  last: Publication | undefined,
  next: Publication
): 'write' | 'done' | 'tooLate' {
  if (next.version > list.version) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'The list has not reached this version',
      path: 'version',
      expected: `at most ${list.version}`,
      got: `${next.version}`
    })
  }
  if (last === undefined) return 'write'
  if (last.version === next.version && last.digest === next.digest) return 'done'
  const isLater = compareInstants(parseDateTimeStamp(next.validFrom), parseDateTimeStamp(last.validFrom)) > 0
  return next.version > last.version && isLater ? 'write' : 'tooLate'
}

export function toReservation(record: IssuanceRecord): Reservation {
  const { credentialId, list, index, purpose, state, text, digest } = record
  return {
    credentialId,
    list,
    index,
    purpose,
    state,
    ...(text === undefined ? {} : { text }),
    ...(digest === undefined ? {} : { digest })
  }
}

export function unknownCredential(): StatusError {
  return refused('STATUS_UNKNOWN_CREDENTIAL', 'The store has no record of this credential', { path: 'credentialId' })
}

export function unknownList(): StatusError {
  return refused('STATUS_UNKNOWN_LIST', 'The store has no such status list', { path: 'listId' })
}

export function credentialExists(): StatusError {
  return refused('STATUS_CREDENTIAL_EXISTS', 'Another issuance has this credential id', {
    path: 'credentialId',
    hint: 'Use the idempotency key of that issuance, or another credential id'
  })
}

export function listFull(maxLists: number): StatusError {
  return refused('STATUS_LIST_FULL', 'Every status list is full', {
    path: 'maxLists',
    got: `${maxLists} full lists`,
    hint: 'Raise maxLists'
  })
}

export function storeClosed(): StatusError {
  return refused('STATUS_STORE_IO', 'The status store is closed', {})
}

function refused(
  code: KommaErrorCode,
  message: string,
  rest: { path?: string; expected?: string; got?: string; hint?: string }
): StatusError {
  return new StatusError({ code, message, ...rest })
}
