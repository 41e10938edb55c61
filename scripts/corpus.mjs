// Writes test/corpus/VERSION: badges in every form that this version signs, and what it says of them. Every later version
// has to say the same, so a folder is written once, when its version is ready, and never again.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { freshFolder } from './gates/gate.mjs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const target = join('test/corpus', version)
if (existsSync(target)) {
  console.error(`${target} is there already, and a corpus is never written again`)
  process.exit(1)
}

const outfile = join(freshFolder('corpus'), 'make.mjs')
const form = { bundle: true, format: 'esm', target: 'es2022', platform: 'node', packages: 'external' }
await build({ ...form, entryPoints: ['test/corpus/make.ts'], outfile, logLevel: 'error' })
process.exitCode = spawnSync(process.execPath, [outfile, target], { stdio: 'inherit' }).status ?? 1
