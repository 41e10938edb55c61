import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { readContext } from '../model/context-terms.js'
import type { ContextSet } from '../model/contexts.js'
import { listOf } from '../model/read.js'

/** Members of a document whose values are something else than a set of things and texts. */
export interface TermForms {
  /** Members whose array RDF keeps as a list: it is signed as one thing. */
  readonly ordered: ReadonlySet<string>
  /** Members whose objects are values and describe no thing: JSON literals and texts by language. */
  readonly opaque: ReadonlySet<string>
}

/** Reads the forms of a document's members from its contexts. */
export function termFormsOf(document: JsonObject, contexts: ContextSet): TermForms {
  const documents = listOf(document['@context']).map((entry) =>
    isJsonObject(entry) ? { '@context': entry } : (contexts.get(String(entry)) ?? {})
  )
  const terms = documents.flatMap((one) => readContext(one).terms)
  return {
    ordered: new Set(terms.filter(({ container }) => container === '@list').map(({ term }) => term)),
    opaque: new Set(
      terms.filter(({ container, type }) => container === '@language' || type === '@json').map(({ term }) => term)
    )
  }
}
