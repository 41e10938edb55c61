// Kills processes that issue, revoke, suspend and publish with SIGKILL, at named points and at any moment, and checks after
// each kill that nothing that was acknowledged is lost:
//
//   npm run crash -- sqlite 1000 SEED
//   npm run crash -- postgres 1000 SEED    starts a server of its own; KOMMA_POSTGRES_URL names another
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { freshFolder } from './gates/gate.mjs'

const [store, kills = '1000', seed = String(randomInt(2 ** 30))] = process.argv.slice(2)
if (!['sqlite', 'postgres'].includes(store) || !/^\d+$/.test(kills) || !/^\d+$/.test(seed)) {
  console.error('usage: npm run crash -- sqlite|postgres KILLS SEED')
  process.exit(2)
}
const outfile = join(freshFolder(`crash-${store}`), 'command.mjs')
const form = { bundle: true, format: 'esm', target: 'node20', platform: 'node', packages: 'external' }
await build({ ...form, entryPoints: ['test/crash/command.ts'], outfile, logLevel: 'error' })
console.log(`again with: npm run crash -- ${store} ${kills} ${seed}`)
process.exitCode =
  spawnSync(process.execPath, ['--no-warnings', outfile, store, kills, seed], { stdio: 'inherit' }).status ?? 1
