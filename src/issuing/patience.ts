import { KommaError } from '../encoding/errors.js'

/** Waits, and may end early where the signal is aborted. */
export type Sleep = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>

export interface PatienceOptions {
  /** How often in a row a failure that may pass is met with another try. */
  readonly retries: number
  readonly sleep: Sleep
  readonly signal: AbortSignal | undefined
  /** Called each time before all work waits. */
  readonly onWait: (wait: {
    readonly error: KommaError
    readonly attempt: number
    readonly milliseconds: number
  }) => void
}

const FIRST_WAIT = 250
const LONGEST_WAIT = 30_000

/**
 * Runs pieces of work, several at once, against a store and a key service that may be away for a while. Where one says
 * that trying again may help, all of them wait together, longer each time, and try again.
 *
 * @returns a function that runs one piece, and rejects with the last error once patience is over
 */
export function createPatience(options: PatienceOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const { retries, sleep, signal, onWait } = options
  let failures = 0
  let pause: Promise<void> | undefined

  function wait(error: KommaError): Promise<void> {
    if (pause !== undefined) return pause
    failures += 1
    if (failures > retries) return Promise.reject(error)
    const milliseconds = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
    onWait({ error, attempt: failures, milliseconds })
    pause = sleep(milliseconds, signal).finally(() => {
      pause = undefined
    })
    return pause
  }

  return async (work) => {
    for (let tries = 0; ; tries += 1) {
      if (pause !== undefined) await pause
      try {
        const answer = await work()
        failures = 0
        return answer
      } catch (error) {
        // What others achieve meanwhile is no reason to try one piece for ever.
        if (!(error instanceof KommaError) || !error.retryable || tries >= retries || signal?.aborted) throw error
        await wait(error)
      }
    }
  }
}

/** The system's timer. */
export function sleepOnTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(finish, milliseconds)
    function finish(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      done()
    }
    signal?.addEventListener('abort', finish)
    if (signal?.aborted) finish()
  })
}
