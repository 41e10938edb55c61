import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { FIRST_AID } from '../support/issuer.js'
import { komma, PASSWORD, storeOf, workFolder } from './support.js'

const ROWS = 150
/** Raise it to look for rarer moments: `KOMMA_KILLS=100 npx vitest run test/cli/issue-many-crash.test.ts`. */
const KILLS = Number(process.env['KOMMA_KILLS'] ?? 6)

const folder = workFolder()
const program = join(folder, 'komma.mjs')
const home = join(folder, 'academy')
const definition = join(folder, 'first-aid.json')
const awards = join(folder, 'awards.csv')

beforeAll(async () => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [resolve('src/cli/main.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error'
  })
  writeFileSync(definition, JSON.stringify(FIRST_AID))
  const rows = Array.from({ length: ROWS }, (_, n) => `person-${n}@example.org,safe\n`)
  writeFileSync(awards, `email,results.drill.achievedLevel\n${rows.join('')}`)
  expect((await komma(['issuer', 'init', home, '--id', 'did:key', '--name', 'Academy'])).code).toBe(0)
})

/** Runs the command in a process of its own, and kills it once so many badges lie in the folder. */
function run(out: string, killAt?: number): Promise<number | null> {
  const options = ['--definition', definition, '--awards', awards, '--batch', 'spring', '--out', out]
  const started = spawn(process.execPath, ['--no-warnings', program, 'issue-many', home, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, KOMMA_PASSWORD: PASSWORD }
  })
  const watch = setInterval(() => {
    if (killAt !== undefined && badgesIn(out).length >= killAt) started.kill('SIGKILL')
  }, 2)
  return new Promise((done, failed) => {
    started.on('error', failed)
    started.on('close', (code) => {
      clearInterval(watch)
      done(code)
    })
  })
}

function badgesIn(out: string): string[] {
  try {
    return readdirSync(out).filter((name) => /^[0-9a-f-]{36}\.json$/.test(name))
  } catch {
    return []
  }
}

function expectWhole(out: string): void {
  for (const name of badgesIn(out)) {
    const { id, proof } = JSON.parse(readFileSync(join(out, name), 'utf8'))
    expect([`${id}.json`, proof.length]).toEqual([`urn:uuid:${name}`, 1])
  }
}

describe('a batch that is killed', () => {
  it('at random moments, makes one badge for each row once the same command has come to its end, every file whole', async () => {
    const out = join(folder, 'badges')
    let seen: string[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      const code = await run(out, seen.length + 1 + Math.floor((Math.random() * (ROWS - seen.length)) / KILLS))
      expectWhole(out)
      expect(badgesIn(out)).toEqual(expect.arrayContaining(seen))
      seen = badgesIn(out)
      if (code === 0) break
    }
    expect(await run(out)).toBe(0)
    expectWhole(out)
    const results = readFileSync(join(out, 'badges.jsonl'), 'utf8').trimEnd().split('\n')
    const listed = results.map((line) => JSON.parse(line))
    expect(listed.map(({ line }) => line)).toEqual(Array.from({ length: ROWS }, (_, n) => n + 2))
    expect(listed.map(({ file }) => file).sort()).toEqual(badgesIn(out).sort())
    const { issuances } = await storeOf(home)
    expect(issuances.map(({ state }) => state)).toEqual(Array.from({ length: ROWS }, () => 'released'))
    for (const { credentialId, text } of issuances) {
      expect(readFileSync(join(out, `${credentialId.slice('urn:uuid:'.length)}.json`), 'utf8')).toBe(text)
    }
  })
})
