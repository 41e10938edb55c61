import { OptionError, ResolutionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'

const LONGEST_BODY = 16 * 1_048_576

/** What the library needs to read from elsewhere. */
export interface ResolveRequest {
  /** A `did:web` DID, an https URL without fragment, or the `urn:uuid:` name of a status list. */
  readonly url: string
  /**
   * What is looked for. `jwks` is the JWK Set of an issuer; `credential` the newer copy that a refresh service gives; `resource` a file
   * that a credential names with its digest.
   */
  readonly kind: 'controllerDocument' | 'jwks' | 'statusList' | 'credential' | 'resource'
  /** For a controller document: the full URL of the method that is looked for, with its fragment. */
  readonly verificationMethod?: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** What was found, as it was found. The library parses it strictly and checks that it is what was asked for. */
export interface Resolution {
  readonly body: string | Uint8Array
  readonly mediaType?: string
  /**
   * When it was read from its place, as a dateTimeStamp, where a copy is handed out: it says how old a list is that does
   * not say so itself. Without it the answer counts as read just now.
   */
  readonly readAt?: string
  /** Set by `createLegacyFragmentResolver` alone: the key was taken from the proof itself, so it proves no issuer. */
  readonly legacyFragment?: true
}

/**
 * Reads controller documents, key sets, status lists and what else {@link ResolveRequest} names. The library never opens a connection: what is read, and from where, is
 * up to the resolver that the application passes in.
 *
 * **Contract for drivers.** `resolve` gives the content for exactly the URL asked for; `undefined` if this resolver knows
 * that it has nothing for it, so that another may be asked; and it throws {@link ResolutionError}, `RESOLUTION_FAILED`,
 * if it could not find out (a lost connection, a timeout, an abort), or `RESOLUTION_INVALID` if what it found contradicts
 * itself. It never hands out an old copy without saying so in its own documentation, never the content of another URL,
 * and stops early when `signal` is aborted. A resolver that connects to hosts named by strangers has to refuse private
 * addresses at the connection, redirects and endless bodies.
 */
export interface Resolver {
  resolve(request: ResolveRequest): Promise<Resolution | undefined>
  /** A resolver for one verification, for drivers that count requests or time over all that one verification asks. */
  readonly session?: () => Resolver
}

/**
 * Asks several resolvers in turn; the first that has the content wins. One that could not find out is passed over, and
 * its error is thrown only if nobody else has the content. One that found a contradiction ends the search.
 *
 * Does NOT compare what several of them have: put the one you trust most first.
 *
 * @throws Asking it throws ResolutionError: the first RESOLUTION_FAILED where nobody had the content, RESOLUTION_INVALID
 *
 * @example
 * ```ts
 * import { combineResolvers, createMapResolver } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const cached = createMapResolver({ 'did:web:school.example': { id: 'did:web:school.example' } })
 * const resolver = combineResolvers(cached, await openFolderResolver('published'))
 * const found = await resolver.resolve({ url: 'did:web:academy.example', kind: 'controllerDocument' })
 * console.log(found !== undefined) // => true
 * ```
 */
export function combineResolvers(...resolvers: readonly Resolver[]): Resolver {
  return Object.freeze({
    session: () => combineResolvers(...resolvers.map((resolver) => resolver.session?.() ?? resolver)),
    async resolve(request: ResolveRequest): Promise<Resolution | undefined> {
      let failure: ResolutionError | undefined
      for (const resolver of resolvers) {
        try {
          const found = await askResolver(resolver, request)
          if (found !== undefined) return found
        } catch (error) {
          if (!(error instanceof ResolutionError) || error.code !== 'RESOLUTION_FAILED') throw error
          failure ??= error
        }
      }
      if (failure !== undefined) throw failure
      return undefined
    }
  })
}

/**
 * A resolver over content that is at hand: URL or DID to text, bytes or a JSON object. It reads the entries once; later
 * changes have no effect. What is not there is `undefined`.
 *
 * Does NOT look at the content: `verify` parses it and checks that it is what was asked for.
 *
 * @param entries an object, pairs, or what `Issuer.publish` gives
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { createMapResolver, verify } from 'komma'
 *
 * const resolver = createMapResolver({
 *   'did:web:academy.example': await readFile('published/.well-known/did.json'),
 *   'https://academy.example/status/revocation-1.json': await readFile('published/status/revocation-1.json')
 * })
 * const report = await verify(await readFile('badge.json'), { resolver })
 * console.log(report.accepted) // => true
 * ```
 */
export function createMapResolver(
  entries:
    | Readonly<Record<string, string | Uint8Array | JsonObject>>
    | Iterable<readonly [string, string | Uint8Array | JsonObject] | { readonly id: string; readonly text: string }>
): Resolver {
  if (typeof entries !== 'object' || entries === null)
    throw notThere('entries', 'an object from URL to content, pairs, or what Issuer.publish gives', typeof entries)
  refusePromise('entries', entries)
  const pairs = Symbol.iterator in entries ? [...entries].map(toPair) : Object.entries(entries)
  const bodies = new Map(pairs.map(([url, content]) => [url, toBody(url, content)]))
  return Object.freeze({
    async resolve({ url }: ResolveRequest): Promise<Resolution | undefined> {
      const body = bodies.get(url)
      return body === undefined ? undefined : { body: typeof body === 'string' ? body : body.slice() }
    }
  })
}

function toPair<Content>(
  entry: readonly [string, Content] | { readonly id: string; readonly text: string }
): readonly [string, Content | string] {
  return 'id' in entry ? [entry.id, entry.text] : entry
}

/**
 * Asks a resolver and trusts nothing about the answer but its content: a foreign error and an answer of another shape
 * become `RESOLUTION_FAILED`, because they are faults of the resolver and say nothing of what was asked for. What a
 * foreign error says stays in the cause: it may tell of addresses and keys of the application, and reports are shown to
 * strangers.
 *
 * Does not parse the content.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED, RESOLUTION_INVALID
 */
export async function askResolver(resolver: Resolver, request: ResolveRequest): Promise<Resolution | undefined> {
  let answer: unknown
  try {
    request.signal?.throwIfAborted()
    answer = await resolver.resolve(request)
  } catch (cause) {
    if (cause instanceof ResolutionError) throw cause
    throw new ResolutionError(
      {
        code: 'RESOLUTION_FAILED',
        message: 'the resolver failed',
        path: request.url
      },
      { cause }
    )
  }
  if (answer === undefined) return undefined
  const { body, mediaType, readAt, legacyFragment } = (
    typeof answer === 'object' && answer !== null ? answer : {}
  ) as Partial<Record<keyof Resolution, unknown>>
  const isText = typeof body === 'string'
  if ((isText || body instanceof Uint8Array) && body.length > LONGEST_BODY) {
    throw new ResolutionError({
      code: 'RESOLUTION_INVALID',
      message: 'the resolver handed back more than any document may have',
      path: request.url,
      expected: `at most ${LONGEST_BODY} bytes`,
      got: String(body.length)
    })
  }
  if (!isText && !(body instanceof Uint8Array)) {
    throw new ResolutionError({
      code: 'RESOLUTION_FAILED',
      message: 'the resolver handed back something that is not a resolution',
      path: request.url,
      expected: 'an object with a body of text or bytes, or undefined'
    })
  }
  return {
    body: isText ? body : Uint8Array.from(body),
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
    ...(typeof readAt === 'string' ? { readAt } : {}),
    ...(legacyFragment === true ? { legacyFragment } : {})
  }
}

function toBody(url: string, content: string | Uint8Array | JsonObject): string | Uint8Array {
  refusePromise(`entries.${String(url).slice(0, 100)}`, content)
  if (typeof content === 'string') return content
  return content instanceof Uint8Array ? Uint8Array.from(content) : JSON.stringify(content)
}

/** A promise has no members, and would be taken for an empty set of documents. */
function refusePromise(path: string, given: unknown): void {
  if (typeof (given as { readonly then?: unknown } | null | undefined)?.then !== 'function') return
  throw notThere(path, 'what the promise stands for', 'a promise', 'Await it.')
}

function notThere(path: string, expected: string, got: string, hint?: string): OptionError {
  const message = 'the documents cannot be gone through'
  return new OptionError({
    code: 'OPTION_INVALID',
    message,
    path,
    expected,
    got,
    ...(hint === undefined ? {} : { hint })
  })
}
