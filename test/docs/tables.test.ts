import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/encoding/error-codes.js'
import { REFUSALS } from '../../src/http/refusals.js'
import { defaultPolicy } from '../../src/index.js'
import { CHECK_CODES } from '../../src/model/check-codes.js'
import { CHECK_IDS, CHECK_SPECS, PRESENTATION_CHECK_IDS } from '../../src/model/check-ids.js'
import { WARNING_CODES } from '../../src/model/warning-codes.js'

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => name.replaceAll('\\', '/'))
  .map((name) => ({
    name,
    tree: ts.createSourceFile(name, readFileSync(`src/${name}`, 'utf8'), ts.ScriptTarget.ESNext, true)
  }))

/** The cells of every table row under a heading; codes without their backticks. */
function rows(page: string, heading: string): string[][] {
  const section = readFileSync(page, 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`${page} has no heading ${heading}`)
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
    )
}

function plain(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '')
}

/** String literals that stand where something is made, not where it is compared, declared or typed. */
function usedLiterals(except: readonly string[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>()
  for (const { name, tree } of sources) {
    if (except.includes(name)) continue
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) && isMade(node.parent)) {
        const classes = used.get(node.text) ?? new Set()
        const maker = makerOf(node)
        if (maker !== undefined) classes.add(maker)
        used.set(node.text, classes)
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
  }
  return used
}

function isMade(parent: ts.Node): boolean {
  return !ts.isBinaryExpression(parent) && !ts.isLiteralTypeNode(parent) && !ts.isArrayLiteralExpression(parent)
}

/** The class of the error that a literal is written into, where that can be seen. */
function makerOf(literal: ts.Node): string | undefined {
  for (let node = literal.parent; node !== undefined; node = node.parent) {
    if (ts.isNewExpression(node)) return node.expression.getText()
    if (ts.isFunctionLike(node)) return undefined
  }
  return undefined
}

/** What callers get of an error that a part of the library uses inside. */
const THROWN_AS: ReadonlyMap<string, string> = new Map([
  ['UsageError', 'KommaError'],
  ['ServiceFailure', 'KeyError']
])

const used = usedLiterals(['encoding/error-codes.ts', 'model/warning-codes.ts'])

describe('docs/errors.md', () => {
  const table = rows('docs/errors.md', 'Codes')

  it('lists every code with the meaning it has in the source, and no other', () => {
    expect(table.map(([code, meaning]) => [plain(code), meaning])).toEqual(Object.entries(ERROR_CODES))
  })

  it('names for every code the classes that carry it, and what to do', () => {
    for (const [code, , classes, advice] of table) {
      const made = [...(used.get(plain(code)) ?? [])].map((name) => THROWN_AS.get(name) ?? name)
      expect(plain(classes).split(', '), plain(code)).toEqual(expect.arrayContaining(made))
      expect(advice?.length, plain(code)).toBeGreaterThan(10)
    }
  })

  it('has no code that nothing raises', () => {
    expect(Object.keys(ERROR_CODES).filter((code) => !used.has(code))).toEqual([])
  })
})

describe('docs/http.md', () => {
  it('lists every refusal with its status and its sentence', () => {
    const listed = rows('docs/http.md', 'Refusals').map(([title, status, detail]) => [plain(title), status, detail])
    expect(listed).toEqual(
      Object.entries(REFUSALS).map(([title, { status, detail }]) => [title, String(status), detail])
    )
  })
})

describe('docs/checks.md', () => {
  it('lists every check in order, where it comes from, and whether it decides by default', () => {
    expect(rows('docs/checks.md', 'Checks').map((row) => [plain(row[0]), row[2], row[3]])).toEqual(
      CHECK_IDS.map((id) => [id, defaultPolicy.advisory.includes(id) ? 'advisory' : 'required', CHECK_SPECS[id]])
    )
  })

  it('lists every check of a presentation in order', () => {
    expect(rows('docs/checks.md', 'Checks of a presentation').map((row) => [plain(row[0]), row[2], row[3]])).toEqual(
      PRESENTATION_CHECK_IDS.map((id) => [
        id,
        defaultPolicy.advisory.includes(id) ? 'advisory' : 'required',
        CHECK_SPECS[id]
      ])
    )
  })

  it('lists every code with its check, outcome and sentence, and no other', () => {
    expect(rows('docs/checks.md', 'Codes').map(([code, ...rest]) => [plain(code), ...rest.map(plain)])).toEqual(
      Object.entries(CHECK_CODES).map(([code, { check, outcome, message }]) => [code, check, outcome, message])
    )
  })

  it('keeps the codes of a check together, and the checks in their order', () => {
    const checks = Object.values(CHECK_CODES).map(({ check }) => check)
    const runs = checks.filter((check, index) => check !== checks[index - 1])
    expect(runs).toEqual(['any', ...new Set([...CHECK_IDS, ...PRESENTATION_CHECK_IDS])])
  })

  it('has no check code that nothing answers with', () => {
    expect(Object.keys(CHECK_CODES).filter((code) => !used.has(code))).toEqual([])
  })

  it('lists every warning code with its sentence, and no other', () => {
    expect(rows('docs/checks.md', 'Warnings').map(([code, sentence]) => [plain(code), sentence])).toEqual(
      Object.entries(WARNING_CODES)
    )
  })

  it('has no warning code that nothing gives', () => {
    expect(Object.keys(WARNING_CODES).filter((code) => !used.has(code))).toEqual([])
  })
})

/** The members of an interface. */
function membersOf(file: string, name: string): (string | undefined)[] {
  const tree = sources.find((source) => source.name === file)?.tree
  const found = tree?.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name)
  return (found as ts.InterfaceDeclaration).members.map((member) => member.name?.getText()).sort()
}

describe.each([
  ['docs/verifying.md', 'verify', 'verifying/options.ts', 'VerifyOptions'],
  ['docs/publishing.md', 'createPublisher', 'publishing/publisher-options.ts', 'PublisherOptions']
])('%s', (page, call, file, name) => {
  it(`lists every option of ${call}, and no other`, () => {
    const listed = rows(page, 'Options').map(([option]) => plain(option))
    expect(listed.sort()).toEqual(membersOf(file, name))
  })
})

describe('README.md', () => {
  it('names every page', () => {
    const more = readFileSync('README.md', 'utf8').split('## More')[1] ?? ''
    const pages = readdirSync('docs').filter((page) => page.endsWith('.md') && page !== 'mutation.md')
    expect(pages.filter((page) => !more.includes(`docs/${page}`))).toEqual([])
  })
})
