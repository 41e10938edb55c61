// One measurement of bench/batch.mjs, in a process of its own, so that memory is its own: `node batch-run.mjs JSON`.
import process from 'node:process'
import { compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
import { issueManyOverPostgres, serveQueue } from 'komma/batch/postgres'
import { issueManyOnThreads } from 'komma/batch/threads'
import { openSqliteStatusStore } from 'komma/status/sqlite'
import { BADGES } from './badges.mjs'

const { job, rows, path, threads, url, badge = 'typical' } = JSON.parse(process.argv[2])
const { profile, definition, award } = BADGES[badge]
const seed = new Uint8Array(32).fill(7)
const keys = await createMemoryKeyStore({ seed })
const id = await didKeyOf(keys)
const competency = compileCompetency(definition)
const store =
  path === undefined ? createMemoryStatusStore() : await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
const issuer = await createIssuer({ profile: { id, ...profile }, keys, status: store })

function* awards() {
  for (let n = 0; n < rows; n += 1)
    yield { ...award, recipient: { ...award.recipient, email: `person-${n}@example.org` } }
}

if (job === 'worker') {
  await serveQueue({ url, issuer, competencies: [competency] })
} else if (job === 'revoke') {
  await revoke()
} else {
  const options = { batch: 'bench' }
  const results =
    job === 'threads'
      ? issueManyOnThreads(competency, awards(), {
          ...options,
          threads,
          thread: new URL('./batch-thread.mjs', import.meta.url),
          data: { seed: [...seed], profile: { id, ...profile }, path }
        })
      : job === 'queue'
        ? issueManyOverPostgres(competency, awards(), { ...options, url, issuer: id })
        : issuer.issueMany(competency, awards(), options)
  await measure(results)
}
await store.close()
process.exit(0)

async function measure(results) {
  let start = performance.now()
  let counted = 0
  let peak = 0
  let warm = 0
  let cpu = process.cpuUsage()
  for await (const { error } of results) {
    if (error !== undefined) throw error
    // The first rows compile the code and start the threads.
    if (warm < rows / 10) {
      warm += 1
      start = performance.now()
      cpu = process.cpuUsage()
      continue
    }
    counted += 1
    if (counted % 100 === 0) peak = Math.max(peak, process.memoryUsage().rss)
  }
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const milliseconds = (user + system) / 1000 / counted
  console.log(JSON.stringify({ rate: counted / seconds, milliseconds, megabytes: peak / 1_048_576 }))
}

/** A list of a million entries: revoke one badge and publish. */
async function revoke() {
  const large = createMemoryStatusStore({ capacity: 1_048_576 })
  const office = await createIssuer({ profile: { id, ...profile }, keys, status: large })
  const issued = []
  for await (const { issued: one } of office.issueMany(competency, awards(), { batch: 'bench' })) issued.push(one.id)
  await office.publish()
  const times = []
  for (const credentialId of issued) {
    const start = performance.now()
    await office.revoke(credentialId, { reason: 'bench' })
    await office.publish()
    times.push(performance.now() - start)
  }
  times.sort((one, other) => one - other)
  console.log(JSON.stringify({ median: times[Math.floor(times.length / 2)], slowest: times.at(-1) }))
}
