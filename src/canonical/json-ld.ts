import type { JsonObject } from '../encoding/json-types.js'
import type { ContextSet } from '../model/contexts.js'
import { expandPlainly } from './plain-expansion.js'
import { plainQuads } from './plain-quads.js'
import type { Quad } from './quads.js'

/** A document in JSON-LD expanded form, made in safe mode with no base and no network. */
export interface ExpandedDocument {
  readonly nodes: readonly unknown[]
}

/**
 * Expands a document with the given contexts only. Any property or type that would be dropped is an error, because a
 * dropped member is an unsigned member (VC Data Integrity 1.0 section 2.4.2).
 *
 * The general processor is loaded for documents that are not of the usual kind, and has the word on all that is wrong.
 *
 * @throws {SecuringError} CONTEXT_UNKNOWN, UNDEFINED_TERM, CANONICALIZATION_FAILED
 */
export async function expand(document: JsonObject, contexts: ContextSet): Promise<ExpandedDocument> {
  const nodes = expandPlainly(document, contexts)
  if (nodes !== undefined) return { nodes }
  const { expandGenerally } = await import('./general-json-ld.js')
  return { nodes: await expandGenerally(document, contexts) }
}

/** Turns an expanded document into RDF quads. */
export async function toQuads({ nodes }: ExpandedDocument): Promise<readonly Quad[]> {
  const quads = plainQuads(nodes)
  if (quads !== undefined) return quads
  const { generalQuads } = await import('./general-json-ld.js')
  return generalQuads(nodes)
}
