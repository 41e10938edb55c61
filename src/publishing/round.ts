import { KommaError, OptionError, PublicationError } from '../encoding/errors.js'
import { createDeadline } from '../encoding/http-deadline.js'
import type { Ledger } from './ledger.js'
import { checkReplaceable, isLater, readIndex, readListFacts } from './lying.js'
import { mediaTypesOf } from './media-types.js'
import type { PublicDocument } from './placement.js'
import type { Settled } from './publisher-options.js'
import { isPlace, type PublicationSink, type SinkCall, type SinkEntry, type SinkMetadata } from './sink.js'

/** A document and where it lies. */
export interface PlacedDocument {
  readonly id: string
  readonly kind: PublicDocument['kind'] | 'index'
  readonly place: string
}

/** What a round did. */
export interface PublicationRound {
  /** Everything that lies in its place now. */
  readonly documents: readonly PlacedDocument[]
  /** What of it was written in this round. */
  readonly written: readonly PlacedDocument[]
}

interface Piece extends PlacedDocument {
  readonly text: string
  readonly mediaType: string
}

type Lying = ReadonlyMap<string, SinkEntry | undefined>

const ATTEMPTS = 5
const INDEX_ID = 'index'

/**
 * Puts every document into its place where it does not lie there yet.
 *
 * What is written was made after what it replaces was read, and is written only if that still lies there: so a publisher
 * that is slow never puts back what a faster one has replaced.
 */
export async function publishRound(settled: Settled, ledger: Ledger, signal?: AbortSignal): Promise<PublicationRound> {
  const sink = timedSink(settled, signal)
  const written = new Map<string, PlacedDocument>()
  let pieces = layOut(settled, await gather(settled))
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    signal?.throwIfAborted()
    const lying = await readAll(sink, pieces)
    noteLists(ledger, pieces, lying)
    if (pieces.every(({ place, text }) => lying.get(place)?.text === text)) return roundOf(pieces, written)
    pieces = layOut(settled, await gather(settled))
    const done = await writeAll(settled, ledger, sink, pieces, lying)
    for (const piece of done.written) written.set(piece.place, piece)
    if (done.failure !== undefined) throw done.failure
    if (done.isComplete) return roundOf(pieces, written)
  }
  throw new PublicationError(
    { code: 'PUBLICATION_IO', message: 'other publishers were faster each time', hint: 'Publish again.' },
    { retryable: true }
  )
}

async function gather({ issuer, lists, documents }: Settled): Promise<readonly PublicDocument[]> {
  return [...(await issuer.publish(lists)), ...(await documents())]
}

function layOut({ place, index }: Settled, documents: readonly PublicDocument[]): readonly Piece[] {
  const places = place(documents)
  const pieces: Piece[] = documents.map((document, at) => {
    const { id, kind, text } = document
    return { id, kind, text, place: places[at] ?? '', mediaType: mediaTypesOf(document)[0] as string }
  })
  if (index !== undefined) {
    const text = writeIndex(Object.fromEntries(pieces.map((piece) => [piece.id, piece.place])))
    pieces.push({ id: INDEX_ID, kind: 'index', text, place: index, mediaType: 'application/json' })
  }
  const taken = new Set<string>()
  for (const piece of pieces) {
    if (!isPlace(piece.place) || taken.has(piece.place)) throw unplaced(piece)
    taken.add(piece.place)
  }
  return pieces
}

function writeIndex(index: Readonly<Record<string, string>>): string {
  return `${JSON.stringify(index, null, 2)}\n`
}

async function readAll(sink: PublicationSink, pieces: readonly Piece[]): Promise<Lying> {
  const lying = new Map<string, SinkEntry | undefined>()
  for (const { place } of pieces) lying.set(place, await sink.read(place))
  return lying
}

function noteLists(ledger: Ledger, pieces: readonly Piece[], lying: Lying): void {
  for (const { id, kind, place } of pieces) {
    const entry = lying.get(place)
    if (kind === 'statusList' && entry !== undefined) ledger.sawList(id, entry.text)
  }
  ledger.look()
}

interface Written {
  readonly written: readonly Piece[]
  /** False where somebody else wrote meanwhile, or a document came that nobody has looked for yet. */
  readonly isComplete: boolean
  readonly failure: unknown
}

async function writeAll(
  settled: Settled,
  ledger: Ledger,
  sink: PublicationSink,
  pieces: readonly Piece[],
  lying: Lying
): Promise<Written> {
  const old = indexThatLies(settled, lying)
  if (settled.allOrNothing) for (const piece of pieces) check(settled, piece, lying, old)
  const written: Piece[] = []
  let [isComplete, failure]: [boolean, unknown] = [true, undefined]
  for (const piece of pieces) {
    const entry = lying.get(piece.place)
    if (entry?.text === piece.text) continue
    try {
      if (!lying.has(piece.place)) isComplete = false
      else {
        check(settled, piece, lying, old)
        if (await write(ledger, sink, piece, entry)) written.push(piece)
        else isComplete = false
      }
    } catch (error) {
      if (settled.allOrNothing) throw error
      failure ??= error
      ledger.failed(error, piece.id)
    }
  }
  return { written, isComplete, failure }
}

function indexThatLies({ index, sink }: Settled, lying: Lying): Readonly<Record<string, string>> {
  if (index === undefined) return {}
  return readIndex(lying.get(index)?.text, sink.describe?.(index) ?? index)
}

function check(settled: Settled, piece: Piece, lying: Lying, old: Readonly<Record<string, string>>): void {
  const { id, kind, place, text } = piece
  const entry = lying.get(place)
  if (entry === undefined || entry.text === text || kind === 'index') return
  checkReplaceable({
    document: { id, kind, text },
    lying: entry.text,
    path: settled.sink.describe?.(place) ?? place,
    issuer: settled.issuer.id,
    isListed: old[id] === place
  })
}

/** @returns false where something else lies there by now */
async function write(
  ledger: Ledger,
  sink: PublicationSink,
  piece: Piece,
  entry: SinkEntry | undefined
): Promise<boolean> {
  const { place, text } = piece
  if (!(await sink.write(place, text, entry?.tag, metadataOf(piece)))) return false
  const after = await sink.read(place)
  if (after?.text !== text) {
    // Whoever came between has read what was written here, or a newer list.
    const isNewer = after !== undefined && (piece.kind !== 'statusList' || isNewerList(after.text, text))
    if (isNewer) return false
    throw new PublicationError(
      {
        code: 'PUBLICATION_IO',
        message: 'what was written is not what lies there',
        path: sink.describe?.(place) ?? place,
        hint: 'Check that nothing but this publisher writes there, and that no cache stands before it'
      },
      { retryable: true }
    )
  }
  if (piece.kind === 'statusList') ledger.sawList(piece.id, text)
  ledger.wrote(piece, entry?.text, sink.describe?.(place) ?? place)
  return true
}

function isNewerList(one: string, other: string): boolean {
  return isLater(readListFacts(one).validFrom, readListFacts(other).validFrom)
}

const DEFAULT_AGE = 300

function metadataOf({ kind, text, mediaType }: Piece): SinkMetadata {
  const ttl = kind === 'statusList' ? readListFacts(text).ttl : undefined
  return { mediaType, maxAge: ttl === undefined ? DEFAULT_AGE : Math.max(0, Math.floor(ttl / 1000)) }
}

function roundOf(pieces: readonly Piece[], written: ReadonlyMap<string, PlacedDocument>): PublicationRound {
  const placed = pieces.map(({ id, kind, place }) => Object.freeze({ id, kind, place }))
  const documents = Object.freeze(placed)
  return Object.freeze({ documents, written: Object.freeze(documents.filter(({ place }) => written.has(place))) })
}

/** A sink whose calls end after a while, and whose errors are always this library's. */
function timedSink({ sink, timeout, after }: Settled, signal: AbortSignal | undefined): PublicationSink {
  async function ask<T>(place: string, work: (call: SinkCall) => Promise<T>): Promise<T> {
    const path = sink.describe?.(place) ?? place
    const timer = new AbortController()
    const cancel = after(timeout * 1000, () => timer.abort(tooSlow(path, timeout)))
    const deadline = createDeadline([signal, timer.signal])
    try {
      return await deadline.wait(work({ signal: deadline.signal }))
    } catch (cause) {
      if (signal?.aborted === true) throw signal.reason
      if (cause instanceof PublicationError || cause instanceof OptionError) throw cause
      const retryable = cause instanceof KommaError && cause.retryable
      throw new PublicationError({ code: 'PUBLICATION_IO', message: 'the sink failed', path }, { cause, retryable })
    } finally {
      cancel()
      deadline.end()
    }
  }
  return {
    describe: (place) => sink.describe?.(place) ?? place,
    read: (place) => ask(place, (call) => sink.read(place, call)),
    write: (place, text, tag, metadata) => ask(place, (call) => sink.write(place, text, tag, metadata, call))
  }
}

function tooSlow(path: string, timeout: number): PublicationError {
  const expected = `an answer within ${timeout} seconds`
  const fault = { code: 'PUBLICATION_IO', message: 'the sink did not answer', path, expected } as const
  return new PublicationError(fault, { retryable: true })
}

function unplaced({ id, place }: Piece): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'two documents have one place, or a document has none that can be used',
    path: 'place',
    expected: `a path of its own for ${id.slice(0, 200)}`,
    got: String(place).slice(0, 200)
  })
}
