// Asks every runtime for its verdict on the same cases, and compares the answers with those of Node 20.
//
//   node scripts/runtimes.mjs                 all runtimes that are here; a runtime that is not is named and passed over
//   node scripts/runtimes.mjs deno firefox    these, and Node 20
//   node scripts/runtimes.mjs --install       installs browsers from Debian first (as root); then all must be here
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSuite } from './runtimes/build.mjs'
import { compareRows, judgeRows } from './runtimes/compare.mjs'
import { installBrowsers } from './runtimes/install.mjs'
import { RUNTIMES } from './runtimes/list.mjs'

const SHOWN_DIFFERENCES = 20

const args = process.argv.slice(2)
const install = args.includes('--install')
const chosen = choose(args.filter((name) => !name.startsWith('--')))
if (install) installBrowsers()

const work = await buildSuite()
const cases = JSON.parse(readFileSync(work.cases, 'utf8'))
console.log(`runtimes: ${cases.length} cases`)
if (work.leftOut > 0)
  console.log(`runtimes: ${work.leftOut} vectors of others left out: their files are not in ${work.shared}`)

const results = []
for (const runtime of chosen) results.push(await ask(runtime))
const problems = results.flatMap((result) => result.problems)
printTable()
for (const problem of problems) console.error(`runtimes: ${problem}`)
if (problems.length > 0) process.exitCode = 1
else console.log('runtimes: every runtime that ran gives the same verdicts')

function choose(names) {
  const unknown = names.filter((name) => !RUNTIMES.some((runtime) => runtime.id === name))
  if (unknown.length > 0) {
    console.error(
      `runtimes: no such runtime: ${unknown.join(', ')}; there are ${RUNTIMES.map(({ id }) => id).join(', ')}`
    )
    process.exit(2)
  }
  return RUNTIMES.filter(({ id }, index) => names.length === 0 || index === 0 || names.includes(id))
}

async function ask(runtime) {
  const { id, name } = runtime
  const version = await runtime.version()
  if (version === undefined) {
    console.log(`runtimes: not here: ${name}; ${runtime.hint}`)
    return { name, version: 'not here', problems: install ? [`${name} is not here`] : [] }
  }
  const started = performance.now()
  try {
    const rows = await runtime.run(work)
    const seconds = (performance.now() - started) / 1000
    writeFileSync(join(work.folder, `${id}.rows.json`), JSON.stringify(rows, null, 1))
    return { name, version, rows, seconds, problems: judge(name, rows) }
  } catch (error) {
    return { name, version, problems: [`${name} did not finish: ${error.message}`] }
  }
}

function judge(name, rows) {
  const reference = results[0]?.rows
  const found = reference === undefined ? judgeRows(cases, rows) : compareRows(reference, rows)
  const shown = found.slice(0, SHOWN_DIFFERENCES).map((text) => `${name}: ${text}`)
  return found.length > SHOWN_DIFFERENCES ? [...shown, `${name}: and ${found.length - SHOWN_DIFFERENCES} more`] : shown
}

function printTable() {
  for (const [index, { name, version, rows, seconds = 0, problems }] of results.entries()) {
    const good = index === 0 ? 'as expected' : 'same'
    const outcome = problems.length > 0 ? 'DIFFERS' : rows === undefined ? '' : good
    const figures = rows === undefined ? ''.padEnd(18) : `${rows.length} cases ${seconds.toFixed(1).padStart(5)} s`
    console.log(`${name.padEnd(26)} ${version.padEnd(15)} ${figures}  ${outcome}`.trimEnd())
  }
}
