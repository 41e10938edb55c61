import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createVcApiHandler, type VcApiHandler, type VcApiOptions } from '../../src/http/vc-api.js'
import { NOW, type TestHouse, testHouse } from '../support/issuer.js'
import { plainBadge, testSigner } from '../support/sign.js'
import { get, handlerOf, OPEN, post, send } from './support.js'

const ROUTES = [
  ['POST', '/credentials/issue', 'issueCredential'],
  ['POST', '/credentials/status', 'updateCredentialStatus'],
  ['POST', '/credentials/verify', 'verifyCredential'],
  ['POST', '/credentials/derive', 'deriveCredential'],
  ['POST', '/presentations/verify', 'verifyPresentation'],
  ['GET', '/1.0/identifiers/did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'resolveDid']
] as const

const derive = async (credential: JsonObject) => credential
let house: TestHouse
let badge: JsonObject
let open: VcApiHandler

beforeAll(async () => {
  house = await testHouse()
  const signer = await testSigner('issuer')
  badge = await signer.sign(plainBadge(signer.did))
  open = handlerOf({ open: ['verifyCredential'] })
})

const call = (handle: VcApiHandler, method: string, path: string) =>
  method === 'GET' ? get(handle, path) : post(handle, path, {})

describe('who may do what', () => {
  it.each(ROUTES)('%s %s is asked of the hook, by the name of its action', async (method, path, action) => {
    const asked: unknown[] = []
    const handle = handlerOf({
      issuer: house.issuer,
      derive,
      authorize: (request, name) => {
        asked.push([request.method, name])
        return false
      }
    })
    expect(await call(handle, method, path)).toMatchObject({ status: 403, body: { title: 'FORBIDDEN' } })
    expect(asked).toEqual([[method, action]])
  })

  it.each(ROUTES)('%s %s is not there without a hook, unless it is open', async (method, path, action) => {
    const others = OPEN.filter((one) => one !== action)
    const handle = handlerOf({ open: others, derive })
    expect(await call(handle, method, path)).toMatchObject({ status: 404, body: { title: 'NOT_FOUND' } })
    if (others.length === OPEN.length) return
    expect((await call(handlerOf({ open: OPEN, derive }), method, path)).status).not.toBe(404)
  })

  it('issuing and changing a status need an issuer, deriving the function for it', async () => {
    const handle = handlerOf({ authorize: () => true })
    for (const path of ['/credentials/issue', '/credentials/status', '/credentials/derive'])
      expect((await post(handle, path, {})).status).toBe(404)
  })

  it.each<[string, VcApiOptions, string]>([
    ['an issuer without a hook', { issuer: {} as never }, 'issuer'],
    ['nobody who may do anything', {}, 'authorize'],
    ['issuing open to everybody', { open: ['issueCredential'] as never }, 'open'],
    ['a hook that is no function', { authorize: true as never }, 'authorize'],
    ['an option that is spelt wrongly', { open: OPEN, authorise: () => true } as never, 'authorise'],
    [
      'a policy with an unknown check',
      { open: OPEN, verify: { policy: { name: '', advisory: ['x'] } } as never },
      'policy.advisory.0'
    ],
    ['a key cache of its own', { open: OPEN, verify: { keyCache: {} } as never }, 'keyCache'],
    ['inline contexts for badges', { open: OPEN, verify: { inlineContexts: true } }, 'inlineContexts'],
    ['a base path that is none', { open: OPEN, basePath: 'vc' }, 'basePath'],
    ['a limit of nothing', { open: OPEN, maxBodyBytes: 0 }, 'maxBodyBytes'],
    ['another word for any', { open: OPEN, credentials: 'all' as never }, 'credentials']
  ])('%s is refused when the handler is made', (_, options, path) => {
    expect(() => createVcApiHandler(options)).toThrow(
      expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID', path })
    )
  })

  it('an issuer without a hook is refused when the handler is made', () => {
    expect(() => createVcApiHandler({ issuer: house.issuer })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', path: 'authorize' })
    )
    expect(() => createVcApiHandler({ issuer: house.issuer, open: OPEN })).toThrow(/authorize/)
  })

  it('only a clear yes is a yes', async () => {
    for (const decision of [false, undefined, null, 1, 'true', 'yes', {}, { actor: 7 }, []]) {
      const handle = handlerOf({ authorize: () => decision as never })
      expect((await post(handle, '/credentials/verify', {})).status).toBe(403)
    }
    const unknown = await post(handlerOf({ authorize: () => 'unauthenticated' }), '/credentials/verify', {})
    expect(unknown).toMatchObject({ status: 401, body: { title: 'UNAUTHENTICATED' } })
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer')
    for (const decision of [true, { actor: 'kari' }]) {
      const handle = handlerOf({ authorize: async () => decision })
      expect((await post(handle, '/credentials/verify', { verifiableCredential: badge })).status).toBe(200)
    }
  })

  it('nothing of a request is read before the hook has decided', async () => {
    let pulled = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(new TextEncoder().encode(' '))
        }
      },
      { highWaterMark: 0 }
    )
    expect((await post(handlerOf({ authorize: () => false }), '/credentials/verify', body)).status).toBe(403)
    expect(pulled).toBe(0)
  })
})

describe('a request', () => {
  it.each([
    ['GET', '/credentials/verify', 'POST'],
    ['PUT', '/credentials/verify', 'POST'],
    ['OPTIONS', '/credentials/verify', 'POST'],
    ['HEAD', '/1.0/identifiers/did:key:x', 'GET'],
    ['POST', '/1.0/identifiers/did:key:x', 'GET']
  ])('with %s %s is told the method of the route', async (method, path, allowed) => {
    const handle = handlerOf({ open: OPEN })
    const response = await handle(new Request(`https://vc.example${path}`, { method }))
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allowed)
  })

  it.each([
    '/',
    '/credentials',
    '/credentials/verify/',
    '//credentials/verify',
    '/Credentials/verify',
    '/1.0/identifiers'
  ])('for %s finds nothing', async (path) => {
    expect((await post(open, path, {})).status).toBe(404)
  })

  it('goes to a path before the routes where the service has one', async () => {
    const handle = handlerOf({ open: OPEN, basePath: '/vc-api' })
    expect((await post(handle, '/vc-api/credentials/verify', { verifiableCredential: badge })).status).toBe(200)
    expect((await post(handle, '/credentials/verify', { verifiableCredential: badge })).status).toBe(404)
    expect((await post(handle, '/vc-apis/credentials/verify', {})).status).toBe(404)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/json; charset=latin1',
    ''
  ])('of the type %j is not read', async (type) => {
    const answer = await post(open, '/credentials/verify', JSON.stringify({ verifiableCredential: badge }), {
      'Content-Type': type
    })
    expect(answer).toMatchObject({ status: 415, body: { title: 'UNSUPPORTED_MEDIA_TYPE' } })
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/ld+json',
    'Application/JSON;charset="UTF-8"'
  ])('of the type %j is read', async (type) => {
    const body = JSON.stringify({ verifiableCredential: badge })
    expect((await post(open, '/credentials/verify', body, { 'Content-Type': type })).status).toBe(200)
  })

  it('that is packed is not unpacked', async () => {
    const packed = await post(open, '/credentials/verify', '{}', { 'Content-Encoding': 'gzip' })
    expect(packed.status).toBe(415)
  })

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'JSON_SYNTAX'],
    ['no JSON', '{"verifiableCredential":', 'JSON_SYNTAX'],
    ['a member twice', '{"options":{},"options":{}}', 'JSON_DUPLICATE_MEMBER'],
    ['a member that reaches a prototype', '{"__proto__":{}}', 'JSON_FORBIDDEN_MEMBER'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'INPUT_NOT_UTF8'],
    ['a number that readers read differently', '{"a":1e400}', 'JSON_NUMBER_RANGE'],
    ['endless depth', '['.repeat(500), 'JSON_TOO_DEEP'],
    ['a list', '[]', 'REQUEST_INVALID'],
    ['null', 'null', 'REQUEST_INVALID'],
    ['nothing of what the route takes', '{}', 'REQUEST_INVALID'],
    ['something that the route does not know', '{"verifiableCredential":{},"hasOwnProperty":1}', 'REQUEST_INVALID'],
    ['a number for a credential', '{"verifiableCredential":7}', 'REQUEST_INVALID'],
    ['a text for a credential that is no JWT', '{"verifiableCredential":"<svg/>"}', 'REQUEST_INVALID'],
    ['options that are none', '{"verifiableCredential":{},"options":[]}', 'REQUEST_INVALID'],
    [
      'an option that nobody knows',
      '{"verifiableCredential":{},"options":{"expectedProofPurpose":"x"}}',
      'REQUEST_INVALID'
    ],
    ['a check that nobody knows', '{"verifiableCredential":{},"options":{"checks":["luck"]}}', 'REQUEST_INVALID']
  ])('with %s in its body is answered with 400 and the code %s', async (_, body, title) => {
    const answer = await post(open, '/credentials/verify', body)
    expect(answer).toMatchObject({ status: 400, body: { status: 400, title } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  it('is told every member that is wrong at once', async () => {
    const { body } = await post(open, '/credentials/verify', { credential: {}, options: 7 })
    expect(body.faults.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/credential',
      '/options',
      '/verifiableCredential'
    ])
  })

  it('that is too long is cut off while it comes, whatever it says of its length', async () => {
    const limit = 1_048_576
    const padded = (length: number) => `${JSON.stringify({ verifiableCredential: badge }).padEnd(length, ' ')}`
    expect((await post(open, '/credentials/verify', padded(limit))).status).toBe(200)
    expect(await post(open, '/credentials/verify', padded(limit + 1))).toMatchObject({
      status: 413,
      body: { title: 'CONTENT_TOO_LARGE' }
    })
    let chunks = 0
    let cancelled = false
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1
        controller.enqueue(new Uint8Array(65_536).fill(0x20))
      },
      cancel() {
        cancelled = true
      }
    })
    expect((await post(open, '/credentials/verify', endless)).status).toBe(413)
    expect(chunks).toBeLessThan(25)
    expect(cancelled).toBe(true)
    const small = handlerOf({ open: OPEN, maxBodyBytes: 100 })
    expect((await post(small, '/credentials/verify', padded(0))).status).toBe(413)
  })

  it('that breaks off is an invalid one, and one that was read before is a fault of the service', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('connection reset')) })
    expect((await post(open, '/credentials/verify', broken)).status).toBe(400)
    const errors: unknown[] = []
    const reading = handlerOf({
      onError: (error) => errors.push(error),
      authorize: async (request) => {
        await request.text()
        return true
      }
    })
    expect((await post(reading, '/credentials/verify', {})).status).toBe(500)
    expect(errors).toHaveLength(1)
  })
})

describe('every answer', () => {
  it('is kept by nobody, is what it says it is, and is for no other page', async () => {
    const headers = { Origin: 'https://evil.example' }
    const answers = [
      await post(open, '/credentials/verify', { verifiableCredential: badge }, headers),
      await post(open, '/credentials/verify', '', headers),
      await send(open, '/credentials/verify', { method: 'OPTIONS', headers }),
      await get(handlerOf({ open: OPEN }), ROUTES[5][1])
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 405, 200])
    for (const answer of answers) {
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('is made for the time of the service', async () => {
    const early = createVcApiHandler({ open: OPEN, clock: () => new Date('2020-01-01T00:00:00Z') })
    const { body } = await post(early, '/credentials/verify', { verifiableCredential: badge })
    expect(body.title).toBe('PROOF_CREATED_IN_FUTURE')
    expect(NOW.getUTCFullYear()).toBe(2026)
  })
})
