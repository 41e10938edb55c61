import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { collect } from './test-functions.mjs'

const FUNCTIONS = fileURLToPath(new URL('./test-functions.mjs', import.meta.url))

/** Bundles test files with what they import from the project. */
export async function bundleTests(files, outfile) {
  const { inputs } = (await bundle(files, [], outfile)).metafile
  const late = Object.entries(inputs).flatMap(([from, { imports }]) =>
    imports.filter(({ kind, external }) => from !== '<stdin>' && kind === 'dynamic-import' && !external)
  )
  await bundle(files, [...new Set(late.map(({ path }) => path))], outfile)
}

function bundle(files, late, outfile) {
  const load = (file) => `() => import(${JSON.stringify(resolve(file))})`
  const entries = files.map((file) => `${JSON.stringify(file)}: ${load(file)}`)
  const contents = `export const files = { ${entries} }\nexport const late = [${late.map(load)}]`
  return build({
    stdin: { contents, resolveDir: resolve('.') },
    outfile,
    absWorkingDir: resolve('.'),
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    plugins: [{ name: 'tests', setup }]
  })
}

function setup(tool) {
  tool.onResolve({ filter: /^vitest$/ }, () => ({ path: FUNCTIONS, external: true }))
  tool.onLoad({ filter: /\/(test|scripts)\/.*\.(ts|mjs)$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8')
    const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' }
  })
}

/** Modules of their own, into which test files are loaded one by one, when they are asked for. */
export async function openWorld(bundle, number) {
  const { files, late } = await import(`${pathToFileURL(bundle).href}?${number}`)
  const trees = new Map()
  return {
    /** Loads what the library itself loads only when it is needed. */
    async loadLate() {
      for (const load of late) await load()
    },
    async tree(file) {
      if (!trees.has(file)) trees.set(file, await collect(file, files[file]))
      return trees.get(file)
    }
  }
}
