// Mutation testing of the chapters that a verdict rests on: changes the code in small ways and sees whether a test fails.
//
//   npm run mutate                    all chapters, one after the other
//   npm run mutate -- status          one of them
//   KOMMA_MUTATE_WORDS=no …           without the words of reports, which is quicker
//
// Works in a copy of the committed tree below .tmp, where the tool is installed; the project does not depend on it. Prints the
// share of mutants that were caught, in all and without the words of reports, and writes every mutant that no test killed to a
// file. A second run of a chapter tries again what changed, and what was not killed.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CHAPTERS } from './mutate/chapters.mjs'
import { WORDS } from './mutate/words.mjs'

const TOOL = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']
const CAUGHT = ['Killed', 'Timeout']
const LEFT = ['Survived', 'NoCoverage']
/** Tests that replace modules need a process of their own each time; they see only what the others let pass. */
const REPLACES_MODULES = /\bvi\.(mock|doMock|hoisted|resetModules)\b/

const names = process.argv.slice(2)
const unknown = names.find((name) => !Object.hasOwn(CHAPTERS, name))
if (unknown !== undefined) {
  console.error(`mutate: no such chapter: ${unknown}; there are ${Object.keys(CHAPTERS).join(', ')}`)
  process.exit(2)
}
const work = prepare()
for (const name of names.length > 0 ? names : Object.keys(CHAPTERS)) run(name, CHAPTERS[name])

function prepare() {
  const folder = resolve('.tmp/mutate')
  mkdirSync(folder, { recursive: true })
  const lock = readFileSync('package-lock.json', 'utf8')
  const installed = join(folder, 'node_modules', '.installed')
  const isInstalled = existsSync(installed) && readFileSync(installed, 'utf8') === lock
  for (const name of readdirSync(folder)) {
    if (name !== 'node_modules') rmSync(join(folder, name), { recursive: true })
  }
  const archive = execFileSync('git', ['archive', 'HEAD'], { maxBuffer: 256 * 1_048_576 })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  const npm = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (!isInstalled) {
    npm('ci', '--ignore-scripts', '--no-audit', '--no-fund')
    npm('install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...TOOL)
    writeFileSync(installed, lock)
  }
  npm('run', 'generate')
  return folder
}

function run(name, { mutate, tests }) {
  const files = listed(tests)
  const replacing = files.filter((file) => REPLACES_MODULES.test(readFileSync(join(work, file), 'utf8')))
  writeFileSync(join(work, '.mutate-tests.json'), JSON.stringify(files.filter((file) => !replacing.includes(file))))
  const inProcess = {
    plugins: ['./scripts/mutate/runner.mjs'],
    testRunner: 'in-process',
    maxTestRunnerReuse: 200,
    ignorers: process.env.KOMMA_MUTATE_WORDS === 'no' ? ['words'] : []
  }
  const mutants = runTool(name, { ...inProcess, mutate })
  const left = mutants.filter(({ status }) => LEFT.includes(status))
  if (replacing.length === 0 || left.length === 0) return tell(name, mutants)

  const configFile = `vitest.${name}.config.mjs`
  const test = { include: replacing, testTimeout: 120_000, hookTimeout: 120_000 }
  writeFileSync(join(work, configFile), `export default { test: ${JSON.stringify(test)} }\n`)
  const again = runTool(`${name}-replacing`, {
    testRunner: 'vitest',
    vitest: { configFile },
    mutate: [...new Set(left.map(({ file, location }) => `${file}:${rangeOf(location)}`))]
  })
  const found = new Map(again.map((mutant) => [keyOf(mutant), mutant]))
  tell(
    name,
    mutants.map((mutant) => {
      const other = found.get(keyOf(mutant))
      return LEFT.includes(mutant.status) && CAUGHT.includes(other?.status) ? other : mutant
    })
  )
}

function runTool(name, options) {
  const report = join(work, `${name}.json`)
  const config = {
    ...options,
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.KOMMA_MUTATE_CONCURRENCY ?? 2),
    timeoutMS: 30_000,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    incremental: true,
    incrementalFile: resolve(`.tmp/mutate-${name}.json`),
    ignorePatterns: ['dist', 'bench', '.tmp']
  }
  writeFileSync(join(work, `stryker.${name}.json`), JSON.stringify(config))
  const env = { ...process.env, KOMMA_SHARED: resolve(process.env.KOMMA_SHARED ?? '../shared') }
  const args = ['--no-install', 'stryker', 'run', `stryker.${name}.json`]
  const { status } = spawnSync('npx', args, { cwd: work, stdio: 'inherit', env })
  if (status !== 0) throw new Error(`mutate: the run of ${name} did not finish`)
  const { files } = JSON.parse(readFileSync(report, 'utf8'))
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ ...mutant, file, ...placeOf(mutant.location, source.split('\n')) }))
  )
}

function listed(patterns) {
  const pathspecs = patterns.map((one) => (one.startsWith('!') ? `:(exclude,glob)${one.slice(1)}` : `:(glob)${one}`))
  return execFileSync('git', ['ls-files', '--', ...pathspecs], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

function tell(name, mutants) {
  const score = (some) => {
    const caught = some.filter(({ status }) => CAUGHT.includes(status)).length
    const left = some.filter(({ status }) => LEFT.includes(status)).length
    return `${((100 * caught) / (caught + left)).toFixed(1)} % of ${caught + left}`
  }
  const beyondWords = mutants.filter(({ mutatorName, text }) => mutatorName !== 'StringLiteral' || !WORDS.test(text))
  const lines = mutants
    .filter(({ status }) => status !== 'Killed')
    .map(({ status, mutatorName, replacement, line, ...at }) => {
      return `${status} ${at.file}:${at.location.start.line} ${mutatorName}: ${line} => ${replacement ?? ''}`
    })
  writeFileSync(`.tmp/mutate-${name}.txt`, `${lines.join('\n')}\n`)
  const of = (status) => mutants.filter((mutant) => mutant.status === status)
  const counts = [...new Set(mutants.map(({ status }) => status))].map((status) => `${of(status).length} ${status}`)
  const counted = of('Timeout').filter(({ statusReason }) => statusReason?.startsWith('Hit limit')).length
  console.log(`${name}: caught ${score(mutants)}; without words ${score(beyondWords)}`)
  console.log(`  ${counts.join(', ')}; of the timeouts ${counted} by count; the others are in .tmp/mutate-${name}.txt`)
}

function keyOf({ file, location, mutatorName, replacement }) {
  return JSON.stringify([file, location, mutatorName, replacement])
}

/** The tool counts the columns of a range from 0, and those of its report from 1. */
function rangeOf({ start, end }) {
  return `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`
}

function placeOf({ start, end }, lines) {
  const own = lines.slice(start.line - 1, end.line)
  const last = own.length - 1
  const text = own.map((line, at) =>
    line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined)
  )
  return { line: own[0]?.trim(), text: text.join('\n') }
}
