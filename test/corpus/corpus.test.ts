import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type ExpectedFiles, judge } from './judge.js'

const FOLDER = 'test/corpus'
const versions = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

it('holds what this version signed', () => {
  expect(versions).toContain(manifest.version)
})

describe.each(versions)('what version %s signed and said', (version) => {
  const folder = join(FOLDER, version)
  const published = readJson(join(folder, 'published.json'))
  const { now, files }: ExpectedFiles = readJson(join(folder, 'expected.json'))

  it('is all there', () => {
    expect(readdirSync(join(folder, 'files')).sort()).toEqual(Object.keys(files).sort())
  })

  it.each(Object.entries(files))('%s is judged alike', async (file, { options = {}, ...expected }) => {
    const content = new Uint8Array(readFileSync(join(folder, 'files', file)))
    const found = await judge(content, options, { now, published })
    // A later version may know more checks, but none may come out another way.
    expect({ ...found, checks: pick(found.checks, Object.keys(expected.checks)) }).toEqual(expected)
  })
})

function pick(checks: Readonly<Record<string, string>>, ids: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(ids.map((id) => [id, checks[id]]))
}

// biome-ignore lint/suspicious/noExplicitAny: the files of a corpus have the forms that its version gave them.
function readJson(path: string): any {
  return JSON.parse(readFileSync(path, 'utf8'))
}
