import { beforeAll, describe, expect, it } from 'vitest'
import { bakeSvg } from '../../src/baking/svg.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver, type VerifyOptions } from '../../src/index.js'
import { OB_EXTENSIONS_CONTEXT } from '../../src/model/contexts.js'
import { verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { testJwtSigner } from '../support/jwt.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { badgeWith, serve, unsignedList } from '../support/status.js'

let issuer: TestSigner
let plain: JsonObject
beforeAll(async () => {
  issuer = await testSigner('issuer')
  plain = await issuer.sign(plainBadge(issuer.did))
})

// biome-ignore lint/suspicious/noExplicitAny: cases write anything anywhere.
type Edit = (badge: any) => void

const relaxed: readonly [string, Edit, string][] = [
  [
    '30: @id and @type',
    (badge) => {
      badge['@id'] = badge.id
      badge['@type'] = badge.type
      delete badge.id
      delete badge.type
    },
    '@id'
  ],
  ['32: a value object', (badge) => (badge.name = { '@value': 'Badge' }), 'a value object'],
  ['32: an array of one', (badge) => (badge.name = ['Badge']), 'an array of one'],
  ['32: an array with null', (badge) => (badge.name = ['Badge', null]), 'null in an array'],
  ['33: null', (badge) => (badge.description = null), 'null'],
  ['33: an empty array', (badge) => (badge.evidence = []), 'an empty array'],
  ['33: null inside', (badge) => (badge.credentialSubject.achievement.image = null), 'null'],
  ['a type twice', (badge) => badge.type.push('VerifiableCredential'), 'a type that stands twice']
]

describe('lenient', () => {
  it.each(relaxed)('reads %s, says so, and returns the usual form', async (_, edit, form) => {
    const badge = editable(plain)
    edit(badge)
    expect((await verify(badge, { now: NOW })).accepted).toBe(false)
    const report = await verify(badge, { now: NOW, lenient: true })
    expect(report.accepted).toBe(true)
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ code: 'RELAXED', facts: expect.objectContaining({ form }) })
    )
    const { proof: _proof, ...signed } = plain
    expect(report.credential).toEqual(signed)
  })

  it.each<[string, Edit]>([
    ['null for the end of validity', (badge) => (badge.validUntil = null)],
    ['an array for its start', (badge) => (badge.validFrom = [badge.validFrom])],
    ['an empty status', (badge) => (badge.credentialStatus = [])],
    ['null inside the issuer', (badge) => (badge.issuer.url = null)],
    ['null inside the proof', (badge) => (badge.proof[0].challenge = null)],
    ['a context twice', (badge) => badge['@context'].push(badge['@context'][1])],
    ['two texts for one', (badge) => (badge.name = ['Badge', 'Doctorate'])],
    ['both id and @id', (badge) => (badge['@id'] = 'urn:uuid:other')],
    ['a text with a type of its own', (badge) => (badge.name = { '@value': 'Badge', '@type': 'https://x.example/t' })],
    ['another name', (badge) => (badge.name = ['Doctorate'])],
    [
      'dates behind @nest',
      (badge) => {
        badge['@nest'] = { validFrom: badge.validFrom }
        delete badge.validFrom
      }
    ]
  ])('stays strict about %s', async (_, edit) => {
    const badge = editable(plain)
    edit(badge)
    expect((await verify(badge, { now: NOW, lenient: true })).accepted).toBe(false)
  })

  it('reads a newer copy as it reads the badge', async () => {
    const url = 'https://academy.example/refresh/1'
    const refreshService = { id: url, type: '1EdTechCredentialRefresh' }
    const contexts = [...(plain['@context'] as string[]), OB_EXTENSIONS_CONTEXT]
    const more = { '@context': contexts, refreshService }
    const badge = await issuer.sign(plainBadge(issuer.did, more))
    const copy = editable(await issuer.sign(plainBadge(issuer.did, { ...more, validFrom: '2025-01-01T00:00:00Z' })))
    copy.description = null
    const options = { now: NOW, refresh: true, resolver: createMapResolver({ [url]: copy }) }
    const codeOf = async (lenient: boolean) =>
      (await verify(badge as never, { ...options, lenient })).checks.find(({ id }) => id === 'refresh')?.code
    expect(await codeOf(false)).toBe('REFRESH_FAILED')
    expect(await codeOf(true)).toBe('REFRESHED')
  })

  describe('judges endorsements and status lists strictly', () => {
    const codes = async (badge: JsonObject, options: VerifyOptions = {}) => {
      const { checks } = await verify(badge as never, { now: NOW, lenient: true, ...options })
      return checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ code }) => code)
    }
    const endorsement = (about: string): JsonObject => ({
      '@context': plain['@context'] as string[],
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: issuer.did, type: ['Profile'], name: 'Mentor' },
      validFrom: '2024-01-01T00:00:00Z',
      name: 'Observed audit',
      credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Observed two audits.' }
    })

    it.each<[string, Edit]>([
      ['of its validity', (one) => (one.validUntil = null)],
      ['of its status', (one) => (one.credentialStatus = [])],
      ['of its proof', (one) => (one.proof[0].challenge = null)],
      ['of its name', (one) => (one.name = [one.name, null])]
    ])('33: an endorsement deep inside with nothing for a value %s', async (_, edit) => {
      const badge = editable(plainBadge(issuer.did))
      const { achievement } = badge.credentialSubject
      achievement.endorsement = [await issuer.sign(endorsement(achievement.id))]
      const signed = editable(await issuer.sign(badge))
      expect(await codes(signed)).toEqual([])
      edit(signed.credentialSubject.achievement.endorsement[0])
      expect(await codes(signed)).toContain('EMPTY_VALUE')
    })

    it('33: an endorsement that is a JWT', async () => {
      const { sign } = await testJwtSigner('issuer')
      const about = String(plain['id'])
      const claims = { iss: issuer.did, sub: about, jti: String(endorsement('')['id']), nbf: 1_704_067_200 }
      const badgeWith = async (more: JsonObject) =>
        issuer.sign(
          plainBadge(issuer.did, { endorsementJwt: [await sign({ ...endorsement(about), ...claims, ...more })] })
        )
      expect(await codes(await badgeWith({}))).toEqual([])
      expect(await codes(await badgeWith({ description: null }))).toContain('ENDORSEMENT_INVALID')
    })

    it('33: a status list that is a JWT', async () => {
      const { sign, header } = await testJwtSigner('issuer')
      const badge = await badgeWith(issuer)
      const list = await unsignedList(issuer.did)
      const codesFor = async (more: JsonObject) =>
        codes(badge, { resolver: serve(await sign({ ...list, ...more }, { ...header, typ: 'vc+jwt' })) })
      expect(await codesFor({})).toEqual([])
      expect(await codesFor({ name: null })).toEqual(['STATUS_LIST_UNVERIFIED'])
    })
  })

  it('185: finds a credential deeper in an SVG', async () => {
    const baked = bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', JSON.stringify(plain))
    const text = typeof baked === 'string' ? baked : new TextDecoder().decode(baked)
    const [, element = ''] = /(<openbadges:credential.*<\/openbadges:credential>)/s.exec(text) ?? []
    const deeper = text.replace(element, '').replace('<g/>', `<g>${element}</g>`)
    expect((await verify(deeper, { now: NOW })).checks[0]?.code).toBe('BAKED_MISPLACED')
    const report = await verify(deeper, { now: NOW, lenient: true })
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toContain('RELAXED')
  })
})
