import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { portableJsonLd } from '../scripts/portable-jsonld.mjs'

const PARTS = `
export { canonicalize } from './src/canonical/rdfc.js'
export { expand } from './src/canonical/json-ld.js'
export { createContextSet } from './src/model/contexts.js'
export { addProof } from './src/securing/add-proof.js'
export { expandUnsecured } from './src/securing/unsecured-document.js'
export { eddsaRdfc2022 } from './src/securing/eddsa-rdfc-2022.js'
export { createKeyCache } from './src/crypto/key-cache.js'
export { createMemoryKeyStore } from './src/keys/memory.js'
`

/** Parts of the library that the package does not export, built like the package, for timing a step by itself. */
export async function loadParts() {
  const outfile = resolve('.tmp/bench/parts.mjs')
  mkdirSync('.tmp/bench', { recursive: true })
  await build({
    stdin: { contents: PARTS, resolveDir: '.', loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins: [portableJsonLd],
    outfile,
    logLevel: 'error'
  })
  return import(pathToFileURL(outfile).href)
}
