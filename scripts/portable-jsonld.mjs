import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSlimmer } from './slim-jsonld.mjs'

/**
 * Builds the parts of jsonld and rdf-canonize that are in use into dist, and nothing that they would bring along for
 * other uses: no Node modules, no network, no hashing of their own, no general cache.
 *
 * @type {import('esbuild').Plugin}
 */
export const portableJsonLd = {
  name: 'portable-jsonld',
  setup(build) {
    const replace = (filter, importer, contents) => {
      const namespace = `portable-jsonld:${filter.source}`
      build.onResolve({ filter }, (args) => (importer.test(args.importer) ? { path: args.path, namespace } : undefined))
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: import.meta.dirname }))
    }
    let slim
    build.onLoad(
      { filter: /[\\/]jsonld[\\/]lib[\\/]\w+\.js$|[\\/]rdf-canonize[\\/]lib[\\/]NQuads\.js$/ },
      ({ path }) => {
        slim ??= createSlimmer(dirname(fileURLToPath(import.meta.resolve('jsonld'))))
        return { contents: slim(path), loader: 'js' }
      }
    )
    replace(/^lru-cache$/, /[\\/]jsonld[\\/]lib[\\/]ResolvedContext\.js$/, LRU_CACHE)
    replace(/^rdf-canonize$/, /[\\/]jsonld[\\/]lib[\\/]util\.js$/, IDENTIFIERS)
    replace(/^\.\/MessageDigest$/, /[\\/]rdf-canonize[\\/]lib[\\/]RDFC10Sync\.js$/, NO_DIGEST)
  }
}

/** What jsonld uses of lru-cache, on a Map, which keeps the order of insertion. */
const LRU_CACHE = `
module.exports = class {
  constructor({ max }) {
    this.max = max
    this.values = new Map()
  }
  get(key) {
    const value = this.values.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }
  set(key, value) {
    this.values.delete(key)
    this.values.set(key, value)
    if (this.values.size > this.max) this.values.delete(this.values.keys().next().value)
  }
}
`

/** What jsonld uses of rdf-canonize. */
const IDENTIFIERS = `
exports.IdentifierIssuer = require('rdf-canonize/lib/IdentifierIssuer.js')
`

/** The caller always passes a digest. */
const NO_DIGEST = `
module.exports = class {
  constructor() {
    throw new Error('no digest was passed')
  }
}
`
