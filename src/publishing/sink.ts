/** What lies in a place. */
export interface SinkEntry {
  readonly text: string
  /** Names this very content in this place; another content has another tag. */
  readonly tag: string
}

/** What is said of a document to whoever serves it. */
export interface SinkMetadata {
  readonly mediaType: string
  /** For how long a reader may keep a copy, in seconds. */
  readonly maxAge: number
}

/** What a call of a sink is given besides its place. */
export interface SinkCall {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/**
 * Where documents are put so that others can read them: a folder that a host serves, a bucket, a memory. It is small
 * because all the thinking is the publisher's: what may replace what, in which order, and whether it arrived.
 *
 * A place is a path with `/` such as `status/revocation-1.json`, of segments that hold `A-Z a-z 0-9 . _ ~ -` alone.
 *
 * **What a driver promises**
 *
 * - `read` gives the whole content that lies in a place, never a part of one, and never an older one than a `write` that
 *   was fulfilled. `undefined` means that nothing lies there; whoever cannot find out rejects.
 * - `write` compares and replaces in one step: of two that come with the same tag, one alone is told `true`. `true` means
 *   that the content is there as a whole and still is after a power cut. `false` means that something else lies there
 *   than the tag says, and nothing was written.
 * - A promise that is rejected with PUBLICATION_IO means: nothing or everything happened, never a part. Repeat `read`,
 *   then decide. `retryable` says whether that is likely to help without a person doing something first.
 * - A place that is killed at any moment holds its old content or its new one.
 * - Several processes, or machines where the driver allows it, may write at once.
 *
 * **What it does not do:** it does not look into what it keeps, and knows no versions: the publisher does.
 *
 * @example
 * ```ts
 * import { createMemorySink } from 'komma'
 *
 * const sink = createMemorySink()
 * const metadata = { mediaType: 'application/json', maxAge: 300 }
 * console.log(await sink.write('a.json', '{}', undefined, metadata)) // => true
 * const entry = await sink.read('a.json')
 * console.log(await sink.write('a.json', '[]', 'an old tag', metadata)) // => false
 * console.log(await sink.write('a.json', '[]', entry?.tag, metadata)) // => true
 * ```
 */
export interface PublicationSink {
  /** @throws {PublicationError} PUBLICATION_IO */
  read(place: string, call?: SinkCall): Promise<SinkEntry | undefined>
  /**
   * Puts a text into a place where the content with `tag` lies, or with `undefined` nothing.
   *
   * @throws {PublicationError} PUBLICATION_IO; PUBLICATION_UNFENCED where what is underneath cannot compare and replace
   */
  write(place: string, text: string, tag: string | undefined, metadata: SinkMetadata, call?: SinkCall): Promise<boolean>
  /** The place by the words of people, for errors and events. Default: the place itself. */
  readonly describe?: (place: string) => string
}

const PLACE = /^[A-Za-z0-9._~-]{1,200}(?:\/[A-Za-z0-9._~-]{1,200}){0,30}$/

/** Whether a text is a place, and leads nowhere else. */
export function isPlace(place: unknown): place is string {
  if (typeof place !== 'string' || !PLACE.test(place)) return false
  return !place.split('/').some((segment) => segment === '.' || segment === '..')
}
