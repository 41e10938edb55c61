import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeContents } from './contents.js'
import { type Expected, judge } from './judge.js'

const NOW = '2026-06-01T12:00:00Z'

// node make.mjs FOLDER: writes a corpus into a folder that is not there yet.
const [folder = ''] = process.argv.slice(2)
if (existsSync(folder)) throw new Error(`${folder} is there already, and a corpus is never written again`)

const { files, published } = await makeContents()
const judged: [string, Expected][] = []
for (const { file, content, accepted, options } of files) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const judgement = await judge(bytes, options ?? {}, { now: NOW, published })
  if (judgement.accepted !== accepted) throw new Error(`${file} came out wrong: ${JSON.stringify(judgement, null, 1)}`)
  judged.push([file, { ...(options === undefined ? {} : { options }), ...judgement }])
}

mkdirSync(join(folder, 'files'), { recursive: true })
for (const { file, content } of files) writeFileSync(join(folder, 'files', file), content)
writeJson('published.json', published)
writeJson('expected.json', { now: NOW, files: Object.fromEntries(judged) })
console.log(`${files.length} files in ${folder}`)

function writeJson(name: string, value: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`)
}
