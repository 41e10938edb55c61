import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMemoryKeyStore, didKeyOf, type Report, verify } from '../../src/index.js'
import { createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { deriveCredential, ecdsaSd2023 } from '../../src/selective-disclosure.js'
import { suites } from '../support/disclosure.js'
import { wideBadge } from '../support/disclosure-badges.js'
import { NOW, testSeed } from '../support/issuer.js'
import { createDisclosurePeer } from './disclosure-peer.js'

const peer = await createDisclosurePeer()
const keys = await createMemoryKeyStore({ algorithm: 'P-256', seed: testSeed('interop'), now: NOW })
const komma = await didKeyOf(keys)
const contexts = createContextSet()

/** The wide badge without status, and with a text in place of the one that the peer takes for a blank node. */
function unhurt(issuer: string): JsonObject {
  const { credentialStatus: _, ...rest } = wideBadge(issuer)
  const [film] = rest['evidence'] as readonly JsonObject[]
  return { ...rest, evidence: [film as JsonObject, { type: ['Evidence'], narrative: 'The observer was present.' }] }
}

/** The same without the ordered list, which the peer cannot label. */
function badge(issuer: string): JsonObject {
  const rest = unhurt(issuer)
  const subject = rest['credentialSubject'] as JsonObject
  const { resultDescription: __, ...achievement } = subject['achievement'] as JsonObject
  const result = [{ type: ['Result'], status: 'Completed' }]
  return { ...rest, credentialSubject: { ...subject, achievement, result } }
}

async function sign(document: JsonObject): Promise<JsonObject> {
  return addProof(await expandUnsecured(document, contexts), {
    signer: await keys.signer(),
    suite: ecdsaSd2023,
    verificationMethod: `${komma}#${komma.slice('did:key:'.length)}`,
    created: '2026-06-01T12:00:00Z'
  })
}

const check = (document: JsonObject) => verify(document, { now: NOW, suites })
const failing = (report: Report) =>
  report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ code }) => code)

const MANDATORY = ['/issuer', '/validFrom', '/validUntil', '/credentialSubject/achievement', '/name']
const REVEAL = ['/credentialSubject/narrative', '/evidence/1', '/credentialSubject/identifier/0']

describe('a credential that the peer issues', async () => {
  const base = await peer.sign(badge(peer.id), MANDATORY)

  it('is derived and verified here, and verified at the peer', async () => {
    const shown = await deriveCredential(base, { reveal: REVEAL })
    const report = await check(shown)
    expect(failing(report)).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.credential?.credentialSubject['narrative']).toBe('Welded pipes in all positions.')
    expect(await peer.verify(shown)).toMatchObject({ verified: true })
  })

  it('is derived at the peer and verified here', async () => {
    const shown = await peer.derive(base, REVEAL)
    const report = await check(shown)
    expect(failing(report)).toEqual([])
    expect(report.accepted).toBe(true)
  })

  it('comes out alike of both, but for the order of members', async () => {
    expect(await deriveCredential(base, { reveal: REVEAL })).toEqual(await peer.derive(base, REVEAL))
  })

  it('is refused by both where it was changed afterwards', async () => {
    const shown = { ...(await deriveCredential(base, { reveal: REVEAL })), name: 'Surgery' }
    expect(failing(await check(shown))).toContain('SIGNATURE_INVALID')
    expect(await peer.verify(shown)).toMatchObject({ verified: false })
  })
})

describe('a credential that komma issues', async () => {
  const base = await sign(badge(komma))

  it('is derived here and verified at the peer', async () => {
    const shown = await deriveCredential(base, { reveal: REVEAL })
    expect((await check(shown)).accepted).toBe(true)
    expect(await peer.verify(shown)).toMatchObject({ verified: true })
  })

  it('is derived at the peer and verified by both', async () => {
    const shown = await peer.derive(base, REVEAL)
    const report = await check(shown)
    expect(failing(report)).toEqual([])
    expect(report.accepted).toBe(true)
    expect(await peer.verify(shown)).toMatchObject({ verified: true })
  })

  it('is derived here and verified at the peer where it has an ordered list, which the peer cannot derive', async () => {
    const signed = await sign(unhurt(komma))
    const shown = await deriveCredential(signed, { reveal: REVEAL })
    expect(JSON.stringify(shown)).toContain('allowedValue')
    expect((await check(shown)).accepted).toBe(true)
    expect(await peer.verify(shown)).toMatchObject({ verified: true })
    await expect(peer.derive(signed, REVEAL)).rejects.toThrow()
    await expect(peer.sign(unhurt(peer.id), MANDATORY)).rejects.toThrow()
  })
})

describe('a text that looks like a blank node', () => {
  it('is signed as it stands here, and as another text by the peer, which refuses ours', async () => {
    const evidence = [{ type: ['Evidence'], narrative: 'Marked as _:c14n0 in the file.' }]
    const shown = await deriveCredential(await sign({ ...badge(komma), evidence }), { reveal: ['/evidence'] })
    expect((await check(shown)).accepted).toBe(true)
    expect(await peer.verify(shown)).toMatchObject({ verified: false })
  })
})

describe('texts that libraries order differently', () => {
  it.each([
    ['in the mandatory part', ['/credentialSubject/achievement/name', '/credentialSubject/achievement/tag']],
    ['in what the holder chose', ['/credentialSubject/achievement/name']]
  ])('are read in the order of the peer, and said to be, %s', async (_where, more) => {
    const given = badge(peer.id)
    const subject = given['credentialSubject'] as JsonObject
    const achievement = { ...(subject['achievement'] as JsonObject), tag: ['～', '😀', 'plain'] }
    const required = ['id', 'type', 'description', 'criteria'].map((name) => `/credentialSubject/achievement/${name}`)
    const base = await peer.sign({ ...given, credentialSubject: { ...subject, achievement } }, [
      ...['/issuer', '/validFrom', '/name', ...required],
      ...more
    ])
    const shown = await deriveCredential(base, { reveal: ['/credentialSubject/achievement/tag', '/evidence'] })
    const report = await check(shown)
    expect(failing(report)).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toContain('UTF16_ORDER')
    expect(await peer.verify(shown)).toMatchObject({ verified: true })
  })
})
