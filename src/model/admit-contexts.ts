import { type Fault, InputError } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import { type ContextReading, readContext } from './context-terms.js'
import { type ContextDocument, type ContextSet, createContextSet } from './contexts.js'
import { bundledContexts } from './generated/contexts.js'

/**
 * The bundled contexts and those a caller brings, where none of the latter can change what a badge says: a context that
 * gives a second name to something that Open Badges or the VC data model names already would let a holder rename
 * `validUntil` out of sight without breaking the signature (security cases 20 to 23).
 *
 * @throws {InputError} CONTEXT_UNSAFE, CONTEXT_DIGEST_MISMATCH, INPUT_TYPE
 */
export function admitContexts(extra: readonly ContextDocument[]): ContextSet {
  const contexts = createContextSet(extra)
  if (extra.length === 0) return contexts
  const taken = new Map<string, string>()
  for (const { document } of bundledContexts) {
    for (const { term, iri } of readContext(document).terms) taken.set(iri, term)
  }
  const faults = extra
    .map((entry, index) => ({ ...entry, path: pointer('', index) }))
    .filter(({ url }) => !bundledContexts.some((bundled) => bundled.url === url))
    .flatMap(({ document, path }) => findUnsafe(readContext(document), taken, path))
  if (faults.length > 0) throw new InputError(faults)
  return contexts
}

function findUnsafe(
  { terms, strange, isProtected }: ContextReading,
  taken: Map<string, string>,
  path: string
): Fault[] {
  const unsafe = (message: string, hint: string): Fault => ({ code: 'CONTEXT_UNSAFE', message, path, hint })
  const faults = strange.map((feature) =>
    unsafe(`the context uses ${feature}`, 'Define each term by its own IRI, without features that act on other terms.')
  )
  if (!isProtected)
    faults.push(unsafe('the context is not protected', 'Set "@protected": true in it and in its scoped contexts.'))
  for (const { term, iri } of terms) {
    const other = taken.get(iri)
    if (other !== undefined && other !== term) {
      faults.push(unsafe(`the term ${term} has the same IRI as ${other}`, 'Use the term that exists.'))
    }
    taken.set(iri, other ?? term)
  }
  return faults
}
