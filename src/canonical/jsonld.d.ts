// The packages have no types. These are the inner modules in use, as they are in the exact versions of package.json.

declare module 'jsonld/lib/ContextResolver.js' {
  interface SharedCache {
    get(key: string): unknown
    set(key: string, value: unknown): void
  }
  export default class ContextResolver {
    constructor(options: { sharedCache: SharedCache })
  }
}

declare module 'jsonld/lib/events.js' {
  const events: { readonly safeEventHandler: (occurrence: object) => void }
  export default events
}

declare module 'jsonld/lib/context.js' {
  namespace contextProcessing {
    interface ActiveContext {
      readonly mappings: Map<string, object>
      readonly protected: Record<string, boolean>
      readonly inverse: object | null
      readonly previousContext?: ActiveContext
      readonly processingMode?: string
      readonly '@version'?: number
      readonly '@direction'?: string | null
      clone(): ActiveContext
      revertToPreviousContext(): ActiveContext
    }
    function getInitialContext(options: object): ActiveContext
  }
  export default contextProcessing
}

declare module 'jsonld/lib/expand.js' {
  const expansion: { expand(task: { activeCtx: object; element: unknown; options: object }): Promise<unknown> }
  export default expansion
}

declare module 'jsonld/lib/toRdf.js' {
  const rdf: { toRDF(nodes: readonly unknown[], options: object): unknown[] }
  export default rdf
}

declare module 'rdf-canonize/lib/RDFC10Sync.js' {
  interface MessageDigest {
    update(text: string): void
    digest(): string
  }
  export default class RDFC10Sync {
    constructor(options: {
      maxWorkFactor: number
      canonicalIdMap: Map<string, string>
      createMessageDigest: () => MessageDigest
    })
    main(dataset: readonly unknown[]): string
  }
}
