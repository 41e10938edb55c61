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
