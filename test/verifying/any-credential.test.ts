import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, type Report, type VerifyOptions, verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const VOCAB = { '@context': { '@vocab': 'https://vocab.example/#' } }
const contexts = [{ url: 'https://vocab.example/v1', document: VOCAB, sha256: contextDigest(VOCAB) }]
const any = { now: NOW, expect: 'VerifiableCredential', contexts } as const
const codes = (report: Pick<Report, 'checks'>) =>
  report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable').map(({ code }) => code)

let issuer: TestSigner
let plain: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  plain = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1'],
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000009',
    type: ['VerifiableCredential', 'LibraryCard'],
    issuer: issuer.did,
    validFrom: '2024-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:reader', shelf: 'fiction' }
  }
})

describe('a credential that is no badge', () => {
  it('is accepted only where any credential is expected, and its badge checks do not apply', async () => {
    const signed = await issuer.sign(plain, { contexts })
    const report = await verify(signed, any)
    expect(codes(report)).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.checks.filter(({ code }) => code === 'NOT_A_BADGE').map(({ id }) => id)).toEqual([
      'results',
      'endorsements',
      'endorsementDates'
    ])
    expect(codes(await verify(signed, { now: NOW }))).toContain('CONTEXT_NOT_ALLOWED')
  })

  it('keeps its dates in sight, whatever name a context gives them', async () => {
    const alias = { '@context': { until: 'https://www.w3.org/2018/credentials#validUntil' } }
    const extra = [...contexts, { url: 'https://alias.example/v1', document: alias, sha256: contextDigest(alias) }]
    const signed = await issuer.sign({ ...plain, validUntil: '2025-01-01T00:00:00Z' }, { contexts: extra })
    expect(codes(await verify(signed, any))).toEqual(['EXPIRED'])
    const { validUntil, ...rest } = editable(signed)
    const hidden = {
      ...rest,
      '@context': [...rest['@context'], 'https://alias.example/v1'],
      until: { '@value': validUntil }
    }
    expect(codes(await verify(hidden, { ...any, contexts: extra }))).toContain('MEMBER_HIDDEN')
  })

  it('has inline contexts only where the caller admits them, and protected terms hold', async () => {
    const inline = (context: JsonObject) => ({ ...plain, '@context': [...(plain['@context'] as string[]), context] })
    const good = await issuer.sign(inline({ shelf: 'https://terms.example/#shelf' }), { contexts })
    expect(codes(await verify(good, any))).toContain('CONTEXT_NOT_ALLOWED')
    expect((await verify(good, { ...any, inlineContexts: true })).accepted).toBe(true)
    const bad = {
      ...editable(good),
      '@context': [...(plain['@context'] as string[]), { name: 'https://x.example/#n' }]
    }
    expect(codes(await verify(bad, { ...any, inlineContexts: true }))).toContain('DOCUMENT_NOT_CANONICAL')
    await expect(verify(good, { inlineContexts: true } as VerifyOptions)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'inlineContexts'
    })
  })

  describe('with inline contexts, which nobody signs', () => {
    const V2 = 'https://www.w3.org/ns/credentials/v2'
    const CREDENTIALS = 'https://www.w3.org/2018/credentials#'
    const DATE_TIME = 'http://www.w3.org/2001/XMLSchema#dateTime'
    const end = { '@id': `${CREDENTIALS}validUntil`, '@type': DATE_TIME }
    const inline = { ...any, inlineContexts: true }
    const card = (more: JsonObject = {}): JsonObject => ({
      '@context': [V2],
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000009',
      type: ['VerifiableCredential'],
      issuer: issuer.did,
      validUntil: '2025-01-01T00:00:00Z',
      credentialSubject: { id: 'mailto:kari@example.org', name: 'Kari' },
      ...more
    })

    it.each<[string, JsonObject, (subject: JsonObject, moved: JsonObject) => JsonObject]>([
      [
        '21: behind an alias',
        { until: end },
        (subject, { end }) => ({ credentialSubject: subject, until: end as never })
      ],
      [
        '17: behind an alias of @nest',
        { nest: '@nest', until: end },
        (subject, { end }) => ({ credentialSubject: subject, nest: { until: end as never } })
      ],
      [
        '28: beside the credential, behind an alias of @included',
        { beside: '@included', name2: '@id', until: end },
        (subject, { id, end }) => ({
          credentialSubject: subject,
          beside: [{ name2: id as never, until: end as never }]
        })
      ],
      [
        '28: inside the subject, behind an alias of @included',
        { beside: '@included', name2: '@id', until: end },
        (subject, { id, end }) => ({
          credentialSubject: { ...subject, beside: [{ name2: id as never, until: end as never }] }
        })
      ]
    ])('%s, no end of validity is put out of sight', async (_, context, move) => {
      const signed = editable(await issuer.sign(card()))
      expect(codes(await verify(signed, inline))).toEqual(['EXPIRED'])
      const { validUntil, credentialSubject, ...rest } = signed
      const moved = { ...rest, ...move(credentialSubject, { id: rest.id, end: validUntil }), '@context': [V2, context] }
      expect(codes(await verify(moved, inline))).toContain('MEMBER_HIDDEN')
    })

    it('8: a long context is not worked through for every statement', async () => {
      const shelf = `urn:x:${'k'.repeat(20_000)}`
      const signed = editable(await issuer.sign(card({ validUntil: '2030-01-01T00:00:00Z' })))
      const found = codes(await verify({ ...signed, '@context': [V2, { shelf }] }, inline))
      expect(found).toContain('CONTEXT_NOT_ALLOWED')
    })

    it('29: no status entry is moved to where it points back from', async () => {
      const entry = { id: 'urn:x:1', type: 'https://x.example/#Entry' }
      const signed = editable(await issuer.sign(card({ validUntil: '2030-01-01T00:00:00Z', credentialStatus: entry })))
      const { credentialStatus, ...rest } = signed
      const of = { '@reverse': `${CREDENTIALS}credentialStatus`, '@type': '@id' }
      const moved = {
        ...rest,
        '@context': [V2, { of, beside: '@included' }],
        beside: [{ ...credentialStatus, of: rest.id }]
      }
      expect(codes(await verify(moved, inline))).toContain('MEMBER_HIDDEN')
    })

    it.each<[string, JsonObject, JsonObject]>([
      ['a member', { accredited: '@index' }, { accredited: 'by the state' }],
      ['a member name', { claim: { '@id': `${CREDENTIALS}evidence`, '@container': '@index' } }, {}]
    ])('27: nothing that RDF drops is shown as %s', async (name, context, more) => {
      const shown = { id: 'mailto:kari@example.org', name: 'Kari' }
      const claim = { type: 'https://x.example/#Claim' }
      const subject = name === 'a member' ? shown : { ...shown, claim: { any: claim } }
      const first = name === 'a member' ? {} : { claim: `${CREDENTIALS}evidence` }
      const before = name === 'a member' ? shown : { ...shown, claim }
      const document = card({ '@context': [V2, first], validUntil: '2030-01-01T00:00:00Z', credentialSubject: before })
      const signed = editable(await issuer.sign(document))
      expect((await verify(signed, inline)).accepted).toBe(true)
      const shownMore = { ...signed, '@context': [V2, context], credentialSubject: { ...subject, ...more } }
      expect(codes(await verify(shownMore, inline))).toContain('MEMBER_HIDDEN')
    })

    it('160: the size of a status stays in sight', async () => {
      const entry = {
        id: 'https://x.example/list#5',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '5',
        statusListCredential: 'https://x.example/list',
        statusSize: 2
      }
      const signed = editable(await issuer.sign(card({ validUntil: '2030-01-01T00:00:00Z', credentialStatus: entry })))
      expect(codes(await verify(signed, inline))).toContain('STATUS_ENTRY_MALFORMED')
      const size = {
        '@id': 'https://www.w3.org/ns/credentials/status#statusSize',
        '@type': 'http://www.w3.org/2001/XMLSchema#positiveInteger'
      }
      const { statusSize, ...rest } = signed.credentialStatus
      const moved = { ...signed, '@context': [V2, { size }], credentialStatus: { ...rest, size: statusSize } }
      expect(codes(await verify(moved, inline))).toContain('MEMBER_HIDDEN')
    })

    it('the id of the subject is the one that was signed', async () => {
      const signed = editable(await issuer.sign(card({ validUntil: '2030-01-01T00:00:00Z' })))
      const other = { id: 'acct:kari@example.org', name: 'Kari' }
      const moved = {
        ...signed,
        '@context': [V2, { acct: { '@id': 'mailto:', '@prefix': true } }],
        credentialSubject: other
      }
      const report = await verify(moved, { ...inline, recipient: { id: 'acct:kari@example.org' } })
      expect(codes(report)).toContain('MEMBER_HIDDEN')
    })

    it('64: the end of a proof stays in sight', async () => {
      const { appendProof } = await import('../support/proofs.js')
      const { eddsaRdfc2022 } = await import('../../src/index.js')
      const document = card({ validUntil: '2030-01-01T00:00:00Z' })
      const suite = eddsaRdfc2022 as never
      const signed = editable(await appendProof(document, issuer, { suite, expires: '2025-01-01T00:00:00Z' }))
      expect(codes(await verify(signed, inline))).toContain('PROOF_EXPIRED')
      const until = { '@id': 'https://w3id.org/security#expiration', '@type': DATE_TIME }
      const { expires, ...rest } = signed.proof[0]
      const moved = { ...signed, '@context': [V2, { until }], proof: [{ ...rest, until: expires }] }
      expect(codes(await verify(moved, inline))).toContain('PROOF_MALFORMED')
    })
  })

  it('has one recipient, also where it writes a list of subjects', async () => {
    const reader = { id: 'did:example:reader', shelf: 'fiction' }
    const other = { id: 'did:example:other', shelf: 'fiction' }
    const recipient = { id: reader.id }
    const codeFor = async (credentialSubject: JsonObject | JsonObject[]) => {
      const signed = await issuer.sign({ ...plain, credentialSubject }, { contexts })
      const { checks } = await verify(signed, { ...any, recipient })
      return checks.find(({ id }) => id === 'recipient')?.code
    }
    expect(await codeFor(reader)).toBe('RECIPIENT_MATCHED')
    expect(await codeFor([reader])).toBe('RECIPIENT_MATCHED')
    expect(await codeFor([other])).toBe('RECIPIENT_MISMATCH')
    expect(await codeFor([reader, other])).toBe('RECIPIENT_MISMATCH')
  })

  it.each<[string, JsonObject, string]>([
    ['no issuer', { issuer: undefined as never }, '/issuer'],
    ['an issuer without id', { issuer: { name: 'Library' } }, '/issuer'],
    ['a relative id', { id: 'card' }, '/id'],
    ['a subject that says nothing', { credentialSubject: {} }, '/credentialSubject'],
    ['a text for a subject', { credentialSubject: 'did:example:reader' }, '/credentialSubject'],
    ['a date without time zone', { validFrom: '2024-01-01T00:00:00' }, '/validFrom'],
    ['an end before its start', { validUntil: '2023-01-01T00:00:00Z' }, '/validUntil'],
    ['a status without type', { credentialStatus: { id: 'urn:x:1' } }, '/credentialStatus/type'],
    ['a schema without id', { credentialSchema: [{ type: 'JsonSchema' }] }, '/credentialSchema/0/id'],
    ['evidence that is text', { evidence: ['https://x.example/'] }, '/evidence/0'],
    ['a name that is a number', { name: 7 }, '/name']
  ])('is refused with %s', async (_, change, path) => {
    const document = JSON.parse(JSON.stringify({ ...plain, ...change }))
    const report = await verify({ ...document, proof: { type: 'DataIntegrityProof' } }, any)
    expect(report.accepted).toBe(false)
    const found = report.checks.find(({ id }) => id === 'schema') ?? { faults: [] }
    const shape = report.checks.find(({ code }) => code === 'ID_NOT_ABSOLUTE')
    expect(shape?.message ?? found.faults?.[0]?.path).toContain(path)
  })

  it('may be a badge, of which then nothing more is asked than of others', async () => {
    const badge = await issuer.sign(
      plainBadge(issuer.did, { evidence: [{ type: ['Evidence'], id: 'https://x.example/work', genre: 'WorkProduct' }] })
    )
    expect(codes(await verify(badge, { ...any, contexts: [] }))).toEqual([])
  })

  it('42: has no second place that speaks for the credential', async () => {
    const signed = await issuer.sign(
      { ...plain, validUntil: '2025-01-01T00:00:00Z', credentialSubject: { id: 'did:example:reader', shelf: 'a' } },
      { contexts }
    )
    const { validUntil, ...moved } = editable(signed)
    moved.credentialSubject = [moved.credentialSubject, { id: moved.id, validUntil }]
    expect(codes(await verify(moved, any))).toContain('ID_AMBIGUOUS')
  })
})
