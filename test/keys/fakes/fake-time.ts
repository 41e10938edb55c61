/** Time that passes when something waits, and not otherwise. */
export interface FakeTime {
  /** As options of a key store. */
  readonly options: {
    readonly clock: () => Date
    readonly timeout: (milliseconds: number) => AbortSignal
    readonly sleep: (milliseconds: number) => Promise<void>
    readonly random: () => number
  }
  /** Every pause between two tries. */
  readonly pauses: number[]
  advance(milliseconds: number): void
}

export function createFakeTime(start = Date.parse('2026-11-21T09:00:00Z')): FakeTime {
  let now = start
  const waiting: { readonly due: number; readonly controller: AbortController }[] = []
  const pauses: number[] = []
  const advance = (milliseconds: number): void => {
    now += milliseconds
    for (const { due, controller } of waiting) {
      if (due <= now) controller.abort(new DOMException('the time is up', 'TimeoutError'))
    }
  }
  return {
    options: {
      clock: () => new Date(now),
      timeout(milliseconds) {
        const controller = new AbortController()
        waiting.push({ due: now + milliseconds, controller })
        return controller.signal
      },
      async sleep(milliseconds) {
        pauses.push(milliseconds)
        advance(milliseconds)
      },
      random: () => 0.5
    },
    pauses,
    advance
  }
}
