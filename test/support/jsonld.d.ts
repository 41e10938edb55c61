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
  type Quad = import('../../src/canonical/quads.js').Quad
  const rdfCanonize: {
    NQuads: { parse(text: string): Quad[] }
    canonize(quads: readonly unknown[], options: { algorithm: 'RDFC-1.0'; maxWorkFactor?: number }): Promise<string>
  }
  export default rdfCanonize
}
