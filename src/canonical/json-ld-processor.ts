import ContextResolver from 'jsonld/lib/ContextResolver.js'
import contextProcessing from 'jsonld/lib/context.js'
import events from 'jsonld/lib/events.js'
import expansion from 'jsonld/lib/expand.js'
import rdf from 'jsonld/lib/toRdf.js'
import { RecentMap } from '../encoding/recent-map.js'

/**
 * The two algorithms of JSON-LD that a signature needs, from the inner modules of the library: its front module brings
 * compaction, framing, flattening and loaders along, which nobody who verifies has a use for.
 */

/** Finds the document of a context, or throws. */
export type ContextLoader = (url: string) => object

/**
 * The expansion algorithm in safe mode, without a base: what would be dropped is thrown.
 *
 * Works on a copy of the document.
 *
 * @see JSON-LD 1.1 Processing Algorithms and API, section 5.1
 */
export async function expandDocument(document: object, load: ContextLoader): Promise<unknown[]> {
  const options = {
    processingMode: PROCESSING_MODE,
    base: null,
    keepFreeFloatingNodes: false,
    documentLoader: async (url: string) => ({ contextUrl: null, documentUrl: url, document: { ...load(url) } }),
    contextResolver: new ContextResolver({ sharedCache: resolvedContexts }),
    eventHandler: SAFE_MODE
  }
  return asNodes(
    await expansion.expand({ activeCtx: initialContext(options), element: structuredClone(document), options })
  )
}

/**
 * The algorithm from expanded nodes to RDF quads in safe mode.
 *
 * @see JSON-LD 1.1 Processing Algorithms and API, section 8.1
 */
export function nodesToQuads(nodes: readonly unknown[]): unknown[] {
  return rdf.toRDF(nodes, { produceGeneralizedRdf: false, eventHandler: SAFE_MODE })
}

/** The names at a place of a document, as the library keeps them. */
type ActiveContext = contextProcessing.ActiveContext

/**
 * Names before any context, from which all others are copied. The library copies deeply, for every object of a document
 * and every type of it, though it sets definitions and never changes one; these copies share them. What holds around an
 * object is given back as it was and not as a copy, so that the library finds again what it has made of it.
 */
function initialContext(options: { readonly processingMode: string }): ActiveContext {
  // The library keeps one for each mode, and starts from it again where a context is taken away.
  return Object.assign(contextProcessing.getInitialContext(options), { clone: copyOf, revertToPreviousContext })
}

function copyOf(this: ActiveContext): ActiveContext {
  const { mappings, protected: kept, processingMode: _, '@version': __, '@direction': ___, ...others } = this
  return { ...others, mappings: new Map(mappings), protected: { ...kept }, inverse: null }
}

function revertToPreviousContext(this: ActiveContext): ActiveContext {
  return this.previousContext ?? this
}

/** To the library any mode from `json-ld-1.1` on; a name of its own keeps its contexts from others in the process. */
const PROCESSING_MODE = 'json-ld-1.1 with shared definitions'
const SAFE_MODE = [events.safeEventHandler]

/** A graph with nothing beside it stands for its nodes. */
function asNodes(expanded: unknown): unknown[] {
  if (expanded === null) return []
  if (Array.isArray(expanded)) return expanded
  const { '@graph': graph, ...others } = expanded as Record<string, unknown>
  return graph !== undefined && Object.keys(others).length === 0 ? asNodes(graph) : [expanded]
}

/**
 * Contexts that were read before. The library's key is their whole content, never a URL alone, because no document gets
 * a tag: so whoever brings a context of his own at some URL changes nothing for others in the process.
 */
const resolvedContexts = /* @__PURE__ */ new RecentMap<string, unknown>(100)
