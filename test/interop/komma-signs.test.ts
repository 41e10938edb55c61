import { describe, expect, it } from 'vitest'
import { compileCompetency, type Issued, verify } from '../../src/index.js'
import { FIRST_AID, KARI, NOW, testHouse } from '../support/issuer.js'
import { WELDER, WELDING } from './badges.js'
import { createPeer } from './peer.js'

const house = await testHouse({ label: 'interop' })
const peer = await createPeer('interop')

function unsigned({ text }: Issued): Record<string, unknown> {
  const { proof: _, ...credential } = JSON.parse(text)
  return credential
}

function parsed({ text }: Issued) {
  return JSON.parse(text)
}

describe('what komma signs', () => {
  it('has the issuer that the peer derives from the same key', () => {
    expect(house.issuer.id).toBe(peer.id)
  })

  for (const [size, definition, award] of [
    ['small', FIRST_AID, KARI],
    ['full', WELDING, WELDER]
  ] as const) {
    describe(`a ${size} badge`, async () => {
      const issued = await house.issuer.issue(compileCompetency(definition), award)

      it('verifies at the peer', async () => {
        expect(await peer.verify(parsed(issued))).toMatchObject({ verified: true })
      })

      it('gets the same signature from the peer, so both canonical forms are equal byte for byte', async () => {
        const { proof } = await peer.sign(unsigned(issued))
        expect(proof).toEqual(parsed(issued).proof[0])
      })

      it.each([
        [
          'the name of the achievement',
          (badge: ReturnType<typeof parsed>) => (badge.credentialSubject.achievement.name += '!')
        ],
        ['the id', (badge: ReturnType<typeof parsed>) => (badge.id = 'urn:uuid:00000000-0000-4000-8000-000000000001')],
        [
          'the index of the status',
          (badge: ReturnType<typeof parsed>) => (badge.credentialStatus.statusListIndex = '1')
        ],
        [
          'a reached level',
          (badge: ReturnType<typeof parsed>) => (badge.credentialSubject.result[0].achievedLevel += 'x')
        ],
        [
          'the time of the proof',
          (badge: ReturnType<typeof parsed>) => (badge.proof[0].created = '2026-06-01T11:59:59Z')
        ]
      ])('fails at the peer and here where %s was changed', async (_, change) => {
        const tampered = parsed(issued)
        change(tampered)
        const atPeer = await peer.verify(tampered)
        expect(atPeer.verified).toBe(false)
        expect(atPeer.error?.errors?.map(({ message }) => message)).toContain('Invalid signature.')
        const report = await verify(tampered, { resolver: await house.publish(), now: NOW })
        expect(report.checks.find(({ outcome }) => outcome === 'fail')).toMatchObject({
          id: 'proof',
          code: 'SIGNATURE_INVALID'
        })
      })
    })
  }

  it('is a status list that the peer verifies', async () => {
    await house.issuer.issue(house.competency, KARI)
    const [list] = await house.issuer.publish()
    expect(list?.kind).toBe('statusList')
    expect(await peer.verify(JSON.parse(list?.text ?? ''))).toMatchObject({ verified: true })
  })
})
