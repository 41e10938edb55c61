/**
 * Pairs of a class and a property to which the published contexts give one IRI. A document that uses a name of the
 * other kind, such as the class `Criteria` for a member, would mean something else than it shows.
 *
 * Also holds the contexts to the few features that this reasoning rests on: should a later context use another one,
 * generation stops and a person has to think again.
 *
 * @param documents context documents
 * @returns {{ classes: string[], properties: string[] }}
 */
export function findSharedNames(documents) {
  const names = new Map()
  for (const document of documents) walk(document['@context'], {}, names)
  const shared = [...names.values()].filter((terms) => terms.size > 1).map((terms) => [...terms].sort())
  for (const pair of shared) {
    const [first, second, ...more] = pair
    if (more.length > 0 || !isClass(first) || isClass(second)) throw new Error(`several terms share an IRI: ${pair}`)
  }
  return { classes: shared.map(([name]) => name), properties: shared.map(([, name]) => name) }
}

const CONTEXT_FEATURES = ['@protected', '@version']
const TERM_FEATURES = ['@id', '@type', '@context', '@container', '@protected']
const CONTAINERS = ['@graph', '@set', '@list']

function walk(context, outer, names) {
  // Null takes every name away, an array is a sequence.
  if (context === null) return
  if (Array.isArray(context)) {
    for (const part of context) walk(part, outer, names)
    return
  }
  if (typeof context === 'string') throw new Error(`a context names another: ${context}`)
  const prefixes = { ...outer, ...pick(context, (value) => typeof value === 'string') }
  for (const [term, definition] of Object.entries(context)) {
    if (term.startsWith('@')) expectOneOf(CONTEXT_FEATURES, term)
    else walkTerm(term, typeof definition === 'string' ? { '@id': definition } : definition, prefixes, names)
  }
}

function walkTerm(term, definition, prefixes, names) {
  if (definition === null) return
  for (const feature of Object.keys(definition)) expectOneOf(TERM_FEATURES, feature)
  if (definition['@container'] !== undefined) expectOneOf(CONTAINERS, definition['@container'])
  const iri = expand(definition['@id'] ?? term, prefixes)
  if (iri.startsWith('@')) {
    if (iri !== `@${term}` || !['@id', '@type'].includes(iri)) throw new Error(`${term} is another name for ${iri}`)
  } else {
    names.set(iri, (names.get(iri) ?? new Set()).add(term))
  }
  if (definition['@context'] !== undefined) walk(definition['@context'], prefixes, names)
}

function expand(id, prefixes) {
  const [prefix, ...rest] = id.split(':')
  const isCompact = rest.length > 0 && !rest.join(':').startsWith('//') && Object.hasOwn(prefixes, prefix)
  return isCompact ? prefixes[prefix] + rest.join(':') : id
}

function expectOneOf(allowed, feature) {
  if (!allowed.includes(feature)) throw new Error(`a context uses ${feature}, which nobody has thought through yet`)
}

function isClass(name) {
  return /^[A-Z]/.test(name)
}

function pick(object, test) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => test(value)))
}
