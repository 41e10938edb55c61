import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import { OptionError, StatusError } from '../encoding/errors.js'
import type {
  IssuanceRecord,
  Publication,
  Reservation,
  ReserveRequest,
  StatusChange,
  StatusEntryRequest,
  StatusEvent,
  StatusListInfo,
  StatusPurpose,
  StatusSlot
} from './status-store.js'
import { orderedEntries } from './store-requests.js'

// What may follow what. Drivers ask here, inside their transaction, and then only write.

/** The answer to a repeated `reserve`. */
export function repeatReservation(record: IssuanceRecord, request: ReserveRequest): Reservation {
  // What is recorded is handed out as it is; what is still to be signed has to get the entries that are asked for.
  const fits = record.state !== 'intended' || isSameEntries(record.slots, orderedEntries(request))
  if (record.requestDigest !== request.requestDigest || !fits) {
    throw refused('STATUS_IDEMPOTENCY_CONFLICT', 'The idempotency key was used to issue something else', {
      path: 'idempotencyKey',
      hint: 'Use a new idempotency key for a new award'
    })
  }
  return toReservation(record)
}

function isSameEntries(slots: readonly StatusSlot[], entries: readonly Required<StatusEntryRequest>[]): boolean {
  const isSame = ({ purpose, statusSize }: StatusSlot, n: number) =>
    purpose === entries[n]?.purpose && statusSize === entries[n]?.statusSize
  return slots.length === entries.length && slots.every(isSame)
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

/** Whether a status of this purpose, once set, stays. Source: Bitstring Status List v1.0 §2.1. */
function isFinal(purpose: StatusPurpose): boolean {
  return purpose === 'revocation' || purpose === 'refresh'
}

/** The slot of a credential that a change is about. */
export function slotOf({ slots }: IssuanceRecord, { purpose, status }: StatusChange): StatusSlot {
  const slot = slots.find((one) => one.purpose === purpose)
  if (slot === undefined) {
    throw refused('STATUS_NO_ENTRY', 'The credential has no status entry of this purpose', {
      path: 'purpose',
      expected: slots.map((one) => one.purpose).join(', '),
      got: purpose
    })
  }
  if (status < 2 ** slot.statusSize) return slot
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'The status does not fit the status entry',
    path: 'status',
    expected: `0 to ${2 ** slot.statusSize - 1}`,
    got: `${status}`
  })
}

/** The event that an earlier call with the same idempotency key made. */
export function repeatChange(change: StatusChange, sameKey: StatusEvent | undefined): StatusEvent | undefined {
  if (sameKey === undefined) return undefined
  const { credentialId, purpose, to } = sameKey
  if (credentialId === change.credentialId && purpose === change.purpose && to === change.status) return sameKey
  throw refused('STATUS_IDEMPOTENCY_CONFLICT', 'The idempotency key was used for another change of status', {
    path: 'idempotencyKey'
  })
}

/** Whether `setStatus` has to write, after the last event of the slot; false when that is the answer. */
export function mustChange({ purpose, status }: StatusChange, last: StatusEvent | undefined): boolean {
  if (!isFinal(purpose)) return true
  if (status === 1) return last === undefined
  throw refused('STATUS_FINAL', `A ${purpose} cannot be taken back`, { path: 'status', expected: '1' })
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
  const { credentialId, slots, state, text, digest } = record
  return {
    credentialId,
    slots: slots.map((slot) => ({ ...slot })),
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
