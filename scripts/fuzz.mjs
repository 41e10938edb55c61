// The properties of test/fuzz and test/verifying/mutation.test.ts, with as many runs as are asked for:
//
//   npm run fuzz                    100,000 runs, from a seed that is printed
//   npm run fuzz -- RUNS SEED FILE  fewer or more of them, the same ones again, one file
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import process from 'node:process'

const [runs = '100000', seed = String(randomInt(2 ** 31)), ...files] = process.argv.slice(2)
const chosen = files.length > 0 ? files : ['test/fuzz', 'test/verifying/mutation.test.ts']
console.log(`${runs} runs, seed ${seed}; again with: npm run fuzz -- ${runs} ${seed} ${files.join(' ')}`)

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--test-timeout=0', '--hook-timeout=0', '--reporter=verbose']
const env = { ...process.env, KOMMA_FUZZ_RUNS: runs, KOMMA_FUZZ_SEED: seed }
process.exitCode = spawnSync(process.execPath, [...vitest, ...chosen], { env, stdio: 'inherit' }).status ?? 1
