import { describe, expect, it } from 'vitest'
import {
  createLiveSource,
  createPublicationHandler,
  createSinkSource,
  findReleased,
  type PublicationHandler,
  type PublicationOptions
} from '../../src/http/publication.js'
import { createMemorySink, createWebResolver, KommaError, verify } from '../../src/index.js'
import { fakeTime, LIST, type WebHouse, webHouse } from '../publishing/support.js'

const ORIGIN = 'https://academy.example'
const DID = '/.well-known/did.json'
const JWKS = '/.well-known/jwks.json'

interface Site {
  readonly house: WebHouse
  readonly credentialId: string
  readonly handle: PublicationHandler
}

async function site(options: Partial<PublicationOptions> = {}): Promise<Site> {
  const house = await webHouse()
  const credentialId = await house.issue()
  const source = createLiveSource(() => house.issuer.publish(), { clock: house.time.now })
  const handle = createPublicationHandler({ origin: ORIGIN, source, clock: house.time.now, ...options })
  return { house, credentialId, handle }
}

function get(handle: PublicationHandler, path: string, headers: HeadersInit = {}, method = 'GET'): Promise<Response> {
  return handle(new Request(`http://10.0.0.7:3000${path}`, { method, headers }))
}

describe('public documents over HTTP', () => {
  it('are all that a verifier on the web needs, and a revocation reaches it', async () => {
    const { house, credentialId, handle } = await site()
    const text = (await house.status.find(credentialId))?.text ?? ''
    const resolver = () =>
      createWebResolver({ fetch: (url, init) => handle(new Request(url, init)), clock: house.time.now })
    const before = await verify(text, { resolver: resolver(), now: house.time.now() })
    expect(before.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([])
    expect(before.accepted).toBe(true)
    await house.revoke(credentialId)
    house.time.move(10)
    const after = await verify(text, { resolver: resolver(), now: house.time.now() })
    expect(after.checks.find(({ id }) => id === 'status')?.code).toBe('REVOKED')
  })

  it.each([
    [DID, 'application/json', 'public, max-age=300'],
    [JWKS, 'application/jwk-set+json', 'public, max-age=300'],
    [`/${LIST}`, 'application/vc', 'public, max-age=300']
  ])('are served at their own address: %s', async (path, mediaType, cacheControl) => {
    const { house, handle } = await site()
    const answer = await get(handle, path)
    expect(answer.status).toBe(200)
    const { headers } = answer
    expect(headers.get('content-type')).toBe(mediaType)
    expect(headers.get('cache-control')).toBe(cacheControl)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('vary')).toBe('Accept')
    const text = await answer.text()
    expect((await house.issuer.publish()).map((one) => one.text)).toContain(text)
    expect(headers.get('content-length')).toBe(String(new TextEncoder().encode(text).length))
  })

  it.each([
    [DID, 'application/did+json', 'application/did+json'],
    [DID, 'application/did+ld+json, application/json;q=0.1', 'application/did+ld+json'],
    [`/${LIST}`, 'application/ld+json', 'application/ld+json'],
    [`/${LIST}`, 'application/json', 'application/json'],
    [`/${LIST}`, 'application/vc+jwt, application/vc;q=0.5', 'application/vc'],
    [JWKS, 'application/*', 'application/jwk-set+json']
  ])('%s comes as %s asks: %s', async (path, accept, mediaType) => {
    const { handle } = await site()
    const answer = await get(handle, path, { Accept: accept })
    expect(answer.headers.get('content-type')).toBe(mediaType)
  })

  it('are refused with 406 in a type that they do not have, which names those that they have', async () => {
    const { handle } = await site()
    const answer = await get(handle, `/${LIST}`, { Accept: 'application/vc+jwt' })
    expect(answer.status).toBe(406)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(await answer.json()).toMatchObject({
      title: 'NOT_ACCEPTABLE',
      detail: expect.stringContaining('application/vc,')
    })
  })

  it('are not sent again to whoever has them, and a change has another tag', async () => {
    const { house, credentialId, handle } = await site()
    const first = await get(handle, `/${LIST}`)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get(handle, `/${LIST}`, { 'If-None-Match': known })
      expect([known, answer.status, await answer.text()]).toEqual([known, 304, ''])
      expect(answer.headers.get('etag')).toBe(etag)
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    }
    const asJson = await get(handle, `/${LIST}`, { 'If-None-Match': etag, Accept: 'application/json' })
    expect(asJson.status).toBe(200)
    await house.revoke(credentialId)
    house.time.move(10)
    expect((await get(handle, `/${LIST}`, { 'If-None-Match': etag })).status).toBe(200)
  })

  it('have the same headers for HEAD, and no body', async () => {
    const { handle } = await site()
    for (const path of [DID, `/${LIST}`, '/nothing']) {
      const [whole, head] = [await get(handle, path), await get(handle, path, {}, 'HEAD')]
      expect(head.status).toBe(whole.status)
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers))
      expect(await head.text()).toBe('')
    }
  })

  it('may be read by pages of any origin, also with a condition', async () => {
    const { handle } = await site()
    const preflight = await get(handle, DID, { Origin: 'https://verifier.example' }, 'OPTIONS')
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-None-Match')
    expect((await get(handle, DID)).headers.get('access-control-expose-headers')).toBe('ETag')
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('are not changed by %s', async (method) => {
    const { handle } = await site()
    const answer = await get(handle, DID, {}, method)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  it.each([
    '/',
    '/.well-known',
    '/.well-known/did.json/',
    '/status/revocation-2.json',
    '/index.json',
    '/credentials/x',
    '/refresh/x',
    '/%2e%2e/x'
  ])('are not found at %s, whatever lies there', async (path) => {
    const { handle } = await site()
    const answer = await get(handle, path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('outlive neither their ttl nor their end', async () => {
    const house = await webHouse()
    await house.issue()
    const published = await house.issuer.publish({ ttl: 60, lifetime: 100, refreshAfter: 50 })
    const handle = createPublicationHandler({
      origin: ORIGIN,
      source: createLiveSource(async () => published, { clock: house.time.now }),
      clock: house.time.now
    })
    const ages: (string | null)[] = []
    for (const seconds of [0, 70, 40]) {
      house.time.move(seconds)
      ages.push((await get(handle, `/${LIST}`)).headers.get('cache-control'))
    }
    expect(ages).toEqual(['public, max-age=60', 'public, max-age=30', 'public, max-age=0'])
  })
})

describe('a live source', () => {
  it('asks the issuer once for all who ask at once, and again after a while', async () => {
    const time = fakeTime()
    let asked = 0
    const document = { id: `${ORIGIN}/a`, kind: 'achievement', text: '{}' } as const
    const source = createLiveSource(
      async () => {
        asked += 1
        return [document]
      },
      { clock: time.now, reuse: 5 }
    )
    const ask = () => Promise.all([1, 2, 3].map(() => source.find(`${ORIGIN}/a`)))
    expect(await ask()).toEqual([document, document, document])
    await ask()
    expect(asked).toBe(1)
    time.move(5)
    await ask()
    expect(asked).toBe(2)
    time.move(-3_600)
    await ask()
    expect(asked).toBe(3)
  })

  it('keeps no failure', async () => {
    let isDown = true
    const source = createLiveSource(async () => {
      if (isDown) throw new Error('down')
      return []
    })
    await expect(source.find(`${ORIGIN}/a`)).rejects.toThrow('down')
    isDown = false
    expect(await source.find(`${ORIGIN}/a`)).toBeUndefined()
  })

  it('joins the key sets of issuers that share a host', async () => {
    const [one, other] = [
      await webHouse(),
      await webHouse({ profile: { id: 'did:web:academy.example:evening', name: 'Evening school' } })
    ]
    const both = async () => [...(await one.issuer.publish()), ...(await other.issuer.publish())]
    const handle = createPublicationHandler({ origin: ORIGIN, source: createLiveSource(both) })
    const { keys } = await (await get(handle, JWKS)).json()
    expect(keys.map(({ iss }: { iss: string }) => iss)).toEqual([
      'did:web:academy.example',
      'did:web:academy.example:evening'
    ])
    expect((await (await get(handle, '/evening/did.json')).json()).id).toBe('did:web:academy.example:evening')
  })
})

describe('a source over a sink', () => {
  it('finds what a publisher wrote, and sees the next round at once', async () => {
    const house = await webHouse({ profile: { id: `${ORIGIN}/issuers/1`, name: 'Academy' } })
    const id = await house.issue()
    const sink = createMemorySink()
    const publisher = house.publisher(sink, { index: 'index.json' })
    await publisher.publish()
    const handle = createPublicationHandler({ origin: ORIGIN, source: createSinkSource(sink), clock: house.time.now })
    expect((await (await get(handle, '/issuers/1')).json()).id).toBe(`${ORIGIN}/issuers/1`)
    expect((await get(handle, JWKS)).headers.get('content-type')).toBe('application/jwk-set+json')
    const before = await get(handle, `/${LIST}`)
    house.time.move(2)
    await house.revoke(id)
    await publisher.publish()
    expect((await get(handle, `/${LIST}`)).headers.get('etag')).not.toBe(before.headers.get('etag'))
  })

  it('finds nothing but documents of its kinds at their own address', async () => {
    const sink = createMemorySink()
    const metadata = { mediaType: 'application/json', maxAge: 1 }
    const texts = {
      'index.json': '{"a:b":"c"}',
      'secret.json': '{"password":"x"}',
      'keys.json': '{"keys":[]}',
      'moved.json': `{"id":"${ORIGIN}/elsewhere","type":["Achievement"]}`,
      'notes.json': 'notes',
      '.komma.lock': 'x'
    }
    for (const [place, text] of Object.entries(texts)) await sink.write(place, text, undefined, metadata)
    const handle = createPublicationHandler({ origin: ORIGIN, source: createSinkSource(sink) })
    for (const place of Object.keys(texts))
      expect([place, (await get(handle, `/${place}`)).status]).toEqual([place, 404])
  })
})

describe('a credential by id', () => {
  const mayHave = (decision: unknown) => ({ authorize: () => decision as boolean, find: async () => '{"secret":true}' })

  it('is handed out to whom the application lets have it, and kept by nobody between', async () => {
    const house = await webHouse()
    const id = await house.issue()
    const asked: [string, string | null][] = []
    const handle = createPublicationHandler({
      origin: ORIGIN,
      source: createLiveSource(() => house.issuer.publish()),
      credentials: {
        authorize: (request, wanted) => {
          asked.push([wanted, request.headers.get('authorization')])
          return { actor: 'kari' }
        },
        find: findReleased(house.status)
      }
    })
    for (const path of [`/credentials/${id}`, `/credentials/${encodeURIComponent(id)}`]) {
      const answer = await get(handle, path, { Authorization: 'Bearer kari' })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/vc')
      expect(answer.headers.get('cache-control')).toBe('private, no-cache')
      expect(answer.headers.get('vary')).toBe('Accept, Authorization, Cookie')
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(await answer.text()).toBe((await house.status.find(id))?.text)
      const again = await get(handle, path, { 'If-None-Match': answer.headers.get('etag') ?? '' })
      expect(again.status).toBe(304)
    }
    expect(asked[0]).toEqual([id, 'Bearer kari'])
    expect((await get(handle, '/credentials/urn:uuid:unknown')).status).toBe(404)
  })

  it.each([
    [false, 403],
    [undefined, 403],
    ['yes', 403],
    [1, 403],
    [{}, 403],
    [{ actor: 7 }, 403],
    ['unauthenticated', 401]
  ])('is refused where the application says %o, before anything is looked up', async (decision, status) => {
    let lookedUp = 0
    const find = async () => {
      lookedUp += 1
      return 'x'
    }
    const { handle } = await site({ credentials: { ...mayHave(decision), find } })
    const answer = await get(handle, '/credentials/a')
    expect(answer.status).toBe(status)
    expect(lookedUp).toBe(0)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('cannot be configured without somebody who decides', () => {
    const source = { find: async () => undefined }
    for (const held of [{ find: async () => 'x' }, { authorize: () => true }, { ...mayHave(true), path: '/a/../' }]) {
      for (const name of ['credentials', 'refresh'])
        expect(() => createPublicationHandler({ origin: ORIGIN, source, [name]: held } as never)).toThrow(
          expect.objectContaining({ code: 'OPTION_INVALID' })
        )
    }
  })

  it('is no credential that was only reserved or recorded', async () => {
    const find = findReleased({
      find: async (credentialId) => ({ credentialId, state: 'recorded', text: 'x' }) as never
    })
    expect(await find('a')).toBeUndefined()
  })

  it.each(['', 'a/b', '%', 'a'.repeat(2_001)])('has no id like %s', async (id) => {
    const { handle } = await site({ credentials: mayHave(true) })
    expect((await get(handle, `/credentials/${id}`)).status).toBe(404)
  })

  it('that is a JWT comes as one', async () => {
    const { handle } = await site({ credentials: { authorize: () => true, find: async () => 'e30.e30.AA' } })
    expect((await get(handle, '/credentials/a')).headers.get('content-type')).toBe('application/vc+jwt')
    expect((await get(handle, '/credentials/a', { Accept: 'text/plain' })).headers.get('content-type')).toBe(
      'text/plain'
    )
    expect((await get(handle, '/credentials/a', { Accept: 'application/vc' })).status).toBe(406)
  })

  it('is not shown by a preflight', async () => {
    const { handle } = await site({ credentials: mayHave(true) })
    const preflight = await get(handle, '/credentials/a', { Origin: 'https://evil.example' }, 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, null])
  })
})

describe('a refresh service', () => {
  it('hands out the current copy under a name of the application, which a verifier takes for the badge', async () => {
    const house = await webHouse()
    const given = {
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
      ],
      id: 'urn:uuid:6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41',
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      name: 'First aid',
      issuer: { id: house.issuer.id, type: ['Profile'], name: 'Example Academy' },
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: {
        type: ['AchievementSubject'],
        id: 'did:example:kari',
        achievement: {
          id: `${ORIGIN}/achievements/1`,
          type: ['Achievement'],
          name: 'First aid',
          description: 'Acts safely.',
          criteria: { narrative: 'A drill.' }
        }
      },
      refreshService: { id: `${ORIGIN}/refresh/7`, type: '1EdTechCredentialRefresh' }
    }
    const sign = async (validFrom: string) =>
      (await house.issuer.issueAsGiven({ ...given, validFrom }, { status: 'asGiven' })).text
    const [old, newer] = [await sign('2026-01-01T00:00:00Z'), await sign('2026-05-01T00:00:00Z')]
    const handle = createPublicationHandler({
      origin: ORIGIN,
      source: createLiveSource(() => house.issuer.publish(), { clock: house.time.now }),
      refresh: { authorize: (_, name) => name === '7', find: async () => newer }
    })
    const resolver = createWebResolver({ fetch: (url, init) => handle(new Request(url, init)), clock: house.time.now })
    const report = await verify(old, { resolver, refresh: true, now: house.time.now() })
    expect(report.checks.find(({ id }) => id === 'refresh')?.code).toBe('REFRESHED')
    expect((await get(handle, '/refresh/8')).status).toBe(403)
  })
})

describe('what goes wrong', () => {
  it('200: is told to the operator, and to nobody else', async () => {
    const errors: unknown[] = []
    const failing = [
      new Error('pg://user:secret@db.internal'),
      new KommaError({ code: 'KEY_STORE_IO', message: 'arn:aws:kms:secret' }, { retryable: true })
    ]
    const find = () => Promise.reject(failing[errors.length])
    const credentials = { authorize: () => Promise.reject(new Error('ldap://secret')), find: async () => 'x' }
    const { handle } = await site({
      source: { find },
      credentials,
      onError: (error) => {
        errors.push(error)
        throw new Error('the log is full')
      }
    })
    const answers = [await get(handle, DID), await get(handle, DID), await get(handle, '/credentials/a')]
    expect(answers.map(({ status }) => status)).toEqual([500, 503, 500])
    expect(answers[1]?.headers.get('retry-after')).toBe('10')
    for (const answer of answers) expect(await answer.text()).not.toContain('secret')
    expect(errors).toHaveLength(3)
  })

  it.each([
    ['origin', 'http://academy.example'],
    ['origin', 'https://academy.example/path'],
    ['origin', undefined],
    ['source', {}],
    ['maxAge', -1],
    ['clock', 1],
    ['colour', 'red']
  ])('with the option %s = %o is said at once', (name, value) => {
    const options = { origin: ORIGIN, source: { find: async () => undefined }, [name]: value }
    expect(() => createPublicationHandler(options as never)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', path: name })
    )
  })
})
