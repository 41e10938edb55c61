/** An RDF term of the RDF/JS data model, as far as canonicalisation reads it. */
export interface Term {
  readonly termType: string
  readonly value: string
  readonly language?: string
  readonly datatype?: Term
}

export interface Quad {
  readonly subject: Term
  readonly predicate: Term
  readonly object: Term
  readonly graph: Term
}
