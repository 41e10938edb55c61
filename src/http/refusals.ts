import type { Fault } from '../encoding/errors.js'

/**
 * What a request can be refused with, besides the codes of errors and checks: the name that stands in the answer, its
 * status, and a sentence that says nothing about the inside of the service.
 */
export const REFUSALS = {
  REQUEST_INVALID: { status: 400, detail: 'The request is not one that this route takes.' },
  UNAUTHENTICATED: { status: 401, detail: 'The request does not say who makes it.' },
  FORBIDDEN: { status: 403, detail: 'Whoever makes the request may not do this.' },
  NOT_FOUND: { status: 404, detail: 'There is nothing at this address.' },
  METHOD_NOT_ALLOWED: { status: 405, detail: 'The route takes another method.' },
  NOT_ACCEPTABLE: { status: 406, detail: 'There is no representation of the kind that is asked for.' },
  CONTENT_TOO_LARGE: { status: 413, detail: 'The body is longer than the limit.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, detail: 'The body is not application/json.' },
  MISDIRECTED_REQUEST: { status: 421, detail: 'The request names a host that this service does not answer for.' },
  INTERNAL_ERROR: { status: 500, detail: 'Something went wrong that the request did not cause.' },
  UNAVAILABLE: { status: 503, detail: 'A part of the service cannot be reached.' }
} as const satisfies Readonly<Record<string, { readonly status: number; readonly detail: string }>>

export type RefusalName = keyof typeof REFUSALS

/** A problem in the form of RFC 9457, before it becomes an answer. */
export interface Problem {
  readonly status: number
  /** A stable code. */
  readonly title: string
  readonly detail: string
  /** A URL of a standard; `about:blank` unless told. */
  readonly type?: string
  /** What is wrong with what the caller sent. */
  readonly faults?: readonly Fault[]
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the answer. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** Ends the work on a request with an answer that is known to be fit for the public. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  readonly problem: Problem

  constructor(title: RefusalName, more: Pick<Problem, 'faults' | 'headers'> & { readonly detail?: string } = {}) {
    super(title)
    this.problem = { title, ...REFUSALS[title], ...more }
  }
}
