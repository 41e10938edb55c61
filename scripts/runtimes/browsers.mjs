import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { start, stop, versionOf } from './process.mjs'

const LIMIT = 3 * 60_000
const LOOPBACK = '127.0.0.1'
/** Only loopback counts as secure without TLS. No name server is asked for this name. */
const INSECURE_HOST = 'komma.invalid'
/** Scripts of this origin and nothing else; no text becomes code. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
const TYPES = { html: 'text/html', js: 'text/javascript', json: 'application/json' }
/** WebKitGTK does not start its own sandbox as root. */
const ENVIRONMENT = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }

const CHROMIUM = {
  packages: 'chromium',
  command: ['chromium'],
  flagsOf: (profile) => [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    `--user-data-dir=${profile}`
  ]
}

export function chromium() {
  return browser({ id: 'chromium', name: 'Chromium', ...CHROMIUM })
}

/** A page that is not secure, in which browsers have no WebCrypto. */
export function insecureChromium() {
  const flagsOf = (profile) => [...CHROMIUM.flagsOf(profile), `--host-resolver-rules=MAP ${INSECURE_HOST} ${LOOPBACK}`]
  return browser({ id: 'insecure', name: 'Chromium, insecure page', ...CHROMIUM, flagsOf, host: INSECURE_HOST })
}

export function firefox() {
  return browser({
    id: 'firefox',
    name: 'Firefox',
    packages: 'firefox-esr',
    command: ['firefox-esr'],
    flagsOf: (profile) => ['--headless', '--no-remote', '--profile', profile]
  })
}

export function webkit() {
  return browser({
    id: 'webkit',
    name: 'WebKitGTK',
    packages: 'webkit2gtk-driver, xvfb and xauth',
    command: ['xvfb-run', '-a', findMiniBrowser()],
    flagsOf: () => ['--private']
  })
}

/** Lies in a folder of the machine's kind, outside the search path. */
function findMiniBrowser() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : []
  const files = folders.map((name) => join('/usr/lib', name, 'webkit2gtk-4.1/MiniBrowser'))
  return files.find((file) => existsSync(file)) ?? 'MiniBrowser'
}

/** A browser that is sent to a page of ours; the page sends the rows back. */
function browser({ id, name, packages, command: [command, ...args], flagsOf, host = LOOPBACK }) {
  return {
    id,
    name,
    hint: `install ${packages} from Debian`,
    version: () => versionOf(command, [...args, '--version']),
    async run({ folder }) {
      const profile = mkdtempSync(join(folder, `${id}-`))
      const open = (url) => start(command, [...args, ...flagsOf(profile), url], { env: ENVIRONMENT })
      try {
        const { error, webCrypto, rows } = await visit(folder, host, open)
        if (error !== undefined) throw new Error(error)
        if (webCrypto !== (host === LOOPBACK)) throw new Error(`the page ${webCrypto ? 'has' : 'lacks'} WebCrypto`)
        return rows
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      }
    }
  }
}

/** Serves the folder on loopback until a page sends its answer. */
async function visit(folder, host, open) {
  const { promise, resolve, reject } = later()
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      receive(request).then(resolve, reject)
      response.end()
    } else serve(folder, new URL(request.url, 'http://localhost').pathname, response)
  })
  await new Promise((listening) => server.listen(0, LOOPBACK, listening))
  const child = open(`http://${host}:${server.address().port}/index.html`)
  const timer = setTimeout(() => reject(new Error('the page did not answer in time')), LIMIT)
  child.on('error', reject)
  child.on('close', () => reject(new Error('the browser ended without an answer')))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    await stop(child)
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
