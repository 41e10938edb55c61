export interface InOrderOptions {
  /** How many items may be taken and not handed out yet. */
  readonly inFlight: number
  /** Once aborted, nothing more is taken; what is in flight is finished and handed out, then its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

interface Flight<To> {
  answer?: { readonly value: To } | { readonly error: unknown }
  readonly landed: Promise<void>
}

/**
 * Works on the items of a source, several at once, and hands out the answers in the order of the items. Takes an item
 * only where there is room, so memory grows neither with the source nor with a reader that is slow.
 *
 * What `work` rejects with is thrown in its turn, after the answers before it; what the source throws comes after all of
 * them. Once aborted, the reason takes the place of either. The source is closed in every case, and work in flight is waited for.
 */
export async function* inOrder<From, To>(
  source: Iterable<From> | AsyncIterable<From>,
  work: (item: From, index: number) => Promise<To>,
  { inFlight, signal }: InOrderOptions
): AsyncGenerator<To, void, undefined> {
  const items = iterate(source)
  const flights: Flight<To>[] = []
  let ring = (): void => {}
  const onAbort = (): void => ring()
  let count = 0
  let isPulling = false
  let end: { readonly failure?: { readonly error: unknown } } | undefined

  function start(item: From, index: number): void {
    const flight: Flight<To> = {
      landed: work(item, index)
        .then(
          (value) => {
            flight.answer = { value }
          },
          (error: unknown) => {
            flight.answer = { error }
          }
        )
        .then(() => ring())
    }
    flights.push(flight)
  }

  async function pull(): Promise<void> {
    isPulling = true
    try {
      const next = await items.next()
      if (end === undefined && next.done !== true) start(next.value, count++)
      if (next.done === true) end ??= {}
    } catch (error) {
      end ??= { failure: { error } }
    }
    isPulling = false
    ring()
  }

  signal?.addEventListener('abort', onAbort)
  try {
    for (;;) {
      if (signal?.aborted) end ??= {}
      if (end === undefined && !isPulling && flights.length < inFlight) void pull()
      const [head] = flights
      if (head?.answer !== undefined) {
        flights.shift()
        if ('error' in head.answer) throw signal?.aborted ? signal.reason : head.answer.error
        yield head.answer.value
      } else if (head === undefined && end !== undefined) {
        break
      } else {
        await new Promise<void>((woken) => {
          ring = woken
        })
      }
    }
    if (signal?.aborted) throw signal.reason
    if (end?.failure !== undefined) throw end.failure.error
  } finally {
    end ??= {}
    signal?.removeEventListener('abort', onAbort)
    const closed = items.return()
    // A source that does not answer would not close either.
    if (isPulling) closed.catch(() => undefined)
    else await closed
    await Promise.all(flights.map(({ landed }) => landed))
  }
}

function iterate<T>(source: Iterable<T> | AsyncIterable<T>): {
  next(): Promise<IteratorResult<T>>
  return(): Promise<unknown>
} {
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  return { next: async () => items.next(), return: async () => items.return?.() }
}
