import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { VcApiHandler } from '../../src/http/vc-api.js'
import {
  createMapResolver,
  createMemoryChallengeStore,
  eddsaRdfc2022,
  ResolutionError,
  type Resolver
} from '../../src/index.js'
import { NOW, type TestHouse, testHouse } from '../support/issuer.js'
import { presentationOf, type TestHolder, testHolder } from '../support/present.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { type Answer, handlerOf, OPEN, post } from './support.js'

let signer: TestSigner
let holder: TestHolder
let house: TestHouse
let badge: JsonObject
let expired: JsonObject
let revocable: JsonObject
let open: VcApiHandler

beforeAll(async () => {
  signer = await testSigner('issuer')
  holder = await testHolder()
  house = await testHouse()
  badge = await signer.sign(plainBadge(signer.did))
  expired = await signer.sign(plainBadge(signer.did, { validUntil: '2025-01-01T00:00:00Z' }))
  revocable = (
    await house.issuer.issueAsGiven(
      plainBadge(house.issuer.id, { id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000b' })
    )
  ).credential
  open = handlerOf({ open: OPEN })
})

const verify = (credential: JsonObject | string, options: JsonObject = {}, handle = open): Promise<Answer> =>
  post(handle, '/credentials/verify', { verifiableCredential: credential, options })
const present = (presentation: JsonObject, options: JsonObject = {}, handle = open): Promise<Answer> =>
  post(handle, '/presentations/verify', { verifiablePresentation: presentation, options })

describe('POST /credentials/verify', () => {
  it('answers with 200 and every check where a badge is verified', async () => {
    const { status, body } = await verify(badge)
    expect(status).toBe(200)
    expect(body).toMatchObject({ verified: true, warnings: [], problemDetails: [] })
    expect(body.checks[0]).toEqual({
      id: 'input',
      outcome: 'pass',
      code: 'INPUT_READ',
      message: 'The input was read as an object.'
    })
    expect(body.checks).toHaveLength(16)
    expect(body.credential).toBeUndefined()
  })

  it('answers with 400 and a problem of the standard where one is not, and hands out nothing of it', async () => {
    const forged = { ...editable(badge), name: 'Another' }
    const { status, headers, body } = await verify(forged, { returnCredential: true })
    expect(status).toBe(400)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({
      type: 'https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR',
      title: 'SIGNATURE_INVALID',
      status: 400,
      verified: false,
      problemDetails: [{ title: 'SIGNATURE_INVALID', check: 'proof' }]
    })
    expect(JSON.stringify(body)).not.toContain('Algebra I')
  })

  it('hands out the verified document on request, and leaves out problem details', async () => {
    const { body } = await verify(badge, { returnCredential: true, returnProblemDetails: false })
    const { proof: _, ...document } = badge
    expect(body.credential).toEqual(document)
    expect(body).not.toHaveProperty('problemDetails')
  })

  it('takes a JWT, and an envelope around one', async () => {
    const { text } = await house.issuer.issue(
      house.competency,
      { recipient: { id: 'did:example:kari' }, results: [{ resultDescription: 'drill', achievedLevel: 'safe' }] },
      { format: 'vc+jwt' }
    )
    const handle = handlerOf({ open: OPEN, resolver: await house.publish() })
    const envelope = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: `data:application/vc+jwt,${text}`,
      type: 'EnvelopedVerifiableCredential'
    }
    expect((await verify(text, {}, handle)).status).toBe(200)
    expect((await verify(envelope, {}, handle)).status).toBe(200)
    expect((await verify(`${text.slice(0, -4)}AAAA`, {}, handle)).body.title).toBe('SIGNATURE_INVALID')
  })

  it('holds an endorsement to its own class', async () => {
    const document = {
      ...plainBadge(signer.did),
      type: ['VerifiableCredential', 'EndorsementCredential'],
      credentialSubject: { id: 'https://school.example/badge', type: ['EndorsementSubject'] }
    }
    expect((await verify(await signer.sign(document))).status).toBe(200)
  })

  it('lets only the proof decide where only that is asked for, and still tells the rest', async () => {
    expect((await verify(expired)).body.title).toBe('EXPIRED')
    for (const checks of [['proof'], [], ['proof', 'status']]) {
      const { status, body } = await verify(expired, { checks })
      expect(status).toBe(200)
      expect(body).toMatchObject({ verified: true, problemDetails: [{ title: 'EXPIRED' }] })
      expect(body.warnings.map(({ code }: { code: string }) => code)).toEqual(['EXPIRED'])
    }
    expect((await verify(expired, { checks: ['proof', 'validity'] })).status).toBe(400)
    for (const edit of [{ name: 'x' }, { proof: undefined }, { issuer: 'did:example:x' }, { '@context': [] }]) {
      const edited = JSON.parse(JSON.stringify({ ...badge, ...edit }))
      expect((await verify(edited, { checks: ['proof'] })).status).toBe(400)
    }
  })

  it('takes the word of others for the status', async () => {
    const checks = ['proof', 'credentialStatus']
    expect((await verify(revocable, { checks: ['proof'] })).status).toBe(200)
    expect((await verify(revocable, { checks })).body.title).toBe('STATUS_UNAVAILABLE')
    const handle = handlerOf({ open: OPEN, resolver: await house.publish() })
    expect((await verify(revocable, { checks }, handle)).status).toBe(200)
  })

  it('keeps to the policy of the service where nothing is asked', async () => {
    const policy = { name: 'expired is fine', advisory: ['validity'] } as const
    const lenient = handlerOf({ open: OPEN, verify: { policy } })
    expect((await verify(expired, {}, lenient)).status).toBe(200)
  })
})

describe('a service that cannot find out', () => {
  const failing = (error: unknown): Resolver => ({ resolve: () => Promise.reject(error) })
  const did = 'did:web:academy.example'

  it.each<[string, Resolver | undefined, number, string | null]>([
    ['has no resolver', undefined, 400, null],
    ['has a resolver that knows nothing', createMapResolver({}), 400, null],
    [
      'has a resolver that may do better later',
      failing(new ResolutionError({ code: 'RESOLUTION_FAILED', message: 'timeout' }, { retryable: true })),
      503,
      '10'
    ],
    [
      'has a resolver that was refused',
      failing(new ResolutionError({ code: 'RESOLUTION_FAILED', message: 'no' })),
      400,
      null
    ],
    ['has a resolver that breaks', failing(new TypeError('broken')), 503, null]
  ])('says so where it %s', async (_, resolver, status, retryAfter) => {
    const handle = handlerOf({ open: OPEN, ...(resolver === undefined ? {} : { resolver }) })
    const document = await signer.sign(plainBadge(did), { verificationMethod: `${did}#key-1` })
    const answer = await verify(document, {}, handle)
    expect(answer).toMatchObject({ status, body: { verified: false } })
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
    const statusOnly = await verify(revocable, {}, handle)
    expect(statusOnly.status).toBe(status)
  })

  it('does not hide behind that what is known to be wrong', async () => {
    const resolver = failing(new ResolutionError({ code: 'RESOLUTION_FAILED', message: 'x' }, { retryable: true }))
    const handle = handlerOf({ open: OPEN, resolver })
    const document = plainBadge(signer.did, {
      ...revocable,
      proof: undefined as never,
      validUntil: '2025-01-01T00:00:00Z'
    })
    const old = await signer.sign(JSON.parse(JSON.stringify(document)))
    expect(await verify(old, {}, handle)).toMatchObject({ status: 400, body: { title: 'EXPIRED' } })
  })

  it('waits no longer than it is told, and says that it may do better later', async () => {
    const resolver: Resolver = { resolve: () => new Promise(() => {}) }
    const handle = handlerOf({ open: OPEN, resolver, verify: { resolveTimeout: 0.02 } })
    const answer = await verify(revocable, {}, handle)
    expect(answer).toMatchObject({ status: 503, body: { title: 'UNAVAILABLE', verified: false } })
    expect(answer.headers.get('retry-after')).toBe('10')
  })

  it('71: never answers with a yes where a dependency of a check throws', async () => {
    const resolver: Resolver = {
      resolve: () => {
        throw new Error('chaos')
      }
    }
    const trust = [{ name: 'Partners', knows: () => Promise.reject(new Error('chaos')) }]
    const suites = [{ ...eddsaRdfc2022, verifyProof: () => Promise.reject(new Error('chaos')) }]
    const policy = { name: 'all', advisory: [] } as const
    expect((await verify(revocable, {}, handlerOf({ open: OPEN, resolver }))).status).toBe(503)
    expect((await verify(badge, {}, handlerOf({ open: OPEN, verify: { trust, policy } }))).status).toBe(503)
    expect(await verify(badge, {}, handlerOf({ open: OPEN, verify: { suites } }))).toMatchObject({
      status: 500,
      body: { title: 'INTERNAL_ERROR' }
    })
  })
})

describe('POST /presentations/verify', () => {
  const asked = { challenge: 'c-1', domain: 'jobs.example' }

  it('answers with 200 for the challenge and domain that were asked, with a result for each credential', async () => {
    const shown = await holder.present(presentationOf(holder.did, badge))
    const { status, body } = await present(shown, { ...asked, returnPresentation: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ verified: true, holder: holder.did, results: { credentials: [{ verified: true }] } })
    expect(body.results.credentials[0].checks).toHaveLength(16)
    expect(body.verifiablePresentation.holder).toBe(holder.did)
    expect((await present(shown, asked)).body.verifiablePresentation).toBeUndefined()
  })

  it('73: takes no other challenge or domain, and none that nobody asked for', async () => {
    const shown = await holder.present(presentationOf(holder.did, badge))
    expect((await present(shown)).body.title).toBe('DOMAIN_NOT_ASKED')
    expect((await present(shown, { challenge: 'c-1' })).body.title).toBe('DOMAIN_NOT_ASKED')
    expect((await present(shown, { ...asked, challenge: 'c-2' })).body.title).toBe('CHALLENGE_MISMATCH')
    for (const domain of ['jobs.example.evil', 'example', ['jobs.example', 'other.example']])
      expect((await present(shown, { ...asked, domain })).body.title).toBe('DOMAIN_MISMATCH')
  })

  it('73: holds to a challenge and domain that are stated, whatever the list of checks says', async () => {
    const shown = await holder.present(presentationOf(holder.did, badge))
    expect((await present(shown, { checks: ['proof'] })).status).toBe(200)
    expect((await present(shown, { checks: ['proof'], challenge: 'c-2' })).status).toBe(400)
    const policy = {
      name: 'none',
      advisory: ['challenge', 'domain', 'holderBinding', 'credentialSchema', 'refresh', 'trust']
    } as const
    const lax = handlerOf({ open: OPEN, verify: { policy } })
    expect((await present(shown, {}, lax)).status).toBe(200)
    expect((await present(shown, { challenge: 'c-2' }, lax)).body.title).toBe('CHALLENGE_MISMATCH')
  })

  it('72: counts once where challenges were given out', async () => {
    const challenges = createMemoryChallengeStore({ clock: () => NOW })
    const handle = handlerOf({ open: OPEN, challenges })
    const challenge = challenges.give()
    const shown = await holder.present(presentationOf(holder.did, badge), { challenge })
    const both = await Promise.all([1, 2].map(() => present(shown, { domain: 'jobs.example' }, handle)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    const broken = handlerOf({ open: OPEN, challenges: { take: () => Promise.reject(new Error('db')) } })
    expect((await present(shown, { domain: 'jobs.example' }, broken)).status).toBe(503)
  })

  it('75: is no better than the worst credential in it, and names what is wrong with that', async () => {
    const forged = { ...editable(badge), name: 'x' }
    const shown = await holder.present(presentationOf(holder.did, badge, forged))
    for (const options of [asked, { ...asked, checks: ['proof'] }]) {
      const { status, body } = await present(shown, options)
      expect(status).toBe(400)
      expect(body.title).toBe('SIGNATURE_INVALID')
      expect(body.results.credentials.map(({ verified }: { verified: boolean }) => verified)).toEqual([true, false])
    }
  })

  it('74: says whether the credentials are about the holder', async () => {
    const shown = await holder.present(presentationOf(holder.did, badge))
    const { body } = await present(shown, asked)
    expect(body.checks.at(-1)).toMatchObject({ id: 'holderBinding', code: 'HOLDER_IS_NOT_SUBJECT' })
    expect((await present(shown, { ...asked, checks: ['holderBinding'] })).body.title).toBe('HOLDER_IS_NOT_SUBJECT')
  })

  it('cannot find out about a credential in it, and says so', async () => {
    const error = new ResolutionError({ code: 'RESOLUTION_FAILED', message: 'x' }, { retryable: true })
    const handle = handlerOf({ open: OPEN, resolver: { resolve: () => Promise.reject(error) } })
    const shown = await holder.present(presentationOf(holder.did, revocable))
    expect((await present(shown, asked, handle)).status).toBe(503)
    expect((await present(shown, asked)).status).toBe(400)
  })

  it('takes a presentation without credentials, which the data model allows', async () => {
    const { status, body } = await present(await holder.present(presentationOf(holder.did)), asked)
    expect(status).toBe(200)
    expect(body).toMatchObject({ verified: true, holder: holder.did, results: { credentials: [] } })
    expect(body.checks.find(({ id }: { id: string }) => id === 'credentials').code).toBe('CREDENTIALS_NOT_NEEDED')
  })

  it('does not take a presentation that nobody signed', async () => {
    const unsigned = presentationOf(holder.did, badge)
    expect((await present(unsigned, asked)).body.title).toBe('PROOF_MISSING')
    const answer = await post(open, '/presentations/verify', { presentation: unsigned })
    expect(answer).toMatchObject({ status: 400, body: { title: 'REQUEST_INVALID' } })
  })
})
