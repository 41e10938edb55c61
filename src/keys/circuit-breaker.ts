/** Leaves a service that is unwell alone for a while, so that callers learn it at once and the service can recover. */
export class CircuitBreaker {
  readonly #after: number
  readonly #milliseconds: number
  readonly #clock: () => Date
  #failures = 0
  #openedAt: number | undefined
  #trying = false

  constructor(settings: { readonly breakAfter: number; readonly breakFor: number; readonly clock: () => Date }) {
    this.#after = settings.breakAfter
    this.#milliseconds = settings.breakFor
    this.#clock = settings.clock
  }

  /** Whether the service may be asked. After the break one caller at a time may, to see whether it is back. */
  mayAsk(): boolean {
    if (this.#openedAt === undefined) return true
    const passed = this.#clock().getTime() - this.#openedAt
    // A clock that was set back would otherwise keep it open for as long as that.
    if (this.#trying || (passed >= 0 && passed < this.#milliseconds)) return false
    this.#trying = true
    return true
  }

  /** The service answered, whatever it said. */
  answered(): void {
    this.#failures = 0
    this.#openedAt = undefined
    this.#trying = false
  }

  /** The service was not reached, was overloaded or broken. */
  failed(): void {
    this.#failures += 1
    this.#trying = false
    if (this.#failures >= this.#after) this.#openedAt = this.#clock().getTime()
  }

  /** The caller lost interest before anything was known. */
  leftOff(): void {
    this.#trying = false
  }
}
