// What is in the bundles: every file of dist and a bundle of every public entry is searched for what the package
// promises not to do; every portable entry is also loaded with code generation forbidden.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { measureSizes, NODE_ENTRIES, sizeProblems, sizeTable } from '../bundle-size.mjs'
import { inspectCode } from './code-rules.mjs'
import { complaint, freshFolder, publicEntries, report, run } from './gate.mjs'

/** What nobody who only verifies should carry, as parts of input paths. */
const WRITE_WAY = [
  'temporal-polyfill',
  'src/issuing/',
  'src/publishing/',
  'src/insight/',
  'src/http/',
  'src/cli/',
  'src/encoding/duration.ts'
]
/** Installed by the user where needed, so never part of a bundle. */
const OPTIONAL_PEERS = ['@photostructure/sqlite', 'pg']

const EVERYWHERE = ['code-generation', 'top-level-await']
const PORTABLE = [...EVERYWHERE, 'node-scheme', 'import-meta']

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const folder = freshFolder('bundles')
const sizes = await measureSizes()
const problems = [...(await checkGate()), ...checkDist(), ...(await checkEntries()), ...sizeProblems(sizes)]
console.log(sizeTable(sizes))
report('bundles', problems)

function checkDist() {
  if (!existsSync('dist')) return ['there is no dist folder; run npm run build first']
  const files = readdirSync('dist', { recursive: true }).filter((file) => /\.[cm]?js$/.test(file))
  return files.flatMap((file) => inspect(`dist/${file}`, readFileSync(join('dist', file), 'utf8'), EVERYWHERE))
}

async function checkEntries() {
  const entries = publicEntries(manifest)
  const commands = Object.entries(manifest.bin ?? {}).map(([name, file]) => ({ name: `bin ${name}`, file }))
  if (entries.length === 0) return ['package.json has no exports']
  const found = []
  for (const { name, file } of [...entries, ...commands]) {
    const portable = !NODE_ENTRIES.has(name) && !name.startsWith('bin ')
    try {
      found.push(...(portable ? await checkPortable(name, file) : await checkNode(name, file)))
    } catch (error) {
      found.push(`${name} cannot be bundled or loaded: ${complaint(error)}`)
    }
  }
  return found
}

async function checkPortable(name, file) {
  const whole = await bundle(file, { platform: 'browser' })
  const own = await bundle(file, { platform: 'browser', packages: 'external' })
  loadWithoutCodeGeneration(name, whole.text)
  return [
    ...inspect(`${name} for browsers`, whole.text, PORTABLE),
    ...inspect(`${name} without packages`, own.text, ['node-global']),
    ...(name === './verify' ? await findWriteWay(whole.inputs) : [])
  ]
}

async function checkNode(name, file) {
  const { text } = await bundle(file, { platform: 'node' })
  return inspect(`${name} for Node`, text, EVERYWHERE)
}

/** dist is split into chunks that do not name their sources, so src/verify.ts is bundled too. */
async function findWriteWay(inputs) {
  const source = 'src/verify.ts'
  const fromSource = existsSync(source) ? (await bundle(source, { platform: 'browser' })).inputs : []
  return findMarkers([...inputs, ...fromSource]).map((input) => `./verify carries ${input}`)
}

function findMarkers(inputs) {
  return inputs.filter((input) => WRITE_WAY.some((marker) => input.includes(marker)))
}

async function bundle(file, options) {
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    outfile: join(folder, 'out.js'),
    external: ['node:*', ...OPTIONAL_PEERS],
    logLevel: 'silent',
    ...options
  })
  const [output] = Object.values(metafile.outputs)
  const inputs = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return { text: outputFiles[0].text, inputs: inputs.map(([input]) => input) }
}

function loadWithoutCodeGeneration(name, text) {
  const file = join(folder, `${name.replaceAll(/[^a-z]/g, '_')}.mjs`)
  writeFileSync(file, text)
  run(process.execPath, [
    '--disallow-code-generation-from-strings',
    '--input-type=module',
    '-e',
    `import ${JSON.stringify(file)}`
  ])
}

function inspect(where, text, rules) {
  return inspectCode(text)
    .filter(({ rule }) => rules.includes(rule))
    .map((found) => `${where}:${found.line}: ${found.rule}: ${found.text}`)
}

/** A bundle with one violation of every kind must raise every alarm, and the write way must be seen in its inputs. */
async function checkGate() {
  const file = join(folder, 'planted.mjs')
  writeFileSync(
    file,
    [
      "import { Temporal } from 'temporal-polyfill'",
      "import { readFileSync } from 'node:fs'",
      "export const made = new Function('return 1')",
      'export const run = (text) => (0, eval)(text)',
      'export const here = import.meta.url',
      'export const bytes = Buffer.from([])',
      'export const late = await Temporal.Now.instant()',
      'export { readFileSync }'
    ].join('\n')
  )
  const planted = await bundle(file, { platform: 'browser', target: 'esnext' })
  const rules = new Set(inspectCode(planted.text).map(({ rule }) => rule))
  const missed = [...PORTABLE, 'node-global'].filter((rule) => !rules.has(rule))
  if (findMarkers(planted.inputs).length === 0) missed.push('write way')
  let loaded = true
  try {
    loadWithoutCodeGeneration('planted', "globalThis['ev' + 'al']('1')")
  } catch {
    loaded = false
  }
  if (loaded) missed.push('code generation while loading')
  if (sizeProblems(sizes, 1).length === 0) missed.push('size')
  if (missed.length === 0) console.log('bundles: each planted violation was caught')
  else console.error(`bundles: looked at ${relative(process.cwd(), file)}`)
  return missed.map((rule) => `the gate does not catch a planted violation: ${rule}`)
}
