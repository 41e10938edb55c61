import { askResolver, type Resolution, type ResolveRequest, type Resolver } from '../did/resolver.js'
import { parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { InputError, OptionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../encoding/multibase.js'
import { isJsonObject, snapshotObject } from '../encoding/snapshot.js'
import { type ContextDocument, contextDigest, createContextSet } from '../model/contexts.js'
import { objectsOf, textOf } from '../model/read.js'
import type { VerifyInput } from './intake.js'
import type { VerifyOptions } from './options.js'
import { bytesIn } from './read-secured.js'
import type { Report } from './report.js'
import { verify } from './verify.js'

const TYPE = 'KommaOfflineBundle'
const VERSION = 1
const MAX_LENGTH = 64 * 1_048_576
const KINDS: readonly ResolveRequest['kind'][] = ['controllerDocument', 'jwks', 'statusList', 'credential', 'resource']

export interface BundledDocument {
  readonly url: string
  readonly kind: ResolveRequest['kind']
  /** When it was read from its place. */
  readonly readAt: string
}

export interface OfflineBundle {
  /** The file to keep: JSON with the badge and all that it takes to verify it. */
  readonly text: string
  /** What the verification said while the bundle was made. */
  readonly report: Report
}

export interface OpenedBundle {
  /** The badge as it was handed in. */
  readonly credential: string | Uint8Array
  /** Answers with what is in the bundle, and with nothing else. */
  readonly resolver: Resolver
  /** Contexts that the badge needs beyond the bundled ones. */
  readonly contexts: readonly ContextDocument[]
  readonly madeAt: string
  readonly documents: readonly BundledDocument[]
}

/**
 * Verifies a badge with a resolver and keeps all that was read on the way, so that the badge can be verified again where
 * there is no network: keys of issuers, status lists, a newer copy, contexts by their digests, each with its time.
 *
 * Makes a bundle also of a badge that is not accepted; `report` says so. Does NOT keep a revocation away: a list in a
 * bundle is as old as the bundle, and `verify` takes it for current for as long as `maxStatusAge` says.
 *
 * @param options those of `verify`; the `resolver` reads what goes into the bundle
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { createOfflineBundle, openOfflineBundle, verify } from 'komma/verify'
 *
 * const resolver = await openFolderResolver('published')
 * const { text } = await createOfflineBundle(await readFile('badge.png'), { resolver })
 *
 * // Later, elsewhere, without network.
 * const { credential, ...rest } = openOfflineBundle(text)
 * const report = await verify(credential, { resolver: rest.resolver, contexts: rest.contexts })
 * console.log(report.accepted) // => true
 * ```
 */
export async function createOfflineBundle(input: VerifyInput, options: VerifyOptions): Promise<OfflineBundle> {
  const { resolver, contexts = [], now = new Date() } = (options ?? {}) as Partial<VerifyOptions>
  if (resolver === undefined)
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'nothing can be read into a bundle',
      path: 'resolver',
      expected: 'a resolver'
    })
  const given = bytesIn(input) as Exclude<VerifyInput, ArrayBuffer>
  const credential = given instanceof Uint8Array ? Uint8Array.from(given) : given
  const recorder = recordingResolver(resolver, toWholeSeconds(now))
  const report = await verify(credential, { ...options, now, resolver: recorder.resolver })
  const bundle = {
    type: TYPE,
    version: VERSION,
    made: toWholeSeconds(now),
    credential: writeContent(credential),
    documents: recorder.documents(),
    contexts: contextsOf(report, contexts)
  }
  return { text: `${JSON.stringify(bundle, undefined, 1)}\n`, report }
}

/**
 * Opens what {@link createOfflineBundle} made. Nothing in it is taken for good: hand the badge, the resolver and the
 * contexts to `verify`.
 *
 * It is as trustworthy as whoever made it: the keys of a `did:web` issuer are those that were written into it.
 *
 * @throws {InputError} BUNDLE_MALFORMED, CONTEXT_DIGEST_MISMATCH, and the codes of unreadable JSON
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { createOfflineBundle, openOfflineBundle } from 'komma/verify'
 *
 * const resolver = await openFolderResolver('published')
 * const bundle = await createOfflineBundle(await readFile('badge.json'), { resolver })
 * console.log(openOfflineBundle(bundle.text).documents.map(({ kind }) => kind).sort().join(' ')) // => controllerDocument statusList
 * ```
 */
export function openOfflineBundle(bundle: string | Uint8Array): OpenedBundle {
  const given = parseJson(bundle, { maxLength: MAX_LENGTH })
  if (!isJsonObject(given) || given['type'] !== TYPE) throw malformed('it is not an offline bundle', '/type', TYPE)
  if (given['version'] !== VERSION) throw malformed('its version is not known', '/version', String(VERSION))
  const documents = objectsOf(given['documents']).map(readDocument)
  const answers = new Map(documents.map((document) => [`${document.kind} ${document.url}`, document]))
  return Object.freeze({
    credential: readContent(given['credential'], '/credential'),
    resolver: Object.freeze({
      async resolve({ url, kind }: ResolveRequest): Promise<Resolution | undefined> {
        const { content, readAt } = answers.get(`${kind} ${url}`) ?? {}
        if (content === undefined || readAt === undefined) return undefined
        return { body: typeof content === 'string' ? content : content.slice(), readAt }
      }
    }),
    contexts: readContexts(given['contexts']),
    madeAt: readTime(given['made'], '/made'),
    documents: documents.map(({ url, kind, readAt }) => ({ url, kind, readAt }))
  })
}

function recordingResolver(
  resolver: Resolver,
  readAt: string
): { readonly resolver: Resolver; readonly documents: () => readonly JsonObject[] } {
  const read = new Map<string, JsonObject>()
  return {
    resolver: {
      async resolve(request) {
        const answer = await askResolver(resolver, request)
        // A key that nobody published is made of the proof itself and would look published in a bundle.
        if (answer !== undefined && answer.legacyFragment !== true) {
          const { url, kind } = request
          read.set(`${kind} ${url}`, { url, kind, readAt, ...writeContent(answer.body) })
        }
        return answer
      }
    },
    documents: () => [...read.values()]
  }
}

/** The contexts of the badge, each by its digest; those that do not come with the package with their content. */
function contextsOf({ credential }: Report, extra: readonly ContextDocument[]): readonly JsonObject[] {
  const bundled = createContextSet()
  const urls = [(credential?.['@context'] ?? []) as JsonValue].flat().filter((url) => typeof url === 'string')
  const own = extra.map(({ url, document, sha256 }) => ({ url, sha256, document: snapshotObject(document) }))
  const known = urls.filter((url) => bundled.has(url) && !own.some((one) => one.url === url))
  return [...known.map((url) => ({ url, sha256: contextDigest(bundled.get(url)) })), ...own]
}

function readContexts(given: JsonValue | undefined): readonly ContextDocument[] {
  const bundled = createContextSet()
  const extra: ContextDocument[] = []
  for (const [index, context] of objectsOf(given).entries()) {
    const path = `/contexts/${index}`
    const { url, sha256, document } = context
    if (typeof url !== 'string' || typeof sha256 !== 'string') throw malformed('a context has no digest', path)
    if (isJsonObject(document)) extra.push(readContext({ url, sha256, document }, path))
    else if (!bundled.has(url) || contextDigest(bundled.get(url)) !== sha256)
      throw new InputError({
        code: 'CONTEXT_DIGEST_MISMATCH',
        message: 'the bundle was made with another content of a context',
        path,
        got: url.slice(0, 200),
        hint: 'Make the bundle again with this version.'
      })
  }
  return extra
}

/** A context that is not the one with its digest is told here, and not when somebody uses it. */
function readContext(context: ContextDocument, path: string): ContextDocument {
  try {
    createContextSet([context])
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw malformed(cause.faults.map(({ message }) => message).join('; '), path)
  }
  return context
}

function writeContent(content: Exclude<VerifyInput, ArrayBuffer>): JsonObject {
  if (content instanceof Uint8Array) return { base64url: encodeBase64url(content) }
  return { text: typeof content === 'string' ? content : JSON.stringify(content) }
}

function readContent(given: JsonValue | undefined, path: string): string | Uint8Array {
  const { text, base64url } = isJsonObject(given) ? given : {}
  if (typeof text === 'string' && base64url === undefined) return text
  if (typeof base64url === 'string' && text === undefined)
    return decodeBase64url(base64url, { maxLength: MAX_LENGTH, path: `${path}/base64url` })
  throw malformed('a content is neither text nor bytes', path, 'text or base64url')
}

function readDocument(given: JsonObject, index: number): BundledDocument & { readonly content: string | Uint8Array } {
  const path = `/documents/${index}`
  const url = textOf(given['url'])
  const kind = KINDS.find((one) => one === given['kind'])
  if (url === undefined || kind === undefined) throw malformed('a document has no address or kind', path)
  return { url, kind, readAt: readTime(given['readAt'], `${path}/readAt`), content: readContent(given, path) }
}

function readTime(value: JsonValue | undefined, path: string): string {
  if (typeof value !== 'string') throw malformed('a time is missing', path, 'a date and time')
  parseDateTimeStamp(value, path)
  return value
}

function malformed(message: string, path: string, expected?: string): InputError {
  return new InputError({
    code: 'BUNDLE_MALFORMED',
    message: `the offline bundle cannot be used: ${message}`,
    path,
    ...(expected === undefined ? {} : { expected })
  })
}
