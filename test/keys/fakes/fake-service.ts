import type { JsonObject } from '../../../src/encoding/json-types.js'
import type { FakeTime } from './fake-time.js'

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly text: string
  readonly json: JsonObject
}

export interface WireAnswer {
  readonly status: number
  readonly json: JsonObject
  readonly headers?: Readonly<Record<string, string>>
}

/** What goes wrong with one request. `undefined`: nothing. */
export type WireFault =
  | undefined
  /** The service refuses with this. */
  | { readonly answer: WireAnswer }
  /** The service signs, and what it says is changed on the way. */
  | { readonly change: (json: JsonObject) => JsonObject }
  /** The service never answers; so many milliseconds pass. */
  | { readonly hang: number }
  /** The body ends early: in good order, or with a broken connection. */
  | { readonly cut: 'quietly' | 'broken' }
  /** There is no connection. */
  | { readonly unreachable: string }
  | { readonly redirect: string }
  /** More bytes than any honest answer has. */
  | { readonly flood: number }
  | { readonly body: string }

/** A service that speaks the real protocol, has real keys, and fails on demand. */
export interface FakeService {
  /** In place of the platform's. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Every request, in order. */
  readonly seen: WireRequest[]
  /** What happens to the next requests, one each. */
  script(...faults: readonly WireFault[]): void
  /** From now on nothing goes wrong. */
  calm(): void
}

/** Puts the protocol of a vendor behind a `fetch`. */
export function createFakeService(answer: (request: WireRequest) => WireAnswer, time: FakeTime): FakeService {
  const seen: WireRequest[] = []
  const script: WireFault[] = []
  return {
    seen,
    script: (...faults) => {
      script.push(...faults)
    },
    calm: () => {
      script.length = 0
    },
    async fetch(url, init) {
      const request = read(url, init)
      seen.push(request)
      const fault = script.shift()
      const { signal } = init
      if (signal?.aborted) throw signal.reason
      if (fault === undefined) return respond(answer(request))
      if ('answer' in fault) return respond(fault.answer)
      if ('change' in fault) {
        const { json, ...rest } = answer(request)
        return respond({ ...rest, json: fault.change(json) })
      }
      if ('hang' in fault) return hang(time, fault.hang, signal)
      if ('unreachable' in fault) {
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: fault.unreachable } })
      }
      if ('redirect' in fault) return new Response('', { status: 307, headers: { location: fault.redirect } })
      if ('flood' in fault) return new Response(`{"filler":"${'x'.repeat(fault.flood)}"}`)
      if ('body' in fault) return new Response(fault.body)
      return cutOff(JSON.stringify(answer(request).json), fault.cut)
    }
  }
}

function read(url: string, init: RequestInit): WireRequest {
  const text = typeof init.body === 'string' ? init.body : ''
  return {
    method: init.method ?? 'GET',
    url: new URL(url),
    headers: new Headers(init.headers),
    text,
    json: text === '' ? {} : JSON.parse(text)
  }
}

export function respond({ status, json, headers }: WireAnswer): Response {
  return new Response(JSON.stringify(json), { status, headers: { 'content-type': 'application/json', ...headers } })
}

function hang(time: FakeTime, milliseconds: number, signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    time.advance(milliseconds)
  })
}

function cutOff(text: string, how: 'quietly' | 'broken'): Response {
  const half = new TextEncoder().encode(text.slice(0, text.length / 2))
  if (how === 'quietly') return new Response(half)
  return new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(half)
        controller.error(Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' }))
      }
    })
  )
}
