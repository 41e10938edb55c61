import type { FetchFunction } from '../did/web-request.js'
import { OptionError, PublicationError } from '../encoding/errors.js'
import { dropBody, readBody } from '../encoding/http-body.js'
import { createDeadline } from '../encoding/http-deadline.js'
import { isPlace, type PublicationSink, type SinkCall, type SinkEntry, type SinkMetadata } from './sink.js'

export interface HttpSinkOptions {
  /** The https folder that places are relative to, such as `https://s3.eu-north-1.example/bucket/site/`. */
  readonly base: string
  /** Makes the requests and signs them: the `fetch` of an S3 client, or one that adds a token. */
  readonly fetch: FetchFunction
  /** Longest content to read, in bytes. 16 MiB unless told. */
  readonly maxBytes?: number
}

/** Where the store is asked whether it compares before it writes. Nothing else lies there. */
const PROBE = '.komma-probe'
const NO_SUCH_TAG = '"komma-no-such-tag"'
const ETAG = /^"[\x21\x23-\x7e]{1,200}"$/
const RETRYABLE: readonly number[] = [408, 425, 429, 500, 502, 503, 504]

/**
 * A {@link PublicationSink} over HTTP with conditional requests: `GET` with its `ETag`, `PUT` with `If-Match` or
 * `If-None-Match: *` (RFC 9110 section 13.1). S3 and what speaks like it does, and so do WebDAV servers and stores of
 * one's own. Several machines may write at once.
 *
 * Some stores pass conditions over and write all the same. Before the first write the store is asked, with a small file
 * `.komma-probe`, and one that does not compare is refused with PUBLICATION_UNFENCED.
 *
 * Does not sign requests, follow redirects or try again: `fetch` may. `base` has to be the store itself, not a cache in
 * front of it. A bucket that answers 403 for what is not there has to let the caller list it.
 *
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createHttpSink } from 'komma'
 *
 * const objects = new Map<string, string>()
 * const sink = createHttpSink({
 *   base: 'https://storage.example/site/',
 *   // A store that compares: take the signed fetch of your S3 client here.
 *   async fetch(url, { method, headers, body }) {
 *     const conditions = new Headers(headers)
 *     const there = objects.get(url)
 *     if (method === 'GET') return new Response(there ?? null, { status: there ? 200 : 404, headers: { ETag: `"${there}"` } })
 *     const fits = conditions.get('if-none-match') === '*' ? !there : conditions.get('if-match') === `"${there}"`
 *     if (fits) objects.set(url, String(body))
 *     return new Response(null, { status: fits ? 200 : 412 })
 *   }
 * })
 * console.log(await sink.write('a.json', '1', undefined, { mediaType: 'application/json', maxAge: 60 })) // => true
 * ```
 */
export function createHttpSink(options: HttpSinkOptions): PublicationSink {
  const { fetch, maxBytes = 16 * 1_048_576 } = options
  const base = readBase(options.base)
  if (typeof fetch !== 'function') throw invalid('fetch', 'a function')
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw invalid('maxBytes', 'a whole number')
  let probed: Promise<void> | undefined

  async function ask(place: string, init: RequestInit, call: SinkCall): Promise<Response> {
    if (!isPlace(place)) throw invalid('place', 'a path of plain segments')
    const { signal } = call
    try {
      return await fetch(`${base}${place}`, {
        redirect: 'manual',
        ...init,
        ...(signal === undefined ? {} : { signal })
      })
    } catch (cause) {
      throw failed('the store could not be reached', place, cause, true)
    }
  }

  async function put(
    place: string,
    text: string,
    condition: Readonly<Record<string, string>>,
    { mediaType, maxAge }: SinkMetadata,
    call: SinkCall
  ): Promise<boolean> {
    const headers = { 'Content-Type': mediaType, 'Cache-Control': `public, max-age=${maxAge}`, ...condition }
    const response = await ask(place, { method: 'PUT', headers, body: text }, call)
    dropBody(response)
    const { status } = response
    if (status === 200 || status === 201 || status === 204) return true
    // S3 says 409 where another write is under way, and 404 where the object that should match is gone.
    if (status === 412 || status === 409 || (status === 404 && 'If-Match' in condition)) return false
    throw refusedWith(place, status)
  }

  async function probe(call: SinkCall): Promise<void> {
    const metadata = { mediaType: 'text/plain', maxAge: 0 }
    const text = 'komma asks here whether this store compares before it writes.\n'
    await put(PROBE, text, { 'If-None-Match': '*' }, metadata, call)
    const replaced =
      (await put(PROBE, text, { 'If-None-Match': '*' }, metadata, call)) ||
      (await put(PROBE, text, { 'If-Match': NO_SUCH_TAG }, metadata, call))
    if (!replaced) return
    throw new PublicationError({
      code: 'PUBLICATION_UNFENCED',
      message:
        'the store writes without looking at If-Match and If-None-Match, so a slow publisher could put an old list back',
      path: `${base}${PROBE}`,
      hint: 'Use a store with conditional writes'
    })
  }

  return Object.freeze({
    describe: (place: string) => `${base}${place}`,
    async read(place: string, call: SinkCall = {}): Promise<SinkEntry | undefined> {
      const headers = { 'Cache-Control': 'no-cache' }
      const response = await ask(place, { method: 'GET', headers }, call)
      if (response.status === 404 || response.status === 410) {
        dropBody(response)
        return undefined
      }
      if (response.status !== 200) {
        dropBody(response)
        throw refusedWith(place, response.status)
      }
      const tag = response.headers.get('etag') ?? ''
      if (!ETAG.test(tag)) {
        dropBody(response)
        throw failed('the store names no strong ETag, so nothing can be replaced safely', place, undefined, false)
      }
      return { text: await readText(response, place, call), tag }
    },
    async write(
      place: string,
      text: string,
      tag: string | undefined,
      metadata: SinkMetadata,
      call: SinkCall = {}
    ): Promise<boolean> {
      probed ??= probe(call)
      await probed.catch((error: unknown) => {
        probed = undefined
        throw error
      })
      return put(place, text, tag === undefined ? { 'If-None-Match': '*' } : { 'If-Match': tag }, metadata, call)
    }
  })

  async function readText(response: Response, place: string, call: SinkCall): Promise<string> {
    const deadline = createDeadline([call.signal])
    try {
      const body = await readBody(response, maxBytes, deadline)
      if (body === undefined) throw failed('what lies there is longer than any document', place, undefined, false)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
    } catch (cause) {
      if (cause instanceof PublicationError) throw cause
      throw failed('the answer of the store broke off', place, cause, true)
    } finally {
      deadline.end()
    }
  }

  function refusedWith(place: string, status: number): PublicationError {
    const path = `${base}${place}`
    const hint = status === 403 ? { hint: 'Check the credentials, and that the caller may list the bucket' } : {}
    const fault = {
      code: 'PUBLICATION_IO',
      message: 'the store refused the request',
      path,
      got: `${status}`,
      ...hint
    } as const
    return new PublicationError(fault, { retryable: RETRYABLE.includes(status) })
  }

  function failed(message: string, place: string, cause: unknown, retryable: boolean): PublicationError {
    return new PublicationError({ code: 'PUBLICATION_IO', message, path: `${base}${place}` }, { cause, retryable })
  }
}

function readBase(base: unknown): string {
  const url = typeof base === 'string' && URL.canParse(base) ? new URL(base) : undefined
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url === undefined || (url.protocol !== 'https:' && !isLocal) || url.search !== '' || url.hash !== '') {
    throw invalid('base', 'an https URL of a folder')
  }
  if (url.username !== '' || url.password !== '') throw invalid('base', 'no user and password in the URL')
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
