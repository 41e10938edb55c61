import { build } from 'esbuild'

/**
 * Pairs of a class and a property to which the published contexts give one IRI. A document that uses a name of the
 * other kind, such as the class `Criteria` for a member, would mean something else than it shows.
 *
 * Also holds the contexts to the few features that this reasoning rests on: should a later context use another one,
 * generation stops and a person has to think again.
 *
 * @param documents context documents
 * @returns {Promise<{ classes: string[], properties: string[] }>}
 */
export async function findSharedNames(documents) {
  const { readContext } = await load('src/model/context-terms.ts')
  const names = new Map()
  for (const { terms, strange } of documents.map(readContext)) {
    if (strange.length > 0) throw new Error(`a context uses ${strange}, which nobody has thought through yet`)
    for (const { term, iri } of terms) names.set(iri, (names.get(iri) ?? new Set()).add(term))
  }
  const shared = [...names.values()].filter((terms) => terms.size > 1).map((terms) => [...terms].sort())
  for (const [first, second, ...more] of shared) {
    if (more.length > 0 || !isClass(first) || isClass(second))
      throw new Error(`terms share an IRI: ${first}, ${second}`)
  }
  return { classes: shared.map(([name]) => name), properties: shared.map(([, name]) => name) }
}

/** One source for what the library does at run time and what is worked out ahead of it. */
async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error'
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

function isClass(name) {
  return /^[A-Z]/.test(name)
}
