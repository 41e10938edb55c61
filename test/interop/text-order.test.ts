import { describe, expect, it } from 'vitest'
import { compileCompetency, verify } from '../../src/index.js'
import { FIRST_AID, KARI, NOW, testHouse } from '../support/issuer.js'
import { smallBadge } from './badges.js'
import { createPeer } from './peer.js'

// By code point '～' (U+FF5E) comes before '😀' (U+1F600); by UTF-16 unit after it.
const TAGS = ['😀', '～']

describe('texts that code points and UTF-16 units order differently', async () => {
  const house = await testHouse({ label: 'interop' })
  const peer = await createPeer('interop')
  const issued = await house.issuer.issue(compileCompetency({ ...FIRST_AID, tag: TAGS }), KARI)

  it('are signed in the order of the standard and verify without a warning', async () => {
    const report = await verify(issued.text, { resolver: await house.publish(), now: NOW })
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).not.toContain('UTF16_ORDER')
  })

  it('get another signature from the peer, which therefore does not accept the standard one', async () => {
    const { proof, ...credential } = JSON.parse(issued.text)
    const signed = (await peer.sign(credential)) as { proof: { proofValue: string } }
    expect(signed.proof.proofValue).not.toBe(proof[0].proofValue)
    expect(await peer.verify(JSON.parse(issued.text))).toMatchObject({ verified: false })
  })

  it('are accepted in the order of the peer, with a warning', async () => {
    const report = await verify(await peer.sign(smallBadge(peer.id, { tag: TAGS })), { now: NOW })
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toContain('UTF16_ORDER')
  })

  it('are accepted in the order of the peer only with an untouched text', async () => {
    const signed = await peer.sign(smallBadge(peer.id, { tag: TAGS }))
    const report = await verify({ ...signed, name: 'Surgery' }, { now: NOW })
    expect(report.accepted).toBe(false)
    expect(report.warnings.map(({ code }) => code)).not.toContain('UTF16_ORDER')
  })
})
