import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  combineResolvers,
  createLegacyFragmentResolver,
  createMapResolver,
  type Resolver,
  verify
} from '../../src/index.js'
import { checkEndorsements } from '../../src/verifying/endorsements.js'
import { settle } from '../../src/verifying/options.js'
import { refresh } from '../../src/verifying/refresh.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, unsignedList } from '../support/status.js'

/** An issuer that publishes no key; the legacy resolver reads it from the fragment of its own address. */
const ACADEMY = 'https://academy.example/issuer'
const SERVICE = 'https://academy.example/refresh/1'
const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'

let signer: TestSigner
beforeAll(async () => {
  signer = await testSigner('issuer')
})

const signed = (document: JsonObject, created = '2026-06-01T11:00:00Z') =>
  signer.sign(document, { verificationMethod: `${ACADEMY}#${signer.did.slice('did:key:'.length)}`, created })
const resolving = (documents: Record<string, JsonObject>): Resolver =>
  combineResolvers(createMapResolver(documents), createLegacyFragmentResolver())
const checkOf = (report: { readonly checks: readonly { readonly id: string }[] }, id: string) =>
  report.checks.find((one) => one.id === id)

describe('a badge whose key nobody published', () => {
  it('may have a status list with such a key, and a badge with a published key may not', async () => {
    const list = await signed(await unsignedList(ACADEMY))
    const own = await signed(plainBadge(ACADEMY, { credentialStatus: entry() }))
    const options = { now: NOW, resolver: resolving({ [LIST]: list }), statusIssuers: { [signer.did]: [ACADEMY] } }
    expect(checkOf(await verify(own, options), 'status')).toMatchObject({ code: 'STATUS_GOOD' })
    const published = await signer.sign(plainBadge(signer.did, { credentialStatus: entry() }))
    expect(checkOf(await verify(published, options), 'status')).toMatchObject({
      code: 'STATUS_LIST_UNVERIFIED',
      facts: { reason: 'nobody vouches for its key' }
    })
  })

  it('may be endorsed by one that has a list with such a key', async () => {
    const list = await signed(await unsignedList(ACADEMY))
    const id = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
    const endorsement = {
      '@context': plainBadge(ACADEMY)['@context'] as string[],
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: ACADEMY, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      name: 'Endorsement',
      credentialSubject: { id, type: ['EndorsementSubject'] },
      credentialStatus: entry()
    }
    const statusIssuers = { [signer.did]: [ACADEMY] }
    const settings = settle({ now: NOW, resolver: resolving({ [LIST]: list }), statusIssuers })
    const codeOf = async (one: JsonObject) => (await checkEndorsements({ id, endorsement: [one] }, settings)).checks[0]
    expect(await codeOf(await signed(endorsement))).toMatchObject({ code: 'ENDORSEMENTS_VERIFIED' })
    const published = { ...endorsement, issuer: { id: signer.did, type: ['Profile'] } }
    expect(await codeOf(await signer.sign(published))).toMatchObject({ code: 'ENDORSEMENT_UNDECIDED' })
  })

  it('149: is not refreshed into one that somebody vouched for, nor the other way round', async () => {
    const badge = plainBadge(ACADEMY, { refreshService: { id: SERVICE, type: '1EdTechCredentialRefresh' } })
    const document = { ...badge, '@context': [...(badge['@context'] as string[]), EXTENSIONS] }
    const copy = await signed({ ...document, validFrom: '2026-01-01T00:00:00Z' })
    const settings = settle({ now: NOW, refresh: true, resolver: resolving({ [SERVICE]: copy }) })
    const original = (...keyFrom: readonly unknown[]) =>
      ({
        document,
        issuer: ACADEMY,
        proofs: keyFrom.map((one) => ({ keyFrom: one })),
        checks: [],
        warnings: []
      }) as never
    for (const proofs of [['legacyFragment'], ['did', 'legacyFragment']])
      expect((await refresh(original(...proofs), settings)).check).toMatchObject({
        code: 'REFRESHED',
        facts: { from: '2026-01-01T00:00:00Z' }
      })
    for (const proofs of [['did'], []])
      expect((await refresh(original(...proofs), settings)).check).toMatchObject({
        code: 'REFRESH_FAILED',
        facts: { reason: 'nobody vouches for the key of the copy' }
      })
  })
})

describe('a refresh', () => {
  const document = {
    ...plainBadge('did:example:issuer'),
    refreshService: { id: SERVICE, type: '1EdTechCredentialRefresh' }
  }
  const original = { document, issuer: 'did:example:issuer', proofs: [], checks: [], warnings: [] } as never

  it('says that there is nothing to ask, or why the copy could not be checked', async () => {
    const alone = await refresh(original, settle({ now: NOW, refresh: true }))
    expect(alone.check).toMatchObject({ code: 'REFRESH_FAILED', facts: { reason: 'no resolver was given' } })
    const copy = await signed(plainBadge(ACADEMY))
    const resolver = createMapResolver({ [SERVICE]: copy })
    const unknown = await refresh(original, settle({ now: NOW, refresh: true, resolver }))
    expect(unknown.check.code).toBe('REFRESH_FAILED')
    expect(unknown.check.facts['reason']).toMatch(/key/)
    const broken = { resolve: async () => ({ body: 5 }) } as never
    expect((await refresh(original, settle({ now: NOW, refresh: true, resolver: broken }))).check.code).toBe(
      'REFRESH_FAILED'
    )
  })
})
