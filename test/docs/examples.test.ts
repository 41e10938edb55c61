import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileCompetency } from '../../src/index.js'
import { checkAward } from '../../src/issuing/award.js'
import { hasPostgres, type PostgresServer, startPostgres } from '../support/postgres.js'
import { type Block, blocksOf, PAGES, pageBlocks, publicNames } from './blocks.js'
import { bundleAll, type CommandOutcome, checkTypes, type Outcome, runBlocks, runCommands } from './run.js'
import { prepareScratch, type Scratch, shownInputs } from './scratch.js'

const NOT_RUN = /^\/\/ …not run: \S/
const NEEDS_DATABASE = /\bDATABASE_URL\b/

const names = publicNames()
const pages = pageBlocks()
const docExamples = [...new Map(names.flatMap(({ examples }) => examples).map((block) => [block.name, block])).values()]
const blocks = [...pages.filter(({ language }) => language === 'ts'), ...docExamples]
const run = blocks.filter(({ text }) => !NOT_RUN.test(text))
/** Skipped, and counted, where there is no server for them. */
const isWithoutServer = ({ text }: Block): boolean => NEEDS_DATABASE.test(text) && !hasPostgres()
const shell = pages.filter(({ language, text }) => /^(sh|bash)$/.test(language) && /^(\$ )?(npx )?komma /m.test(text))

let scratch: Scratch
let server: PostgresServer | undefined
let faults: ReadonlyMap<string, readonly string[]>
let outcomes: ReadonlyMap<string, Outcome>
let commands: readonly CommandOutcome[]

beforeAll(async () => {
  scratch = await prepareScratch()
  faults = checkTypes(blocks, scratch.root)
  const sound = run.filter(({ name }) => faults.get(name)?.length === 0)
  await bundleAll(sound, scratch.root)
  if (hasPostgres()) server = await startPostgres()
  const environment: Readonly<Record<string, string>> = server === undefined ? {} : { DATABASE_URL: server.url }
  const possible = sound.filter((block) => !isWithoutServer(block))
  outcomes = await runBlocks(possible, scratch, environment)
  commands = await runCommands(shell, scratch)
}, 600_000)
afterAll(async () => {
  scratch?.remove()
  await server?.stop()
})

describe('examples of pages and doc comments', () => {
  it('are found, on the pages that hold some, and nearly all of them run', () => {
    const places = blocks.map(({ place }) => place.split(':')[0])
    expect(places).toEqual(expect.arrayContaining(['docs/definition.md', 'docs/ports.md', 'docs/key-file.md']))
    if (PAGES.includes('README.md')) expect(places).toContain('README.md')
    expect(docExamples.length).toBeGreaterThan(20)
    expect(blocks.length - run.length).toBeLessThanOrEqual(3)
  })

  it.each(blocks.map((block) => [block.place, block] as const))('%s type-checks as it stands', (_, { name }) => {
    expect(faults.get(name)).toEqual([])
  })

  it('type-check on the page of ports without the types of a browser', () => {
    const ports = blocks.filter(({ place }) => place.startsWith('docs/ports.md'))
    const found = checkTypes(ports, scratch.root, ['lib.es2022.d.ts'])
    expect([...found.values()].flat()).toEqual([])
    expect(found.size).toBeGreaterThan(3)
  })

  it.for(run.map((block) => [block.place, block] as const))(
    '%s runs and prints what it says',
    ([, block], { skip }) => {
      skip(isWithoutServer(block), 'there is no PostgreSQL server')
      const outcome = outcomes.get(block.name)
      expect(outcome?.exitCode, outcome?.stderr ?? 'it was not run, because it does not type-check').toBe(0)
      const lines = outcome?.stdout.split('\n') ?? []
      for (const promised of promisedLines(block)) {
        const found = lines.indexOf(promised)
        expect(found, `"${promised}" in what is left of the output:\n${lines.join('\n')}`).toBeGreaterThanOrEqual(0)
        lines.splice(0, found + 1)
      }
      if (block.output !== undefined) expect(outcome?.stdout.trimEnd()).toBe(block.output.trimEnd())
    }
  )
})

/** `console.log(…) // => text` promises that line. */
function promisedLines({ text }: Block): string[] {
  return [...text.matchAll(/console\.log\(.*\) \/\/ => (.+)$/gm)].map((match) => match[1] ?? '')
}

describe('links on the pages', () => {
  it('lead to files that are there', () => {
    const links = PAGES.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(
        (match) => [page, match[1] ?? ''] as const
      )
    )
    expect(links.filter(([page, link]) => !existsSync(join(dirname(page), link)))).toEqual([])
    expect(links.length).toBeGreaterThan(3)
  })
})

describe('commands on the pages', () => {
  it('end with the exit code that they say', () => {
    for (const { line, expected, exitCode, stdout, stderr } of commands) {
      expect(exitCode, `${line}\n${stdout}${stderr}`).toBe(expected)
    }
    expect(commands.length).toBeGreaterThanOrEqual(shell.length)
  })
})

describe('what the package exports', () => {
  it('is documented: every name has a comment', () => {
    const silent = names.filter(({ doc, kind }) => doc === '' && kind !== 'type')
    expect(silent.map(({ entry, name }) => `${entry} ${name}`)).toEqual([])
    expect(names.length).toBeGreaterThan(60)
  })

  it('is shown: every function and class has an example that imports it', () => {
    const shown = ({ name, examples }: (typeof names)[number]): boolean =>
      examples.some(({ text }) => new RegExp(`^import [^\\n]*\\b${name}\\b[^\\n]*from 'komma`, 'm').test(text))
    const missing = names.filter((one) => (one.kind === 'function' || one.kind === 'class') && !shown(one))
    expect(missing.map(({ entry, name }) => `${entry} ${name}`)).toEqual([])
    expect(names.filter(({ kind }) => kind === 'function').length).toBeGreaterThan(15)
  })
})

describe('docs/definition.md', () => {
  const markdown = readFileSync('docs/definition.md', 'utf8')

  it('shows a definition that compiles and an award that fits it', () => {
    const { definition, award } = shownInputs()
    const competency = compileCompetency(definition)
    expect(competency.languages.length).toBeGreaterThan(1)
    expect(checkAward(competency, award, { now: new Date('2026-11-21T09:00:00Z') }).dates.validUntil).toBeDefined()
    const json = blocksOf(markdown, 'docs/definition.md').filter(({ language }) => language === 'json')
    for (const { text } of json) expect(() => JSON.parse(text)).not.toThrow()
  })

  it.each(memberTables())('lists the members of %s, and marks the required ones', (title, wanted) => {
    const section = markdown.split(/^#{2,4} /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
    const rows = [...section.matchAll(/^\| `(\$?\w+)`( \*)? \|/gm)].map((row) => `${row[1]}${row[2] ?? ''}`)
    expect(rows.sort()).toEqual([...wanted].sort())
  })
})

interface SchemaPart {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
}

function memberTables(): [title: string, members: string[]][] {
  const definition = readSchema('schemas/competency-definition.schema.json')
  const award = readSchema('schemas/award.schema.json')
  const part = (schema: typeof award, name: string): SchemaPart => {
    const found = name === '' ? schema : (schema.$defs[name] ?? schema.properties[name])
    const inner = found as SchemaPart & { readonly items?: SchemaPart }
    return inner.properties === undefined ? (inner.items as SchemaPart) : inner
  }
  const members = ({ properties, required = [] }: SchemaPart): string[] =>
    Object.keys(properties).map((name) => (required.includes(name) ? `${name} *` : name))
  return [
    ['Members of a definition', members(part(definition, ''))],
    ['Members of a result', members(part(definition, 'result'))],
    ['Members of a level', members(part(definition, 'level'))],
    ['Members of an evidence rule', members(part(definition, 'evidence'))],
    ['Members of an alignment', members(part(definition, 'alignment'))],
    ['Members of an award', members(part(award, ''))],
    ['Members of a recipient', members(part(award, 'recipient'))],
    ['Members of an awarded result', members(part(award, 'results'))],
    ['Members of a piece of evidence', members(part(award, 'evidence'))]
  ]
}

function readSchema(path: string): SchemaPart & { readonly $defs: Readonly<Record<string, SchemaPart>> } {
  return JSON.parse(readFileSync(path, 'utf8'))
}
