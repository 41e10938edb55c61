// Runs the tests of what a Node line brings along on the lines this package supports; with --all, every test. What
// follows from the language alone is asked of these lines by scripts/runtimes.mjs. A line that cannot be had is skipped
// with a word, and is a failure where CI=true.
import { spawnSync } from 'node:child_process'

const LINES = [22, 24, 26]
/** Files, processes, sockets, SQLite, streams, cryptography. */
const FOLDERS = ['cli', 'crypto', 'did', 'docs', 'encoding', 'http', 'keys', 'status']
const filters = process.argv.includes('--all') ? [] : FOLDERS.map((folder) => `test/${folder}/`)
const required = process.env.CI === 'true'
const results = LINES.map((line) => [line, check(line)])

for (const [line, result] of results) console.log(`node ${line}: ${result}`)
if (results.some(([, result]) => result === 'failed' || (required && result === 'not to be had'))) process.exitCode = 1

function check(line) {
  const version = onNode(line, ['--version'], 'pipe')
  if (version.status !== 0 || !version.stdout.trim().startsWith(`v${line}.`)) {
    console.error(`node ${line}: cannot be had\n${version.stderr ?? ''}`)
    return 'not to be had'
  }
  console.log(`node ${line}: ${version.stdout.trim()}`)
  const suite = onNode(line, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...filters], 'inherit')
  return suite.status === 0 ? 'passed' : 'failed'
}

function onNode(line, args, output) {
  return spawnSync('npx', ['-y', '-p', `node@${line}`, 'node', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', output, output]
  })
}
