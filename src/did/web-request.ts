import { ResolutionError } from '../encoding/errors.js'
import { dropBody, readBody } from '../encoding/http-body.js'
import type { Deadline } from '../encoding/http-deadline.js'
import type { ResolveRequest } from './resolver.js'
import { checkWebAddress } from './web-address.js'

/** The part of `fetch` that a web resolver needs. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

/** One request that is about to be made. */
export interface WebRequestEvent {
  readonly url: string
  /** The DID or URL that was asked for. */
  readonly asked: string
  readonly kind: ResolveRequest['kind']
  /** Whether another URL led here. */
  readonly redirected: boolean
}

export interface WebGet {
  readonly url: string
  readonly asked: string
  readonly kind: ResolveRequest['kind']
  /** Asks for the content only if it is another than this. */
  readonly etag?: string | undefined
}

/** How requests are made. */
export interface WebAccess {
  readonly fetch: FetchFunction
  readonly ports: readonly number[]
  readonly redirects: number
  readonly maxBytes: Readonly<Record<ResolveRequest['kind'], number>>
  /** Called before every request: counts and reports it, or throws, and gives its deadline. */
  readonly begin: (event: WebRequestEvent) => Deadline
}

export type WebAnswer =
  | {
      readonly outcome: 'found'
      readonly body: Uint8Array
      readonly mediaType: string | undefined
      readonly headers: Headers
      readonly redirected: boolean
    }
  | { readonly outcome: 'same' | 'nothing'; readonly headers: Headers }

const REDIRECTS = [301, 302, 303, 307, 308]
const RETRYABLE = [408, 425, 429]
// What a host sends instead of a document: the page of an application that answers every path, or a picture.
const PAGES = /^(?:text\/html|application\/xhtml\+xml|(?:image|audio|video|font|multipart)\/.*)$/
const CREDENTIALS =
  'application/vc, application/vc+jwt;q=0.9, application/ld+json;q=0.8, application/json;q=0.8, */*;q=0.1'
const ACCEPT: Readonly<Record<ResolveRequest['kind'], string>> = {
  controllerDocument: 'application/did+json, application/did+ld+json;q=0.9, application/json;q=0.8, */*;q=0.1',
  jwks: 'application/jwk-set+json, application/json;q=0.9, */*;q=0.1',
  statusList: CREDENTIALS,
  credential: CREDENTIALS,
  resource: '*/*'
}
const PRIVACY: Readonly<RequestInit> = {
  credentials: 'omit',
  cache: 'no-store',
  referrer: '',
  referrerPolicy: 'no-referrer'
}

/**
 * One GET, with the redirects that are allowed; every hop is checked, counted and bounded like the first.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED
 */
export async function getFromWeb(get: WebGet, access: WebAccess): Promise<WebAnswer> {
  let url = checkWebAddress(get.url, access.ports)
  for (let hop = 0; ; hop += 1) {
    const event = { url: url.href, asked: get.asked, kind: get.kind, redirected: hop > 0 }
    const answer = await getOnce(event, hop === 0 ? get.etag : undefined, access)
    if (!(answer instanceof URL)) return answer
    if (hop >= access.redirects) {
      throw failed('the host redirects more often than is allowed', get.url, {
        expected: access.redirects === 0 ? 'no redirect' : `at most ${access.redirects}`,
        got: answer.href
      })
    }
    url = checkWebAddress(answer.href, access.ports)
  }
}

async function getOnce(event: WebRequestEvent, etag: string | undefined, access: WebAccess): Promise<WebAnswer | URL> {
  const { fetch } = access
  const deadline = access.begin(event)
  try {
    const response = fetch(event.url, requestInit(event.kind, etag, deadline.signal))
    return await readAnswer(await deadline.wait(response, dropBody), event, etag, access, deadline)
  } catch (error) {
    if (error instanceof ResolutionError) throw error
    if (deadline.signal.aborted) throw calledOff(event.url, deadline.signal.reason)
    throw failed('the host could not be reached', event.url, { got: systemCode(error), retryable: true, cause: error })
  } finally {
    deadline.end()
  }
}

async function readAnswer(
  response: Response,
  event: WebRequestEvent,
  etag: string | undefined,
  { maxBytes }: WebAccess,
  deadline: Deadline
): Promise<WebAnswer | URL> {
  const { status, headers } = response
  const limit = maxBytes[event.kind]
  if (status !== 200) dropBody(response)
  if (response.redirected || response.type === 'opaqueredirect') {
    dropBody(response)
    throw failed('the host redirects', event.url, { expected: 'no redirect' })
  }
  if (REDIRECTS.includes(status)) return readLocation(headers, event.url)
  if (status === 304 && etag !== undefined) return { outcome: 'same', headers }
  if (status === 404 || status === 410) return { outcome: 'nothing', headers }
  if (status !== 200) {
    const retryable = status >= 500 || RETRYABLE.includes(status)
    throw failed('the host answers with an error', event.url, { got: `status ${status}`, retryable })
  }
  const mediaType = headers.get('content-type') ?? undefined
  const essence = mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (PAGES.test(essence)) {
    dropBody(response)
    throw failed('the host answers with something else than a document', event.url, { got: essence.slice(0, 100) })
  }
  const body = await readBody(response, limit, deadline)
  if (body === undefined) {
    throw failed('the answer is too long', event.url, { expected: `at most ${limit} bytes` })
  }
  return { outcome: 'found', body, mediaType, headers, redirected: event.redirected }
}

function readLocation(headers: Headers, base: string): URL {
  const location = headers.get('location') ?? ''
  try {
    const url = location === '' ? undefined : new URL(location, base)
    if (url !== undefined) {
      url.hash = ''
      return url
    }
  } catch {}
  throw failed('the host redirects to nowhere', base, { got: location.slice(0, 200) })
}

function requestInit(kind: ResolveRequest['kind'], etag: string | undefined, signal: AbortSignal): RequestInit {
  const init: RequestInit = {
    method: 'GET',
    headers: {
      Accept: ACCEPT[kind],
      'Accept-Encoding': 'identity',
      ...(etag === undefined ? {} : { 'If-None-Match': etag })
    },
    // `error` would do by default, but is not there in every worker.
    redirect: 'manual',
    signal
  }
  // Some workers, which have neither cookies nor referrers, throw at the names of what they lack.
  const known = typeof Request === 'undefined' ? {} : Request.prototype
  const privacy = Object.entries(PRIVACY).filter(([name]) => name in known)
  return { ...init, ...Object.fromEntries(privacy) }
}

function systemCode(error: unknown): string | undefined {
  for (const each of [error, (error as { cause?: unknown } | undefined)?.cause]) {
    const code = typeof each === 'object' && each !== null ? (each as { code?: unknown }).code : undefined
    if (typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code)) return code
  }
  return undefined
}

/** The error for a request whose signal was aborted. */
export function calledOff(url: string, reason: unknown): ResolutionError {
  if (reason instanceof ResolutionError) return reason
  const isTimeout = (reason as { name?: unknown } | null | undefined)?.name === 'TimeoutError'
  const message = isTimeout ? 'the host did not answer in time' : 'the request was called off'
  return failed(message, url, { retryable: isTimeout, cause: reason })
}

function failed(
  message: string,
  url: string,
  more: { readonly expected?: string; readonly got?: string | undefined; retryable?: boolean; cause?: unknown } = {}
): ResolutionError {
  const { expected, got, retryable = false, cause } = more
  const fault = {
    code: 'RESOLUTION_FAILED',
    message,
    path: url.slice(0, 300),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got: got.slice(0, 300) })
  } as const
  return new ResolutionError(fault, { cause, retryable })
}
