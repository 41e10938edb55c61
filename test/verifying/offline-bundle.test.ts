import { beforeAll, describe, expect, it } from 'vitest'
import { bakePng } from '../../src/index.js'
import { createMapResolver, createOfflineBundle, openOfflineBundle, type Resolver, verify } from '../../src/verify.js'
import { chunk, concat, idat, ihdr, signature } from '../baking/png-builder.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'

let text: string
let resolver: Resolver
beforeAll(async () => {
  const house = await testHouse()
  text = (await house.issuer.issue(house.competency, KARI)).text
  resolver = await house.publish()
})

describe('an offline bundle', () => {
  it('verifies a badge without network, from one file', async () => {
    const made = await createOfflineBundle(text, { resolver, now: NOW })
    expect(made.report.accepted).toBe(true)
    const opened = openOfflineBundle(made.text)
    expect(opened.credential).toBe(text)
    expect(opened.madeAt).toBe('2026-06-01T12:00:00Z')
    expect(opened.documents).toMatchObject([{ kind: 'statusList', readAt: '2026-06-01T12:00:00Z' }])
    const report = await verify(opened.credential, { resolver: opened.resolver, contexts: opened.contexts, now: NOW })
    expect(report.accepted).toBe(true)
  })

  it('grows old with its lists', async () => {
    const opened = openOfflineBundle((await createOfflineBundle(text, { resolver, now: NOW })).text)
    const later = new Date(NOW.getTime() + 3 * 86_400_000)
    const stale = await verify(opened.credential, { resolver: opened.resolver, now: later })
    expect(stale.checks.find(({ id }) => id === 'status')?.code).toBe('STATUS_LIST_STALE')
    const accepted = await verify(opened.credential, { resolver: opened.resolver, now: later, maxStatusAge: 604_800 })
    expect(accepted.accepted).toBe(true)
  })

  it('keeps images as they are', async () => {
    const image = bakePng(concat(signature, ihdr(), idat, chunk('IEND', new Uint8Array(0))), text)
    const opened = openOfflineBundle((await createOfflineBundle(image, { resolver, now: NOW })).text)
    expect(opened.credential).toEqual(image)
  })

  it('does not answer with a document under another kind', async () => {
    const opened = openOfflineBundle((await createOfflineBundle(text, { resolver, now: NOW })).text)
    const url = opened.documents[0]?.url ?? ''
    expect(await opened.resolver.resolve({ url, kind: 'statusList' })).toBeDefined()
    expect(await opened.resolver.resolve({ url, kind: 'controllerDocument' })).toBeUndefined()
  })

  it('says of a badge that is not accepted that it was not', async () => {
    const { report, text: bundle } = await createOfflineBundle('{"a":1}', { resolver, now: NOW })
    expect(report.accepted).toBe(false)
    expect(openOfflineBundle(bundle).credential).toBe('{"a":1}')
  })

  it.each<[string, (bundle: Record<string, unknown>) => void, string, string]>([
    ['another type', (bundle) => (bundle['type'] = 'Zip'), 'BUNDLE_MALFORMED', '/type'],
    ['a later version', (bundle) => (bundle['version'] = 2), 'BUNDLE_MALFORMED', '/version'],
    ['no badge', (bundle) => delete bundle['credential'], 'BUNDLE_MALFORMED', '/credential'],
    ['a document without address', (bundle) => (bundle['documents'] = [{}]), 'BUNDLE_MALFORMED', '/documents/0'],
    ['a time that is none', (bundle) => (bundle['made'] = 'today'), 'DATE_INVALID', '/made'],
    [
      'a context of another content',
      (bundle) => (bundle['contexts'] = [{ url: 'https://www.w3.org/ns/credentials/v2', sha256: '00' }]),
      'CONTEXT_DIGEST_MISMATCH',
      '/contexts/0'
    ],
    [
      'a context that it brings along and that has another digest',
      (bundle) => (bundle['contexts'] = [{ url: 'https://a.example/x', sha256: '00', document: { '@context': {} } }]),
      'BUNDLE_MALFORMED',
      '/contexts/0'
    ]
  ])('is refused with %s', async (_, edit, code, path) => {
    const bundle = JSON.parse((await createOfflineBundle(text, { resolver, now: NOW })).text)
    edit(bundle)
    expect(() => openOfflineBundle(JSON.stringify(bundle))).toThrow(expect.objectContaining({ code, path }))
  })

  it('keeps the bytes of a buffer', async () => {
    const { buffer } = new TextEncoder().encode(JSON.stringify({ type: 'x' }))
    const { text } = await createOfflineBundle(buffer as ArrayBuffer, { resolver: createMapResolver({}) })
    expect(openOfflineBundle(text).credential).toEqual(new TextEncoder().encode('{"type":"x"}'))
  })

  it('needs something to read from', async () => {
    for (const options of [undefined, null]) {
      const made = createOfflineBundle('{}', options as never)
      await expect(made).rejects.toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID', path: 'resolver' })
    }
    await expect(createOfflineBundle(text, {})).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'resolver' })
  })
})
