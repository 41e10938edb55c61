// Collects the licences of the packages whose code is built into dist, which they ask for.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const BUNDLED = ['jsonld', 'rdf-canonize', 'canonicalize']

const require = createRequire(import.meta.url)
const parts = BUNDLED.map((name) => {
  const folder = folderOf(name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} ships no licence text`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
})
writeFileSync('dist/THIRD-PARTY-LICENCES.txt', parts.join(`\n${'-'.repeat(80)}\n\n`))

function folderOf(name) {
  for (const path of require.resolve.paths(name) ?? []) {
    const folder = join(path, name)
    try {
      readFileSync(join(folder, 'package.json'))
      return folder
    } catch {}
  }
  return dirname(require.resolve(`${name}/package.json`))
}
