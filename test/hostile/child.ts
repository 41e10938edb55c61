import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { type HostileInput, hostileInputs } from './inputs.js'
import { judge } from './judge.js'

// node child.mjs write FOLDER: makes the inputs, one file each. node child.mjs run FILE: verifies one of them, and prints
// what it cost beyond a process that has verified usual badges. Made and run apart, so that making costs nothing.

const USUAL = 'test/corpus/0.1.0/files/eddsa-rdfc-2022.json'
const ROUNDS = 20

const [mode, path = ''] = process.argv.slice(2)
if (mode === 'run') await run(JSON.parse(readFileSync(path, 'utf8')) as HostileInput)
else for (const [index, input] of (await hostileInputs()).entries()) write(`${index}`.padStart(3, '0'), input)

function write(name: string, input: HostileInput): void {
  writeFileSync(join(path, `${name}.json`), JSON.stringify(input))
}

async function run(input: HostileInput): Promise<void> {
  const content = readFileSync(USUAL, 'utf8')
  for (let round = 0; round < ROUNDS; round += 1)
    await judge({ name: 'a usual badge', content, codes: ['PROOF_VALID'] })
  const before = process.resourceUsage()
  const started = performance.now()
  const codes = await judge(input)
  const milliseconds = performance.now() - started
  const after = process.resourceUsage()
  const cpu = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000
  const mebibytes = (after.maxRSS - before.maxRSS) / 1024
  const missing = input.codes.filter((code) => !codes.includes(code))
  console.log(JSON.stringify({ milliseconds, cpu, mebibytes, missing }))
}
