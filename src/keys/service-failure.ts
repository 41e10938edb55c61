import type { KommaErrorCode } from '../encoding/error-codes.js'
import { KeyError } from '../encoding/errors.js'

/** What a failure of a key service means. */
export interface ServiceFault {
  readonly code: KommaErrorCode
  readonly message: string
  /** Whether the same may succeed later. Such a failure is tried again, unless it is `final`. */
  readonly retryable?: boolean
  readonly final?: boolean
  /** Whether fresh credentials may help: they are asked for, once. */
  readonly renew?: boolean
  /** Whether the service itself is unwell, or the way to it. */
  readonly unwell?: boolean
  /** Whether the service was not asked at all. */
  readonly unasked?: boolean
  readonly expected?: string
  /** A code or status of the service. Never its message, which may quote what was sent to it. */
  readonly got?: string | undefined
  readonly hint?: string
  readonly cause?: unknown
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter?: number | undefined
}

/** A failure on its way from one try to the loop that decides whether there is another. Never leaves the store. */
export class ServiceFailure extends Error {
  readonly fault: ServiceFault

  constructor(fault: ServiceFault) {
    super(fault.message)
    this.fault = fault
  }

  /** The error that the caller gets. */
  toKeyError(path: string): KeyError {
    const { code, message, expected, got, hint, cause, retryable = false } = this.fault
    return new KeyError(
      {
        code,
        message,
        path: path.slice(0, 300),
        ...(expected === undefined ? {} : { expected: expected.slice(0, 300) }),
        ...(got === undefined ? {} : { got: got.slice(0, 300) }),
        ...(hint === undefined ? {} : { hint })
      },
      { retryable, ...(cause === undefined ? {} : { cause }) }
    )
  }
}

/** An answer that does not answer the request. It is discarded; where `retryable`, the request is made again. */
export function badAnswer(message: string, more: Omit<ServiceFault, 'code' | 'message'> = {}): ServiceFailure {
  return new ServiceFailure({
    code: 'KEY_STORE_ANSWER',
    message,
    hint: 'Nothing was signed. Check that the name of the key still leads to the pinned key and version.',
    ...more
  })
}

/** Compares what an answer says of the key with what was asked for. */
export function expectSame<T extends string | number>(
  what: string,
  got: unknown,
  expected: T,
  retryable = false
): void {
  if (got === expected) return
  const shown = typeof got === 'string' || typeof got === 'number' ? String(got) : typeof got
  throw badAnswer(`the key service answers for another ${what}`, { expected: String(expected), got: shown, retryable })
}

const DENIED = {
  code: 'KEY_ACCESS_DENIED',
  message: 'the key service refuses access',
  hint: 'Check the credentials and the permissions that docs/key-services.md lists.'
} as const

/** The usual meanings, from which the services pick by their own codes. */
export const FAULTS = {
  denied: DENIED,
  expired: {
    ...DENIED,
    message: 'the key service says that the credentials have expired or are not valid',
    retryable: true,
    renew: true
  },
  disabled: {
    code: 'KEY_DISABLED',
    message: 'the key service does not let this key sign',
    hint: 'The key is disabled, about to be destroyed or past its time. Sign with another version.'
  },
  notFound: { code: 'KEY_NOT_FOUND', message: 'the key service has no such key or version' },
  purpose: {
    code: 'KEY_PURPOSE',
    message: 'the key is not for signing',
    hint: 'Make a key that is for signing alone.'
  },
  busy: {
    code: 'KEY_STORE_IO',
    message: 'the key service is overloaded or limits requests',
    retryable: true,
    unwell: true
  },
  broken: { code: 'KEY_STORE_IO', message: 'the key service failed', retryable: true, unwell: true },
  refused: { code: 'KEY_STORE_IO', message: 'the key service does not accept the request' }
} as const satisfies Readonly<Record<string, ServiceFault>>

/** What a status alone says, where the service gave no code that is known. */
export function faultOfStatus(status: number): ServiceFault {
  if (status === 401) return FAULTS.expired
  if (status === 403) return FAULTS.denied
  if (status === 404 || status === 410) return FAULTS.notFound
  if (status === 429) return FAULTS.busy
  return status >= 500 || status === 408 || status === 425 ? FAULTS.broken : FAULTS.refused
}
