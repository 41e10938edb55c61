import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { run } from '../gates/gate.mjs'

const PAGE = '<!doctype html><meta charset="utf-8"><title>komma</title><script type="module" src="page.js"></script>\n'

/**
 * Builds the suite around dist, once as modules that import it and once as one file each for workers and pages, and
 * makes the cases.
 */
export async function buildSuite() {
  const folder = join(process.cwd(), '.tmp', 'runtimes')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const form = { bundle: true, format: 'esm', target: 'es2022', outdir: folder, logLevel: 'error' }
  const entry = (name) => [join('test/runtimes', `${name}.ts`)]
  await build({ ...form, entryPoints: entry('make-cases'), platform: 'node', packages: 'external' })
  await build({ ...form, entryPoints: entry('program'), platform: 'node', splitting: true, plugins: [dist(true)] })
  for (const name of ['page', 'worker']) {
    const options = { platform: 'browser', target: 'es2022', external: ['./cases.json'], plugins: [dist(false)] }
    await build({ ...form, entryPoints: entry(name), ...options })
  }
  writeFileSync(join(folder, 'index.html'), PAGE)

  const cases = join(folder, 'cases.json')
  const shared = resolve(process.env.KOMMA_SHARED ?? '../shared')
  const leftOut = Number(run(process.execPath, [join(folder, 'make-cases.js'), cases, shared]))
  return { folder, cases, shared, leftOut }
}

/** The entries of the package that the suite is about, by their source. */
const BUILT = {
  verify: 'verify',
  'selective-disclosure': 'selective-disclosure',
  'baking/images': 'images',
  'crypto/noble-provider': 'crypto/noble'
}

/** Puts the built package in the place of its source. */
function dist(external) {
  return {
    name: 'dist',
    setup({ onResolve }) {
      for (const [source, entry] of Object.entries(BUILT)) {
        const file = resolve(`dist/${entry}.js`)
        const path = external ? pathToFileURL(file).href : file
        onResolve({ filter: new RegExp(`/src/${source}\\.js$`) }, () => ({ path, external }))
      }
    }
  }
}
