import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver, type Report, verify, verifyPresentation } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, unsignedList } from '../support/status.js'

const SERVICE = 'https://academy.example/refresh/1'
const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'

let issuer: TestSigner
let mallory: TestSigner
let expired: JsonObject
beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
  expired = await issuer.sign(refreshable(issuer.did, { validUntil: '2025-01-01T00:00:00Z' }))
})

function refreshable(did: string, more: JsonObject = {}): JsonObject {
  const badge = plainBadge(did, { refreshService: { id: SERVICE, type: '1EdTechCredentialRefresh' }, ...more })
  return { ...badge, '@context': [...(badge['@context'] as string[]), EXTENSIONS] }
}

async function refreshed(copy: JsonObject | string | undefined): Promise<Report> {
  const resolver = createMapResolver(copy === undefined ? {} : { [SERVICE]: copy })
  return verify(expired as never, { now: NOW, resolver, refresh: true })
}
const codeOf = (report: Report) => report.checks.find(({ id }) => id === 'refresh')?.code

describe('the refresh service of a badge', () => {
  it('gives the newer copy, which all later checks are about', async () => {
    const report = await refreshed(await issuer.sign(refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z' })))
    expect(codeOf(report)).toBe('REFRESHED')
    expect(report.accepted).toBe(true)
    expect(report.credential?.validFrom).toBe('2026-01-01T00:00:00Z')
  })

  it('148: is not asked unless the caller says so', async () => {
    let asked = 0
    const resolver = {
      resolve: async () => {
        asked += 1
        return undefined
      }
    }
    const report = await verify(expired as never, { now: NOW, resolver })
    expect(codeOf(report)).toBe('REFRESH_NOT_ATTEMPTED')
    expect(asked).toBe(0)
  })

  it('149: is asked once, also where the newer copy names a service again', async () => {
    const copy = await issuer.sign(refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z' }))
    const asked: string[] = []
    const resolver = {
      resolve: async ({ url, kind }: { url: string; kind: string }) => {
        asked.push(`${kind} ${url}`)
        return { body: JSON.stringify(copy) }
      }
    }
    await verify(expired as never, { now: NOW, resolver, refresh: true })
    expect(asked).toEqual([`credential ${SERVICE}`])
  })

  it.each<[string, () => Promise<JsonObject | string | undefined>, string]>([
    ['nothing', async () => undefined, 'the resolver does not know it'],
    ['no credential', async () => '{"a":', 'the text'],
    [
      'a copy that somebody else signed',
      () => mallory.sign(refreshable(mallory.did, { validFrom: '2026-01-01T00:00:00Z' })),
      'another issuer'
    ],
    [
      'a copy in the name of the issuer with the key of another',
      () => mallory.sign(refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z' })),
      'does not belong to the issuer'
    ],
    [
      'another badge of the issuer',
      () => issuer.sign(refreshable(issuer.did, { id: 'urn:uuid:other', validFrom: '2026-01-01T00:00:00Z' })),
      'another credential'
    ],
    [
      'a badge about somebody else',
      () => {
        const badge = refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z' })
        return issuer.sign({
          ...badge,
          credentialSubject: { ...(badge['credentialSubject'] as JsonObject), id: 'did:example:other' }
        })
      },
      'somebody else'
    ],
    [
      'a copy that was changed',
      async () => ({
        ...(await issuer.sign(refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z' }))),
        name: 'Doctorate'
      }),
      'the document was changed'
    ]
  ])('149: with %s leaves the original, which is judged', async (_, copy, reason) => {
    const report = await refreshed(await copy())
    expect(report.checks.find(({ id }) => id === 'refresh')).toMatchObject({
      code: 'REFRESH_FAILED',
      message: expect.stringContaining(reason)
    })
    expect(report.checks.find(({ id }) => id === 'validity')?.code).toBe('EXPIRED')
    expect(report.accepted).toBe(false)
  })

  it('149: with a copy that has no status does not hide that the original is revoked', async () => {
    const original = await issuer.sign(refreshable(issuer.did, { credentialStatus: entry() }))
    const copy = (more: JsonObject = {}) =>
      issuer.sign(refreshable(issuer.did, { validFrom: '2026-01-01T00:00:00Z', ...more }))
    const list = await issuer.sign(await unsignedList(issuer.did, { bits: [5] }))
    const judge = async (newer: JsonObject) => {
      const resolver = createMapResolver({ [SERVICE]: newer, [LIST]: list })
      const { accepted, checks } = await verify(original as never, { now: NOW, resolver, refresh: true })
      return [accepted, ...checks.filter(({ id }) => id === 'refresh' || id === 'status').map(({ code }) => code)]
    }
    expect(await judge(await copy())).toEqual([false, 'REFRESH_FAILED', 'REVOKED'])
    const renewed = entry({ id: `${LIST}#6`, statusListIndex: '6' })
    expect(await judge(await copy({ credentialStatus: renewed }))).toEqual([true, 'REFRESHED', 'STATUS_GOOD'])
  })

  it('gives no more copies in one call than are as long as a badge may be', async () => {
    const holder = await testHolder('holder')
    const long = { validFrom: '2026-01-01T00:00:00Z', description: 'x'.repeat(12_000) }
    const copy = await issuer.sign(refreshable(issuer.did, long))
    const presented = await holder.present(presentationOf(holder.did, expired, { ...expired }))
    const options = { now: NOW, refresh: true, resolver: createMapResolver({ [SERVICE]: copy }) }
    const codesFor = async (maxLength: number) => {
      const { credentials } = await verifyPresentation(presented, { ...options, limits: { maxLength } })
      return credentials.map(codeOf)
    }
    expect(await codesFor(32_000)).toEqual(['REFRESHED', 'REFRESHED'])
    expect(await codesFor(20_000)).toEqual(['REFRESHED', 'REFRESH_FAILED'])
  })

  it('with an older or equal copy says that the original is current', async () => {
    expect(codeOf(await refreshed(expired))).toBe('REFRESH_CURRENT')
    const older = await issuer.sign(refreshable(issuer.did, { validFrom: '2023-01-01T00:00:00Z' }))
    expect(codeOf(await refreshed(older))).toBe('REFRESH_CURRENT')
  })

  it('of another type is told, and not asked', async () => {
    const manual = await issuer.sign(refreshable(issuer.did, { refreshService: { id: SERVICE, type: 'Related' } }))
    const report = await verify(manual as never, { now: NOW, refresh: true })
    expect(codeOf(report)).toBe('REFRESH_TYPE_UNKNOWN')
  })

  it('that fails does not fail a badge that is good', async () => {
    const good = await issuer.sign(refreshable(issuer.did))
    const report = await verify(good as never, { now: NOW, refresh: true })
    expect(codeOf(report)).toBe('REFRESH_FAILED')
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toContain('REFRESH_FAILED')
  })
})
