import { describe, expect, it } from 'vitest'
import { createMapResolver, type Report, verify } from '../../src/index.js'
import { createBitstring, MIN_STATUS_ENTRIES, setBit } from '../../src/status/bitstring.js'
import { buildStatusListCredential } from '../../src/status/list-credential.js'
import { NOW } from '../support/issuer.js'
import { badgeWithStatus, largeBadge, smallBadge } from './badges.js'
import { createPeer } from './peer.js'

const peer = await createPeer('interop-peer')

function failing(report: Report): readonly string[] {
  return report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ code }) => code)
}

describe('what the peer signs', () => {
  for (const [size, badge] of [
    ['small', smallBadge(peer.id)],
    ['large', largeBadge(peer.id)]
  ] as const) {
    it(`is accepted: a ${size} badge, with its one proof as an object`, async () => {
      const signed = await peer.sign(badge)
      const report = await verify(signed, { now: NOW })
      expect(failing(report)).toEqual([])
      expect(report.accepted).toBe(true)
      expect(report.proofs).toMatchObject([{ cryptosuite: 'eddsa-rdfc-2022', checked: true, keyFrom: 'did:key' }])
      expect(report.credential).toEqual(badge)
    })

    it(`is accepted as text too: a ${size} badge`, async () => {
      const report = await verify(JSON.stringify(await peer.sign(badge)), { now: NOW })
      expect(report.accepted).toBe(true)
    })

    it(`is refused where it was changed afterwards: a ${size} badge`, async () => {
      const signed = await peer.sign(badge)
      const report = await verify({ ...signed, name: 'Surgery' }, { now: NOW })
      expect(report.accepted).toBe(false)
      expect(failing(report)).toContain('SIGNATURE_INVALID')
    })
  }

  it('is refused where the issuer is another than the key', async () => {
    const other = await createPeer('interop-other')
    const report = await verify(await peer.sign(smallBadge(other.id)), { now: NOW })
    expect(report.accepted).toBe(false)
    expect(failing(report)).toContain('ISSUER_KEY_MISMATCH')
  })
})

describe('a status list that the peer signs', async () => {
  const list = 'https://peer.example/status/1'
  const bits = createBitstring(MIN_STATUS_ENTRIES)
  setBit(bits, 7, true)
  const unsigned = await buildStatusListCredential({
    list: { id: list, purpose: 'revocation' },
    bits,
    issuer: peer.id,
    now: NOW,
    ttlSeconds: 300,
    lifetimeSeconds: 86_400
  })
  const resolver = createMapResolver([[list, JSON.stringify(await peer.sign(unsigned))]])

  it('says that a badge holds', async () => {
    const signed = await peer.sign(badgeWithStatus(peer.id, list, 6))
    const report = await verify(signed, { now: NOW, resolver })
    expect(failing(report)).toEqual([])
    expect(report.accepted).toBe(true)
  })

  it('says that a badge is revoked, which the peer by itself would not notice', async () => {
    const signed = await peer.sign(badgeWithStatus(peer.id, list, 7))
    expect(await peer.verify(signed)).toMatchObject({ verified: true })
    const report = await verify(signed, { now: NOW, resolver })
    expect(report.accepted).toBe(false)
    expect(failing(report)).toEqual(['REVOKED'])
  })
})
