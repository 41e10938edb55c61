import { dateFromInstant } from '../encoding/dates.js'
import { failedEvent } from '../issuing/events.js'
import { readListFacts } from './lying.js'
import type { Settled } from './publisher-options.js'

/** How a publisher is doing, as numbers for a dashboard. */
export interface PublisherMetrics {
  /**
   * Seconds since the look before which everything that had been committed is known to be published: no change waits for
   * longer. Between two good rounds it grows to about the interval; the number to raise an alarm on.
   */
  readonly lag: number
  /** The longest time, in seconds, from a change to its publication so far, counted as `lag` is: it was not longer. */
  readonly longestDelay: number
  /** Documents that were written. */
  readonly published: number
  /** Changes and lists that were late. */
  readonly late: number
  /** Rounds and documents that failed. */
  readonly failed: number
}

/** What a publisher remembers of its rounds, in order to tell how late it is. It only ever counts too much, not too little. */
export interface Ledger {
  /** A round began, and everything that had been committed by then is published. */
  settle(began: Date): void
  /** A list lies in its place. */
  sawList(id: string, text: string): void
  /** A document was written where another lay, or none. */
  wrote(
    document: { readonly id: string; readonly kind: string; readonly text: string },
    before: string | undefined,
    place: string
  ): void
  /** Something failed; an error that was told with its document is not told again. */
  failed(error: unknown, document?: string): void
  /** Tells of what is late by now, once each time that it becomes so. */
  look(): void
  metrics(): PublisherMetrics
}

export function createLedger({ emit, now, maxDelay, issuer }: Settled): Ledger {
  const ends = new Map<string, number>()
  const toldLapsed = new Set<string>()
  const told = new WeakSet<object>()
  const counts = { published: 0, late: 0, failed: 0 }
  let settledAt = now().getTime()
  let hasSettled = false
  let toldLate = false
  let longestDelay = 0

  const since = (time: number): number => Math.max(0, (now().getTime() - time) / 1000)

  function late(document: string, reason: 'change' | 'lapsed', delay: number): void {
    counts.late += 1
    emit({ type: 'late', document, reason, delay })
  }

  /** Seconds that a change of a list waited, at most; undefined where its entries did not change. */
  function delayOf(text: string, before: string | undefined): number | undefined {
    if (before === undefined) return undefined
    const old = readListFacts(before)
    if (old.entries === readListFacts(text).entries) return undefined
    // The list that lay there was made from what had been committed when it was signed.
    const signed = old.validFrom === undefined ? settledAt : dateFromInstant(old.validFrom).getTime()
    return since(hasSettled ? settledAt : signed)
  }

  return {
    settle(began) {
      settledAt = began.getTime()
      hasSettled = true
      toldLate = false
    },
    sawList(id, text) {
      const end = readListFacts(text).validUntil
      if (end === undefined) ends.delete(id)
      else ends.set(id, dateFromInstant(end).getTime())
    },
    wrote({ id, kind, text }, before, place) {
      counts.published += 1
      const delay = kind === 'statusList' ? delayOf(text, before) : undefined
      longestDelay = Math.max(longestDelay, delay ?? 0)
      emit({ type: 'published', document: id, kind, place, delay })
      if (delay !== undefined && delay > maxDelay) late(id, 'change', delay)
    },
    failed(error, document) {
      if (typeof error === 'object' && error !== null) {
        if (told.has(error)) return
        told.add(error)
      }
      counts.failed += 1
      emit(failedEvent(error, { action: 'publish', document }))
    },
    look() {
      for (const [id, end] of ends) {
        const hasLapsed = now().getTime() > end
        if (!hasLapsed) toldLapsed.delete(id)
        else if (!toldLapsed.has(id)) {
          toldLapsed.add(id)
          late(id, 'lapsed', since(end))
        }
      }
      if (toldLate || since(settledAt) <= maxDelay) return
      toldLate = true
      late(issuer.id, 'change', since(settledAt))
    },
    metrics: () => Object.freeze({ lag: since(settledAt), longestDelay, ...counts })
  }
}
