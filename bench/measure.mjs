import { Session } from 'node:inspector'
import process from 'node:process'

/**
 * Times contestants against each other: all of them warm up, then every round runs a batch of each, and each round
 * begins with another. What disturbs the machine for a while so disturbs all.
 *
 * @param contestants `{ name, run, group? }`, `run` asynchronous or not
 * @param budget milliseconds: `warmUp` and `batch` for each contestant, and the number of `rounds`
 * @returns for each contestant microseconds by the wall clock and of CPU (all threads), and KiB of garbage, per run
 */
export async function compare(contestants, { warmUp, batch, rounds }) {
  const samples = contestants.map(() => ({ wall: [], cpu: [] }))
  const runs = []
  for (const { run } of contestants) runs.push(Math.max(1, Math.round(batch / (await warm(run, warmUp)))))
  for (let round = 0; round < rounds; round += 1) {
    for (let offset = 0; offset < contestants.length; offset += 1) {
      const index = (round + offset) % contestants.length
      const { wall, cpu } = await time(contestants[index].run, runs[index])
      samples[index].wall.push(wall)
      samples[index].cpu.push(cpu)
    }
  }
  const results = []
  for (const [index, { name, run }] of contestants.entries()) {
    const { wall, cpu } = samples[index]
    const garbage = await allocation(run, Math.max(20, runs[index]))
    results.push({ name, wall: spread(wall), cpu: spread(cpu), garbage })
  }
  return results
}

/** Runs until the time is over; milliseconds per run in the second half, when the code is compiled. */
async function warm(run, duration) {
  await repeatFor(run, duration / 2)
  return repeatFor(run, duration / 2)
}

async function repeatFor(run, duration) {
  const start = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < duration || count < 3) {
    await run()
    count += 1
    elapsed = performance.now() - start
  }
  return elapsed / count
}

async function time(run, count) {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  for (let index = 0; index < count; index += 1) await run()
  const wall = performance.now() - before
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wall: (wall * 1000) / count, cpu: (user + system) / count }
}

/**
 * KiB on the JavaScript heap that one run allocates, whether it is collected or not, as the engine's sampling profiler
 * estimates it. Bytes of buffers lie outside that heap and are not counted.
 */
async function allocation(run, count) {
  const session = new Session()
  session.connect()
  const post = (method, parameters) =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)))
    })
  await post('HeapProfiler.startSampling', {
    samplingInterval: 8192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true
  })
  for (let index = 0; index < count; index += 1) await run()
  const { profile } = await post('HeapProfiler.stopSampling')
  session.disconnect()
  return sizeOf(profile.head) / count / 1024
}

function sizeOf({ selfSize, children }) {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize)
}

function spread(values) {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
  return { median, min: sorted[0], max: sorted[sorted.length - 1] }
}

const COLUMNS = ['', 'µs', 'min–max', 'CPU µs', 'per second', '× peer', 'KiB garbage']

/** One Markdown table; `× peer` compares medians with the contestant called `peer`, where there is one. */
export function table(results, peer) {
  const base = results.find(({ name }) => name === peer)
  const rows = results.map(({ name, wall, cpu, garbage }) => [
    name,
    number(wall.median),
    `${number(wall.min)}–${number(wall.max)}`,
    number(cpu.median),
    number(1e6 / wall.median),
    base === undefined ? '' : (base.wall.median / wall.median).toFixed(2),
    garbage < 10 ? garbage.toFixed(1) : number(garbage)
  ])
  const widths = COLUMNS.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column])].map((cell) => cell.length))
  )
  const line = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(COLUMNS), rule, ...rows.map(line)].join('\n')
}

function number(value) {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}
