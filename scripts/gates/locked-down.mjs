// The built verifier, in one file for browsers, has to say of every file of every corpus what it should, in a runtime
// that makes no code from text and lets nobody change what the language brings (security promise P19).
import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { complaint, freshFolder, report, run } from './gate.mjs'

const FLAGS = ['--disallow-code-generation-from-strings', '--frozen-intrinsics', '--no-warnings']
const CORPUS = 'test/corpus'

const PROGRAM = `
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './judge.mjs'

const folder = process.argv[2]
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const published = read('published.json')
const { now, files } = read('expected.json')
const different = []
for (const [file, { options = {}, accepted, checks }] of Object.entries(files)) {
  const found = await judge(new Uint8Array(readFileSync(join(folder, 'files', file))), options, { now, published })
  const same = found.accepted === accepted && Object.keys(checks).every((id) => found.checks[id] === checks[id])
  if (!same) different.push(file)
}
console.log(JSON.stringify({ judged: Object.keys(files).length, different }))
`

const folder = freshFolder('locked-down')
const problems = []
try {
  await bundleJudge()
  problems.push(...checkFlags(), ...judgeCorpora())
} catch (error) {
  problems.push(complaint(error))
}
report('locked-down', problems)

/** What the tests judge the corpus with, on dist in the place of the source. */
async function bundleJudge() {
  const dist = {
    name: 'dist',
    setup({ onResolve }) {
      const put = (filter, file) => onResolve({ filter }, () => ({ path: resolve('dist', file) }))
      put(/\/src\/(verify|securing\/default-suites)\.js$/, 'verify.js')
      put(/\/src\/selective-disclosure\.js$/, 'selective-disclosure.js')
    }
  }
  await build({
    entryPoints: [join(CORPUS, 'judge.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    plugins: [dist],
    outfile: join(folder, 'judge.mjs'),
    logLevel: 'error'
  })
}

/** Both flags have to bite, or the rest shows nothing. */
function checkFlags() {
  const tries = { 'code from text': "(0, eval)('1')", 'changed intrinsics': 'Array.prototype.includes = () => true' }
  const free = Object.entries(tries).filter(([, code]) => runs(`'use strict'; ${code}`))
  return free.map(([what]) => `this runtime does not refuse ${what}`)
}

function runs(code) {
  try {
    run(process.execPath, [...FLAGS, '--input-type=module', '-e', code])
    return true
  } catch {
    return false
  }
}

function judgeCorpora() {
  const program = join(folder, 'program.mjs')
  writeFileSync(program, PROGRAM)
  const versions = readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return versions.flatMap(({ name }) => {
    const { judged, different } = JSON.parse(run(process.execPath, [...FLAGS, program, join(CORPUS, name)]))
    console.log(`locked-down: ${judged} files of ${name} judged`)
    return different.map((file) => `${CORPUS}/${name}/files/${file} is judged another way than everywhere else`)
  })
}
