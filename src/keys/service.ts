import { createDeadline, type Deadline } from '../encoding/http-deadline.js'
import type { JsonObject } from '../encoding/json-types.js'
import { CircuitBreaker } from './circuit-breaker.js'
import { callService, type ServiceProtocol, type ServiceRequest } from './service-call.js'
import { ServiceFailure } from './service-failure.js'
import type { KeyServiceSettings } from './service-options.js'

/** Makes one request; what it gives back is the JSON object of a success. */
export type ServiceCall = (request: ServiceRequest) => Promise<JsonObject>

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2000

/**
 * Asks a key service, with bounded retries: pauses that double and vary, one deadline over all of it, fresh credentials
 * once where the old ones were refused as expired, and a break for a service that is unwell.
 *
 * A request to sign may be made more than once. That is safe: nothing is kept from a try that failed, and an answer
 * that comes too late is dropped.
 */
export class KeyService {
  readonly #settings: KeyServiceSettings
  readonly #protocol: ServiceProtocol
  readonly #breaker: CircuitBreaker

  constructor(settings: KeyServiceSettings, protocol: ServiceProtocol) {
    this.#settings = settings
    this.#protocol = protocol
    this.#breaker = new CircuitBreaker(settings)
  }

  /**
   * Does a piece of work that calls the service, again where it fails for a reason that may pass.
   *
   * @param where what errors name
   * @throws {KeyError} with `retryable`
   */
  async run<T>(where: string, signal: AbortSignal | undefined, work: (call: ServiceCall) => Promise<T>): Promise<T> {
    const { totalTimeout, timeout } = this.#settings
    const end = createDeadline([signal, timeout(totalTimeout)])
    try {
      return await this.#tryOften(work, end)
    } catch (error) {
      if (error instanceof ServiceFailure) throw error.toKeyError(where)
      throw error
    } finally {
      end.end()
    }
  }

  async #tryOften<T>(work: (call: ServiceCall) => Promise<T>, end: Deadline): Promise<T> {
    let renewed = false
    let renew = false
    for (let retries = this.#settings.retries; ; retries -= 1) {
      const outcome = await this.#tryOnce(work, renew, end)
      renew = false
      if (!(outcome instanceof ServiceFailure)) return outcome.result
      const { retryable, final, renew: stale, retryAfter } = outcome.fault
      if (retries <= 0 || final === true || end.signal.aborted) throw outcome
      if (stale === true && !renewed) renewed = renew = true
      else if (retryable !== true || stale === true) throw outcome
      else await this.#pause(this.#settings.retries - retries, retryAfter ?? 0, outcome, end)
    }
  }

  async #tryOnce<T>(
    work: (call: ServiceCall) => Promise<T>,
    renew: boolean,
    end: Deadline
  ): Promise<{ readonly result: T } | ServiceFailure> {
    if (end.signal.aborted) return calledOff(end)
    if (!this.#breaker.mayAsk()) return onBreak()
    try {
      const result = await work((request) => callService(request, renew, this.#protocol, this.#settings, end))
      this.#breaker.answered()
      return { result }
    } catch (error) {
      const failure = end.signal.aborted ? calledOff(end) : error
      if (!(failure instanceof ServiceFailure)) this.#breaker.leftOff()
      else if (failure.fault.unwell === true) this.#breaker.failed()
      else if (end.signal.aborted || failure.fault.unasked === true) this.#breaker.leftOff()
      else this.#breaker.answered()
      if (failure instanceof ServiceFailure) return failure
      throw failure
    }
  }

  async #pause(tries: number, least: number, failure: ServiceFailure, end: Deadline): Promise<void> {
    const { sleep, random, totalTimeout } = this.#settings
    if (least >= totalTimeout) throw failure
    const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries)
    try {
      await end.wait(sleep(Math.max(least, Math.round(most * (0.5 + random() / 2)))))
    } catch (error) {
      // The time is up: what went wrong says more than that.
      if (end.signal.aborted) throw failure
      throw error
    }
  }
}

function calledOff({ signal }: Deadline): ServiceFailure {
  const late = (signal.reason as { name?: unknown } | null | undefined)?.name === 'TimeoutError'
  return new ServiceFailure({
    code: 'KEY_STORE_IO',
    message: late ? 'the key service did not answer in time' : 'the caller stopped waiting for the key service',
    retryable: true,
    unwell: late,
    cause: signal.reason
  })
}

function onBreak(): ServiceFailure {
  return new ServiceFailure({
    code: 'KEY_STORE_IO',
    message: 'the key service failed several times in a row and is left alone for a while',
    retryable: true,
    final: true,
    hint: 'Nothing was sent. Try again later.'
  })
}
