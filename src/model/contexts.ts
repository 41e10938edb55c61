import { bytesToHex } from '@noble/hashes/utils.js'
import { sha256 } from '../crypto/digest.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import { type Fault, InputError } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject } from '../encoding/snapshot.js'
import { bundledContent } from './bundled-contexts.js'
import { type BundledContext, bundledContexts } from './generated/contexts.js'

/** The JSON-LD context of the Verifiable Credentials Data Model 2.0. */
export const VC_V2_CONTEXT = 'https://www.w3.org/ns/credentials/v2'
/** The JSON-LD context of the Verifiable Credentials Data Model 1.1. */
export const VC_V1_CONTEXT = 'https://www.w3.org/2018/credentials/v1'
/** The Open Badges 3.0 context of new badges. */
export const OB_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
/** Every published Open Badges 3.0 context, newest first; the first two belong to VCDM 2.0, the others to 1.1. */
export const OB_CONTEXTS: readonly string[] = /* @__PURE__ */ Object.freeze([
  OB_CONTEXT,
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context.json'
])
/** Defines `1EdTechJsonSchemaValidator2019`, `1EdTechRevocationList` and `1EdTechCredentialRefresh`. */
export const OB_EXTENSIONS_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'

/** A JSON-LD context that the caller vouches for. */
export interface ContextDocument {
  readonly url: string
  /** The whole document, `{ "@context": … }`. */
  readonly document: JsonObject
  /** Hexadecimal SHA-256 of the canonical JSON of the document, as {@link contextDigest} gives it. */
  readonly sha256: string
}

/** The only contexts a run may use. Documents are frozen. */
export interface ContextSet {
  get(url: string): JsonObject | undefined
  has(url: string): boolean
  /** True where the content is the one that comes with the package. */
  isBundled(url: string): boolean
  readonly urls: readonly string[]
}

/**
 * The bundled contexts, and those the caller adds. Nothing is ever fetched.
 *
 * A context can be added at a new URL, or at a bundled URL with an older published content of it: 1EdTech has added
 * terms to `context-3.0.3.json` twice at the same URL. Other content at a bundled URL is refused, because it would
 * change what signed documents mean.
 *
 * Does not check that a document is a usable context; canonicalisation does.
 *
 * @throws {InputError} CONTEXT_DIGEST_MISMATCH where a content is not the one with the stated digest, or not a content
 *   known for a bundled URL; INPUT_TYPE where an entry is not a context document; the codes of `canonicalJson`. The path
 *   is a JSON Pointer into `extra`, and every faulty entry is reported.
 * @see Verifiable Credential Data Integrity 1.0, section 2.4 (contexts and their digests)
 * @example
 * ```ts
 * const document = { '@context': { level: 'https://example.org/terms#level' } }
 * const contexts = createContextSet([
 *   { url: 'https://example.org/terms/v1', document, sha256: contextDigest(document) }
 * ])
 * contexts.has('https://www.w3.org/ns/credentials/v2') // true
 * ```
 */
export function createContextSet(extra: readonly ContextDocument[] = []): ContextSet {
  const bundled = new Map(bundledContexts.map((context) => [context.url, context]))
  const brought = new Map<string, JsonObject>()
  const faults: Fault[] = []
  for (const [index, entry] of extra.entries()) {
    const { fault, document } = admit(entry, bundled, `/${index}`)
    if (fault === undefined) brought.set(entry.url, document)
    else faults.push(fault)
  }
  if (faults.length > 0) throw new InputError(faults)

  const documents = new Map(brought)
  return Object.freeze({
    get(url: string): JsonObject | undefined {
      const context = bundled.get(url)
      if (context !== undefined && !documents.has(url)) documents.set(url, bundledContent(context))
      return documents.get(url)
    },
    has(url: string): boolean {
      return bundled.has(url) || brought.has(url)
    },
    isBundled(url: string): boolean {
      return bundled.has(url) && !brought.has(url)
    },
    urls: Object.freeze([...new Set([...bundled.keys(), ...brought.keys()])])
  })
}

/**
 * Hexadecimal SHA-256 of the canonical JSON (RFC 8785) of a context document. White space and the order of members
 * make no difference, because one context is distributed in several layouts.
 *
 * Does NOT check that the document is a usable context.
 *
 * Source: RFC 8785; VC Data Integrity 1.0 section 2.4.
 *
 * @throws {InputError} JSON_VALUE_TYPE, JSON_NUMBER_RANGE, JSON_STRING_MALFORMED, JSON_TOO_DEEP
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { contextDigest, verify } from 'komma'
 *
 * const document = { '@context': { '@protected': true, shift: 'https://academy.example/terms#shift' } }
 * const contexts = [{ url: 'https://academy.example/terms/v1', document, sha256: contextDigest(document) }]
 * const report = await verify(await readFile('badge.json'), { contexts })
 * console.log(report.checks[0]?.code) // => INPUT_READ
 * ```
 */
export function contextDigest(document: unknown): string {
  return digestOfText(canonicalJson(document))
}

function digestOfText(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)))
}

type Admission =
  | { readonly fault: Fault; readonly document?: never }
  | { readonly fault?: never; readonly document: JsonObject }

function admit(entry: ContextDocument, bundled: ReadonlyMap<string, BundledContext>, path: string): Admission {
  if (typeof entry?.url !== 'string' || typeof entry.sha256 !== 'string' || !isJsonObject(entry.document)) {
    return {
      fault: {
        code: 'INPUT_TYPE',
        message: 'an entry is not a context document',
        path,
        expected: 'url, document and sha256'
      }
    }
  }
  // What is served is read back from the text whose digest was taken, so the caller cannot change it afterwards.
  const text = canonicalJson(entry.document)
  const digest = digestOfText(text)
  if (digest !== entry.sha256.toLowerCase()) {
    return {
      fault: mismatch(pointer(path, 'sha256'), 'a context is not the one with the stated digest', entry.sha256, digest)
    }
  }
  const known = bundled.get(entry.url)?.accepted
  if (known !== undefined && !known.includes(digest)) {
    const message = `the content is none that is known for ${entry.url}`
    return { fault: mismatch(pointer(path, 'document'), message, known.join(' or '), digest) }
  }
  return { document: deepFreeze(JSON.parse(text) as JsonObject) }
}

function mismatch(path: string, message: string, expected: string, got: string): Fault {
  return { code: 'CONTEXT_DIGEST_MISMATCH', message, path, expected: expected.slice(0, 200), got }
}
