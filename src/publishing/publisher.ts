import { createLedger, type Ledger, type PublisherMetrics } from './ledger.js'
import { type PublisherOptions, type Settled, settlePublisher } from './publisher-options.js'
import { type PublicationRound, publishRound } from './round.js'

export type { PublisherMetrics } from './ledger.js'
export type { After, PublisherOptions } from './publisher-options.js'
export type { PlacedDocument, PublicationRound } from './round.js'

export interface PublishCall {
  /** Aborts the call between two steps; what was written stays, and is whole. */
  readonly signal?: AbortSignal
}

/** Puts what an issuer has to publish where others can read it. */
export interface Publisher {
  /**
   * One round: signs the lists that changed or are due, and writes every document that does not lie in its place yet. When
   * it is fulfilled, everything that was committed before the call is published and was read back. Rounds of one publisher
   * run one after the other.
   *
   * Documents that may not be written are told as `failed`; the others are written, and then the first error is thrown.
   *
   * @throws {PublicationError} PUBLICATION_IO, PUBLICATION_UNFENCED; FILE_EXISTS where something of somebody else lies there
   * @throws {StatusError} STATUS_CONFLICT where a newer list lies there than the store knows, STATUS_STORE_IO
   * @throws {KeyError} when the signer fails
   */
  publish(call?: PublishCall): Promise<PublicationRound>
  /**
   * A round every `interval` seconds, until the signal is aborted; then it is fulfilled, after the round under way ended. It
   * is never rejected: a round that fails is told as `failed`, and the next one tries again.
   */
  run(call: { readonly signal: AbortSignal }): Promise<void>
  /** How late it is, and what it did so far. */
  metrics(): PublisherMetrics
}

/**
 * Creates a publisher: the part that keeps what lies on the web up to date.
 *
 * - **Never back.** The store gives each list its version and lets one publisher alone have it; a list starts at least a
 *   second after the one before, whatever the clock says. A place is replaced only if what was read before the list was
 *   made still lies there, so a slow publisher never overwrites a newer list. Several may run at once, on several machines.
 * - **Never half.** The sink writes a document as a whole, and it is read back.
 * - **Never late without a word.** `late` is told when a change waits for longer than `maxDelay`, or a list that lies there
 *   is past its end; `metrics().lag` says how long a change may be waiting at most.
 * - **Never somebody else's.** What was not published for this issuer is not replaced.
 * - Signing happens in no transaction and under no lock.
 *
 * Does not serve anything, and deletes nothing.
 *
 * @throws {OptionError} OPTION_INVALID
 * @see Bitstring Status List 1.0; RFC 9110 section 13
 *
 * @example
 * ```ts
 * import { createIssuer, createMemoryKeyStore, createMemorySink, createMemoryStatusStore, createPublisher } from 'komma'
 *
 * const profile = { id: 'did:web:academy.example', name: 'Nordisk Kvalitetsakademi' }
 * const issuer = await createIssuer({ profile, keys: await createMemoryKeyStore(), status: createMemoryStatusStore() })
 * const publisher = createPublisher({ issuer, sink: createMemorySink() })
 *
 * const { written } = await publisher.publish()
 * console.log(written.map(({ place }) => place).join(' ')) // => .well-known/did.json .well-known/jwks.json
 *
 * const stop = new AbortController()
 * const running = publisher.run({ signal: stop.signal })
 * stop.abort()
 * await running
 * ```
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const settled = settlePublisher(options)
  const ledger = createLedger(settled)
  let last: Promise<unknown> = Promise.resolve()

  function publish({ signal }: PublishCall = {}): Promise<PublicationRound> {
    const round = last.then(() => roundWithLedger(settled, ledger, signal))
    last = round.catch(() => undefined)
    return round
  }

  return Object.freeze({
    publish,
    run: ({ signal }: { readonly signal: AbortSignal }) => run(settled, ledger, publish, signal),
    metrics: () => ledger.metrics()
  })
}

async function roundWithLedger(
  settled: Settled,
  ledger: Ledger,
  signal: AbortSignal | undefined
): Promise<PublicationRound> {
  signal?.throwIfAborted()
  const began = settled.now()
  try {
    const round = await publishRound(settled, ledger, signal)
    ledger.settle(began)
    return round
  } catch (error) {
    if (signal?.aborted !== true) ledger.failed(error)
    throw error
  } finally {
    ledger.look()
  }
}

/** Starts a round at every tick at which none is under way; a round that hangs does not keep lateness from being told. */
async function run(
  { after, interval }: Settled,
  ledger: Ledger,
  publish: Publisher['publish'],
  signal: AbortSignal
): Promise<void> {
  let isUnderWay = false
  let round: Promise<unknown> = Promise.resolve()
  const tick = () => {
    ledger.look()
    if (isUnderWay) return
    isUnderWay = true
    round = publish({ signal })
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false
      })
  }
  while (!signal.aborted) {
    tick()
    await pause(after, interval * 1000, signal)
  }
  await round
}

function pause(after: Settled['after'], milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const stop = () => {
      cancel()
      done()
    }
    const cancel = after(milliseconds, () => {
      signal.removeEventListener('abort', stop)
      done()
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}
