import { beforeAll, describe, expect, it } from 'vitest'
import { KeyError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeMultibase } from '../../src/encoding/multibase.js'
import {
  bakeSvg,
  type Check,
  createKeyCache,
  eddsaRdfc2022,
  type KeyCache,
  type Report,
  type VerifyOptions,
  verify,
  verifyPresentation
} from '../../src/index.js'
import { createContextSet } from '../../src/model/contexts.js'
import { danish } from '../../src/model/words/da.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { inWords } from '../../src/verify.js'
import { checkEndorsements } from '../../src/verifying/endorsements.js'
import { settle } from '../../src/verifying/options.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, ecdsaSigner, testJwtSigner } from '../support/jwt.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, serve, signedList } from '../support/status.js'

const BADGE = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
const ENDORSEMENT = 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e'

let issuer: TestSigner
let mentor: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
  mentor = await testSigner('mentor')
})

function find({ checks }: { readonly checks: readonly Check[] }, id: string): Check | undefined {
  return checks.find((one) => one.id === id)
}

describe('the facts of endorsements', () => {
  const endorsement = (about: string, more: JsonObject = {}): JsonObject => ({
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: ENDORSEMENT,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer: { id: mentor.did, type: ['Profile'] },
    validFrom: '2024-01-01T00:00:00Z',
    name: 'Endorsement',
    credentialSubject: { id: about, type: ['EndorsementSubject'] },
    ...more
  })
  const of = (document: JsonObject, options: VerifyOptions = {}) =>
    checkEndorsements(document, settle({ now: NOW, ...options }))
  const codes = ({ facts }: { readonly facts: readonly { readonly code: string }[] }) => facts.map(({ code }) => code)

  it('say where it stands, whose it is and about what, and that it counts now', async () => {
    const good = await mentor.sign(endorsement(BADGE))
    const answer = await of({ id: BADGE, endorsement: [good] })
    expect(answer).toEqual({
      checks: [
        expect.objectContaining({ code: 'ENDORSEMENTS_VERIFIED', facts: { count: '1' } }),
        expect.objectContaining({ code: 'ENDORSEMENTS_VALID_NOW' })
      ],
      facts: [
        {
          path: '/endorsement/0',
          id: ENDORSEMENT,
          issuer: mentor.did,
          about: BADGE,
          outcome: 'pass',
          code: 'ENDORSEMENTS_VERIFIED',
          validNow: true
        }
      ],
      warnings: []
    })
    expect(await of({ id: BADGE })).toMatchObject({
      checks: [{ code: 'ENDORSEMENTS_NONE' }, { code: 'ENDORSEMENT_DATES_NONE' }],
      facts: []
    })
  })

  it('are found in lists and objects, each about what carries it or is around it', async () => {
    const good = await mentor.sign(endorsement(BADGE))
    const answer = await of({ id: 'urn:uuid:2', a: [{ id: 'urn:uuid:3' }, { id: BADGE, b: [{ endorsement: good }] }] })
    expect(answer.facts).toMatchObject([{ path: '/a/1/b/0/endorsement/0', code: 'ENDORSEMENTS_VERIFIED' }])
  })

  it('76: of one about something else say so, and about what', async () => {
    const other = await mentor.sign(endorsement('urn:uuid:other'))
    for (const document of [{ endorsement: other }, { id: BADGE, endorsement: other }]) {
      const answer = await of(document)
      expect(answer.checks[0]).toMatchObject({
        code: 'ENDORSEMENT_TARGET_MISMATCH',
        facts: { path: '/endorsement/0', reason: '' }
      })
      expect(answer.facts).toMatchObject([{ outcome: 'fail', about: 'urn:uuid:other', issuer: mentor.did }])
    }
  })

  it('76: of one that cannot be read, or does not verify, hold nothing that it says', async () => {
    const forged = { ...(await mentor.sign(endorsement(BADGE))), name: 'Other' }
    for (const [bad, reason] of [
      ['x', /./],
      [5, /./],
      [forged, /changed/]
    ] as const) {
      const answer = await of({ id: BADGE, endorsement: bad as never })
      expect(answer.checks[0]).toMatchObject({ code: 'ENDORSEMENT_INVALID', outcome: 'fail' })
      expect(answer.checks[0].facts).toEqual({ path: '/endorsement/0', reason: expect.stringMatching(reason) })
      expect(answer.checks[1]).toMatchObject({ code: 'ENDORSEMENT_DATES_NONE' })
      expect(answer.facts).toEqual([
        {
          path: '/endorsement/0',
          id: undefined,
          issuer: undefined,
          about: undefined,
          outcome: 'fail',
          code: 'ENDORSEMENT_INVALID',
          validNow: undefined
        }
      ])
    }
  })

  it('of one whose key cannot be had leave it open', async () => {
    const unknown = await mentor.sign(endorsement(BADGE, { issuer: { id: 'did:web:m.example', type: ['Profile'] } }), {
      verificationMethod: 'did:web:m.example#key-1'
    })
    expect((await of({ id: BADGE, endorsement: unknown })).checks[0]).toMatchObject({
      code: 'ENDORSEMENT_UNDECIDED',
      outcome: 'unknown',
      facts: { reason: expect.stringMatching(/resolver/) }
    })
  })

  it('of one outside its period say so, and the period of the others does not hide it', async () => {
    const over = await mentor.sign(endorsement(BADGE, { validUntil: '2025-01-01T00:00:00Z' }))
    const good = await mentor.sign(endorsement(BADGE))
    const answer = await of({ id: BADGE, endorsement: [good, over] })
    expect(answer.checks).toMatchObject([
      { code: 'ENDORSEMENTS_VERIFIED', facts: { count: '2' } },
      {
        code: 'ENDORSEMENT_NOT_VALID_NOW',
        facts: { path: '/endorsement/1', reason: expect.stringContaining('2025-01-01T00:00:00Z') }
      }
    ])
    expect(answer.facts.map(({ validNow }) => validNow)).toEqual([true, false])
  })

  it('of one that was revoked, or whose status is open, say so', async () => {
    const listed = await mentor.sign(endorsement(BADGE, { credentialStatus: entry() }))
    const document = { id: BADGE, endorsement: [listed] }
    const revoked = await of(document, { resolver: serve(await signedList(mentor, { bits: [5] })) })
    expect(revoked.checks[0]).toMatchObject({ code: 'ENDORSEMENT_INVALID', outcome: 'fail' })
    expect(revoked.checks[0].facts['reason']).toMatch(/revoked/i)
    const open = await of(document)
    expect(open.checks[0]).toMatchObject({ code: 'ENDORSEMENT_UNDECIDED', outcome: 'unknown' })
    const good = await of(document, { resolver: serve(await signedList(mentor)) })
    expect(codes(good)).toEqual(['ENDORSEMENTS_VERIFIED'])
    const foreign = await of(document, { resolver: serve(await signedList(issuer)) })
    expect(codes(foreign)).toEqual(['ENDORSEMENT_UNDECIDED'])
    const tracked = await mentor.sign(
      endorsement(BADGE, { credentialStatus: entry({ statusListCredential: `${LIST}?x` }) })
    )
    expect((await of({ id: BADGE, endorsement: [tracked] })).warnings).toMatchObject([{ code: 'STATUS_URL_TRACKABLE' }])
  })

  it('77: of more than there is room for are open, and the last that there is room for is not', async () => {
    const good = await mentor.sign(endorsement(BADGE))
    const answer = async (count: number, endorsements: number) => {
      const settings = settle({ now: NOW })
      settings.room.endorsements = endorsements
      const found = await checkEndorsements({ id: BADGE, endorsement: Array(count).fill(good) }, settings)
      return [codes(found).filter((code) => code === 'ENDORSEMENTS_VERIFIED').length, found.checks[0].facts['reason']]
    }
    expect(await answer(2, 2)).toEqual([2, undefined])
    expect(await answer(3, 2)).toEqual([2, 'there are too many in all'])
    expect(await answer(32, 96)).toEqual([32, undefined])
    expect(await answer(33, 96)).toEqual([0, 'there are more than 32'])
  })
})

describe('the report of a presentation', () => {
  const binding = { challenge: 'c-1', domain: 'jobs.example' }

  it('that cannot be read is whole, and says why', async () => {
    const report = await verifyPresentation('{', { now: NOW })
    expect(report).toMatchObject({
      accepted: false,
      policy: 'default',
      warnings: [],
      holder: undefined,
      presentation: undefined,
      credentials: [],
      proofs: [],
      verifiedAt: '2026-06-01T12:00:00.000Z'
    })
    expect(report.checks[0]).toMatchObject({ id: 'input', outcome: 'fail', code: 'JSON_SYNTAX' })
  })

  it('says in which form it came, and who holds it', async () => {
    const holder = await testHolder()
    const presentation = await holder.present(presentationOf(holder.did))
    const report = await verifyPresentation(presentation, { now: NOW, ...binding })
    expect(find(report, 'input')).toMatchObject({ code: 'INPUT_READ', facts: { form: 'JSON' } })
    expect(find(report, 'holder')).toMatchObject({ code: 'HOLDER_BOUND', facts: { holder: holder.did } })
    const jwt = await testJwtSigner('holder')
    const token = await jwt.sign(
      { ...presentationOf(jwt.did), nonce: 'c-1', aud: 'jobs.example' },
      { alg: 'EdDSA', kid: jwt.kid, typ: 'vp+jwt' }
    )
    const read = await verifyPresentation(token, { now: NOW, ...binding })
    expect(find(read, 'input')).toMatchObject({ facts: { form: 'a JWT' } })
    expect(find(read, 'holder')).toMatchObject({ code: 'HOLDER_BOUND', facts: { holder: jwt.did } })
    expect(read.proofs).toMatchObject([{ type: 'vp+jwt', holds: true }])
  })

  it.each([
    ['HOLDER_KEY_UNRESOLVED', 'did:web:holder.example', 'did:web:holder.example#key-1'],
    ['HOLDER_KEY_MISMATCH', 'did:web:holder.example', undefined],
    ['HOLDER_KEY_INVALID', 'did:key:zABC', 'did:key:zABC#zABC']
  ])('says %s where the key is not that of the holder', async (code, holder, verificationMethod) => {
    const signer = await testHolder()
    const more = verificationMethod === undefined ? {} : { verificationMethod }
    const presentation = await signer.present(presentationOf(holder), more)
    const report = await verifyPresentation(presentation, { now: NOW, ...binding })
    expect(find(report, 'holder')).toMatchObject({ code, facts: { reason: expect.stringMatching(/./) } })
    expect(report).toMatchObject({ accepted: false, holder: undefined, credentials: [] })
  })
})

describe('the facts of a token', () => {
  const signer = ecdsaSigner('issuer')
  const claims = badgeClaims(signer.did, { iat: NOW.getTime() / 1000 - 10 })
  const report = async (token: string, options: VerifyOptions = {}): Promise<Report> =>
    (await verify(token, { now: NOW, ...options })) as Report
  const cacheOf = (check: () => Promise<unknown>): KeyCache => ({
    importKey: async (material) => ({ ...(await createKeyCache().importKey(material)), verify: check as never })
  })

  it('are its form, its algorithm, its key, its time and that it holds', async () => {
    const good = await report(await signer.sign(claims))
    expect(good.proofs).toEqual([
      {
        type: 'JWT',
        cryptosuite: undefined,
        verificationMethod: undefined,
        created: '2026-06-01T11:59:50Z',
        checked: true,
        keyFrom: good.proofs[0]?.keyFrom,
        algorithm: 'ES256',
        kid: signer.kid,
        holds: true
      }
    ])
    expect(find(good, 'issuer')).toMatchObject({ code: 'ISSUER_BOUND', facts: { issuer: signer.did } })
    expect(find(good, 'proof')).toMatchObject({ code: 'PROOF_VALID', facts: { suites: 'ES256' } })
  })

  it('110: name the algorithm and those that the key has', async () => {
    const other = await report(await signer.sign(claims, { ...signer.header, alg: 'ES384' }))
    expect(find(other, 'proof')).toMatchObject({
      code: 'JWT_ALGORITHM_MISMATCH',
      facts: { alg: 'ES384', expected: 'ES256' }
    })
  })

  it('say that a key cannot be used here, that it broke, or that nobody has it', async () => {
    const token = await signer.sign(claims)
    const unavailable = await report(token, {
      keyCache: cacheOf(async () => {
        throw new KeyError({ code: 'CRYPTO_UNAVAILABLE', message: 'there is no WebCrypto' })
      })
    })
    expect(find(unavailable, 'proof')).toMatchObject({
      code: 'SIGNATURE_UNCHECKED',
      facts: { reason: expect.stringContaining('there is no WebCrypto') }
    })
    expect(unavailable.proofs[0]).not.toHaveProperty('holds')
    for (const error of [new TypeError('boom'), new KeyError({ code: 'KEY_INVALID', message: 'boom' })]) {
      const broken = await report(token, {
        keyCache: cacheOf(async () => {
          throw error
        })
      })
      expect(find(broken, 'proof')).toMatchObject({ code: 'INTERNAL_ERROR', outcome: 'unknown' })
    }
    const nobody = await report(
      await signer.sign(claims, { alg: 'ES256', kid: 'did:web:nobody.example#1', typ: 'JWT' })
    )
    expect(nobody.proofs).toMatchObject([{ checked: false, keyFrom: undefined, created: '2026-06-01T11:59:50Z' }])
    expect(nobody.proofs[0]).not.toHaveProperty('holds')
  })

  it('113: name a header that was ignored in a line', async () => {
    const name = 'x'.repeat(100)
    const lenient = await report(await signer.sign(claims, { ...signer.header, [name]: 1 }), { lenient: true })
    expect(lenient.warnings).toMatchObject([{ code: 'JWT_HEADER_IGNORED', facts: { header: name.slice(0, 80) } }])
  })

  it('stop at the form of the badge, before any key is looked for', async () => {
    const { achievement: _, ...subject } = claims['credentialSubject'] as JsonObject
    const broken = await report(await signer.sign({ ...claims, credentialSubject: subject }))
    expect(find(broken, 'schema')).toMatchObject({
      code: 'SCHEMA_INVALID',
      facts: { reason: expect.stringMatching(/achievement/) }
    })
    expect(broken.proofs).toEqual([])
    expect(find(broken, 'issuer')?.code).toBe('NOT_REACHED')
  })

  it('118: have to be complete in an endorsement too', async () => {
    const jwt = await testJwtSigner('mentor')
    const endorsement = {
      '@context': plainBadge('')['@context'] as string[],
      id: ENDORSEMENT,
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: jwt.did, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      name: 'Endorsement',
      credentialSubject: { id: BADGE, type: ['EndorsementSubject'] }
    }
    const expecting = { expect: 'EndorsementCredential' } as const
    const whole = { ...endorsement, iss: jwt.did, jti: ENDORSEMENT, nbf: 1_704_067_200, sub: BADGE }
    expect((await report(await jwt.sign(whole, jwt.header), expecting)).accepted).toBe(true)
    const bare = await report(await jwt.sign(endorsement, jwt.header), expecting)
    expect(bare.checks.map(({ code }) => code)).toContain('JWT_CLAIM_MISSING')
  })

  it('say who holds a presentation that names no holder: iss, or whose key it is', async () => {
    const jwt = await testJwtSigner('holder')
    const sign = (more: JsonObject, header: JsonObject) =>
      jwt.sign({ ...presentationOf(undefined), nonce: 'c', ...more }, { alg: 'EdDSA', typ: 'vp+jwt', ...header })
    const holderOf = async (token: string) => (await verifyPresentation(token, { now: NOW })).holder
    expect(await holderOf(await sign({ iss: jwt.did }, { kid: jwt.kid }))).toBe(jwt.did)
    expect(await holderOf(await sign({}, { kid: jwt.kid }))).toBe(jwt.did)
    expect(await holderOf(await sign({ iss: 'did:example:other' }, { kid: jwt.kid }))).toBeUndefined()
  })

  it('name embedded proofs along with it, those that hold and those that nobody looked at', async () => {
    const jwt = await testJwtSigner('issuer')
    const token = async (edit: (proof: JsonObject) => JsonObject) => {
      const badge = await issuer.sign(plainBadge(issuer.did))
      const [proof] = badge['proof'] as readonly [JsonObject]
      const subject = { iss: jwt.did, sub: 'did:example:learner', jti: badge['id'] as string, nbf: 1_704_067_200 }
      return jwt.sign({ ...badge, proof: [edit(proof)], ...subject }, jwt.header)
    }
    const both = await report(await token((proof) => proof))
    expect([both.accepted, find(both, 'proof')?.facts]).toEqual([true, { suites: 'EdDSA, eddsa-rdfc-2022' }])
    expect(both.proofs.map(({ checked }) => checked)).toEqual([true, true])
    const unknown = await report(await token((proof) => ({ ...proof, cryptosuite: 'other-2030' })))
    expect([unknown.accepted, unknown.proofs.map(({ checked }) => checked)]).toEqual([true, [true, false]])
    expect(unknown.warnings).toMatchObject([{ code: 'PROOF_UNCHECKED', facts: { suite: 'other-2030' } }])
    const typed = await report(await token(({ cryptosuite: _, ...proof }) => ({ ...proof, type: 'Other2030' })))
    expect(typed.warnings).toMatchObject([{ code: 'PROOF_UNCHECKED', facts: { suite: 'Other2030' } }])
    const bad = await report(await token((proof) => ({ ...proof, created: '2024-06-02T00:00:00Z' })))
    expect(find(bad, 'proof')?.code).toBe('SIGNATURE_INVALID')
    expect([bad.accepted, bad.credential]).toEqual([false, undefined])
  })
})

describe('the report of a badge', () => {
  it('that cannot be read is whole', async () => {
    expect(await verify('{', { now: NOW })).toMatchObject({
      accepted: false,
      policy: 'default',
      warnings: [],
      credential: undefined,
      proofs: [],
      status: [],
      endorsements: [],
      verifiedAt: '2026-06-01T12:00:00.000Z'
    })
  })

  it('names what was read, whose key it was and how it was signed', async () => {
    const badge = await issuer.sign(plainBadge(issuer.did))
    const forms = [badge, JSON.stringify(badge), new TextEncoder().encode(JSON.stringify(badge))]
    const reports = await Promise.all(forms.map((one) => verify(one, { now: NOW })))
    expect(reports.map((one) => find(one, 'input')?.facts['form'])).toEqual(['an object', 'JSON text', 'JSON bytes'])
    const [report] = reports as unknown as [Report]
    expect(find(report, 'issuer')?.facts).toEqual({ issuer: issuer.did })
    expect(find(report, 'proof')?.facts).toEqual({ suites: 'eddsa-rdfc-2022' })
    const twice = await verify(
      { ...badge, proof: [badge['proof'], badge['proof']].flat() as JsonObject[] },
      { now: NOW }
    )
    expect(find(twice, 'proof')?.facts).toEqual({ suites: 'eddsa-rdfc-2022, eddsa-rdfc-2022' })
  })

  it('tells of the order of UTF-16, of what has no meaning, and of what is hidden', async () => {
    const subject = plainBadge(issuer.did)['credentialSubject'] as { readonly achievement: JsonObject }
    const tagged = { ...subject, achievement: { ...subject.achievement, tag: ['\u{1f600}', '\uff5e'] } }
    const document = plainBadge(issuer.did, { credentialSubject: tagged })
    const secured = await expandUnsecured(document, createContextSet())
    const options = { created: '2024-06-01T00:00:00Z', verificationMethod: issuer.verificationMethod }
    const proof = (await eddsaRdfc2022.createProof?.(secured, options, issuer.signer)) as JsonObject
    const { utf16 } = await eddsaRdfc2022.hash(secured, proof, 'Ed25519')
    const proofValue = encodeMultibase('base58btc', await issuer.signer.sign(utf16 as Uint8Array))
    const other = await verify({ ...document, proof: { ...proof, proofValue } }, { now: NOW })
    expect([other.accepted, other.warnings.map(({ code }) => code)]).toEqual([true, ['UTF16_ORDER']])
    const usual = await verify({ ...document, proof }, { now: NOW })
    expect([usual.accepted, usual.warnings]).toEqual([true, []])
    const undefinedTerm = await verify({ ...(await issuer.sign(plainBadge(issuer.did))), grade: 'A' }, { now: NOW })
    expect(find(undefinedTerm, 'document')).toMatchObject({
      code: 'UNDEFINED_TERM',
      facts: { reason: expect.stringContaining('grade') }
    })
  })

  it('tells of an image and of warnings, in any language, and refuses an image that is too long', async () => {
    const badge = await issuer.sign(plainBadge(issuer.did))
    const image = bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', JSON.stringify(badge))
    const read = await verify(image, { now: NOW })
    expect(find(read, 'input')?.facts['form']).toBe('a baked SVG, whose picture is not signed')
    const long = await verify(image, { now: NOW, limits: { maxImageBytes: 100 } })
    expect(find(long, 'input')).toMatchObject({ code: 'BAKED_LIMIT', outcome: 'fail' })
    const told = inWords(
      await verify({ ...badge, proof: [badge['proof'], { type: 'X' }].flat() as JsonObject[] }, { now: NOW }),
      danish
    )
    expect(told.warnings).toMatchObject([{ code: 'PROOF_UNCHECKED', facts: { suite: 'X' } }])
    expect(told.warnings[0]?.message).toContain('X')
    expect(told.checks.find(({ id }) => id === 'issuer')?.message).toContain(issuer.did)
  })

  it('says why a key does not fit, cannot be used here, or broke', async () => {
    const badge = await issuer.sign(plainBadge(issuer.did))
    const other = await testSigner('issuer', 'P-256')
    const foreign = await issuer.sign(plainBadge(other.did), { verificationMethod: other.verificationMethod })
    expect(find(await verify(foreign, { now: NOW }), 'issuer')).toMatchObject({
      code: 'ISSUER_KEY_INVALID',
      facts: { reason: 'eddsa-rdfc-2022 does not sign with P-256' }
    })
    const failing = (error: Error): VerifyOptions => ({
      now: NOW,
      keyCache: {
        importKey: async () => {
          throw error
        }
      }
    })
    const unavailable = new KeyError({ code: 'CRYPTO_UNAVAILABLE', message: 'there is no WebCrypto' })
    expect((await verify(badge, failing(unavailable))).checks).toContainEqual(
      expect.objectContaining({
        code: 'SIGNATURE_UNCHECKED',
        facts: { reason: expect.stringContaining('there is no WebCrypto') }
      })
    )
    expect(find(await verify(badge, failing(new TypeError('boom'))), 'issuer')).toMatchObject({
      code: 'INTERNAL_ERROR',
      outcome: 'unknown'
    })
  })
})
