import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { didWebToUrl } from '../../src/did/did-web.js'
import { openFolderResolver } from '../../src/did/folder-resolver.js'
import { ResolutionError } from '../../src/encoding/errors.js'
import {
  combineResolvers,
  createMapResolver,
  createWebResolver,
  type FetchFunction,
  type Resolution,
  type ResolveRequest,
  type Resolver
} from '../../src/index.js'
import { type KitDocument, type ResolverKit, testResolver } from '../../src/testing/resolver.js'
import { failedTests, type KitOutcome, runKit } from '../support/kit.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-resolvers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

const failure = (code: 'RESOLUTION_FAILED' | 'RESOLUTION_INVALID') => new ResolutionError({ code, message: 'planted' })

async function map(documents: readonly KitDocument[]): Promise<Resolver> {
  return createMapResolver(documents.map(({ url, text }) => [url, text] as const))
}

function folderOf(texts: readonly string[]): string {
  count += 1
  const path = join(folder, String(count))
  mkdirSync(path)
  for (const [n, text] of texts.entries()) writeFileSync(join(path, `${n}.json`), text)
  return path
}

function web(fetch: FetchFunction): Resolver {
  return createWebResolver({ fetch })
}

function webOver(documents: readonly KitDocument[]): Resolver {
  const texts = new Map(documents.map(({ url, text }) => [url.startsWith('did:') ? didWebToUrl(url) : url, text]))
  return web(async (url) => {
    const text = texts.get(url)
    return new Response(text ?? null, {
      status: text === undefined ? 404 : 200,
      headers: { 'Content-Type': 'application/json' }
    })
  })
}

testResolver(map, { describe, it, name: 'the map resolver', findsUrns: true })

testResolver((documents) => openFolderResolver(folderOf(documents.map(({ text }) => text))), {
  describe,
  it,
  name: 'the folder resolver',
  findsUrns: true,
  contradicting: () =>
    openFolderResolver(folderOf(['{"id":"did:web:academy.example","a":1}', '{"id":"did:web:academy.example","a":2}'])),
  unreachable: async () => {
    const path = folderOf([])
    const resolver = await openFolderResolver(path)
    rmSync(path, { recursive: true })
    return resolver
  }
})

testResolver(async (documents) => webOver(documents), {
  describe,
  it,
  name: 'the web resolver',
  unreachable: async () => web(() => Promise.reject(new TypeError('no route'))),
  hanging: async () => web(() => new Promise(() => {}))
})

testResolver(
  async (documents) =>
    combineResolvers(await map(documents.slice(0, 2)), webOver(documents.slice(2, 4)), await map(documents.slice(4))),
  {
    describe,
    it,
    name: 'combined resolvers',
    findsUrns: true,
    unreachable: async () =>
      combineResolvers(
        await map([]),
        web(() => Promise.reject(new TypeError('no route')))
      ),
    contradicting: async () =>
      combineResolvers({ resolve: () => Promise.reject(failure('RESOLUTION_INVALID')) }, await map([])),
    hanging: async () => combineResolvers(web(() => new Promise(() => {})))
  }
)

type Change = (good: Resolver, documents: readonly KitDocument[]) => Partial<Resolver>
type Extra = Pick<ResolverKit, 'unreachable' | 'contradicting' | 'hanging'>

const FAILS: Resolver = { resolve: () => Promise.reject(failure('RESOLUTION_FAILED')) }
const NOTHING: Resolver = { resolve: async () => undefined }
const GOOD: Extra = {
  unreachable: async () => FAILS,
  contradicting: async () => ({ resolve: () => Promise.reject(failure('RESOLUTION_INVALID')) }),
  hanging: async () => ({
    resolve: ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(failure('RESOLUTION_FAILED'))))
  })
}

function runOn(change: Change = () => ({}), extra: Extra = {}): Promise<KitOutcome> {
  const open = async (documents: readonly KitDocument[]) => {
    const good = await map(documents)
    return { ...good, ...change(good, documents) }
  }
  return runKit((runner) => testResolver(open, { ...runner, findsUrns: true, ...GOOD, ...extra }))
}

/** A resolver whose answers are changed on their way out. */
const answering =
  (change: (found: Resolution | undefined, request: ResolveRequest) => unknown): Change =>
  (good) => ({ resolve: async (request) => change(await good.resolve(request), request) as Resolution | undefined })

const CONTENT = 'gives the content of the URL that is asked for, to the byte'
const FORM = 'answers in the form of a Resolution, and vouches for no key'
const OTHERS = 'has nothing for any other URL, however much it looks like one that it has'
const UNDEFINED = 'says undefined for what it knows that it does not have'
const THROWS = 'throws nothing but ResolutionError, whatever it is asked for'
const COPIES = 'gives everybody a copy of their own'
const MANY = 'gives each of many who ask at once what they asked for'
const SESSION = 'answers the same in a session, and another session does not change it'
const UNREACHABLE = 'says RESOLUTION_FAILED where it cannot find out, and not that there is nothing'
const CONTRADICTING = 'says RESOLUTION_INVALID where what it found contradicts itself'
const HANGING = 'gives up with RESOLUTION_FAILED when the signal is aborted'

const textIn = (found: Resolution | undefined): string => String(found?.body)

const FAULTS: readonly [fault: string, clause: string, change: Change, extra?: Extra][] = [
  ['nothing where there is something', CONTENT, () => NOTHING],
  [
    'a text that was parsed and written again',
    CONTENT,
    answering((found) => found && { body: JSON.stringify(JSON.parse(textIn(found))) })
  ],
  [
    'a text in another encoding',
    CONTENT,
    answering((found) => found && { body: Uint8Array.from(textIn(found), (letter) => letter.charCodeAt(0)) })
  ],
  [
    'key sets that are not found',
    CONTENT,
    (good) => ({ resolve: async (request) => (request.kind === 'jwks' ? undefined : good.resolve(request)) })
  ],
  ['a document in place of a body', FORM, answering((found) => found && { body: JSON.parse(textIn(found)) })],
  ['a media type that is none', FORM, answering((found) => found && { ...found, mediaType: ['application/json'] })],
  ['a time that is none', FORM, answering((found) => found && { ...found, readAt: 'yesterday' })],
  ['keys that the proof brought itself', FORM, answering((found) => found && { ...found, legacyFragment: true })],
  [
    'a URL that starts like the one that is asked for',
    OTHERS,
    (good, documents) => ({
      resolve: async (request) =>
        (await good.resolve(request)) ??
        (await good.resolve({
          ...request,
          url: documents.find(({ url }) => url.startsWith(request.url) && request.url.length > 8)?.url ?? ''
        }))
    })
  ],
  [
    'a query that is passed over',
    OTHERS,
    (good) => ({ resolve: (request) => good.resolve({ ...request, url: request.url.split('?')[0] ?? '' }) })
  ],
  [
    'a slash at the end that is passed over',
    OTHERS,
    (good) => ({ resolve: (request) => good.resolve({ ...request, url: request.url.replace(/\/$/, '') }) })
  ],
  [
    'a failure in place of nothing',
    UNDEFINED,
    answering((found) => {
      if (found === undefined) throw failure('RESOLUTION_FAILED')
      return found
    })
  ],
  ['null in place of nothing', UNDEFINED, answering((found) => found ?? null)],
  [
    'an error of the URL parser',
    THROWS,
    (good) => ({
      resolve: async (request) => {
        new URL(request.url)
        return good.resolve(request)
      }
    })
  ],
  [
    'one buffer for all',
    COPIES,
    (_, documents) => {
      const bodies = new Map(documents.map(({ url, text }) => [url, new TextEncoder().encode(text)]))
      return {
        resolve: async ({ url }) => {
          const body = bodies.get(url)
          return body && { body }
        }
      }
    }
  ],
  [
    'the answer to whoever asked first',
    MANY,
    (good) => {
      let under: Promise<Resolution | undefined> | undefined
      return {
        resolve: (request) => {
          under ??= good.resolve(request).finally(() => {
            under = undefined
          })
          return under
        }
      }
    }
  ],
  ['an empty session', SESSION, () => ({ session: () => NOTHING })],
  [
    'one session alone',
    SESSION,
    (good) => {
      let opened = 0
      return {
        session: () => {
          opened += 1
          return opened === 1 ? good : FAILS
        }
      }
    }
  ],
  ['nothing in place of a failure', UNREACHABLE, () => ({}), { unreachable: async () => NOTHING }],
  [
    'an error of its own',
    UNREACHABLE,
    () => ({}),
    { unreachable: async () => ({ resolve: () => Promise.reject(new TypeError('no route')) }) }
  ],
  [
    'the first of two that contradict each other',
    CONTRADICTING,
    () => ({}),
    { contradicting: async () => ({ resolve: async () => ({ body: '{}' }) }) }
  ],
  ['a failure in place of a contradiction', CONTRADICTING, () => ({}), { contradicting: async () => FAILS }],
  [
    'the reason of the signal, as it is',
    HANGING,
    () => ({}),
    {
      hanging: async () => ({
        resolve: ({ signal }) =>
          new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
      })
    }
  ],
  [
    'nothing, when it is given up',
    HANGING,
    () => ({}),
    {
      hanging: async () => ({
        resolve: ({ signal }) => new Promise((done) => signal?.addEventListener('abort', () => done(undefined)))
      })
    }
  ],
  [
    'a signal that nobody listens to',
    HANGING,
    () => ({}),
    { hanging: async () => ({ resolve: () => new Promise(() => {}) }) }
  ]
]

describe('testResolver', () => {
  test.each(FAULTS)('notices %s', async (_, clause, change, extra) => {
    expect(failedTests(await runOn(change, extra))).toContain(clause)
  })

  test('finds no fault in a good resolver, and has a planted fault for each of its clauses', async () => {
    const outcome = await runOn()
    expect([...outcome].filter(([, error]) => error !== undefined)).toEqual([])
    expect([...outcome.keys()].sort()).toEqual([...new Set(FAULTS.map(([, clause]) => clause))].sort())
  })

  test('closes each resolver that it opened, also after a failure', async () => {
    let open = 0
    const outcome = await runKit((runner) =>
      testResolver(
        async () => {
          open += 1
          return NOTHING
        },
        {
          ...runner,
          close: () => {
            open -= 1
          }
        }
      )
    )
    expect(failedTests(outcome)).not.toEqual([])
    expect(open).toBe(0)
  })
})
