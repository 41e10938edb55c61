import { ERROR_CODES, type KommaErrorCode } from '../encoding/error-codes.js'
import { InputError, KommaError, SecuringError } from '../encoding/errors.js'
import { type Problem, REFUSALS, RequestRefused } from './refusals.js'

/** Seconds after which a caller may try again where a driver says that this may help. */
const RETRY_AFTER = '10'

/** What reads well and yet cannot be; every other fault of what was sent is one of its form. */
const UNPROCESSABLE: readonly KommaErrorCode[] = [
  'VALIDITY_ORDER',
  'OB_SINGLE_STATUS',
  'UNDEFINED_TERM',
  'CONTEXT_UNKNOWN',
  'CANONICALIZATION_FAILED',
  'CANONICALIZATION_LIMIT',
  'POINTER_INVALID'
]
/** What a caller may know of the state that the request met. */
const STATE: Readonly<Partial<Record<KommaErrorCode, number>>> = {
  STATUS_UNKNOWN_CREDENTIAL: 404,
  STATUS_NO_ENTRY: 422,
  STATUS_CREDENTIAL_EXISTS: 409,
  STATUS_IDEMPOTENCY_CONFLICT: 409
}
const UNREACHABLE: readonly KommaErrorCode[] = ['KEY_STORE_IO', 'STATUS_STORE_IO', 'STATUS_LIST_FULL', 'PUBLICATION_IO']

/**
 * What a caller may be told of an error. The faults of what was sent are told in full; of everything else a code and a
 * fixed sentence, because messages, paths and causes of drivers hold what is nobody's business (security case 200).
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof RequestRefused) return error.problem
  if (!(error instanceof KommaError)) return internalError()
  const isInput = error instanceof InputError || error instanceof SecuringError
  if (isInput && error.code !== 'INTERNAL_ERROR') return problemOfInput(error)
  const status = STATE[error.code]
  if (status !== undefined) return { status, title: error.code, detail: ERROR_CODES[error.code] }
  return error.retryable || UNREACHABLE.includes(error.code) ? unavailable(error.retryable) : internalError()
}

export function internalError(): Problem {
  return { title: 'INTERNAL_ERROR', ...REFUSALS.INTERNAL_ERROR }
}

/** @param retryable whether a driver says that the same request may succeed later */
export function unavailable(retryable: boolean): Problem {
  const problem = { title: 'UNAVAILABLE', ...REFUSALS.UNAVAILABLE }
  return retryable ? { ...problem, headers: { 'Retry-After': RETRY_AFTER } } : problem
}

function problemOfInput({ code, faults }: KommaError): Problem {
  const status = code === 'INPUT_TOO_LARGE' ? 413 : UNPROCESSABLE.includes(code) ? 422 : 400
  return { status, title: code, detail: ERROR_CODES[code], faults }
}
