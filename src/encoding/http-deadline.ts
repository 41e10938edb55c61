/** A signal for one piece of work, and how to wait under it. */
export interface Deadline {
  readonly signal: AbortSignal
  /**
   * Waits for a promise, but no longer than the deadline: then it throws the reason of the signal, and what comes too
   * late goes to `drop`.
   */
  wait<T>(promise: Promise<T>, drop?: (late: T) => void): Promise<T>
  /** Lets go of the signals it listens to. */
  end(): void
}

/**
 * One signal that is aborted with the first of several. `AbortSignal.any` would do, were it kept alive in every runtime
 * while only a promise waits for it.
 */
export function createDeadline(signals: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController()
  const sources = signals.filter((signal) => signal !== undefined)
  const listeners = sources.map((source) => {
    const listener = () => controller.abort(source.reason)
    source.addEventListener('abort', listener, { once: true })
    if (source.aborted) listener()
    return () => source.removeEventListener('abort', listener)
  })
  const { signal } = controller
  return {
    signal,
    async wait<T>(promise: Promise<T>, drop?: (late: T) => void): Promise<T> {
      let stop = () => {}
      const aborted = new Promise<never>((_resolve, reject) => {
        stop = () => reject(signal.reason)
        signal.addEventListener('abort', stop, { once: true })
        if (signal.aborted) stop()
      })
      try {
        return await Promise.race([promise, aborted])
      } catch (error) {
        if (drop !== undefined) promise.then(drop).catch(() => {})
        throw error
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    end() {
      for (const remove of listeners) remove()
    }
  }
}
