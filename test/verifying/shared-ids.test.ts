import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { codesOf, noNetwork } from '../support/jwt-refusal.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

let issuer: TestSigner
let mallory: TestSigner
let plain: JsonObject
let expired: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
  plain = await issuer.sign(plainBadge(issuer.did))
  expired = await issuer.sign(plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' }))
})

async function refused(document: unknown): Promise<readonly string[]> {
  const report = await verify(document as JsonObject, noNetwork)
  expect(report.accepted).toBe(false)
  return codesOf(report)
}

describe('one id in several places', () => {
  it('42: refuses a value or a thing that a list mentions twice', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const achievement = { ...(subject['achievement'] as JsonObject), tag: ['maths', 'algebra'] }
    const signed = await issuer.sign({
      ...badge,
      credentialSubject: { ...subject, achievement },
      evidence: [{ id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam', genre: 'WorkProduct' }]
    })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const twice = editable(signed)
    twice.credentialSubject.achievement.tag.push('maths')
    expect(await refused(twice)).toContain('DUPLICATE_VALUE')
    const split = editable(signed)
    split.evidence = [
      { id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam' },
      { id: 'urn:uuid:1', type: ['Evidence'], genre: 'WorkProduct' }
    ]
    expect(await refused(split)).toContain('DUPLICATE_VALUE')
  })

  it('42: refuses a number with more digits than its signed form keeps', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const signed = await issuer.sign({ ...badge, credentialSubject: { ...subject, creditsEarned: 2.123456789012345 } })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const finer = editable(signed)
    finer.credentialSubject.creditsEarned = Number('2.1234567890123454')
    expect(await refused(finer)).toContain('NUMBER_NOT_EXACT')
  })

  it('42: refuses members that were moved to another object with the id of the credential', async () => {
    const badge = plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' })
    const id = badge['id'] as string
    const signed = await issuer.sign({
      ...badge,
      '@context': [...(badge['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'],
      refreshService: { id, type: '1EdTechCredentialRefresh' }
    })
    expect(await refused(signed)).toEqual(['REFRESH_NOT_ATTEMPTED', 'EXPIRED'])
    const moved = editable(signed)
    moved.type.push('1EdTechCredentialRefresh')
    moved.refreshService = { id, type: 'VerifiableCredential', validUntil: moved.validUntil }
    delete moved.validUntil
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
    const untyped = editable(signed)
    untyped.refreshService.validUntil = untyped.validUntil
    delete untyped.validUntil
    expect(await refused(untyped)).toContain('ID_AMBIGUOUS')
  })

  it('42: refuses members that were moved to evidence, related achievements or a reference with the same id', async () => {
    const id = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
    for (const member of ['evidence', 'termsOfUse', 'relatedResource', 'credentialSchema']) {
      const moved = {
        ...expired,
        [member]: [{ id, type: ['VerifiableCredential'], validUntil: expired['validUntil'] }],
        validUntil: undefined
      }
      const { validUntil: _, ...rest } = moved
      expect(await refused(rest)).toContain('ID_AMBIGUOUS')
    }
  })

  it('42: accepts criteria with the id of their achievement, between which nothing can be moved', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const achievement = subject['achievement'] as JsonObject
    const criteria = { id: achievement['id'] as string, narrative: 'Exam' }
    const signed = await issuer.sign({
      ...badge,
      credentialSubject: { ...subject, achievement: { ...achievement, tag: ['a'], criteria } }
    })
    const report = await verify(signed as never, noNetwork)
    expect([report.accepted, report.warnings]).toEqual([true, []])
    const moved = editable(signed)
    moved.credentialSubject.achievement.criteria.type = 'Achievement'
    moved.credentialSubject.achievement.criteria.tag = moved.credentialSubject.achievement.tag
    delete moved.credentialSubject.achievement.tag
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('42: does not compare a thing that is described everywhere with itself over and over', async () => {
    const children = Object.fromEntries(
      Array.from({ length: 1900 }, (_, index) => [`m${index}`, { id: plain['id'], type: `T${index}` }])
    )
    expect(await refused({ ...plain, ...children })).toContain('ID_AMBIGUOUS')
  })

  it('42: refuses members that were moved into or out of an endorsement with the same id', async () => {
    const badge = plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' })
    const endorsement = await mallory.sign({
      '@context': badge['@context'] as string[],
      id: badge['id'] as string,
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: mallory.did, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      validUntil: '2025-01-01T00:00:00Z',
      name: 'Endorsement',
      credentialSubject: { id: badge['id'] as string, type: ['EndorsementSubject'] }
    })
    const moved = editable(await issuer.sign({ ...badge, endorsement: [endorsement] }))
    delete moved.validUntil
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('42: refuses members of an issuer that were moved to the subject with the same id', async () => {
    const self = plainBadge(issuer.did)
    const subject = { ...(self['credentialSubject'] as JsonObject), id: issuer.did }
    const signed = await issuer.sign({ ...self, credentialSubject: subject })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const moved = editable(signed)
    moved.credentialSubject.type.push('Profile')
    moved.credentialSubject.name = moved.issuer.name
    moved.issuer = issuer.did
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('42: accepts a refresh service with the id of the credential, in both data models, and related resources', async () => {
    const first = plainBadge(issuer.did)
    const { validFrom: _, ...unstarted } = first
    const extensions = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
    const refreshService = { id: first['id'] as string, type: '1EdTechCredentialRefresh' }
    const image = { id: 'https://academy.example/badge.png', type: 'Image' }
    const relatedResource = [{ id: image.id, digestSRI: `sha384-${'A'.repeat(64)}` }]
    const badges = [
      {
        ...first,
        '@context': [...(first['@context'] as string[]), extensions],
        refreshService,
        image,
        relatedResource
      },
      {
        ...unstarted,
        '@context': [
          'https://www.w3.org/2018/credentials/v1',
          'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
          'https://w3id.org/security/data-integrity/v2',
          extensions
        ],
        issuanceDate: '2024-01-01T00:00:00Z',
        refreshService
      }
    ]
    for (const badge of badges)
      expect((await verify((await issuer.sign(badge)) as never, noNetwork)).accepted).toBe(true)
  })

  it('42: says so where two places describe one thing differently', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const creator = { id: issuer.did, type: ['Profile'], url: 'https://university.example' }
    const achievement = { ...(subject['achievement'] as JsonObject), creator }
    const signed = await issuer.sign({ ...badge, credentialSubject: { ...subject, achievement } })
    const report = await verify(signed as never, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['SHARED_ID'])
    expect((await verify(plain, noNetwork)).warnings).toEqual([])
  })
})
