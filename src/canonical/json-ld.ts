import jsonld from 'jsonld'
import { SecuringError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import type { ContextSet } from '../model/contexts.js'

/** A document in JSON-LD expanded form, made in safe mode with no base and no network. */
export interface ExpandedDocument {
  readonly nodes: readonly unknown[]
}

/**
 * Expands a document with the given contexts only. Any property or type that would be dropped is an error, because a
 * dropped member is an unsigned member (VC Data Integrity 1.0 section 2.4.2).
 *
 * @throws {SecuringError} CONTEXT_UNKNOWN, UNDEFINED_TERM, CANONICALIZATION_FAILED
 */
export async function expand(document: JsonObject, contexts: ContextSet): Promise<ExpandedDocument> {
  return guarded(contexts, async (options) => ({ nodes: await jsonld.expand(document, options) }))
}

/** Turns an expanded document into RDF quads. */
export async function toQuads(expanded: ExpandedDocument, contexts: ContextSet): Promise<readonly unknown[]> {
  return guarded(contexts, (options) =>
    jsonld.toRDF(expanded.nodes, { ...options, skipExpansion: true, produceGeneralizedRdf: false })
  )
}

/** Writes an expanded document with the terms of `context` again. */
export async function compact(
  expanded: ExpandedDocument,
  context: JsonValue,
  contexts: ContextSet
): Promise<Record<string, unknown>> {
  return guarded(contexts, (options) => jsonld.compact(expanded.nodes, context, { ...options, skipExpansion: true }))
}

type Processing = Parameters<typeof jsonld.expand>[1]

async function guarded<T>(contexts: ContextSet, work: (options: Processing) => Promise<T>): Promise<T> {
  // The library wraps what a loader throws, so the unknown address is remembered here.
  let unknownContext: string | undefined
  const documentLoader: Processing['documentLoader'] = async (url) => {
    const document = contexts.get(url)
    if (document === undefined) {
      unknownContext ??= url
      throw new Error('unknown context')
    }
    return { contextUrl: null, documentUrl: url, document: { ...document } }
  }
  try {
    return await work({ documentLoader, base: null, safe: true })
  } catch (cause) {
    if (unknownContext !== undefined) throw unknown(unknownContext, cause)
    throw translate(cause)
  }
}

function unknown(url: string, cause: unknown): SecuringError {
  return new SecuringError(
    {
      code: 'CONTEXT_UNKNOWN',
      message: 'a context is not known',
      path: '/@context',
      got: url,
      hint: 'Register it with the option contexts, with its content and SHA-256.'
    },
    { cause }
  )
}

/** The part of the library's error that says what was lost. */
interface SafeModeError {
  readonly details?: {
    readonly code?: string
    readonly event?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> }
  }
}

function translate(cause: unknown): SecuringError {
  const { code, event } = (cause as SafeModeError).details ?? {}
  if (event === undefined) {
    return new SecuringError(
      { code: 'CANONICALIZATION_FAILED', message: 'JSON-LD processing failed', ...(code ? { got: code } : {}) },
      { cause }
    )
  }
  const lost = [event.details?.['property'], event.details?.['type'], event.details?.['id'], event.details?.['value']]
  const name = lost.find((value) => typeof value === 'string')
  return new SecuringError(
    {
      code: 'UNDEFINED_TERM',
      message: `JSON-LD would drop part of the document (${event.code ?? 'unknown reason'})`,
      ...(typeof name === 'string' ? { got: name } : {}),
      hint: 'Use only terms that the contexts define, and absolute IRIs for ids.'
    },
    { cause }
  )
}
