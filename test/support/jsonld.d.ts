// The front modules of the packages, which only tests use, as oracles.

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
  /** Only the tests read N-Quads. */
  const rdfCanonize: { NQuads: { parse(text: string): import('../../src/canonical/rdfc.js').Quad[] } }
  export default rdfCanonize
}
