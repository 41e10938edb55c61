import type { PublicationSink, SinkEntry, SinkMetadata } from './sink.js'

/** A {@link PublicationSink} in memory. */
export interface MemorySink extends PublicationSink {
  /** What lies there now, by place. */
  entries(): ReadonlyMap<string, SinkEntry & { readonly metadata: SinkMetadata }>
}

/**
 * A {@link PublicationSink} that forgets everything when the process ends: for tests, and for a process that serves what
 * it publishes itself.
 *
 * @example
 * ```ts
 * import { createMemorySink } from 'komma'
 *
 * console.log(createMemorySink().entries().size) // => 0
 * ```
 */
export function createMemorySink(): MemorySink {
  const entries = new Map<string, SinkEntry & { readonly metadata: SinkMetadata }>()
  let writes = 0
  return Object.freeze({
    async read(place: string): Promise<SinkEntry | undefined> {
      const entry = entries.get(place)
      return entry && { text: entry.text, tag: entry.tag }
    },
    async write(
      place: string,
      text: string,
      tag: string | undefined,
      { mediaType, maxAge }: SinkMetadata
    ): Promise<boolean> {
      if (entries.get(place)?.tag !== tag) return false
      writes += 1
      entries.set(place, { text, tag: `${writes}`, metadata: { mediaType, maxAge } })
      return true
    },
    entries: () => new Map(entries)
  })
}
