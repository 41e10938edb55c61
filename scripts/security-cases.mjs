// Writes docs/security-cases.md: which tests stand for which case of the security catalogue. A test stands for a case
// where its name, or the name of a row of its table, starts with the number: "61: refuses …". With --check nothing is
// written, and a hole, an unknown case or an old page ends with 1.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { notForVerifiers } from './security-cases/not-for-verifiers.mjs'

const PAGE = 'docs/security-cases.md'
const LAST = 241
/** The contracts that drivers share are named apart from the tests that run them. */
const TESTS = /(?:\.test|[\\/]contract[a-z-]*)\.ts$/
const NAME = /^(\d{1,3}(?:, \d{1,3})*): (\S[\s\S]*)$/

const tests = readTests('test')
const holes = Array.from({ length: LAST }, (_, index) => index + 1).filter(
  (number) => !tests.has(number) && notForVerifiers[number] === undefined
)
const needless = Object.keys(notForVerifiers).filter((number) => tests.has(Number(number)))
const page = write()

if (process.argv.includes('--check')) {
  const old = readFileSync(PAGE, 'utf8') !== page
  if (old) console.error(`${PAGE} is old; run npm run docs`)
  if (holes.length > 0) console.error(`cases without a test: ${holes.join(', ')}`)
  if (needless.length > 0) console.error(`cases that are said not to apply and have a test: ${needless.join(', ')}`)
  process.exitCode = old || holes.length > 0 || needless.length > 0 ? 1 : 0
  if (process.exitCode === 0) console.log(`security cases: ${tests.size} with tests, no hole`)
} else {
  writeFileSync(PAGE, page)
  if (holes.length > 0) console.log(`cases without a test: ${holes.join(', ')}`)
}

function readTests(folder) {
  const found = new Map()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => TESTS.test(file))
  for (const file of files.map((name) => name.replaceAll('\\', '/')).sort()) {
    const path = `${folder}/${file}`
    const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true)
    const visit = (node) => {
      if (ts.isStringLiteralLike(node)) addName(found, node.text, path)
      ts.forEachChild(node, visit)
    }
    visit(tree)
  }
  return found
}

function addName(found, text, path) {
  const [, numbers, title] = NAME.exec(text) ?? []
  if (numbers === undefined) return
  for (const number of numbers.split(', ').map(Number)) {
    const list = found.get(number) ?? []
    if (!list.some((one) => one.path === path && one.title === title)) list.push({ path, title })
    found.set(number, list)
  }
}

function write() {
  const rows = []
  for (let number = 1; number <= LAST; number += 1) {
    const reason = notForVerifiers[number]
    const list = tests.get(number) ?? []
    rows.push(`| ${number} | ${reason === undefined ? list.map(cell).join('<br>') : `– ${reason}`} |`)
  }
  return `# Security cases

Which tests stand for which case of the security catalogue, 1 to ${LAST}. The table is made from the names of the
tests by \`npm run docs\`, and a test fails where a case has neither a test nor a reason.

| case | tests |
| --- | --- |
${rows.join('\n')}
`
}

function cell({ path, title }) {
  const words = title.replaceAll('|', '\\|').replace(/\s+/g, ' ')
  return `\`${path.slice('test/'.length)}\` ${words.length > 100 ? `${words.slice(0, 97)}…` : words}`
}
