import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolderSink } from '../../src/publishing/folder-sink.js'
import { blocksOf, ENTRIES } from '../docs/blocks.js'
import { LIST, webHouse } from '../publishing/support.js'

type Send = (
  path: string,
  init?: { readonly method?: string; readonly headers?: Record<string, string> }
) => Promise<Response>

const root = resolve(import.meta.dirname, '../..')
const home = process.cwd()
let folder = ''
let didDocument = ''
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  // Inside the repository, so that the packages are found.
  mkdirSync(join(root, '.tmp'), { recursive: true })
  folder = mkdtempSync(join(root, '.tmp', 'recipes-'))
  const house = await webHouse()
  await house.issue()
  await house.publisher(await openFolderSink(join(folder, 'published'))).publish()
  didDocument = readFileSync(join(folder, 'published/.well-known/did.json'), 'utf8')
})

afterAll(async () => {
  for (const close of closers) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the recipe under a heading exports. */
// biome-ignore lint/suspicious/noExplicitAny: each recipe exports what its host asks for.
async function recipe(title: string): Promise<any> {
  const page = readFileSync(join(root, 'docs/http-recipes.md'), 'utf8')
  const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
  const [block] = blocksOf(section, title)
  const source = join(folder, `${title}.ts`)
  const bundle = join(folder, `${title}.mjs`)
  writeFileSync(source, block?.text ?? '')
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(root, file)])),
    logLevel: 'error'
  })
  process.chdir(folder)
  try {
    return await import(pathToFileURL(bundle).href)
  } finally {
    process.chdir(home)
  }
}

async function listen(listener: RequestListener): Promise<Send> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => new Promise((done) => server.close(done)))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return (path, init) => fetch(`${base}${path}`, init)
}

const direct =
  (handle: (request: Request) => Promise<Response>): Send =>
  (path, init) =>
    handle(new Request(`https://academy.example${path}`, init))

const HOSTS: readonly [string, () => Promise<Send>][] = [
  ['Express', async () => listen((await recipe('Express')).app)],
  [
    'Fastify',
    async () => {
      const { app } = await recipe('Fastify')
      const base = await app.listen({ port: 0, host: '127.0.0.1' })
      closers.push(() => app.close())
      return (path, init) => fetch(`${base}${path}`, init)
    }
  ],
  [
    'Hono',
    async () => {
      const { app } = await recipe('Hono')
      return direct(async (request) => app.fetch(request))
    }
  ],
  [
    'Next',
    async () => {
      const route = await recipe('Next')
      // Next calls the function that has the name of the method.
      return direct((request) => route[request.method](request, { params: Promise.resolve({ path: [] }) }))
    }
  ],
  [
    'Cloudflare Workers',
    async () => {
      const sink = await openFolderSink(join(folder, 'published'))
      const worker = (await recipe('Cloudflare Workers')).default
      const SITE = {
        async get(key: string) {
          const entry = await sink.read(key)
          return entry === undefined ? null : { httpEtag: entry.tag, text: async () => entry.text }
        }
      }
      return direct((request) => worker.fetch(request, { SITE }, {}))
    }
  ]
]

describe.each(HOSTS)('the recipe for %s', (_, open) => {
  let send: Send
  beforeAll(async () => {
    send = await open()
  })

  it('serves the documents of the issuer, with every header of the handler', async () => {
    const answer = await send('/.well-known/did.json')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(didDocument)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const list = await send(`/${LIST}`, { headers: { Accept: 'application/vc' } })
    expect([list.status, list.headers.get('content-type')]).toEqual([200, 'application/vc'])
    expect((await list.json()).type).toContain('BitstringStatusListCredential')
  })

  it('hands on conditions and methods', async () => {
    const etag = (await send('/.well-known/did.json')).headers.get('etag') ?? ''
    const known = await send('/.well-known/did.json', { headers: { 'If-None-Match': etag } })
    expect([known.status, await known.text()]).toEqual([304, ''])
    const head = await send('/.well-known/did.json', { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
    const preflight = await send('/.well-known/did.json', { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })

  it('has nothing else', async () => {
    expect((await send('/.well-known/nothing.json')).status).toBe(404)
    expect((await send('/status/..%2findex.json')).status).toBe(404)
  })
})
