import { toWholeSeconds } from '../encoding/dates.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import { KommaError } from '../encoding/errors.js'
import type { StatusEvent } from '../status/status-store.js'

interface Happening {
  /** When, as a dateTimeStamp, by the clock of whoever tells. */
  readonly at: string
  /** The id of the issuer. */
  readonly issuer: string
}

/** A credential was released. A repeat of the call tells it again, with `repeated`. */
export interface IssuedEvent extends Happening {
  readonly type: 'issued'
  /** Undefined where the credential has no id. */
  readonly credentialId: string | undefined
  /** The status list of the credential; undefined where it has no slot of the issuer's store. */
  readonly list: string | undefined
  readonly repeated: boolean
}

/** The status of a credential was changed in the store; a repeat of the call tells it again, with the same `sequence`. */
export interface StatusChangedEvent extends Happening {
  /** `statusChanged`: a refresh or a message. */
  readonly type: 'revoked' | 'suspended' | 'lifted' | 'statusChanged'
  readonly credentialId: string
  readonly list: string
  /** Rises with every change of the store. */
  readonly sequence: number
}

/** A document was written to its place and read back. */
export interface PublishedEvent extends Happening {
  readonly type: 'published'
  /** The id of the document. */
  readonly document: string
  readonly kind: string
  /** Where it lies, by the words of the sink. */
  readonly place: string
  /**
   * For a status list whose entries changed: after how many seconds, at most, the change was published. It counts from the
   * last look at which nothing had changed, so a change is never younger than it says.
   */
  readonly delay: number | undefined
}

/** A change, or the next copy of a list, was or is published later than it should. */
export interface LateEvent extends Happening {
  readonly type: 'late'
  readonly document: string
  /** `change`: a change waited for longer than `maxDelay`. `lapsed`: the list that lies there is past its `validUntil`. */
  readonly reason: 'change' | 'lapsed'
  /** Seconds since the change, at most, or since the list lapsed. */
  readonly delay: number
}

/** A key stops signing within 30 days. Told at most once a day, when the key signs. */
export interface KeyEndsEvent extends Happening {
  readonly type: 'keyEnds'
  /** The id of the key in its store. */
  readonly key: string
  /** When it signs no more, as a dateTimeStamp. */
  readonly ends: string
  /** Whole days until then. */
  readonly days: number
}

/** A piece of work failed; the caller has the error itself. */
export interface FailedEvent extends Happening {
  readonly type: 'failed'
  readonly action: 'issue' | 'changeStatus' | 'publish'
  readonly code: KommaErrorCode
  readonly retryable: boolean
  readonly credentialId: string | undefined
  readonly document: string | undefined
}

/**
 * What happened at an issuer or a publisher, for a log or for OpenTelemetry. It holds ids, times, counts and codes: no
 * secret, no message of a driver, and of a person nothing but the id of a credential.
 */
export type KommaEvent = IssuedEvent | StatusChangedEvent | PublishedEvent | LateEvent | KeyEndsEvent | FailedEvent

/**
 * Is told what happened, after it happened and before the caller has the answer. Nobody waits for it: what it throws,
 * and what a promise of it is rejected with, is dropped.
 */
export type EventHook = (event: KommaEvent) => unknown

type New<Event> = Event extends unknown ? Omit<Event, keyof Happening> : never

/** Tells the hook of one event. It never throws. */
export type Emit = (event: New<KommaEvent>) => void

/** How the events of one issuer are told. */
export function createEmitter(onEvent: EventHook | undefined, issuer: string, now: () => Date): Emit {
  if (onEvent === undefined) return () => {}
  return (event) => {
    try {
      const told = { ...event, at: toWholeSeconds(now()), issuer } as KommaEvent
      const answer = onEvent(Object.freeze(told))
      // Nobody else would catch what a hook of an async function is rejected with, and Node would end for it.
      Promise.resolve(answer).catch(() => {})
    } catch {
      // The work is done, whatever becomes of its being told.
    }
  }
}

/** Does a piece of work, and tells where it fails. */
export async function telling<T>(
  emit: Emit,
  about: Pick<FailedEvent, 'action'> & { readonly credentialId?: string },
  work: () => Promise<T>
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    emit(failedEvent(error, about))
    throw error
  }
}

export function failedEvent(
  error: unknown,
  {
    action,
    credentialId,
    document
  }: Pick<FailedEvent, 'action'> & Partial<Pick<FailedEvent, 'credentialId' | 'document'>>
): New<FailedEvent> {
  const { code, retryable } = error instanceof KommaError ? error : UNEXPECTED
  return { type: 'failed', action, code, retryable, credentialId, document }
}

/** The event that tells of a change of status. */
export function statusChangedEvent(event: StatusEvent): New<StatusChangedEvent> {
  const { credentialId, list, sequence } = event
  return { type: typeOf(event), credentialId, list, sequence }
}

function typeOf({ purpose, to }: StatusEvent): StatusChangedEvent['type'] {
  if (purpose === 'revocation') return 'revoked'
  if (purpose === 'suspension') return to === 0 ? 'lifted' : 'suspended'
  return 'statusChanged'
}

const UNEXPECTED = { code: 'INTERNAL_ERROR', retryable: false } as const
