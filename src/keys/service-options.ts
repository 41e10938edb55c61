import { type Fault, OptionError } from '../encoding/errors.js'

/** What the key stores over HTTP have in common. Times are in seconds. */
export interface KeyServiceOptions {
  /** Makes the requests. The `fetch` of the platform unless told. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Seconds for one request, to the last byte of its answer. 3 unless told. */
  readonly requestTimeout?: number
  /** Seconds for one signature, or for reading one key, with every retry and pause. 10 unless told. */
  readonly totalTimeout?: number
  /** How often what failed for a reason that may pass is tried again, 0 to 3. 3 unless told. */
  readonly retries?: number
  /** After so many such failures in a row the service is left alone for a while. 5 unless told. */
  readonly breakAfter?: number
  /** Seconds for which it is left alone; then one request tries whether it is back. 10 unless told. */
  readonly breakFor?: number
  /** The time. The system clock unless told. */
  readonly clock?: () => Date
  /** A signal that is aborted after so many milliseconds. `AbortSignal.timeout` unless told. */
  readonly timeout?: (milliseconds: number) => AbortSignal
  /** Waits between two tries. A timer unless told. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** A number from 0 to below 1, by which pauses differ, so that many callers do not come back at once. */
  readonly random?: () => number
}

/** The options with every default filled in; times in milliseconds. */
export interface KeyServiceSettings {
  readonly fetch: NonNullable<KeyServiceOptions['fetch']>
  readonly requestTimeout: number
  readonly totalTimeout: number
  readonly retries: number
  readonly breakAfter: number
  readonly breakFor: number
  readonly clock: () => Date
  readonly timeout: (milliseconds: number) => AbortSignal
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly random: () => number
}

/**
 * The options of a key store over HTTP, with the names of those that it adds.
 *
 * @throws {OptionError} OPTION_INVALID, with a fault for every option that is wrong or not known
 */
export function settleServiceOptions(options: KeyServiceOptions, more: readonly string[]): KeyServiceSettings {
  const faults: Fault[] = []
  const fault = (path: string, message: string, expected: string) => {
    faults.push({ code: 'OPTION_INVALID', message, path, expected })
  }
  const number = (
    path: string,
    value: unknown,
    normal: number,
    least: number,
    most: number,
    whole: boolean
  ): number => {
    if (value === undefined) return normal
    const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits) fault(path, 'an option is out of bounds', `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
    return fits ? value : normal
  }
  const callable = <T>(path: string, value: T | undefined, normal: T): T => {
    if (value !== undefined && typeof value !== 'function') fault(path, 'an option is not a function', 'a function')
    return value ?? normal
  }
  const seconds = (path: 'requestTimeout' | 'totalTimeout' | 'breakFor', normal: number): number =>
    1000 * number(path, given[path], normal, 0.001, 3600, false)
  const given = isObject(options) ? options : {}
  const settings: KeyServiceSettings = {
    // Called as a plain function: some platforms' fetch refuses to be a method of something else.
    fetch: callable('fetch', given.fetch, (url, init) => globalThis.fetch(url, init)),
    requestTimeout: seconds('requestTimeout', 3),
    totalTimeout: seconds('totalTimeout', 10),
    retries: number('retries', given.retries, 3, 0, 3, true),
    breakAfter: number('breakAfter', given.breakAfter, 5, 1, 1000, true),
    breakFor: seconds('breakFor', 10),
    clock: callable('clock', given.clock, () => new Date()),
    timeout: callable('timeout', given.timeout, (milliseconds) => AbortSignal.timeout(milliseconds)),
    sleep: callable('sleep', given.sleep, (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))),
    random: callable('random', given.random, () => Math.random())
  }
  if (!isObject(options)) fault('options', 'the options are missing', 'an object')
  // A name that is spelt wrongly would otherwise leave a bound at its default in silence.
  const known = [...Object.keys(settings), ...more]
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) fault(name, 'an option is not known', known.join(', '))
  }
  if (faults.length > 0) throw new OptionError(faults)
  return settings
}

/** An option that has to be a function. @throws {OptionError} OPTION_INVALID */
export function checkFunction(path: string, value: unknown): void {
  if (typeof value !== 'function') throw optionError(path, 'an option is not a function', 'a function')
}

/**
 * The address of a service: https, or http to this machine alone, with nothing but host and port.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function checkEndpoint(path: string, address: unknown): string {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname))
  const plain = url !== undefined && url.username + url.password + url.search + url.hash === ''
  if (url === undefined || !safe || !plain || url.pathname !== '/') {
    throw optionError(path, 'the address of the key service is not usable', 'https://HOST, without path and query')
  }
  return url.origin
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export function optionError(path: string, message: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message, path, expected })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
