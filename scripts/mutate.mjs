// Mutation testing of the chapters that a verdict rests on: changes the code in small ways and sees whether a test fails.
//
//   npm run mutate                    all chapters, one after the other; hours
//   npm run mutate -- status          one of them
//
// Works in a copy of the committed tree below .tmp, where the tool is installed; the project does not depend on it. Prints the
// share of mutants that were caught, in all and without the words of reports, and writes every survivor to a file.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CHAPTERS } from './mutate/chapters.mjs'

const TOOL = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']
const CAUGHT = ['Killed', 'Timeout']
const LEFT = ['Survived', 'NoCoverage']

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
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const archive = execFileSync('git', ['archive', 'HEAD'], { maxBuffer: 256 * 1_048_576 })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  const npm = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund')
  npm('install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...TOOL)
  npm('run', 'generate')
  return folder
}

function run(name, { mutate, tests }) {
  const report = join(work, `${name}.json`)
  const vitest = `vitest.${name}.config.mjs`
  writeFileSync(
    join(work, vitest),
    `export default { test: ${JSON.stringify({ include: tests, testTimeout: 120_000 })} }\n`
  )
  const config = {
    testRunner: 'vitest',
    vitest: { configFile: vitest },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.KOMMA_MUTATE_CONCURRENCY ?? 2),
    timeoutMS: 30_000,
    reporters: ['json'],
    jsonReporter: { fileName: report },
    mutate,
    ignorePatterns: ['dist', 'bench', '.tmp']
  }
  writeFileSync(join(work, `stryker.${name}.json`), JSON.stringify(config))
  const env = { ...process.env, KOMMA_SHARED: resolve(process.env.KOMMA_SHARED ?? '../shared') }
  const args = ['--no-install', 'stryker', 'run', `stryker.${name}.json`]
  const { status } = spawnSync('npx', args, { cwd: work, stdio: 'inherit', env })
  if (status !== 0) throw new Error(`mutate: the run of ${name} did not finish`)
  tell(name, JSON.parse(readFileSync(report, 'utf8')))
}

function tell(name, { files }) {
  const mutants = Object.entries(files).flatMap(([file, { mutants: found, source }]) =>
    found.map((mutant) => ({ ...mutant, file, line: source.split('\n')[mutant.location.start.line - 1]?.trim() }))
  )
  const score = (some) => {
    const caught = some.filter(({ status }) => CAUGHT.includes(status)).length
    const left = some.filter(({ status }) => LEFT.includes(status)).length
    return `${((100 * caught) / (caught + left)).toFixed(1)} % of ${caught + left}`
  }
  const beyondWords = mutants.filter(({ mutatorName }) => mutatorName !== 'StringLiteral')
  const survivors = mutants.filter(({ status }) => LEFT.includes(status))
  const lines = survivors.map(
    ({ file, location, mutatorName, replacement, line }) =>
      `${file}:${location.start.line} ${mutatorName}: ${line} => ${replacement ?? ''}`
  )
  writeFileSync(`.tmp/mutate-${name}.txt`, `${lines.join('\n')}\n`)
  console.log(
    `${name}: caught ${score(mutants)}; without words ${score(beyondWords)}; survivors in .tmp/mutate-${name}.txt`
  )
}
