import { didWebToUrl } from '../did/did-web.js'
import { OptionError } from '../encoding/errors.js'
import type { PublicDocument } from '../publishing/placement.js'
import { isPlace, type PublicationSink } from '../publishing/sink.js'
import type { StatusStore } from '../status/status-store.js'

/** Where a handler finds what it serves. */
export interface PublicationSource {
  /**
   * The document that lies at an https address without query and fragment, `undefined` where there is none. It rejects
   * where it cannot find out.
   */
  find(url: string): Promise<PublicDocument | undefined>
}

export interface LiveSourceOptions {
  /** Seconds for which the documents are used again. 5 unless told; 0 asks for every request. */
  readonly reuse?: number
  /** Default: the system clock. */
  readonly clock?: () => Date
}

/**
 * A source of what an issuer has to publish now: a change is there with the next request after `reuse` seconds, and nobody
 * has to publish. A list is signed when it changed or is due, once for all who ask meanwhile.
 *
 * Key sets of several issuers at one address become one set. Where the issuer fails, so does the source.
 *
 * @param documents such as `() => issuer.publish()`
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createIssuer, createMemoryKeyStore, createMemoryStatusStore } from 'komma'
 * import { createLiveSource } from 'komma/http/publication'
 *
 * const profile = { id: 'did:web:academy.example', name: 'Academy' }
 * const issuer = await createIssuer({ profile, keys: await createMemoryKeyStore(), status: createMemoryStatusStore() })
 * const source = createLiveSource(() => issuer.publish())
 * const document = await source.find('https://academy.example/.well-known/did.json')
 * console.log(document?.id) // => did:web:academy.example
 * ```
 */
export function createLiveSource(
  documents: () => Promise<readonly PublicDocument[]>,
  options: LiveSourceOptions = {}
): PublicationSource {
  const { reuse = 5, clock = () => new Date() } = options
  if (typeof documents !== 'function') throw invalid('documents', 'a function, such as () => issuer.publish()')
  if (typeof reuse !== 'number' || !(reuse >= 0)) throw invalid('reuse', 'a number of seconds')
  let known:
    | { readonly since: number; readonly until: number; readonly byUrl: Promise<ReadonlyMap<string, PublicDocument>> }
    | undefined

  function current(): Promise<ReadonlyMap<string, PublicDocument>> {
    const now = clock().getTime()
    // A clock that went back does not keep the documents for longer.
    if (known !== undefined && now >= known.since && now < known.until) return known.byUrl
    const byUrl = documents().then(byAddress)
    const mine = { since: now, until: Number.POSITIVE_INFINITY, byUrl }
    known = mine
    // Whoever asks while it is under way gets the same answer; an error is not kept.
    byUrl.then(
      () => {
        if (known === mine) known = { since: now, until: now + reuse * 1000, byUrl }
      },
      () => {
        if (known === mine) known = undefined
      }
    )
    return byUrl
  }

  return Object.freeze({ find: async (url: string) => (await current()).get(url) })
}

/**
 * A source of what a publisher wrote into a sink, read anew for every request. Only documents of a kind that komma
 * publishes are found, each at its own address alone.
 *
 * @example
 * ```ts
 * import { createMemorySink } from 'komma'
 * import { createSinkSource } from 'komma/http/publication'
 *
 * const source = createSinkSource(createMemorySink())
 * console.log(await source.find('https://academy.example/.well-known/did.json')) // => undefined
 * ```
 */
export function createSinkSource(sink: Pick<PublicationSink, 'read'>): PublicationSource {
  if (typeof sink?.read !== 'function') throw invalid('sink', 'a sink; is an await missing?')
  return Object.freeze({
    async find(url: string): Promise<PublicDocument | undefined> {
      for (const place of placesOf(url)) {
        const entry = await sink.read(place)
        const document = entry && recognise(entry.text, url)
        if (document !== undefined) return document
      }
      return undefined
    }
  })
}

/**
 * Finds a credential by its id in a status store: as it was released, and nothing that was not.
 *
 * Does not ask whether the credential was revoked: its status entry says so to whoever verifies it.
 *
 * @example
 * ```ts
 * import { createMemoryStatusStore } from 'komma'
 * import { findReleased } from 'komma/http/publication'
 *
 * const find = findReleased(createMemoryStatusStore())
 * console.log(await find('urn:uuid:unknown')) // => undefined
 * ```
 */
export function findReleased(store: Pick<StatusStore, 'find'>): (id: string) => Promise<string | undefined> {
  return async (id) => {
    const record = await store.find(id)
    return record?.state === 'released' && record.credentialId === id ? record.text : undefined
  }
}

function byAddress(documents: readonly PublicDocument[]): ReadonlyMap<string, PublicDocument> {
  const found = new Map<string, PublicDocument>()
  for (const document of documents) {
    const url = addressOf(document)
    if (url === undefined) continue
    const other = found.get(url)
    const isShared = other?.kind === 'jwks' && document.kind === 'jwks'
    found.set(url, isShared ? { ...document, text: joinSets(other.text, document.text) } : document)
  }
  return found
}

function joinSets(one: string, other: string): string {
  const keysIn = (text: string): readonly unknown[] => JSON.parse(text).keys
  return JSON.stringify({ keys: [...keysIn(one), ...keysIn(other)] })
}

/** The address of a document, without query and fragment; undefined for what has none on the web. */
function addressOf({ id }: Pick<PublicDocument, 'id'>): string | undefined {
  if (id.startsWith('did:web:')) return didWebToUrl(id)
  if (!id.startsWith('https://') || !URL.canParse(id)) return undefined
  const { href, search, hash } = new URL(id)
  return search === '' && hash === '' ? href : undefined
}

/** Where a publisher puts what has this address. */
function placesOf(url: string): readonly string[] {
  const path = new URL(url).pathname.slice(1).replace(/\/$/, '')
  if (path === '') return ['issuer.json']
  return [path.endsWith('.json') ? path : `${path}.json`].filter(isPlace)
}

function recognise(text: string, url: string): PublicDocument | undefined {
  const json = readJson(text)
  if (Array.isArray(json['keys']))
    return url.endsWith('/.well-known/jwks.json') ? { id: url, kind: 'jwks', text } : undefined
  const [id, kind] = [json['id'], kindOf(json)]
  if (typeof id !== 'string' || kind === undefined || addressOf({ id }) !== url) return undefined
  return { id, kind, text }
}

function kindOf({ type, verificationMethod }: Readonly<Record<string, unknown>>): PublicDocument['kind'] | undefined {
  const types = [type].flat()
  if (types.includes('BitstringStatusListCredential')) return 'statusList'
  if (types.includes('Achievement')) return 'achievement'
  return Array.isArray(verificationMethod) ? 'controllerDocument' : undefined
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
