import { readListLifetime } from '../did/http-freshness.js'
import { KommaError, OptionError } from '../encoding/errors.js'
import { credentialTypesOf, mediaTypesOf } from '../publishing/media-types.js'
import type { PublicDocument } from '../publishing/placement.js'
import { negotiate } from './accept.js'
import { answerProblem } from './answer.js'
import { answerRepresentation } from './conditional.js'
import { problemOf } from './problem-of.js'
import type { PublicationSource } from './publication-source.js'
import { type Problem, RequestRefused } from './refusals.js'
import type { Authorization } from './vc-api-options.js'

export type { PublicDocument } from '../publishing/placement.js'
export {
  createLiveSource,
  createSinkSource,
  findReleased,
  type LiveSourceOptions,
  type PublicationSource
} from './publication-source.js'
export type { Authorization } from './vc-api-options.js'

/** Credentials of persons, which are handed out to those alone whom the application lets have them. */
export interface HeldCredentials {
  /**
   * Whether a request may have the credential with this id: `true`, or who makes it; `false` is answered with 403,
   * `unauthenticated` with 401, and everything else counts as `false`. Asked before anything is looked up, so that nobody
   * learns which ids there are.
   */
  authorize(request: Request, id: string): Authorization | Promise<Authorization>
  /** The secured credential, JSON text or a JWT; `undefined` where there is none. */
  find(id: string): Promise<string | undefined>
  /** The path before the id. Default: `/credentials/`, or `/refresh/`. */
  readonly path?: string
}

export interface PublicationOptions {
  /**
   * The origin that verifiers ask, such as `https://academy.example`. Of a request the path alone counts, because its host
   * may be a name that only a proxy knows.
   */
  readonly origin: string
  /** Where the public documents are found. */
  readonly source: PublicationSource
  /** Hands out credentials by id. Without it there is no such route. */
  readonly credentials?: HeldCredentials
  /** Hands out the current copy of a credential, for `refreshService` of the type `1EdTechCredentialRefresh`. */
  readonly refresh?: HeldCredentials
  /** Seconds for which a reader may keep what does not say so itself. 300 unless told. */
  readonly maxAge?: number
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** Called with every error that an answer does not tell. */
  readonly onError?: (error: unknown) => void
}

/** Answers one request. It never rejects. */
export type PublicationHandler = (request: Request) => Promise<Response>

interface Held extends HeldCredentials {
  readonly path: string
}

const NAMES = ['origin', 'source', 'credentials', 'refresh', 'maxAge', 'clock', 'onError']
const METHODS = 'GET, HEAD, OPTIONS'
const PUBLIC = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag' }
const PREFLIGHT = {
  ...PUBLIC,
  'Access-Control-Allow-Methods': METHODS,
  'Access-Control-Allow-Headers': 'Accept, Cache-Control, If-None-Match',
  'Access-Control-Max-Age': '86400',
  Allow: METHODS
}
const PATH = /^\/(?:[A-Za-z0-9._~-]+\/)+$/
const LONGEST_ID = 2_000

/**
 * Makes a handler that serves what others need to verify, from `Request` to `Response`: `did.json`, the JWK Set, status
 * lists and achievements, each at its own address; and credentials by id and their current copies, to whom the application
 * lets have them.
 *
 * `GET` and `HEAD`, with `ETag` and 304, with `Cache-Control` from the `ttl` of a list, in the media type that is asked for,
 * and with CORS headers, because verifiers run in browsers too. Credentials have none, and are not to be kept by caches
 * between. Errors are problems of RFC 9457 and hold nothing of what a driver threw.
 *
 * Does not limit how often somebody asks, and does not publish: see `createPublisher`, or take `createLiveSource`.
 *
 * @throws {OptionError} OPTION_INVALID, also for credentials without `authorize`
 * @see RFC 9110; Bitstring Status List 1.0 section 2.2; RFC 7517; Fetch Standard, CORS protocol
 *
 * @example
 * ```ts
 * import { createIssuer, createMemoryKeyStore, createMemoryStatusStore } from 'komma'
 * import { createLiveSource, createPublicationHandler } from 'komma/http/publication'
 *
 * const profile = { id: 'did:web:academy.example', name: 'Academy' }
 * const issuer = await createIssuer({ profile, keys: await createMemoryKeyStore(), status: createMemoryStatusStore() })
 * const source = createLiveSource(() => issuer.publish())
 * const handle = createPublicationHandler({ origin: 'https://academy.example', source })
 *
 * const answer = await handle(new Request('http://localhost:3000/.well-known/did.json'))
 * console.log(answer.status, answer.headers.get('cache-control')) // => 200 public, max-age=300
 * ```
 */
export function createPublicationHandler(options: PublicationOptions): PublicationHandler {
  const origin = checkOptions(options)
  const { source, maxAge = 300, clock = () => new Date(), onError } = options
  const held = [
    heldAt(options.credentials, 'credentials', '/credentials/'),
    heldAt(options.refresh, 'refresh', '/refresh/')
  ].filter((one) => one !== undefined)

  async function answer(request: Request, path: string): Promise<Response> {
    const route = held.find((one) => path.startsWith(one.path))
    if (request.method === 'OPTIONS') {
      return new Response(null, { status: 204, headers: route === undefined ? PREFLIGHT : { Allow: METHODS } })
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new RequestRefused('METHOD_NOT_ALLOWED', { headers: { Allow: METHODS } })
    }
    if (route !== undefined) return answerHeld(request, route, path.slice(route.path.length))
    const document = await source.find(`${origin}${path}`)
    if (document === undefined) throw new RequestRefused('NOT_FOUND')
    const cacheControl = `public, max-age=${ageOf(document, maxAge, clock())}`
    const mediaType = choose(request, mediaTypesOf(document))
    return answerRepresentation(request, { text: document.text, mediaType, cacheControl, vary: 'Accept' }, PUBLIC)
  }

  return async (request) => {
    const { pathname } = new URL(request.url)
    try {
      return await answer(request, pathname)
    } catch (error) {
      const problem = problemOf(error)
      if (problem.status >= 500) report(onError, error)
      return answerRefusal(request, problem, held.some(({ path }) => pathname.startsWith(path)) ? {} : PUBLIC)
    }
  }
}

async function answerHeld(request: Request, held: Held, rest: string): Promise<Response> {
  const id = decode(rest)
  if (id === undefined) throw new RequestRefused('NOT_FOUND')
  await admit(request, held, id)
  const text: unknown = await held.find(id)
  if (typeof text !== 'string' || text === '') throw new RequestRefused('NOT_FOUND')
  const mediaType = choose(request, credentialTypesOf(text))
  const vary = 'Accept, Authorization, Cookie'
  return answerRepresentation(request, { text, mediaType, cacheControl: 'private, no-cache', vary }, {})
}

async function admit(request: Request, held: Held, id: string): Promise<void> {
  const decision = await ask(request, held, id)
  if (decision === 'unauthenticated')
    throw new RequestRefused('UNAUTHENTICATED', { headers: { 'WWW-Authenticate': 'Bearer' } })
  const isActor = typeof decision === 'object' && decision !== null && typeof decision.actor === 'string'
  if (decision !== true && !isActor) throw new RequestRefused('FORBIDDEN')
}

/** What the hook throws is an error of the service, whatever it looks like. */
async function ask(request: Request, held: Held, id: string): Promise<Authorization | undefined> {
  try {
    return await held.authorize(request, id)
  } catch (cause) {
    const retryable = cause instanceof KommaError && cause.retryable
    throw new KommaError({ code: 'INTERNAL_ERROR', message: 'the authorisation failed' }, { cause, retryable })
  }
}

function choose(request: Request, offered: readonly string[]): string {
  const mediaType = negotiate(request.headers.get('accept'), offered)
  if (mediaType !== undefined) return mediaType
  throw new RequestRefused('NOT_ACCEPTABLE', { detail: `The document can be had as ${offered.join(', ')}.` })
}

/** A list says itself for how long it may be kept, and nothing outlives its end. */
function ageOf({ kind, text }: PublicDocument, maxAge: number, now: Date): number {
  if (kind !== 'statusList') return maxAge
  const lifetime = readListLifetime(new TextEncoder().encode(text), now.getTime())
  return Number.isFinite(lifetime) ? Math.floor(lifetime / 1000) : maxAge
}

/** The body of a problem does not belong into an answer to `HEAD`. */
function answerRefusal(request: Request, problem: Problem, cors: Readonly<Record<string, string>>): Response {
  const answer = answerProblem({ ...problem, headers: { ...problem.headers, ...cors } })
  return request.method === 'HEAD' ? new Response(null, { status: answer.status, headers: answer.headers }) : answer
}

function decode(written: string): string | undefined {
  try {
    const id = decodeURIComponent(written)
    return id === '' || id.length > LONGEST_ID || written.includes('/') ? undefined : id
  } catch {
    return undefined
  }
}

function heldAt(held: HeldCredentials | undefined, name: string, normal: string): Held | undefined {
  if (held === undefined) return undefined
  const { path = normal } = held
  for (const method of ['authorize', 'find'] as const) {
    if (typeof held?.[method] !== 'function') {
      throw invalid(`${name}.${method}`, 'a function, because badges are personal data')
    }
  }
  const isPath = typeof path === 'string' && PATH.test(path) && new URL(path, 'https://a.example').pathname === path
  if (!isPath) throw invalid(`${name}.path`, 'a path such as /credentials/')
  return { path, authorize: (request, id) => held.authorize(request, id), find: (id) => held.find(id) }
}

function checkOptions(options: unknown): string {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object')
  const given = options as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw invalid(unknown, NAMES.join(', '))
  const { origin, source, maxAge = 0 } = given
  const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined
  if (url?.protocol !== 'https:' || (origin !== url.origin && origin !== `${url.origin}/`)) {
    throw invalid('origin', 'an https origin, such as https://academy.example')
  }
  if (typeof (source as PublicationSource | undefined)?.find !== 'function') {
    throw invalid('source', 'an object with the method find; is an await missing?')
  }
  if (!Number.isSafeInteger(maxAge) || Number(maxAge) < 0) throw invalid('maxAge', 'a whole number of seconds')
  for (const name of ['clock', 'onError'])
    if (given[name] !== undefined && typeof given[name] !== 'function') throw invalid(name, 'a function')
  return url.origin
}

/** The hook of an operator is no reason to answer otherwise. */
function report(onError: ((error: unknown) => void) | undefined, error: unknown): void {
  try {
    onError?.(error)
  } catch {}
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
