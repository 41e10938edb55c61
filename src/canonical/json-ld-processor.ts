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
    base: null,
    keepFreeFloatingNodes: false,
    documentLoader: async (url: string) => ({ contextUrl: null, documentUrl: url, document: { ...load(url) } }),
    contextResolver: new ContextResolver({ sharedCache: resolvedContexts }),
    eventHandler: SAFE_MODE
  }
  const activeCtx = contextProcessing.getInitialContext(options)
  return asNodes(await expansion.expand({ activeCtx, element: structuredClone(document), options }))
}

/**
 * The algorithm from expanded nodes to RDF quads in safe mode.
 *
 * @see JSON-LD 1.1 Processing Algorithms and API, section 8.1
 */
export function nodesToQuads(nodes: readonly unknown[]): unknown[] {
  return rdf.toRDF(nodes, { produceGeneralizedRdf: false, eventHandler: SAFE_MODE })
}

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
