import {
  AwardError,
  type Fault,
  InputError,
  KeyError,
  KommaError,
  OptionError,
  SecuringError,
  StatusError
} from '../encoding/errors.js'

/** An error as it travels between threads and machines. */
export interface WireError {
  readonly name: string
  /** Empty for an error that is none of the library. */
  readonly faults: readonly Fault[]
  readonly message: string
  readonly retryable: boolean
  /** What the cause said. */
  readonly cause?: string
}

/** Errors that the way of a badge throws; it matters to a batch which one it is. */
const CLASSES = { AwardError, InputError, KeyError, OptionError, SecuringError, StatusError }

export function toWireError(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof KommaError)) return { name: 'Error', faults: [], message, retryable: false }
  const { name, faults, retryable, cause } = error
  return { name, faults, message, retryable, ...(cause instanceof Error ? { cause: cause.message } : {}) }
}

export function fromWireError({ name, faults, message, retryable, cause }: WireError): Error {
  if (faults.length === 0) return new Error(message)
  const options = { retryable, ...(cause === undefined ? {} : { cause: new Error(cause) }) }
  const Class = Object.hasOwn(CLASSES, name) ? CLASSES[name as keyof typeof CLASSES] : KommaError
  return new Class(faults, options)
}
