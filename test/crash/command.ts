import { cpus, loadavg, release } from 'node:os'
import process from 'node:process'
import { startPostgres } from '../support/postgres-server.js'
import { runCampaign, type Tally } from './campaign.js'
import { newPlaceFor } from './places.js'

/** Stores at work at once, so that a kill of one does not wait for the start of a process of another. */
const LANES = 10

const [store = '', kills = '', seed = ''] = process.argv.slice(2)
const server = store === 'postgres' ? await startPostgres() : undefined
const began = performance.now()
let shown = 0
try {
  const tally = await runCampaign({
    kills: Number(kills),
    seed: Number(seed),
    lanes: LANES,
    newPlace: newPlaceFor(server?.url),
    onKill: (now) => {
      if (now.kills - shown < 100) return
      shown = now.kills
      console.log(`${now.kills} kills, ${Math.round((performance.now() - began) / 1000)} s`)
    }
  })
  print(tally)
  process.exitCode = tally.violations.length === 0 && tally.kills === Number(kills) ? 0 : 1
} finally {
  await server?.stop()
}

function print(tally: Tally): void {
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.versions.node}`)
  console.log(`load ${loadavg()[0]?.toFixed(1)}, ${seconds} s`)
  for (const [point, times] of [...tally.byPoint].sort()) console.log(`${String(times).padStart(6)}  ${point}`)
  const { issued, changed, published, abandoned, resumed, stores } = tally
  console.log(
    `acknowledged: ${issued} issued, ${changed} changes of status, ${published} publications, ${abandoned} abandoned`
  )
  console.log(`${stores} stores; ${resumed} issuances brought to their end after the last kill of a store`)
  for (const violation of tally.violations) console.log(`VIOLATION ${violation}`)
  console.log(`${store}: ${tally.kills} kills, ${tally.violations.length} violations, seed ${seed}`)
}
