import { type Fault, InputError } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import { bundledContent } from './bundled-contexts.js'
import { type ContextReading, readContext } from './context-terms.js'
import { type ContextDocument, type ContextSet, createContextSet } from './contexts.js'
import { bundledContexts } from './generated/contexts.js'

const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/

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
  const known = bundledContexts.flatMap((context) => readContext(bundledContent(context)).terms)
  const brought = extra
    .map((entry, index) => ({ url: entry.url, reading: readContext(entry.document), path: pointer('', index) }))
    .filter(({ url }) => !bundledContexts.some((bundled) => bundled.url === url))
  const names = new Set([...known, ...brought.flatMap(({ reading }) => reading.terms)].map(({ term }) => term))
  const taken = new Map(known.map(({ iri, term }) => [iri, term]))
  const faults = brought.flatMap(({ reading, path }) => findUnsafe(reading, names, taken, path))
  if (faults.length > 0) throw new InputError(faults)
  return contexts
}

function findUnsafe(
  { terms, strange, isProtected }: ContextReading,
  names: ReadonlySet<string>,
  taken: Map<string, string>,
  path: string
): Fault[] {
  const unsafe = (message: string, hint: string): Fault => ({ code: 'CONTEXT_UNSAFE', message, path, hint })
  const faults = strange.map((feature) =>
    unsafe(`the context uses ${feature}`, 'Define each term by its own IRI, without features that act on other terms.')
  )
  if (!isProtected)
    faults.push(unsafe('the context is not protected', 'Set "@protected": true in it and in its scoped contexts.'))
  for (const { term, iri, stated, isPrefix, type } of terms) {
    // A name that is written with a prefix means whatever the prefix means where it is read.
    if (!ABSOLUTE_IRI.test(stated) || names.has(stated.split(':', 1)[0] ?? '')) {
      faults.push(unsafe(`the term ${term} is not defined by a full IRI`, 'Write the IRI out.'))
    }
    if (isPrefix)
      faults.push(unsafe(`the term ${term} is a prefix`, 'Define it as an object with an @id, or leave it out.'))
    if (type === '@vocab') faults.push(unsafe(`the values of ${term} have two spellings`, 'Type them as @id.'))
    const other = taken.get(iri)
    if (other !== undefined && other !== term) {
      faults.push(unsafe(`the term ${term} has the same IRI as ${other}`, 'Use the term that exists.'))
    }
    taken.set(iri, other ?? term)
  }
  return faults
}
