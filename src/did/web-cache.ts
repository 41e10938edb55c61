/** What was found under one key. */
export interface CacheEntry {
  /** `undefined` where the host said that there is nothing. */
  readonly body: Uint8Array | undefined
  readonly mediaType: string | undefined
  readonly etag: string | undefined
  /** Milliseconds since 1970 until which nobody has to be asked. */
  readonly freshUntil: number
}

/** Answers by key. The entry unused for longest is forgotten first. */
export class WebCache {
  readonly #entries = new Map<string, CacheEntry>()
  readonly #maxEntries: number
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  get(key: string): CacheEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  set(key: string, entry: CacheEntry): void {
    this.delete(key)
    const size = entry.body?.length ?? 0
    if (this.#maxEntries < 1 || size > this.#maxBytes) return
    this.#entries.set(key, entry)
    this.#bytes += size
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.body?.length ?? 0
    this.#entries.delete(key)
  }
}
