import { describe, expect, test } from 'vitest'
import type { ResolveRequest } from '../../src/did/resolver.js'
import type { WebResolverOptions } from '../../src/did/web-options.js'
import type { FetchFunction, WebRequestEvent } from '../../src/did/web-request.js'
import { createWebResolver } from '../../src/did/web-resolver.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'

const DID = 'did:web:academy.example'
const DOCUMENT_URL = 'https://academy.example/.well-known/did.json'
const LIST_URL = 'https://academy.example/status/1'
const controller = { url: DID, kind: 'controllerDocument' } as const
const list = { url: LIST_URL, kind: 'statusList' } as const
const failed = (more: object = {}) => ({ name: 'ResolutionError', code: 'RESOLUTION_FAILED', ...more })

type Answer = Response | (() => Response | Promise<Response>)

interface Call {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Record<string, string>
}

/** A resolver whose web is a list of answers, with a clock and deadlines that the test moves by hand. */
function web(answers: readonly Answer[] | ((url: string) => Answer), options: Partial<WebResolverOptions> = {}) {
  const calls: Call[] = []
  const timeouts: { readonly milliseconds: number; readonly stop: () => void }[] = []
  const clock = { now: Date.UTC(2026, 10, 21) }
  const fetch: FetchFunction = async (url, init) => {
    calls.push({ url, init, headers: Object.fromEntries(new Headers(init.headers)) })
    const answer = typeof answers === 'function' ? answers(url) : answers[calls.length - 1]
    if (answer === undefined) throw new Error('the test has no further answer')
    return typeof answer === 'function' ? answer() : answer
  }
  const resolver = createWebResolver({
    fetch,
    clock: () => new Date(clock.now),
    timeout: (milliseconds) => {
      const controller = new AbortController()
      const stop = () => controller.abort(new DOMException('too slow', 'TimeoutError'))
      timeouts.push({ milliseconds, stop })
      return controller.signal
    },
    ...options
  })
  const text = async (request: ResolveRequest, from = resolver.resolve) => {
    const found = await from(request)
    return found === undefined ? undefined : new TextDecoder().decode(found.body as Uint8Array)
  }
  return { resolver, text, calls, timeouts, clock, pass: (seconds: number) => (clock.now += 1000 * seconds) }
}

const json = (body: string, headers: Record<string, string> = {}, status = 200) =>
  new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })
const empty = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })
const redirect = (location: string, status = 302) => empty(status, { location })

describe('createWebResolver', () => {
  test('reads the document of a did:web, an https controller document and a status list', async () => {
    const { resolver, calls } = web((url) => json(url))
    const answer = async (url: string, kind: ResolveRequest['kind']) => {
      const found = await resolver.resolve({ url, kind })
      return [new TextDecoder().decode(found?.body as Uint8Array), found?.mediaType]
    }
    expect(await answer(DID, 'controllerDocument')).toEqual([DOCUMENT_URL, 'application/json'])
    expect(await answer(`${DID}:issuers:7`, 'controllerDocument')).toEqual([
      'https://academy.example/issuers/7/did.json',
      'application/json'
    ])
    expect(await answer('https://academy.example', 'controllerDocument')).toEqual([
      'https://academy.example/',
      'application/json'
    ])
    expect(await answer(LIST_URL, 'statusList')).toEqual([LIST_URL, 'application/json'])
    expect(calls).toHaveLength(4)
  })

  test.each([
    ['jwks', 'https://academy.example/.well-known/jwks.json', 'application/jwk-set+json'],
    ['credential', 'https://academy.example/badges/1', 'application/vc'],
    ['resource', 'https://academy.example/evidence.pdf', '*/*']
  ] as const)('reads a %s from its own address', async (kind, url, accept) => {
    const { text, calls } = web([json('found')])
    expect(await text({ url, kind })).toBe('found')
    expect(calls[0]?.url).toBe(url)
    expect(calls[0]?.headers['accept']).toContain(accept)
  })

  test('has nothing for other kinds of DID, and asks nobody', async () => {
    const { resolver, calls } = web([])
    expect(await resolver.resolve({ url: 'did:key:z6Mk', kind: 'controllerDocument' })).toBeUndefined()
    expect(await resolver.resolve({ url: 'did:ion:1', kind: 'controllerDocument' })).toBeUndefined()
    expect(await resolver.resolve({ url: DID, kind: 'statusList' })).toBeUndefined()
    expect(calls).toEqual([])
  })

  test.each([404, 410])('status %i: it is known that there is nothing', async (status) => {
    expect(await web([empty(status)]).resolver.resolve(controller)).toBeUndefined()
  })

  test.each([
    [500, true],
    [502, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [403, false],
    [204, false],
    [206, false],
    [304, false],
    [300, false]
  ])('166: status %i is no answer; trying again helps: %s', async (status, retryable) => {
    await expect(web([empty(status)]).resolver.resolve(list)).rejects.toMatchObject(
      failed({ retryable, got: `status ${status}`, path: LIST_URL })
    )
  })

  test('166: a lost connection can be tried again, and the error names it', async () => {
    const cause = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    const { resolver } = web([() => Promise.reject(cause)])
    await expect(resolver.resolve(list)).rejects.toMatchObject(failed({ retryable: true, got: 'ECONNRESET', cause }))
  })

  test('a page or a picture is no document, anything else may be one', async () => {
    for (const type of ['text/html', 'Text/HTML; charset=utf-8', 'image/png', 'application/xhtml+xml']) {
      await expect(web([json('x', { 'content-type': type })]).resolver.resolve(list)).rejects.toMatchObject(failed())
    }
    for (const type of ['application/did+ld+json', 'application/vc+jwt', 'text/plain', 'application/octet-stream']) {
      expect(await web([json('x', { 'content-type': type })]).text(list)).toBe('x')
    }
    const bare = await web([new Response(new Uint8Array([1]))]).resolver.resolve(list)
    expect(bare).toEqual({ body: Uint8Array.of(1) })
  })
})

describe('what it asks for', () => {
  test.each([
    'http://academy.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://academy.example/x',
    'gopher://academy.example/x',
    'https://u:p@academy.example/',
    'https://academy.example:22/',
    'https://academy.example:6379/',
    'urn:uuid:1',
    'x',
    ''
  ])('137: %j is refused, and nobody is asked', async (url) => {
    const { resolver, calls } = web([])
    for (const kind of ['controllerDocument', 'statusList'] as const) {
      await expect(resolver.resolve({ url, kind })).rejects.toMatchObject(failed({ retryable: false }))
    }
    expect(calls).toEqual([])
  })

  test.each(['https://127.0.0.1/', 'https://[::ffff:7f00:1]/', 'https://169.254.169.254/', 'https://x.internal/'])(
    '133: %s is refused, and nobody is asked',
    async (url) => {
      const { resolver, calls } = web([])
      await expect(resolver.resolve({ url, kind: 'statusList' })).rejects.toMatchObject(failed())
      expect(calls).toEqual([])
    }
  )

  test.each(['did:web:good.example%40evil.example', 'did:web:evil.example%2F..%2Fx', 'did:web:127.0.0.1'])(
    '131, 132: %s is refused, and nobody is asked',
    async (url) => {
      const { resolver, calls } = web([])
      await expect(resolver.resolve({ url, kind: 'controllerDocument' })).rejects.toMatchObject({ code: 'DID_INVALID' })
      expect(calls).toEqual([])
    }
  )

  test('137: another port has to be named, also that of a did:web', async () => {
    const asked = { url: 'did:web:academy.example%3A8443', kind: 'controllerDocument' } as const
    await expect(web([]).resolver.resolve(asked)).rejects.toMatchObject(failed())
    const { text, calls } = web([json('found')], { ports: [8443] })
    expect(await text(asked)).toBe('found')
    expect(calls[0]?.url).toBe('https://academy.example:8443/.well-known/did.json')
  })

  test('150: a request tells nothing but what is asked for', async () => {
    const { text, calls } = web([json('a'), json('b')])
    await text(controller)
    await text(list)
    for (const { init, headers } of calls) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding'])
      expect(headers['accept-encoding']).toBe('identity')
      expect(init).toMatchObject({
        method: 'GET',
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrer: '',
        referrerPolicy: 'no-referrer'
      })
      expect(init.body).toBeUndefined()
    }
    expect(calls[0]?.headers['accept']).toContain('application/did+json')
    expect(calls[1]?.headers['accept']).toContain('application/vc')
  })

  test('139: every URL is reported before it is fetched, hops included, and nothing else', async () => {
    const events: WebRequestEvent[] = []
    const { text, calls } = web([redirect('https://www.academy.example/did.json'), json('found')], {
      redirects: 1,
      onRequest: (event) => {
        expect(calls).toHaveLength(events.length)
        events.push(event)
      }
    })
    await text(controller)
    await text(controller)
    const asked = { asked: DID, kind: 'controllerDocument' }
    expect(events).toEqual([
      { ...asked, url: DOCUMENT_URL, redirected: false },
      { ...asked, url: 'https://www.academy.example/did.json', redirected: true }
    ])
    expect(calls.map(({ url }) => url)).toEqual(events.map(({ url }) => url))
  })

  test('139: the application can stop a request', async () => {
    const cause = new Error('not on my list')
    const { resolver, calls } = web([], {
      onRequest: () => {
        throw cause
      }
    })
    await expect(resolver.resolve(controller)).rejects.toMatchObject(failed({ cause, retryable: false }))
    expect(calls).toEqual([])
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('136: status %i is refused by default', async (status) => {
    const { resolver, calls } = web([redirect('https://academy.example/other', status), json('x')])
    await expect(resolver.resolve(list)).rejects.toMatchObject(failed({ got: 'https://academy.example/other' }))
    expect(calls).toHaveLength(1)
  })

  test('136: a fetch that hides or follows redirects by itself is not believed', async () => {
    for (const trait of [{ redirected: true }, { type: 'opaqueredirect' }]) {
      const answer = new Proxy(json('x'), {
        get: (target, name) => {
          if (name in trait) return trait[name as keyof typeof trait]
          const value = Reflect.get(target, name) as unknown
          return typeof value === 'function' ? value.bind(target) : value
        }
      })
      await expect(web([answer], { redirects: 3 }).resolver.resolve(list)).rejects.toMatchObject(failed())
    }
  })

  test.each([
    'http://academy.example/other',
    '//127.0.0.1/other',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://2130706433/',
    'https://localhost/',
    'https://metadata.google.internal/',
    'https://u:p@academy.example/',
    'https://academy.example:6379/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://',
    ''
  ])('136: one to %j is refused also where redirects are followed', async (location) => {
    const { resolver, calls } = web([redirect(location), json('x')], { redirects: 3 })
    await expect(resolver.resolve(list)).rejects.toMatchObject(failed())
    expect(calls).toHaveLength(1)
  })

  test('136: an allowed one is followed, relative to where it was', async () => {
    const { text, calls } = web([redirect('../lists/1#x'), redirect('https://cdn.example/1'), json('found')], {
      redirects: 2
    })
    expect(await text(list)).toBe('found')
    expect(calls.map(({ url }) => url)).toEqual([LIST_URL, 'https://academy.example/lists/1', 'https://cdn.example/1'])
  })

  test('136: a loop ends after the last that is allowed', async () => {
    const { resolver, calls } = web(() => redirect(LIST_URL), { redirects: 3 })
    await expect(resolver.resolve(list)).rejects.toMatchObject(failed({ expected: 'at most 3' }))
    expect(calls).toHaveLength(4)
  })

  test('136: the limit of bytes holds at every hop', async () => {
    const { resolver } = web([redirect('https://cdn.example/1'), json('12345')], {
      redirects: 1,
      maxBytes: { statusList: 4 }
    })
    await expect(resolver.resolve(list)).rejects.toMatchObject(failed({ expected: 'at most 4 bytes' }))
  })
})

describe('limits', () => {
  test.each([
    ['controllerDocument', DOCUMENT_URL, 65_536],
    ['jwks', 'https://academy.example/.well-known/jwks.json', 65_536],
    ['credential', 'https://academy.example/badges/1', 1_048_576],
    ['resource', 'https://academy.example/evidence.pdf', 4_194_304],
    ['statusList', LIST_URL, 4_194_304]
  ] as const)('138: a %s may be as long as its limit, and not a byte longer', async (kind, url, limit) => {
    const fits = await web([json('x'.repeat(limit))]).resolver.resolve({ url, kind })
    expect(fits?.body).toHaveLength(limit)
    const { resolver } = web([json('x'.repeat(limit + 1))])
    await expect(resolver.resolve({ url, kind })).rejects.toMatchObject(failed({ retryable: false }))
  })

  test('138: an endless body is left at the limit, whatever its length was said to be', async () => {
    let pulled = 0
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1000))
      },
      cancel() {
        cancelled = true
      }
    })
    const { resolver } = web([new Response(body, { headers: { 'content-length': '10' } })])
    await expect(resolver.resolve(controller)).rejects.toMatchObject(failed())
    expect(pulled).toBeLessThan(70)
    expect(cancelled).toBe(true)
  })

  test('138: the deadline covers the last byte, also of a fetch that does not listen to it', async () => {
    let cancelled = false
    const { resolver, timeouts } = web([
      new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(Uint8Array.of(0x7b)),
          pull: () => {
            timeouts.find(({ milliseconds }) => milliseconds === 3000)?.stop()
            return new Promise(() => {})
          },
          cancel() {
            cancelled = true
          }
        })
      )
    ])
    await expect(resolver.resolve(controller)).rejects.toMatchObject(
      failed({ retryable: true, message: expect.stringContaining('in time') })
    )
    expect(cancelled).toBe(true)
  })

  test('138: the deadline covers the start, and lets go of an answer that comes too late', async () => {
    let answer: (response: Response) => void = () => {}
    let cancelled: () => void = () => {}
    const late = new Promise<void>((resolve) => {
      cancelled = resolve
    })
    const { resolver, timeouts } = web([() => new Promise((resolve) => (answer = resolve))])
    const asked = resolver.resolve(controller)
    await Promise.resolve()
    timeouts.at(-1)?.stop()
    await expect(asked).rejects.toMatchObject(failed({ retryable: true }))
    answer(new Response(new ReadableStream({ cancel: cancelled })))
    await late
  })

  test('138: fetch is told of the deadline', async () => {
    const { resolver, calls, timeouts } = web([() => new Promise(() => {})], { requestTimeout: 0.5 })
    const asked = resolver.resolve(controller)
    await Promise.resolve()
    expect(timeouts.map(({ milliseconds }) => milliseconds)).toEqual([10_000, 500])
    expect(calls[0]?.init.signal?.aborted).toBe(false)
    timeouts[1]?.stop()
    await expect(asked).rejects.toMatchObject(failed())
    expect(calls[0]?.init.signal?.aborted).toBe(true)
  })

  test('a caller who waits no longer ends the request, and starts none', async () => {
    const { resolver, calls } = web([() => new Promise(() => {})])
    const controllerOfCaller = new AbortController()
    const request = { ...controller, signal: controllerOfCaller.signal }
    const asked = resolver.resolve(request)
    await Promise.resolve()
    controllerOfCaller.abort()
    await expect(asked).rejects.toMatchObject(failed({ retryable: false }))
    await expect(resolver.resolve(request)).rejects.toMatchObject(failed())
    expect(calls).toHaveLength(1)
  })

  test('a session has 20 requests, hops included; the next session has its own', async () => {
    const { resolver, calls } = web((url) => (url.endsWith('/0') ? redirect('https://cdn.example/0x') : json(url)), {
      redirects: 1
    })
    const { resolve } = resolver.session()
    for (let n = 0; n < 19; n += 1) await resolve({ url: `https://academy.example/${n}`, kind: 'statusList' })
    await expect(resolve(list)).rejects.toMatchObject(failed({ expected: 'at most 20', retryable: false }))
    expect(calls).toHaveLength(20)
    const known = await resolve({ url: 'https://academy.example/7', kind: 'statusList' })
    expect(known?.body).toBeInstanceOf(Uint8Array)
    await resolver.session().resolve(list)
    expect(calls).toHaveLength(21)
  })

  test('a session ends 10 seconds after its first request', async () => {
    const { resolver, calls, timeouts } = web((url) => json(url))
    const { resolve } = resolver.session()
    expect(timeouts).toEqual([])
    await resolve(controller)
    expect(timeouts.map(({ milliseconds }) => milliseconds)).toEqual([10_000, 3000])
    timeouts[0]?.stop()
    await expect(resolve(list)).rejects.toMatchObject(failed({ retryable: true }))
    expect(calls).toHaveLength(1)
  })
})

describe('the cache', () => {
  test('145: an answer is used again for 5 minutes at most', async () => {
    const { text, pass, calls } = web([json('old', { 'cache-control': 'max-age=31536000' }), json('new')])
    expect(await text(controller)).toBe('old')
    pass(299)
    expect(await text(controller)).toBe('old')
    pass(1)
    expect(await text(controller)).toBe('new')
    expect(calls).toHaveLength(2)
  })

  test('145: the host can shorten that, or forbid it', async () => {
    const short = web([json('a', { 'cache-control': 'max-age=60' }), json('b')])
    await short.text(controller)
    short.pass(59)
    expect(await short.text(controller)).toBe('a')
    short.pass(1)
    expect(await short.text(controller)).toBe('b')
    for (const directive of ['no-store', 'max-age=0', 'no-cache']) {
      const { text, calls } = web([json('a', { 'cache-control': directive }), json('b')])
      expect([await text(controller), await text(controller)]).toEqual(['a', 'b'])
      expect(calls).toHaveLength(2)
    }
  })

  test('145: the application can shorten it too', async () => {
    const { text, pass } = web([json('a'), json('b'), json('c')], { maxAge: 10 })
    await text(controller)
    pass(10)
    expect(await text(controller)).toBe('b')
    const none = web([json('a'), json('b')], { maxAge: 0 })
    expect([await none.text(controller), await none.text(controller)]).toEqual(['a', 'b'])
  })

  test('145: an answer belongs to exactly the DID or URL and the kind that was asked for', async () => {
    const { text, calls } = web((url) => json(`${url} ${calls.length}`))
    const asked = [
      controller,
      { url: DOCUMENT_URL, kind: 'controllerDocument' },
      { url: DOCUMENT_URL, kind: 'statusList' },
      { url: `${DID}:a`, kind: 'controllerDocument' },
      { url: 'https://academy.example', kind: 'controllerDocument' },
      { url: 'https://academy.example/', kind: 'controllerDocument' }
    ] as const
    const first: unknown[] = []
    for (const each of asked) first.push(await text(each))
    expect(new Set(first).size).toBe(asked.length)
    const again: unknown[] = []
    for (const each of asked) again.push(await text(each))
    expect(again).toEqual(first)
    expect(calls).toHaveLength(asked.length)
  })

  test('145: what a redirect led to is kept for the one who was redirected alone', async () => {
    const { text, calls } = web(
      (url) => (url === DOCUMENT_URL ? redirect('https://other.example/.well-known/did.json') : json(`of ${url}`)),
      { redirects: 1 }
    )
    await text(controller)
    await text({ url: 'did:web:other.example', kind: 'controllerDocument' })
    expect(calls).toHaveLength(3)
  })

  test('145: "there is nothing" is remembered for 30 seconds', async () => {
    const { text, pass, calls } = web([empty(404, { etag: '"x"' }), json('now there is')])
    expect(await text(controller)).toBeUndefined()
    pass(29)
    expect(await text(controller)).toBeUndefined()
    expect(calls).toHaveLength(1)
    pass(1)
    expect(await text(controller)).toBe('now there is')
    expect(calls[1]?.headers['if-none-match']).toBeUndefined()
  })

  test('145: an error is not remembered, and does not bring back what is no longer fresh', async () => {
    const { text, pass } = web([json('old', { etag: '"1"' }), empty(503), empty(410), json('new')])
    await text(controller)
    pass(300)
    await expect(text(controller)).rejects.toMatchObject(failed({ retryable: true }))
    expect(await text(controller)).toBeUndefined()
    pass(30)
    expect(await text(controller)).toBe('new')
  })

  test('145: an answer that is no longer fresh is asked for by its tag', async () => {
    const { text, pass, calls } = web([
      json('one', { etag: 'W/"1"' }),
      empty(304, { 'cache-control': 'max-age=20' }),
      json('two', { etag: '"2"' }),
      json('three')
    ])
    expect(await text(list)).toBe('one')
    pass(300)
    expect(await text(list)).toBe('one')
    pass(19)
    expect(await text(list)).toBe('one')
    expect(calls).toHaveLength(2)
    pass(1)
    expect(await text(list)).toBe('two')
    pass(300)
    expect(await text(list)).toBe('three')
    expect(calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, 'W/"1"', 'W/"1"', '"2"'])
  })

  test('a tag that the browser may not send is left out', async () => {
    const refusedByBrowser = () => Promise.reject(new TypeError('Failed to fetch'))
    const { text, pass, calls } = web([json('one', { etag: '"1"' }), refusedByBrowser, json('two')])
    await text(list)
    pass(300)
    expect(await text(list)).toBe('two')
    expect(calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', undefined])
  })

  test('the tag of an answer after a redirect is sent to nobody', async () => {
    const { text, pass, calls } = web(
      (url) => (url === LIST_URL ? redirect('https://cdn.example/1') : json('x', { etag: '"1"' })),
      { redirects: 1 }
    )
    await text(list)
    pass(300)
    await text(list)
    expect(calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, undefined, undefined])
  })

  test.each([
    ['JSON', JSON.stringify({ credentialSubject: { ttl: 60_000 } })],
    ['a JWT', `e30.${encodeBase64url(new TextEncoder().encode('{"credentialSubject":{"ttl":60000}}'))}.c2ln`]
  ])('164: the ttl of a status list as %s shortens how long it is used', async (_name, body) => {
    const { text, pass, calls } = web(() => json(body, { 'cache-control': 'max-age=300' }))
    await text(list)
    pass(59)
    await text(list)
    expect(calls).toHaveLength(1)
    pass(1)
    await text(list)
    expect(calls).toHaveLength(2)
  })

  test('164: the ttl cannot lengthen it, and means nothing in a controller document', async () => {
    const body = JSON.stringify({ credentialSubject: { ttl: 86_400_000 } })
    const long = web([json(body, { 'cache-control': 'max-age=60' }), json('new')])
    await long.text(list)
    long.pass(60)
    expect(await long.text(list)).toBe('new')
    const document = web([json(JSON.stringify({ credentialSubject: { ttl: 0 } })), json('new')])
    await document.text(controller)
    await document.text(controller)
    expect(document.calls).toHaveLength(1)
  })

  test('164: a list is not kept past its validUntil', async () => {
    const { text, pass, calls } = web(() => json('{"validUntil":"2026-11-21T00:00:30Z"}'))
    await text(list)
    pass(30)
    await text(list)
    expect(calls).toHaveLength(2)
  })

  test('145: it is bounded by entries and by bytes, and the one unused for longest goes first', async () => {
    const few = web((url) => json(url), { maxEntries: 2 })
    const at = (n: number) => ({ url: `https://academy.example/${n}`, kind: 'statusList' }) as const
    for (const n of [1, 2, 1, 3, 1]) await few.text(at(n))
    expect(few.calls.map(({ url }) => url.at(-1)).join('')).toBe('123')
    await few.text(at(2))
    expect(few.calls).toHaveLength(4)

    const small = web(() => json('12345'), { maxCacheBytes: 10 })
    for (const n of [1, 2, 1, 2, 3, 2, 3]) await small.text(at(n))
    expect(small.calls.map(({ url }) => url.at(-1)).join('')).toBe('123')

    const none = web(() => json('12345'), { maxCacheBytes: 4 })
    for (const n of [1, 1]) await none.text(at(n))
    expect(none.calls).toHaveLength(2)

    const off = web(() => json('12345'), { maxEntries: 0 })
    for (const n of [1, 1]) await off.text(at(n))
    expect(off.calls).toHaveLength(2)
  })

  test('nobody can change what it remembers', async () => {
    const { resolver, text } = web([json('one')])
    const found = await resolver.resolve(list)
    if (found?.body instanceof Uint8Array) found.body.fill(0)
    const again = await resolver.resolve(list)
    if (again?.body instanceof Uint8Array) again.body.fill(0)
    expect(await text(list)).toBe('one')
  })
})

describe('options', () => {
  test('every one that is wrong is named at once', () => {
    const options = {
      ports: [0],
      redirects: 4,
      requestTimeout: 0,
      sessionTimeout: Number.NaN,
      maxRequests: 0,
      maxBytes: { statusList: 1.5 },
      maxAge: 301,
      maxNegativeAge: 31,
      maxEntries: -1,
      maxCacheBytes: '1',
      onRequest: true,
      clock: new Date(),
      timeout: 3
    }
    let faults: readonly { readonly path?: string }[] = []
    try {
      createWebResolver(options as never)
    } catch (error) {
      expect(error).toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID' })
      faults = (error as { faults: typeof faults }).faults
    }
    const expected = [
      'fetch',
      ...Object.keys(options).map((name) => (name === 'maxBytes' ? 'maxBytes.statusList' : name))
    ]
    expect(faults.map(({ path }) => path).sort()).toEqual(expected.sort())
  })

  test.each([
    ['onrequest', { onrequest: () => {} }],
    ['maxBytes.statuslist', { maxBytes: { statuslist: 100 } }],
    ['maxBytes', { maxBytes: 100 }]
  ])('a name that is none does not leave a bound open in silence: %s', (path, options) => {
    const create = () => createWebResolver({ fetch: async () => json('found'), ...options } as never)
    expect(create).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path }))
  })

  test('D6: without a fetch there is no web resolver', () => {
    const create = () => createWebResolver({} as never)
    expect(create).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path: 'fetch' }))
    expect(() => createWebResolver(undefined as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })

  test('the fetch of the platform, the system clock and its timers will do', async () => {
    const resolver = createWebResolver({ fetch: async () => json('found') })
    expect((await resolver.resolve(list))?.mediaType).toBe('application/json')
  })
})
