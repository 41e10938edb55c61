import { type Fault, OptionError } from '../encoding/errors.js'
import type { ResolveRequest } from './resolver.js'
import type { FetchFunction, WebRequestEvent } from './web-request.js'

export interface WebResolverOptions {
  /**
   * Makes the connections. In a browser or an edge worker the `fetch` of the platform. On a server the function of
   * `createGuardedFetch`: a plain `fetch` there also reaches what a host name of a stranger leads to inside your network.
   */
  readonly fetch: FetchFunction
  /** Ports besides 443. None unless told. */
  readonly ports?: readonly number[]
  /** How many redirects to follow, 0 to 3. 0 unless told. Browsers hide where they lead, so there it stays 0. */
  readonly redirects?: number
  /** Seconds for one request, from the lookup of the name to the last byte. 3 unless told. */
  readonly requestTimeout?: number
  /** Seconds for all requests of one session. 10 unless told. */
  readonly sessionTimeout?: number
  /** Requests of one session, redirects included. 20 unless told. */
  readonly maxRequests?: number
  /** Longest answer in bytes, by kind. 64 KiB for keys, 1 MiB for a credential, 4 MiB for a list or file unless told. */
  readonly maxBytes?: Readonly<Partial<Record<ResolveRequest['kind'], number>>>
  /** Seconds for which an answer is used again, 0 to 300. 300 unless told; the host and the list can shorten it. */
  readonly maxAge?: number
  /** Seconds for which "there is nothing" is remembered, 0 to 30. 30 unless told. */
  readonly maxNegativeAge?: number
  /** How many answers to remember. 500 unless told; 0 for none. */
  readonly maxEntries?: number
  /** How many bytes of answers to remember. 16 MiB unless told. */
  readonly maxCacheBytes?: number
  /** Told of every request before it is made. Where it throws, the request is not made. */
  readonly onRequest?: (event: WebRequestEvent) => void
  /** The time, for the cache. The system clock unless told. */
  readonly clock?: () => Date
  /** A signal that is aborted after so many milliseconds. `AbortSignal.timeout` unless told. */
  readonly timeout?: (milliseconds: number) => AbortSignal
}

/** The options with every default filled in; times in milliseconds. */
export interface WebSettings {
  readonly fetch: FetchFunction
  readonly ports: readonly number[]
  readonly redirects: number
  readonly requestTimeout: number
  readonly sessionTimeout: number
  readonly maxRequests: number
  readonly maxBytes: Readonly<Record<ResolveRequest['kind'], number>>
  readonly maxAge: number
  readonly maxNegativeAge: number
  readonly maxEntries: number
  readonly maxCacheBytes: number
  readonly onRequest: (event: WebRequestEvent) => void
  readonly clock: () => Date
  readonly timeout: (milliseconds: number) => AbortSignal
}

const MEBIBYTE = 1_048_576

type NumberOption = (path: string, value: unknown, normal: number, least: number, most: number) => number

const MAX_BYTES: Readonly<Record<ResolveRequest['kind'], number>> = {
  controllerDocument: 65_536,
  jwks: 65_536,
  statusList: 4 * MEBIBYTE,
  credential: MEBIBYTE,
  resource: 4 * MEBIBYTE
}

function bytesOf(given: Readonly<Record<string, unknown>>, number: NumberOption): WebSettings['maxBytes'] {
  const bytes = Object.entries(MAX_BYTES).map(([kind, normal]) => {
    return [kind, number(`maxBytes.${kind}`, given[kind], normal, 1, 64 * MEBIBYTE)] as const
  })
  return Object.fromEntries(bytes) as unknown as WebSettings['maxBytes']
}

/** @throws {OptionError} OPTION_INVALID, with a fault for every option that is wrong */
export function settleWebOptions(options: WebResolverOptions): WebSettings {
  const faults: Fault[] = []
  const fault = (path: string, message: string, expected: string, hint?: string) => {
    faults.push({ code: 'OPTION_INVALID', message, path, expected, ...(hint === undefined ? {} : { hint }) })
  }
  const number = (path: string, value: unknown, normal: number, least: number, most: number, whole = true): number => {
    if (value === undefined) return normal
    const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits) fault(path, 'an option is out of bounds', `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
    return fits ? value : normal
  }
  const callable = <T>(path: string, value: T | undefined, normal: T, hint?: string): T => {
    if (value === undefined && hint === undefined) return normal
    if (typeof value !== 'function') fault(path, 'an option is not a function', 'a function', hint)
    return typeof value === 'function' ? value : normal
  }
  const given = (options ?? {}) as WebResolverOptions
  const ports = given.ports ?? []
  if (!Array.isArray(ports) || !ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    fault('ports', 'an option is not a list of ports', 'numbers from 1 to 65535')
  }
  const settings: WebSettings = {
    fetch: callable<FetchFunction>(
      'fetch',
      given.fetch,
      () => Promise.reject(new TypeError('there is no fetch')),
      'Pass the fetch of a browser or edge worker, or on a server what createGuardedFetch gives.'
    ),
    ports: [...ports],
    redirects: number('redirects', given.redirects, 0, 0, 3),
    requestTimeout: 1000 * number('requestTimeout', given.requestTimeout, 3, 0.001, 3600, false),
    sessionTimeout: 1000 * number('sessionTimeout', given.sessionTimeout, 10, 0.001, 3600, false),
    maxRequests: number('maxRequests', given.maxRequests, 20, 1, 10_000),
    maxBytes: bytesOf(given.maxBytes ?? {}, number),
    maxAge: 1000 * number('maxAge', given.maxAge, 300, 0, 300, false),
    maxNegativeAge: 1000 * number('maxNegativeAge', given.maxNegativeAge, 30, 0, 30, false),
    maxEntries: number('maxEntries', given.maxEntries, 500, 0, 1_000_000),
    maxCacheBytes: number('maxCacheBytes', given.maxCacheBytes, 16 * MEBIBYTE, 0, 4096 * MEBIBYTE),
    onRequest: callable<WebSettings['onRequest']>('onRequest', given.onRequest, () => {}),
    clock: callable<WebSettings['clock']>('clock', given.clock, () => new Date()),
    timeout: callable<WebSettings['timeout']>('timeout', given.timeout, (milliseconds) =>
      AbortSignal.timeout(milliseconds)
    )
  }
  // A name that is spelt wrongly would otherwise leave a bound at its default in silence.
  const unknown = (path: string, value: unknown, known: object) => {
    if (typeof value !== 'object' || value === null) return fault(path, 'an option is not an object', 'an object')
    for (const name of Object.keys(value))
      if (!Object.hasOwn(known, name))
        fault(path === '' ? name : `${path}.${name}`, 'an option is not known', Object.keys(known).join(', '))
  }
  unknown('', given, settings)
  unknown('maxBytes', given.maxBytes ?? {}, MAX_BYTES)
  if (faults.length > 0) throw new OptionError(faults)
  return settings
}
