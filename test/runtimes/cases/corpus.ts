import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExpectedFiles } from '../../corpus/judge.js'
import type { BadgeCase, PresentationCase } from '../case.js'
import { base64Of } from './hostile.js'

const FOLDER = 'test/corpus'

/** What every version signed, judged as it was judged then. */
export function corpusCases(): readonly (BadgeCase | PresentationCase)[] {
  const entries = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return entries.flatMap(({ name }) => versionCases(name))
}

function versionCases(version: string): readonly (BadgeCase | PresentationCase)[] {
  const folder = join(FOLDER, version)
  const { now, files } = readJson<ExpectedFiles>(join(folder, 'expected.json'))
  const published = Object.entries(readJson<Record<string, string>>(join(folder, 'published.json')))
  return Object.entries(files).map(([file, { accepted, options = {} }]) => ({
    kind: options.challenge === undefined ? 'badge' : 'presentation',
    name: `corpus ${version}: ${file}`,
    expected: accepted ? 'accepted' : 'refused',
    input: { base64: base64Of(readFileSync(join(folder, 'files', file))) },
    options: { ...options, now, published }
  }))
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8'))
}
