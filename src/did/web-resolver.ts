import { ResolutionError } from '../encoding/errors.js'
import { createDeadline } from '../encoding/http-deadline.js'
import { didWebToUrl } from './did-web.js'
import { readFreshness, readListLifetime } from './http-freshness.js'
import type { Resolution, ResolveRequest, Resolver } from './resolver.js'
import { type CacheEntry, WebCache } from './web-cache.js'
import { settleWebOptions, type WebResolverOptions, type WebSettings } from './web-options.js'
import { calledOff, getFromWeb, type WebAccess, type WebAnswer, type WebGet } from './web-request.js'

/** A resolver that reads from the web, and remembers what it read. */
export interface WebResolver extends Resolver {
  /**
   * A resolver with the same memory and its own allowance of requests and time, for one verification. `resolve` of the
   * web resolver itself is a session of one question.
   */
  session(): Resolver
}

/**
 * A resolver that reads the documents of `did:web` issuers, https controller documents, JWK Sets, status lists, newer
 * copies of credentials and files with the `fetch` that it is given, and trusts neither the names that strangers chose nor the hosts behind them.
 *
 * - Only https, only public host names and global IP addresses, port 443 unless others are named, no redirect unless
 *   allowed, and then every hop is checked like the first. Nothing is sent but what to accept and the tag of the copy at
 *   hand: no cookies, no referrer, no body.
 * - Every request has 3 s from its start to the last byte and a limit of decoded bytes; a session has 20 requests and 10 s
 *   from its first one.
 * - An answer is used again for as long as the host allows, a status list at most for its own `ttl`, and never for longer
 *   than 5 minutes; "there is nothing" (404, 410) for 30 seconds; errors not at all. After that it is asked for with its
 *   ETag. An answer that is no longer fresh is never handed out, also when the host cannot be reached.
 *
 * Does NOT look at the content, which `verify` does, and does NOT see which IP address a name leads to: that is up to
 * `fetch`. On a server pass what `createGuardedFetch` of `komma/resolve/web-node` gives. Reading tells the host that
 * somebody at your address verifies something of that issuer.
 *
 * @throws {OptionError} OPTION_INVALID. Asking it throws ResolutionError: RESOLUTION_FAILED where an address was refused
 *   or the host did not answer with a document (`retryable` where it may answer later), DID_INVALID for a malformed did:web
 *
 * Source: did:web method specification, section 2.5.2; Bitstring Status List 1.0 section 2.2 for `ttl`; RFC 9111.
 *
 * @example
 * ```ts
 * import { createWebResolver } from 'komma'
 *
 * // In a browser `{ fetch }`, on a server `{ fetch: createGuardedFetch() }`; here a web of one document.
 * const fetch = async () => new Response('{ "id": "did:web:academy.example" }')
 * const resolver = createWebResolver({ fetch, onRequest: ({ url }) => console.log(`reading ${url}`) })
 * const found = await resolver.resolve({ url: 'did:web:academy.example', kind: 'controllerDocument' })
 * console.log(found !== undefined) // => true
 * ```
 */
export function createWebResolver(options: WebResolverOptions): WebResolver {
  const settings = settleWebOptions(options)
  const cache = new WebCache(settings.maxEntries, settings.maxCacheBytes)
  const session = (): Resolver => createSession(settings, cache)
  return Object.freeze({ session, resolve: (request: ResolveRequest) => session().resolve(request) })
}

function createSession(settings: WebSettings, cache: WebCache): Resolver {
  let requests = 0
  let end: AbortSignal | undefined
  return Object.freeze({
    async resolve(request: ResolveRequest): Promise<Resolution | undefined> {
      const url = addressOf(request)
      if (url === undefined) return undefined
      const { kind, signal } = request
      const access: WebAccess = {
        ...settings,
        begin(event) {
          const over = [signal, end].find((each) => each?.aborted)
          if (over !== undefined) throw calledOff(event.url, over.reason)
          if (requests >= settings.maxRequests) throw exhausted(event.url, settings.maxRequests)
          tell(settings, event)
          requests += 1
          end ??= settings.timeout(settings.sessionTimeout)
          return createDeadline([signal, end, settings.timeout(settings.requestTimeout)])
        }
      }
      const entry = await lookUp({ url, asked: request.url, kind }, access, settings, cache)
      if (entry.body === undefined) return undefined
      const { body, mediaType } = entry
      return { body: body.slice(), ...(mediaType === undefined ? {} : { mediaType }) }
    }
  })
}

function addressOf({ url, kind }: ResolveRequest): string | undefined {
  if (url.startsWith('did:web:')) return kind === 'controllerDocument' ? didWebToUrl(url) : undefined
  return url.startsWith('did:') ? undefined : url
}

// The key is the text that was asked for, never a URL that it led to.
async function lookUp(get: WebGet, access: WebAccess, settings: WebSettings, cache: WebCache): Promise<CacheEntry> {
  const key = `${get.kind} ${get.asked}`
  const known = cache.get(key)
  if (known !== undefined && settings.clock().getTime() < known.freshUntil) return known
  const answer = await ask({ ...get, etag: known?.etag }, access)
  const now = settings.clock().getTime()
  const { store, lifetime, etag } = readFreshness(answer.headers, settings.maxAge, now)
  const content = contentOf(answer, known, etag)
  const entry = { ...content, freshUntil: now + Math.min(lifetime, ownLifetime(content.body, get.kind, now, settings)) }
  if (store && (entry.freshUntil > now || entry.etag !== undefined)) cache.set(key, entry)
  else cache.delete(key)
  return entry
}

// A browser asks the host's leave before it sends an ETag, and a host without an answer to that is not unreachable.
async function ask(get: WebGet, access: WebAccess): Promise<WebAnswer> {
  try {
    return await getFromWeb(get, access)
  } catch (error) {
    if (get.etag === undefined || !(error instanceof ResolutionError && error.cause instanceof TypeError)) throw error
    return getFromWeb({ ...get, etag: undefined }, access)
  }
}

function contentOf(
  answer: WebAnswer,
  known: CacheEntry | undefined,
  etag: string | undefined
): Omit<CacheEntry, 'freshUntil'> {
  if (answer.outcome === 'same' && known !== undefined) return known
  if (answer.outcome !== 'found') return { body: undefined, mediaType: undefined, etag: undefined }
  return { body: answer.body, mediaType: answer.mediaType, etag: answer.redirected ? undefined : etag }
}

function ownLifetime(
  body: Uint8Array | undefined,
  kind: ResolveRequest['kind'],
  now: number,
  { maxNegativeAge }: WebSettings
): number {
  if (body === undefined) return maxNegativeAge
  return kind === 'statusList' ? readListLifetime(body, now) : Number.POSITIVE_INFINITY
}

function tell({ onRequest }: WebSettings, event: Parameters<WebSettings['onRequest']>[0]): void {
  try {
    onRequest(event)
  } catch (cause) {
    throw new ResolutionError(
      { code: 'RESOLUTION_FAILED', message: 'the application refused the request', path: event.url },
      { cause }
    )
  }
}

function exhausted(url: string, most: number): ResolutionError {
  return new ResolutionError({
    code: 'RESOLUTION_FAILED',
    message: 'the session has used up its requests',
    path: url,
    expected: `at most ${most}`
  })
}
