import { type ExpandedDocument, expand } from '../canonical/json-ld.js'
import { type CanonicalForm, type CanonicalizeOptions, canonicalize } from '../canonical/rdfc.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { ContextSet } from '../model/contexts.js'

/** A document without its proof, expanded and canonicalised once for whatever needs it. */
export interface UnsecuredDocument {
  readonly document: JsonObject
  readonly expanded: ExpandedDocument
  readonly contexts: ContextSet
  /** The canonical form with this order and digest, worked out at the first call. */
  canonical(options?: Pick<CanonicalizeOptions, 'order' | 'digest'>): Promise<CanonicalForm>
}

/** Wraps a document whose expanded form is known. */
export function unsecured(document: JsonObject, expanded: ExpandedDocument, contexts: ContextSet): UnsecuredDocument {
  const forms = new Map<string, Promise<CanonicalForm>>()
  return {
    document,
    expanded,
    contexts,
    canonical({ order = 'codePoint', digest = 'SHA-256' } = {}) {
      const name = `${order} ${digest}`
      const form = forms.get(name) ?? canonicalize(expanded, { order, digest })
      forms.set(name, form)
      return form
    }
  }
}

/** {@link unsecured} for a document that nobody expanded yet. */
export async function expandUnsecured(document: JsonObject, contexts: ContextSet): Promise<UnsecuredDocument> {
  return unsecured(document, await expand(document, contexts), contexts)
}
