// Verifies every input of test/hostile in a process of its own that has 128 MiB for objects, and prints what it cost:
//
//   npm run hostile            every input
//   npm run hostile -- WORDS   those whose name has the words in it
//
// No test looks at time; this command does, against the bounds for the reference machine. What counts is the time of the
// processor, garbage collection included, which other programs on the machine do not change.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { freshFolder, run } from './gates/gate.mjs'

const MOST = { work: 1_000, mebibytes: 64 }
const words = process.argv.slice(2).join(' ')

const folder = freshFolder('hostile')
const child = join(folder, 'child.mjs')
const form = { bundle: true, format: 'esm', target: 'es2022', platform: 'node', packages: 'external', splitting: true }
const outExtension = { '.js': '.mjs' }
await build({ ...form, entryPoints: ['test/hostile/child.ts'], outdir: folder, outExtension, logLevel: 'error' })
run(process.execPath, [child, 'write', folder])

console.log(`${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`)
let failed = 0
let passed = 0
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  const { name, content } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  if (!new RegExp(words).test(name)) continue
  const { cost, problem } = measure(join(folder, file))
  if (problem === undefined) passed += 1
  else failed += 1
  const size = Math.round((typeof content === 'string' ? content.length : content.base64.length * 0.75) / 1024)
  const outcome = problem === undefined ? 'passed' : 'FAILED'
  console.log(`${outcome} ${cost.padEnd(50)} ${`${size} KiB`.padStart(9)}  ${name}${problem ? `: ${problem}` : ''}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function measure(file) {
  const args = ['--max-old-space-size=128', child, 'run', file]
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 })
  if (done.status !== 0) return { cost: '', problem: done.stderr.trim().slice(-300) || `ended with ${done.signal}` }
  const { milliseconds, cpu, mebibytes, missing } = JSON.parse(done.stdout)
  const problems = [
    ...(cpu > MOST.work ? [`more than ${MOST.work} ms`] : []),
    ...(mebibytes > MOST.mebibytes ? [`more than ${MOST.mebibytes} MiB`] : []),
    ...(missing.length > 0 ? [`${missing.join()} did not come out`] : [])
  ]
  const cost = `${cpu.toFixed(0).padStart(5)} ms of work (${milliseconds.toFixed(0)} ms), ${mebibytes.toFixed(1)} MiB`
  return { cost, problem: problems.length === 0 ? undefined : problems.join(', ') }
}
