import type { Fault } from '../encoding/errors.js'
import type { Problem } from './refusals.js'

/** Answers may be about persons: nobody keeps them, and nobody takes them for something else than they say they are. */
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

export interface AnswerOptions {
  readonly status?: number
  readonly mediaType?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer with a JSON body. */
export function answerJson(body: unknown, options: AnswerOptions = {}): Response {
  const { status = 200, mediaType = 'application/json', headers } = options
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, 'Content-Type': mediaType, ...headers } })
}

/** An answer that tells of a problem (RFC 9457). */
export function answerProblem({
  status,
  title,
  detail,
  type = 'about:blank',
  faults,
  headers,
  more
}: Problem): Response {
  const body = { type, title, status, detail, ...(faults === undefined ? {} : { faults: faults.map(shown) }), ...more }
  return answerJson(body, {
    status,
    mediaType: 'application/problem+json',
    ...(headers === undefined ? {} : { headers })
  })
}

function shown({ code, message, path, expected, got, hint }: Fault): Fault {
  const given = { code, message, path, expected, got, hint }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Fault
}
