// Batches: badges per second on one core and on two, over a queue, and how memory grows; raw Ed25519 as the limit.
//
//   npm run bench:batch                 10,000 rows each, and 100,000 for memory: a quarter of an hour
//   npm run bench:batch -- --rows 1000  fewer rows
//   KOMMA_POSTGRES_URL=postgres://…     also with two workers over PostgreSQL

import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const at = process.argv.indexOf('--rows')
const rows = at < 0 ? 10_000 : Number(process.argv[at + 1])
const program = join(import.meta.dirname, 'batch-run.mjs')
const folder = mkdtempSync(join(tmpdir(), 'komma-bench-'))
let count = 0

try {
  console.log(
    `# Batches\n\n- ${cpus().length} × ${cpus()[0].model.trim()}, ${process.platform} ${release()}, Node ${process.version}`
  )
  console.log(`- ${rows} rows each, the typical badge; load of the machine at the start ${loadavg()[0].toFixed(1)}\n`)
  console.log('| | badges per second | CPU ms each, all threads | peak MB |\n|---|---:|---:|---:|')
  limit()
  line('memory store, 1 thread', run({ job: 'plain', rows }))
  line('SQLite, 1 thread', run({ job: 'plain', rows, path: fresh() }))
  for (const threads of [1, 2])
    line(`SQLite, ${threads} of issueManyOnThreads`, run({ job: 'threads', rows, threads, path: fresh() }))
  overPostgres()
  const more = rows * 10
  line(`SQLite, 2 of issueManyOnThreads, ${more} rows`, run({ job: 'threads', rows: more, threads: 2, path: fresh() }))
  const { median, slowest } = run({ job: 'revoke', rows: 50 })
  console.log(
    `\nRevoke one badge and publish, a list of 1,048,576 entries: ${median.toFixed(0)} ms (slowest ${slowest.toFixed(0)} ms)`
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function fresh() {
  count += 1
  return join(folder, `${count}.db`)
}

function run(wish) {
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 24 }
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', program, JSON.stringify(wish)], options))
}

function line(name, { rate, milliseconds, megabytes }) {
  console.log(`| ${name} | ${rate.toFixed(0)} | ${milliseconds.toFixed(2)} | ${megabytes.toFixed(0)} |`)
}

function limit() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const data = Buffer.alloc(64, 7)
  const times = { sign: 0, both: 0 }
  for (const what of ['sign', 'both']) {
    const start = performance.now()
    for (let n = 0; n < 5_000; n += 1) {
      const signature = sign(null, data, privateKey)
      if (what === 'both' && !verify(null, data, publicKey, signature)) throw new Error('it does not verify')
    }
    times[what] = 5_000_000 / (performance.now() - start)
  }
  console.log(`| Ed25519 alone, 1 thread: sign | ${times.sign.toFixed(0)} | | |`)
  console.log(`| Ed25519 alone, 1 thread: sign and verify, as for each badge | ${times.both.toFixed(0)} | | |`)
}

function overPostgres() {
  const url = process.env.KOMMA_POSTGRES_URL
  if (url === undefined) return
  const path = fresh()
  const start = () =>
    spawn(process.execPath, ['--no-warnings', program, JSON.stringify({ job: 'worker', rows: 0, url, path })], {
      stdio: 'inherit'
    })
  const workers = [start(), start()]
  try {
    line('SQLite, 2 workers over PostgreSQL', run({ job: 'queue', rows, url }))
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
  }
}
