import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { start, stop, versionOf } from './process.mjs'

const LIMIT = 5 * 60_000
/** Scripts of this origin and nothing else; no text becomes code. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
const TYPES = { html: 'text/html', js: 'text/javascript', json: 'application/json' }
/** Lies in a folder of the machine's kind, outside the search path. */
const MINI_BROWSER = readdirSync('/usr/lib', { withFileTypes: true })
  .map(({ name }) => join('/usr/lib', name, 'webkit2gtk-4.1/MiniBrowser'))
  .find((file) => existsSync(file))

/** WebKitGTK does not start its own sandbox as root. */
const ENVIRONMENT = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic'
]

export function chromium() {
  return browser('chromium', 'Chromium', 'chromium', ['chromium'], (profile) => [
    ...CHROMIUM_FLAGS,
    `--user-data-dir=${profile}`
  ])
}

export function firefox() {
  return browser('firefox', 'Firefox', 'firefox-esr', ['firefox-esr'], (profile) => [
    '--headless',
    '--no-remote',
    '--profile',
    profile
  ])
}

export function webkit() {
  const command = ['xvfb-run', '-a', MINI_BROWSER ?? 'MiniBrowser']
  return browser('webkit', 'WebKitGTK', 'webkit2gtk-driver, xvfb and xauth', command, () => ['--private'])
}

/** A browser that is sent to a page of ours; the page sends the rows back. */
function browser(id, name, packages, [command, ...args], flagsOf) {
  return {
    id,
    name,
    hint: `install ${packages} from Debian`,
    version: () => versionOf(command, [...args, '--version']),
    async run({ folder }) {
      const profile = mkdtempSync(join(folder, `${id}-`))
      try {
        return await visit(folder, (url) => start(command, [...args, ...flagsOf(profile), url], { env: ENVIRONMENT }))
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      }
    }
  }
}

/** Serves the folder on loopback until a page sends its answer. */
async function visit(folder, open) {
  const { promise, resolve, reject } = later()
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      receive(request).then(resolve, reject)
      response.end()
    } else serve(folder, new URL(request.url, 'http://localhost').pathname, response)
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const child = open(`http://127.0.0.1:${server.address().port}/index.html`)
  const timer = setTimeout(() => reject(new Error('the page did not answer in time')), LIMIT)
  child.on('error', reject)
  child.on('close', () => reject(new Error('the browser ended without an answer')))
  try {
    const { error, rows } = await promise
    if (error !== undefined) throw new Error(error)
    return rows
  } finally {
    clearTimeout(timer)
    stop(child)
    server.close()
    server.closeAllConnections()
  }
}

function serve(folder, path, response) {
  const type = TYPES[path.split('.').at(-1)]
  const file = join(folder, path.slice(1))
  if (path.includes('/', 1) || type === undefined || !existsSync(file)) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY })
  response.end(readFileSync(file))
}

async function receive(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString())
}

function later() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}
