import { problemTypeOf } from '../model/problem-types.js'
import { problemDetails } from '../verifying/problem-details.js'
import type { Check, Report } from '../verifying/report.js'
import { answerJson, answerProblem } from './answer.js'
import { internalError, unavailable } from './problem-of.js'
import type { Problem } from './refusals.js'
import type { WatchedResolver } from './watched-resolver.js'

/** What only a part of the service that failed leaves open. */
const OUTAGES: readonly Check['code'][] = ['CHALLENGE_UNDECIDED', 'TRUST_UNDECIDED', 'STATUS_MEMORY_FAILED']

/** What was found out about a secured document, for the answer. */
export interface Verdict {
  readonly verified: boolean
  /** What is told of it. */
  readonly result: Readonly<Record<string, unknown>>
  /** The checks that stand in the way of `verified`, the most important first. */
  readonly obstacles: readonly Check[]
}

/** What is told of one report: `verified` and `problemDetails` as VCALM names them, and every check. */
export function verificationResult(
  report: Pick<Report, 'accepted' | 'checks' | 'warnings'>,
  withDetails: boolean
): Readonly<Record<string, unknown>> {
  return {
    verified: report.accepted,
    checks: report.checks.map(({ id, outcome, code, message }) => ({ id, outcome, code, message })),
    warnings: report.warnings.map(({ code, message }) => ({ code, message })),
    ...(withDetails ? { problemDetails: problemDetails(report) } : {})
  }
}

/**
 * Answers with 200 where a document is verified and with a problem where it is not, so that a caller who looks at nothing
 * but the status is not misled. The body holds the result in both cases.
 */
export function answerVerdict({ verified, result, obstacles }: Verdict, { outage }: WatchedResolver): Response {
  return verified ? answerJson(result) : answerProblem(problemOfVerdict(obstacles, outage(), result))
}

function problemOfVerdict(
  obstacles: readonly Check[],
  outage: ReturnType<WatchedResolver['outage']>,
  more: Problem['more'] & {}
): Problem {
  const [first] = obstacles
  if (first?.outcome === 'fail') return { ...problemOfCheck(first), more }
  if (first === undefined || obstacles.some(({ code }) => code === 'INTERNAL_ERROR')) return internalError()
  // Nothing is known to be wrong, and something of the service's own did not answer.
  const isOut = outage !== 'none' || obstacles.some(({ code }) => OUTAGES.includes(code))
  return isOut ? { ...unavailable(outage === 'retryable'), more } : { ...problemOfCheck(first), more }
}

function problemOfCheck({ id, code, message }: Check): Problem {
  return { status: 400, type: problemTypeOf(id, code), title: code, detail: message }
}
