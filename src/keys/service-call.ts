import { KommaError } from '../encoding/errors.js'
import { dropBody, readBody } from '../encoding/http-body.js'
import { createDeadline, type Deadline } from '../encoding/http-deadline.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { badAnswer, ServiceFailure, type ServiceFault } from './service-failure.js'
import type { KeyServiceSettings } from './service-options.js'

/** A request to a key service, before credentials were added. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  /** What the credentials have to be good for, where that differs: the region of AWS, the audience of Azure. */
  readonly scope?: string
}

/** An answer that is not a success. */
export interface ServiceRefusal {
  readonly status: number
  readonly headers: Headers
  /** The JSON object of its body, empty where there is none. */
  readonly body: JsonObject
}

/** What differs between key services in how a request is made. */
export interface ServiceProtocol {
  /** The headers that show who is asking, for these bytes. `renew` where the last credentials were refused as expired. */
  authorize(
    request: ServiceRequest,
    body: string | undefined,
    renew: boolean
  ): Promise<Readonly<Record<string, string>>>
  /** What a refusal means. */
  judge(refusal: ServiceRefusal): ServiceFault
}

const MAX_BYTES = 1_048_576
const SYSTEM_CODE = /^[A-Z0-9_]{2,60}$/

/**
 * One request and its answer: a JSON object, read strictly and within bounds, from the address that was asked and no
 * other.
 *
 * @throws {ServiceFailure}
 */
export async function callService(
  request: ServiceRequest,
  renew: boolean,
  protocol: ServiceProtocol,
  settings: KeyServiceSettings,
  end: Deadline
): Promise<JsonObject> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body)
  const proof = await end.wait(authorized(protocol, request, body, renew))
  const deadline = createDeadline([end.signal, settings.timeout(settings.requestTimeout)])
  try {
    const init: RequestInit = {
      method: request.method,
      headers: { Accept: 'application/json', ...request.headers, ...proof },
      // `error` would do, but is not there in every worker.
      redirect: 'manual',
      signal: deadline.signal,
      ...(body === undefined ? {} : { body })
    }
    const { fetch } = settings
    return await readAnswer(await deadline.wait(fetch(request.url, init), dropBody), protocol, deadline)
  } catch (cause) {
    if (cause instanceof ServiceFailure) throw cause
    throw unreachable(cause, deadline.signal)
  } finally {
    deadline.end()
  }
}

async function authorized(
  protocol: ServiceProtocol,
  request: ServiceRequest,
  body: string | undefined,
  renew: boolean
): Promise<Readonly<Record<string, string>>> {
  try {
    return await protocol.authorize(request, body, renew)
  } catch (cause) {
    if (cause instanceof ServiceFailure) throw cause
    throw new ServiceFailure({
      code: 'KEY_ACCESS_DENIED',
      unasked: true,
      message: 'the application gave no credentials for the key service',
      retryable: cause instanceof KommaError && cause.retryable,
      cause
    })
  }
}

async function readAnswer(response: Response, protocol: ServiceProtocol, deadline: Deadline): Promise<JsonObject> {
  const { status, headers } = response
  if (response.redirected || response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    dropBody(response)
    throw badAnswer('the key service redirects', { expected: 'no redirect', got: `status ${status}` })
  }
  const bytes = await readBody(response, MAX_BYTES, deadline)
  if (bytes === undefined) throw badAnswer('the answer is too long', { expected: `at most ${MAX_BYTES} bytes` })
  const json = readObject(bytes)
  if (status === 200) {
    if (json !== undefined) return json
    // A cut that goes unnoticed below is seen here, and may not happen again.
    throw badAnswer('the answer is not a JSON object, or was cut off', { retryable: true, unwell: true })
  }
  throw refusalOf({ status, headers, body: json ?? {} }, protocol)
}

function refusalOf(refusal: ServiceRefusal, protocol: ServiceProtocol): ServiceFailure {
  const fault = protocol.judge(refusal)
  const after = /^\d{1,5}$/.exec(refusal.headers.get('retry-after') ?? '')?.[0]
  return new ServiceFailure({
    ...fault,
    got: fault.got ?? `status ${refusal.status}`,
    retryAfter: after === undefined ? undefined : 1000 * Number(after)
  })
}

function readObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = parseJson(bytes)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch (error) {
    if (error instanceof KommaError) return undefined
    throw error
  }
}

function unreachable(cause: unknown, signal: AbortSignal): ServiceFailure {
  const late = signal.aborted
  return new ServiceFailure({
    code: 'KEY_STORE_IO',
    message: late ? 'the key service did not answer in time' : 'the key service could not be reached',
    got: late ? undefined : systemCode(cause),
    retryable: true,
    unwell: true,
    cause
  })
}

function systemCode(error: unknown): string | undefined {
  for (const each of [error, (error as { cause?: unknown } | undefined)?.cause]) {
    const code = typeof each === 'object' && each !== null ? (each as { code?: unknown }).code : undefined
    if (typeof code === 'string' && SYSTEM_CODE.test(code)) return code
  }
  return undefined
}
