import { beforeAll, describe, expect, it } from 'vitest'
import type { KommaError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  combineResolvers,
  contextDigest,
  createLegacyFragmentResolver,
  createMapResolver,
  type ResolveRequest
} from '../../src/index.js'
import { createContextSet } from '../../src/model/contexts.js'
import { createOfflineBundle, openOfflineBundle } from '../../src/verifying/offline-bundle.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, signedList } from '../support/status.js'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const OWN = 'https://academy.example/terms/more'
const READ = '2026-06-01T12:00:00Z'
const more = { '@context': { '@protected': true, More: 'https://academy.example/terms#More' } }
const own = { url: OWN, document: more, sha256: contextDigest(more) }

let issuer: TestSigner
let badge: JsonObject
let list: JsonObject
beforeAll(async () => {
  issuer = await testSigner('issuer')
  badge = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry() }))
  list = await signedList(issuer)
})

function refusalOf(bundle: unknown): KommaError {
  try {
    openOfflineBundle(typeof bundle === 'string' ? bundle : JSON.stringify(bundle))
  } catch (error) {
    return error as KommaError
  }
  throw new Error('it was opened')
}

const bundleWith = (change: JsonObject) => ({
  type: 'KommaOfflineBundle',
  version: 1,
  made: READ,
  credential: { text: '{}' },
  documents: [],
  contexts: [],
  ...change
})
const digestOf = (url: string) => contextDigest(createContextSet().get(url) as JsonObject)

describe('an offline bundle', () => {
  it('holds the badge, what was read and when, and the digests of its contexts', async () => {
    const resolver = createMapResolver([[LIST, list]])
    const { text, report } = await createOfflineBundle(badge, { resolver, now: NOW })
    expect([report.accepted, text.endsWith('}\n')]).toEqual([true, true])
    expect(JSON.parse(text)).toEqual({
      type: 'KommaOfflineBundle',
      version: 1,
      made: READ,
      credential: { text: JSON.stringify(badge) },
      documents: [{ url: LIST, kind: 'statusList', readAt: READ, text: JSON.stringify(list) }],
      contexts: [
        { url: V2, sha256: digestOf(V2) },
        { url: OB, sha256: digestOf(OB) }
      ]
    })
  })

  it('holds contexts of the caller whole, and gives them back', async () => {
    const context = [...(plainBadge(issuer.did)['@context'] as string[]), OWN]
    const signed = await issuer.sign({ ...plainBadge(issuer.did), '@context': context }, { contexts: [own] })
    const options = { resolver: createMapResolver({}), now: NOW, contexts: [own] }
    const { text } = await createOfflineBundle(JSON.stringify(signed), options)
    const { contexts } = JSON.parse(text)
    expect(contexts).toEqual([
      { url: V2, sha256: digestOf(V2) },
      { url: OB, sha256: digestOf(OB) },
      { url: OWN, sha256: own.sha256, document: more }
    ])
    expect(openOfflineBundle(text).contexts).toEqual([own])
  })

  it('holds no key that nobody published', async () => {
    const id = 'https://academy.example/issuer'
    const verificationMethod = `${id}#${issuer.did.slice('did:key:'.length)}`
    const signed = await issuer.sign(plainBadge(id), { verificationMethod })
    const resolver = combineResolvers(createMapResolver({}), createLegacyFragmentResolver())
    const { report, text } = await createOfflineBundle(signed, { resolver, now: NOW })
    expect(report.accepted).toBe(true)
    expect(JSON.parse(text).documents).toEqual([])
  })

  it('keeps bytes as they were at the time of the call', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(badge))
    const made = createOfflineBundle(bytes, { resolver: createMapResolver({}), now: NOW })
    bytes.fill(0)
    const opened = openOfflineBundle((await made).text)
    expect(opened.credential).toEqual(new TextEncoder().encode(JSON.stringify(badge)))
  })

  it('answers with each kind of document, as text or as bytes of its own', async () => {
    const kinds: ResolveRequest['kind'][] = ['controllerDocument', 'jwks', 'statusList', 'credential', 'resource']
    const documents = kinds.map((kind, at) => ({
      url: 'https://a.example/',
      kind,
      readAt: READ,
      ...(at % 2 === 0 ? { text: kind } : { base64url: 'AQI' })
    }))
    const opened = openOfflineBundle(JSON.stringify(bundleWith({ documents })))
    expect(opened.documents).toEqual(kinds.map((kind) => ({ url: 'https://a.example/', kind, readAt: READ })))
    for (const [at, kind] of kinds.entries()) {
      const answer = await opened.resolver.resolve({ url: 'https://a.example/', kind })
      expect(answer).toEqual({ body: at % 2 === 0 ? kind : Uint8Array.of(1, 2), readAt: READ })
      if (answer !== undefined && typeof answer.body !== 'string') (answer.body as Uint8Array).fill(9)
      expect(await opened.resolver.resolve({ url: 'https://a.example/', kind })).toEqual({
        body: at % 2 === 0 ? kind : Uint8Array.of(1, 2),
        readAt: READ
      })
    }
    expect(await opened.resolver.resolve({ url: 'https://b.example/', kind: 'jwks' })).toBeUndefined()
    expect(opened).toMatchObject({ credential: '{}', contexts: [], madeAt: READ })
  })

  it.each<[string, JsonObject, string, string | undefined]>([
    ['another type', { type: 'Zip' }, '/type', 'KommaOfflineBundle'],
    ['a later version', { version: 2 }, '/version', '1'],
    ['a badge of two forms', { credential: { text: '{}', base64url: '' } }, '/credential', 'text or base64url'],
    ['a badge of no form', { credential: {} }, '/credential', 'text or base64url'],
    ['a badge that is a text', { credential: '{}' }, '/credential', 'text or base64url'],
    ['no time', { made: 5 }, '/made', 'a date and time'],
    ['a document without address', { documents: [{ kind: 'jwks' }] }, '/documents/0', undefined],
    ['a document of no kind', { documents: [{ url: 'a' }] }, '/documents/0', undefined],
    ['a document of another kind', { documents: [{ url: 'a', kind: 'x' }] }, '/documents/0', undefined],
    ['a document without time', { documents: [{ url: 'a', kind: 'jwks' }] }, '/documents/0/readAt', 'a date and time'],
    [
      'a document without content',
      { documents: [{ url: 'a', kind: 'jwks', readAt: READ }] },
      '/documents/0',
      'text or base64url'
    ],
    ['a context without address', { contexts: [{ sha256: 'x', document: {} }] }, '/contexts/0', undefined],
    ['a context without digest', { contexts: [{ url: V2 }] }, '/contexts/0', undefined]
  ])('is refused with %s, and says where', (_what, change, path, expected) => {
    const refusal = refusalOf(bundleWith(change))
    expect(refusal).toMatchObject({ code: 'BUNDLE_MALFORMED', path })
    expect(refusal.expected).toBe(expected)
    expect(Object.hasOwn(refusal.faults[0] ?? {}, 'expected')).toBe(expected !== undefined)
  })

  it('is refused where bytes or times cannot be read, and says where', () => {
    expect(refusalOf(bundleWith({ credential: { base64url: '*' } }))).toMatchObject({ path: '/credential/base64url' })
    const documents = [{ url: 'a', kind: 'jwks', readAt: 'today', text: '' }]
    expect(refusalOf(bundleWith({ documents }))).toMatchObject({ code: 'DATE_INVALID', path: '/documents/0/readAt' })
    const long = `https://a.example/${'a'.repeat(300)}`
    expect(refusalOf(bundleWith({ contexts: [{ url: long, sha256: 'x' }] }))).toMatchObject({
      code: 'CONTEXT_DIGEST_MISMATCH',
      path: '/contexts/0',
      got: long.slice(0, 200)
    })
    for (const other of ['[]', '5']) expect(refusalOf(other)).toMatchObject({ code: 'BUNDLE_MALFORMED', path: '/type' })
  })

  it('may be longer than a badge', () => {
    const text = ' '.repeat(2 * 1_048_576)
    expect(openOfflineBundle(JSON.stringify(bundleWith({ credential: { text } }))).credential).toHaveLength(text.length)
    const base64url = 'A'.repeat(2 * 1_048_576)
    expect(openOfflineBundle(JSON.stringify(bundleWith({ credential: { base64url } }))).credential).toHaveLength(
      1_572_864
    )
  })
})
