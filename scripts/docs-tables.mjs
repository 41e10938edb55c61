// Writes the tables of codes of docs/checks.md, docs/errors.md and docs/http.md anew from the source. What only people can say of an error
// (its classes, and what to do) is kept; a new error gets an empty advice, which the tests refuse.
import { readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const { CHECK_CODES } = await load('src/model/check-codes.ts')
const { WARNING_CODES } = await load('src/model/warning-codes.ts')
const { ERROR_CODES } = await load('src/encoding/error-codes.ts')
const { REFUSALS } = await load('src/http/refusals.ts')

rewrite('docs/checks.md', 'Warnings', () => Object.entries(WARNING_CODES))
rewrite('docs/checks.md', 'Codes', () =>
  Object.entries(CHECK_CODES).map(([code, { check, outcome, message }]) => [code, check, outcome, message])
)
rewrite('docs/errors.md', 'Codes', (rows) =>
  Object.entries(ERROR_CODES).map(([code, meaning]) => {
    const [, , classes = '', advice = ''] = rows.get(code) ?? []
    return [code, meaning, classes, advice]
  })
)
rewrite('docs/http.md', 'Refusals', () =>
  Object.entries(REFUSALS).map(([title, { status, detail }]) => [title, status, detail])
)

async function load(file) {
  const { outputFiles } = await build({ entryPoints: [file], bundle: true, write: false, format: 'esm' })
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
}

/** Replaces the rows of the table under a heading. */
function rewrite(page, heading, rowsOf) {
  const lines = readFileSync(page, 'utf8').split('\n')
  const start = lines.findIndex((line, index) => index > lines.indexOf(`## ${heading}`) && line.startsWith('| `'))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('| `'))
  const known = new Map(
    lines
      .slice(start, end)
      .map((line) => cellsOf(line))
      .map((cells) => [cells[0], cells])
  )
  const rows = rowsOf(known).map(([code, ...cells]) => `| ${[`\`${code}\``, ...cells].join(' | ')} |`)
  writeFileSync(page, [...lines.slice(0, start), ...rows, ...lines.slice(end)].join('\n'))
}

function cellsOf(line) {
  const cells = line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
  return [cells[0].replaceAll('`', ''), ...cells.slice(1)]
}
