// The properties of test/fuzz and test/verifying/mutation.test.ts, with as many runs as are asked for:
//
//   npm run fuzz                    100,000 runs, from a seed that is printed
//   npm run fuzz -- RUNS SEED FILE  fewer or more of them, the same ones again, one file
//
// The longest search is split over the processors, each part with a seed of its own.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'

const LONGEST = 'test/fuzz/any-badge.test.ts'
const [runs = '100000', seed = String(randomInt(2 ** 31)), ...files] = process.argv.slice(2)

const outcomes = await Promise.all((files.length > 0 ? [{ runs, seed, files }] : parts()).map(search))
process.exitCode = outcomes.every((status) => status === 0) ? 0 : 1

function parts() {
  const others = readdirSync('test/fuzz')
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/fuzz/${name}`)
    .filter((file) => file !== LONGEST)
  const count = Math.max(1, Math.min(availableParallelism(), Math.floor(Number(runs) / 20_000)))
  return [
    ...Array.from({ length: count }, (_, index) => ({
      runs: String(Math.ceil(Number(runs) / count)),
      seed: String(Number(seed) + index),
      files: [LONGEST]
    })),
    { runs, seed, files: [...others, 'test/verifying/mutation.test.ts'] }
  ]
}

function search({ runs, seed, files }) {
  console.log(`${runs} runs, seed ${seed}; again with: npm run fuzz -- ${runs} ${seed} ${files.join(' ')}`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--test-timeout=0', '--hook-timeout=0', '--reporter=verbose']
  const env = { ...process.env, KOMMA_FUZZ_RUNS: runs, KOMMA_FUZZ_SEED: seed }
  const child = spawn(process.execPath, [...vitest, ...files], { env, stdio: 'inherit' })
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
}
