import { describe, expect, it } from 'vitest'
import { negotiate } from '../../src/http/accept.js'
import { createMapResolver, ResolutionError, type Resolver } from '../../src/index.js'
import { describeShared, readSharedJson } from '../support/shared.js'
import { type Answer, get, handlerOf, OPEN, send } from './support.js'

const KEY = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const WEB = 'did:web:academy.example'
const DOCUMENT = { '@context': 'https://www.w3.org/ns/did/v1', id: WEB }
const RESULT = 'application/did-resolution'
const EARLIER = 'application/ld+json;profile="https://w3id.org/did-resolution"'

const resolve = (did: string, accept?: string, resolver?: Resolver): Promise<Answer> =>
  get(handlerOf({ open: OPEN, ...(resolver === undefined ? {} : { resolver }) }), `/1.0/identifiers/${did}`, accept)

describe('GET /1.0/identifiers/{did}', () => {
  it.each([
    ['as it is', KEY],
    ['encoded as a whole', encodeURIComponent(KEY)]
  ])('answers with the whole result for a did:key that is written %s', async (_, written) => {
    const { status, headers, body } = await resolve(written)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(RESULT)
    expect(body).toMatchObject({
      didDocument: { id: KEY, assertionMethod: [`${KEY}#${KEY.slice(8)}`] },
      didResolutionMetadata: { contentType: 'application/did' },
      didDocumentMetadata: {}
    })
    // The test suite of DID Resolution compares them so.
    expect(headers.get('content-type')).toContain(body.didResolutionMetadata.contentType)
  })

  it.each([
    ['application/did', 'application/did'],
    ['application/did+json', 'application/did+json'],
    ['application/did+ld+json, application/json;q=0.5', 'application/did+ld+json']
  ])('answers to %s with the document alone', async (accept, type) => {
    const { headers, body } = await resolve(KEY, accept)
    expect(headers.get('content-type')).toBe(type)
    expect(body.id).toBe(KEY)
  })

  it.each([
    [RESULT, RESULT],
    [EARLIER, EARLIER],
    ['application/json, application/ld+json, */*', 'application/json'],
    ['*/*', RESULT]
  ])('answers to %s with the result', async (accept, type) => {
    const { headers, body } = await resolve(KEY, accept)
    expect(headers.get('content-type')).toBe(type)
    expect(body.didDocument.id).toBe(KEY)
  })

  it('reads a did:web with the resolver of the service, also one with a port', async () => {
    const port = 'did:web:academy.example%3A8443'
    const resolver = createMapResolver({ [WEB]: DOCUMENT, [port]: { ...DOCUMENT, id: port } })
    expect((await resolve(WEB, 'application/did', resolver)).body).toEqual(DOCUMENT)
    expect((await resolve(port, 'application/did', resolver)).body.id).toBe(port)
    expect((await resolve(encodeURIComponent(port), 'application/did', resolver)).body.id).toBe(port)
  })

  it.each<[string, string, string, number]>([
    ['a text that is no DID', 'not-a-did', 'INVALID_DID', 400],
    ['a DID without an id', 'did:example', 'INVALID_DID', 400],
    ['a method in capitals', 'did:KEY:z6Mk', 'INVALID_DID', 400],
    ['a DID URL', `${KEY}%23${KEY.slice(8)}`, 'INVALID_DID', 400],
    ['a path', `${KEY}/path`, 'INVALID_DID', 400],
    ['nothing', '', 'INVALID_DID', 400],
    ['an encoding that breaks off', 'did%3Akey%3Az%E0%A4%A', 'INVALID_DID', 400],
    ['a did:key that is no key', 'did:key:z6Mk', 'INVALID_DID', 400],
    ['a did:jwk that is no key', 'did:jwk:e30', 'INVALID_DID', 400],
    ['a did:web of a private host', 'did:web:localhost', 'INVALID_DID', 400],
    ['an option', `${KEY}?versionId=1`, 'INVALID_OPTIONS', 400],
    ['a method that is not known', 'did:unsupported:123456789abcdefghi', 'METHOD_NOT_SUPPORTED', 501],
    ['a did:web that is not there', 'did:web:nobody.example', 'NOT_FOUND', 404],
    ['a did:web whose document is another’s', WEB, 'INVALID_DID_DOCUMENT', 500]
  ])('answers to %s with the problem of the standard', async (_, did, name, status) => {
    const resolver = createMapResolver({ [WEB]: { id: 'did:web:other.example' } })
    const answer = await resolve(did, undefined, resolver)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(RESULT)
    expect(answer.body).toMatchObject({
      didDocument: null,
      didResolutionMetadata: { error: { type: `https://www.w3.org/ns/did#${name}`, title: name } },
      didDocumentMetadata: {}
    })
  })

  it('says that it cannot read a did:web where it cannot, and that it may do better later', async () => {
    expect((await resolve(WEB)).status).toBe(501)
    const failing = (error: unknown): Resolver => ({ resolve: () => Promise.reject(error) })
    const fault = { code: 'RESOLUTION_FAILED', message: 'x' } as const
    const later = await resolve(WEB, undefined, failing(new ResolutionError(fault, { retryable: true })))
    expect([later.status, later.headers.get('retry-after')]).toEqual([503, '10'])
    expect((await resolve(WEB, undefined, failing(new ResolutionError(fault)))).status).toBe(404)
    expect((await resolve(WEB, undefined, failing(new Error('broken')))).status).toBe(503)
  })

  it('cannot answer in a type that nobody knows', async () => {
    const answer = await resolve(KEY, 'application/x-unsupported')
    expect(answer).toMatchObject({
      status: 406,
      body: { didResolutionMetadata: { error: { title: 'REPRESENTATION_NOT_SUPPORTED' } } }
    })
  })

  it('takes no other method', async () => {
    const handle = handlerOf({ open: OPEN })
    expect((await send(handle, `/1.0/identifiers/${KEY}`, { method: 'DELETE' })).status).toBe(405)
  })
})

describeShared('the did:key vectors', () => {
  it('are resolved where their keys sign for credentials, and are no valid DIDs to us otherwise', async () => {
    const dids: readonly string[] = readSharedJson('vectors/w3c/did-key/dids.json')
    const answers = await Promise.all(dids.map((did) => resolve(did)))
    const found = answers.map(({ status, body }) => (status === 200 ? body.didDocument.id : status))
    expect(found).toEqual(dids.map((did) => (/^did:key:(?:z6Mk|zDn|z82)/.test(did) ? did : 400)))
    expect(found.filter((one) => one !== 400).length).toBeGreaterThan(3)
  })
})

describe('the media type that a header likes best', () => {
  const offers = ['text/a', 'text/b', 'text/c;profile="x"']
  it.each<[string | null, string | undefined]>([
    [null, 'text/a'],
    ['', 'text/a'],
    ['text/b', 'text/b'],
    ['text/a;q=0.2, text/b', 'text/b'],
    ['text/*;q=0.2, text/b;q=0.1', 'text/a'],
    ['*/*, text/b', 'text/b'],
    ['text/c; profile=x', 'text/c;profile="x"'],
    ['text/c', undefined],
    ['text/a;q=0', undefined],
    ['text/a;q=0, */*', 'text/b'],
    ['image/png', undefined],
    ['nonsense, ,;;', undefined],
    ['text/a;q=7', undefined]
  ])('for %j is %j', (accept, expected) => {
    expect(negotiate(accept, offers)).toBe(expected)
  })
})
