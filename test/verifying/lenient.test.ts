import { beforeAll, describe, expect, it } from 'vitest'
import { bakeSvg } from '../../src/baking/svg.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

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
