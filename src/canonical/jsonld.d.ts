declare module 'jsonld' {
  interface RemoteDocument {
    contextUrl: null
    documentUrl: string
    document: unknown
  }
  interface ProcessingOptions {
    documentLoader: (url: string) => Promise<RemoteDocument>
    base: null
    safe: true
    skipExpansion?: boolean
    maxContextResolves?: number
  }
  interface JsonLd {
    expand(document: unknown, options: ProcessingOptions): Promise<unknown[]>
    compact(document: unknown, context: unknown, options: ProcessingOptions): Promise<Record<string, unknown>>
    toRDF(document: unknown, options: ProcessingOptions & { produceGeneralizedRdf: false }): Promise<unknown[]>
  }
  const jsonld: JsonLd
  export default jsonld
}

declare module 'rdf-canonize' {
  interface MessageDigest {
    update(text: string): void
    digest(): string | Promise<string>
  }
  interface CanonizeOptions {
    algorithm: 'RDFC-1.0'
    format: 'application/n-quads'
    maxWorkFactor: number
    canonicalIdMap: Map<string, string>
    createMessageDigest: () => MessageDigest
  }
  const rdfCanonize: { canonize(dataset: readonly unknown[], options: CanonizeOptions): Promise<string> }
  export default rdfCanonize
}
