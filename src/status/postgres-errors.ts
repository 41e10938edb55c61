import { KommaError, StatusError } from '../encoding/errors.js'

interface StoreFault {
  readonly message: string
  readonly hint?: string
  readonly retryable?: boolean
}

const LOST: StoreFault = {
  message: 'The connection to the database of the status store was lost',
  hint: 'Repeat the call: it is not known whether the last one counted, and repeating is safe',
  retryable: true
}
const NO_CONNECTION: StoreFault = {
  message: 'The database of the status store gives no connection',
  hint: 'Try again; allow more connections, or let fewer calls run at once',
  retryable: true
}
const REFUSED: StoreFault = {
  message: 'The database of the status store lets this role not do what the store needs',
  hint: 'Check user, password and grants; the page on stores lists what the role needs'
}

/** The conditions that have a cause outside this library, and what a person needs to know about them. */
const BY_STATE: Readonly<Record<string, StoreFault>> = {
  '25006': {
    message: 'The database of the status store takes no writes',
    hint: 'Connect to the primary server; after a failover, try again',
    retryable: true
  },
  '25P03': LOST,
  '25P04': LOST,
  '3D000': { message: 'There is no such database for the status store', hint: 'Create the database' },
  '40001': { message: 'Other transactions were in the way each time', hint: 'Try again', retryable: true },
  '40P01': { message: 'Other transactions were in the way each time', hint: 'Try again', retryable: true },
  '42501': REFUSED,
  '53100': {
    message: 'The disk of the status store is full',
    hint: 'Free some space, then repeat the call',
    retryable: true
  },
  '53200': { message: 'The database of the status store has not enough memory', retryable: true },
  '53300': NO_CONNECTION,
  '53400': NO_CONNECTION,
  '55P03': {
    message: 'The status store is locked by another transaction',
    hint: 'Try again',
    retryable: true
  },
  '57014': { message: 'The database of the status store gave up a call that took too long', retryable: true },
  '58030': { message: 'The disk failed while the status store was read or written', hint: 'Check the disk' },
  XX001: { message: 'The status store is damaged', hint: 'Restore it from a backup' },
  XX002: { message: 'The status store is damaged', hint: 'Restore it from a backup' }
}
/** By the first two characters, where the whole condition is not listed. */
const BY_CLASS: Readonly<Record<string, StoreFault>> = { '08': LOST, '28': REFUSED, '53': NO_CONNECTION, '57': LOST }

/** Another transaction was faster; the same work, run again, sees what it wrote. */
const CONFLICTS = ['40001', '40P01', '23505']

/** Whether the transaction may be run again at once. */
export function isConflict(error: unknown): boolean {
  const state = stateOf(error instanceof KommaError ? error.cause : error)
  return state !== undefined && CONFLICTS.includes(state)
}

/** Turns what the server or the connection throws into a {@link StatusError} that says what to do. */
export function toStoreError(error: unknown): KommaError {
  if (error instanceof KommaError) return error
  const state = stateOf(error)
  // Without a condition it is not the server who speaks: the connection broke, or there was none.
  if (state === undefined) return storeFault(LOST, 'no answer', error)
  if (['42P01', '42P07', '42703', '3F000'].includes(state))
    return unsupported(
      'The schema does not hold the tables of a status store',
      'Give the store a schema of its own',
      error
    )
  const known = BY_STATE[state] ?? BY_CLASS[state.slice(0, 2)]
  if (known !== undefined) return storeFault(known, `SQLSTATE ${state}`, error)
  return new StatusError(
    { code: 'INTERNAL_ERROR', message: 'The status store failed unexpectedly', got: `SQLSTATE ${state}` },
    { cause: error }
  )
}

/** No connection became free, or none could be made. */
export function noConnection(cause: unknown): KommaError {
  if (cause instanceof KommaError) return cause
  return stateOf(cause) === undefined ? storeFault(NO_CONNECTION, networkCodeOf(cause), cause) : toStoreError(cause)
}

export function unsupported(message: string, hint: string, cause?: unknown): StatusError {
  return new StatusError({ code: 'STATUS_STORE_UNSUPPORTED', message, hint }, { cause })
}

function storeFault({ message, hint, retryable = false }: StoreFault, got: string, cause: unknown): StatusError {
  return new StatusError(
    { code: 'STATUS_STORE_IO', message, got, ...(hint === undefined ? {} : { hint }) },
    { cause, retryable }
  )
}

/** SQLSTATE, five characters (PostgreSQL documentation, appendix A). The errors of Node have codes like `ECONNRESET`. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && severity !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

function networkCodeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : 'no answer in time'
}
