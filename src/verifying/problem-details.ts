import { problemTypeOf } from '../model/problem-types.js'
import type { Check, Report } from './report.js'

/** A problem in the form of RFC 9457, with the type URLs of the W3C standards. */
export interface ProblemDetails {
  /** A URL of a standard, or `about:blank`. */
  readonly type: string
  /** The stable code of the check. */
  readonly title: string
  readonly detail: string
  /** The check that found it. */
  readonly check: string
  readonly outcome: 'fail' | 'unknown'
}

/**
 * What did not hold in a report, as problem details. Checks that were not reached are left out: the one that stood in
 * their way is told.
 *
 * Does NOT say whether the credential is accepted: a policy decides that.
 *
 * @see VC Data Model 2.0 section 7.1; RFC 9457
 *
 * @example
 * ```ts
 * import { problemDetails, verify } from 'komma/verify'
 *
 * const [problem] = problemDetails(await verify('{"id":'))
 * console.log(problem?.type) // => https://www.w3.org/TR/vc-data-model#PARSING_ERROR
 * ```
 */
export function problemDetails(report: Pick<Report, 'checks'>): readonly ProblemDetails[] {
  return report.checks.flatMap((check) => {
    const { id, outcome, code, message } = check
    if (!isProblem(outcome) || code === 'NOT_REACHED') return []
    return [{ type: problemTypeOf(id, code), title: code, detail: message, check: id, outcome }]
  })
}

function isProblem(outcome: Check['outcome']): outcome is ProblemDetails['outcome'] {
  return outcome === 'fail' || outcome === 'unknown'
}
