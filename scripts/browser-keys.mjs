// The WebCrypto key store in real browsers: the kit of key stores, export, and a key that outlives its page.
//
//   node scripts/browser-keys.mjs             the browsers that are here; one that is not is named and passed over
//   node scripts/browser-keys.mjs --all       all of them have to be here
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium, firefox } from './runtimes/browsers.mjs'

const folder = join(process.cwd(), '.tmp', 'browser-keys')
const needsAll = process.argv.includes('--all')
const problems = []

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: ['test/runtimes/keys-page.ts'],
  outfile: join(folder, 'page.js'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022'
})
writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>')

for (const browser of [chromium(), firefox()]) {
  const version = await browser.version()
  if (version === undefined) {
    console.log(`browser keys: not here: ${browser.name}; ${browser.hint}`)
    if (needsAll) problems.push(`${browser.name} is not here`)
    continue
  }
  try {
    judge(`${browser.name} ${version}`, await browser.run({ folder }))
  } catch (error) {
    problems.push(`${browser.name} did not finish: ${error.message}`)
  }
}

for (const problem of problems) console.error(`browser keys: ${problem}`)
if (problems.length > 0) process.exitCode = 1
else console.log('browser keys: ok')

function judge(name, rows) {
  const planted = rows.filter((row) => row.name.startsWith('planted'))
  const real = rows.filter((row) => !row.name.startsWith('planted'))
  const failed = real.filter(({ error }) => error !== undefined)
  problems.push(...failed.map((row) => `${name}: ${row.name}: ${row.error}`))
  if (!planted.some(({ error }) => error !== undefined)) problems.push(`${name}: no planted fault was found`)
  if (real.length < 40) problems.push(`${name}: only ${real.length} tests ran`)
  console.log(`browser keys: ${name}: ${real.length - failed.length} of ${real.length} tests passed`)
}
