import { resolve } from 'node:path'

/** What jsonld asks of its platform: nothing. It would set a loader with network access and a global. */
const JSONLD_PLATFORM = `
export const setupDocumentLoaders = () => {}
export const setupGlobals = () => {}
`

/** What rdf-canonize asks of its platform, without the polyfill that it loads for browsers, which compiles text. */
const RDF_CANONIZE_PLATFORM = `
export const setImmediate = (work) => (globalThis.setImmediate ?? globalThis.setTimeout)(work, 0)
export const crypto = globalThis.crypto
export const bufferToHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
`

/**
 * Builds jsonld and rdf-canonize into dist with one platform for every runtime: no network, no Node modules, no change
 * of globals at import, no code generation.
 *
 * @type {import('esbuild').Plugin}
 */
export const portableJsonLd = {
  name: 'portable-jsonld',
  setup(build) {
    const loads = (filter, contents) => build.onLoad({ filter }, () => ({ contents, loader: 'js' }))
    loads(/[\\/]node_modules[\\/]jsonld[\\/]lib[\\/]platform(-browser)?\.js$/, JSONLD_PLATFORM)
    loads(/[\\/]node_modules[\\/]rdf-canonize[\\/]lib[\\/]platform(-browser)?\.js$/, RDF_CANONIZE_PLATFORM)
    build.onResolve({ filter: /^\.\/MessageDigest$/ }, ({ resolveDir }) => ({
      path: resolve(resolveDir, 'MessageDigest-webcrypto.js')
    }))
  }
}
