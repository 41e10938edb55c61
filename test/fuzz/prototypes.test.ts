import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { fuzzing } from '../support/fuzz.js'

// Inside the repository, where the program finds its packages.
const folder = join('.tmp', 'fuzz')

describe('inputs that reach for prototypes', () => {
  it('2: leave every global prototype as it was, and are refused', { timeout: 0 }, async () => {
    const { numRuns, seed } = fuzzing(1_000)
    mkdirSync(folder, { recursive: true })
    const outfile = join(folder, 'frozen-child.mjs')
    const form = { bundle: true, format: 'esm', platform: 'node', target: 'es2022', packages: 'external' } as const
    await build({ ...form, entryPoints: [resolve('test/fuzz/frozen-child.ts')], outfile, logLevel: 'error' })
    const run = spawnSync(process.execPath, [outfile, String(numRuns), String(seed)], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(JSON.parse(run.stdout)).toEqual({ control: true, changed: [], accepted: 0, failedInside: 0, admin: null })
  })
})
