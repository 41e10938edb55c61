import { describe, expect, it } from 'vitest'
import type { CborValue } from '../../../src/encoding/cbor.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { createMapResolver, type Report, verify } from '../../../src/index.js'
import { ecdsaRdfc2019 } from '../../../src/securing/ecdsa-rdfc-2019.js'
import { deriveCredential } from '../../../src/selective-disclosure.js'
import { createBitstring, MIN_STATUS_ENTRIES, setBit } from '../../../src/status/bitstring.js'
import { buildStatusListCredential } from '../../../src/status/list-credential.js'
import { disclosureSigner, editProofValue, suites } from '../../support/disclosure.js'
import { STATUS_LIST, wideBadge } from '../../support/disclosure-badges.js'
import { NOW } from '../../support/issuer.js'
import { plainBadge, testSigner } from '../../support/sign.js'

const REVOKED = 7
const signer = await disclosureSigner()
const resolver = createMapResolver([signer.controllerDocument, [STATUS_LIST, await statusList()]])
const signed = await signer.sign(wideBadge(signer.id))
const check = (document: JsonObject, now = NOW) => verify(document, { now, resolver, suites })
const outcomes = (report: Report) =>
  report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ code }) => code)

async function statusList(): Promise<string> {
  const bits = createBitstring(MIN_STATUS_ENTRIES)
  setBit(bits, REVOKED, true)
  const list = { id: STATUS_LIST, purpose: 'revocation' } as const
  const life = { ttlSeconds: 300, lifetimeSeconds: 86_400 }
  const unsigned = await buildStatusListCredential({ list, bits, issuer: signer.id, now: NOW, ...life })
  return JSON.stringify(await signer.sign(unsigned, ecdsaRdfc2019))
}

const refusal = async (reveal: readonly string[]) =>
  deriveCredential(signed, { reveal }).then(
    () => expect.unreachable(),
    (error: unknown) => error as { name: string; code: string; faults: readonly { path: string; code: string }[] }
  )

describe('what a holder shows', () => {
  it('is accepted by the whole verifier, dates and status included', async () => {
    const reveal = ['/evidence/1', '/credentialSubject/achievement/alignment', '/credentialSubject/result/0']
    const shown = await deriveCredential(signed, { reveal })
    const report = await check(shown)
    expect(outcomes(report)).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'PROOF_VALID' }),
        expect.objectContaining({ code: 'RESULTS_CONSISTENT' }),
        expect.objectContaining({ id: 'status', outcome: 'pass' })
      ])
    )
    expect(shown['evidence']).toEqual([(wideBadge(signer.id)['evidence'] as JsonObject[])[1]])
    expect((shown['credentialSubject'] as JsonObject)['narrative']).toBe(undefined)
  })

  it('keeps the order of an ordered list, in the mandatory part and outside of it', async () => {
    const report = await check(await deriveCredential(signed, { reveal: [] }))
    expect(report.accepted).toBe(true)
    const allowed = report.credential?.credentialSubject.achievement?.resultDescription?.[0]?.allowedValue
    expect(allowed).toEqual(['poor', 'fair', 'good'])
  })

  it('shows everything where everything is revealed', async () => {
    const shown = await deriveCredential(signed, { reveal: [''] })
    const { proof: _, ...document } = shown
    expect(document).toEqual(wideBadge(signer.id))
    expect((await check(shown)).accepted).toBe(true)
  })

  it('is derived from text and from bytes alike, and frozen', async () => {
    const text = JSON.stringify(signed)
    const reveal = ['/evidence']
    const shown = await deriveCredential(signed, { reveal })
    expect(await deriveCredential(text, { reveal })).toEqual(shown)
    expect(await deriveCredential(new TextEncoder().encode(text), { reveal })).toEqual(shown)
    expect(Object.isFrozen(shown['evidence'])).toBe(true)
  })

  it('78: is refused once it has expired, whatever the holder chose', async () => {
    const report = await check(await deriveCredential(signed, { reveal: ['/name'] }), new Date('2031-01-01T00:00:00Z'))
    expect(outcomes(report)).toContain('EXPIRED')
    expect(report.accepted).toBe(false)
  })

  it('78: is refused once it is revoked, whatever the holder chose', async () => {
    const revoked = await signer.sign(wideBadge(signer.id, REVOKED))
    const report = await check(await deriveCredential(revoked, { reveal: ['/name', '/evidence'] }))
    expect(outcomes(report)).toEqual(['REVOKED'])
    expect(report.accepted).toBe(false)
  })

  it('may hold many things that look alike', async () => {
    const badge = wideBadge(signer.id)
    const subject = badge['credentialSubject'] as JsonObject
    const result = Array.from({ length: 12 }, (_, index) => ({
      type: ['Result'],
      status: 'Completed',
      value: String(index)
    }))
    const alike = await signer.sign({ ...badge, credentialSubject: { ...subject, result } })
    const report = await check(await deriveCredential(alike, { reveal: [] }))
    expect(outcomes(report)).toEqual([])
    expect(report.credential?.credentialSubject.result).toHaveLength(12)
  })

  it('may hold an endorsement with a proof of its own', async () => {
    const endorser = await testSigner('endorser')
    const endorsement = (name: string) =>
      endorser.sign({
        '@context': wideBadge(signer.id)['@context'] as string[],
        id: `urn:uuid:0f0f0f0f-0000-4000-8000-0000000000${name}`,
        type: ['VerifiableCredential', 'EndorsementCredential'],
        name: 'Endorsement',
        issuer: { id: endorser.did, type: ['Profile'], name: 'Endorser' },
        validFrom: '2024-01-01T00:00:00Z',
        credentialSubject: { id: wideBadge(signer.id)['id'] as string, type: ['EndorsementSubject'] }
      })
    const endorsed = { ...wideBadge(signer.id), endorsement: [await endorsement('e1'), await endorsement('e2')] }
    const shown = await deriveCredential(await signer.sign(endorsed), { reveal: ['/endorsement/1'] })
    expect(shown['endorsement']).toEqual([endorsed.endorsement[1]])
    const report = await check(shown)
    expect(outcomes(report)).toEqual([])
    expect(report.checks.find(({ id }) => id === 'endorsements')?.outcome).toBe('pass')
  })
})

describe('pointers to what is shown', () => {
  it.each([
    '/__proto__',
    '/constructor/name',
    '/credentialSubject/~01',
    '/evidence/-',
    '/evidence/00',
    '/evidence/2',
    '/evidence/length',
    '/proof',
    '/missing',
    'name',
    '#/name',
    '/na~me'
  ])('86: are refused where they lead nowhere: %s', async (bad) => {
    const error = await refusal([bad])
    expect(error).toMatchObject({ name: 'InputError', code: 'POINTER_INVALID', path: 'reveal/0' })
  })

  it('86: are refused together, each with its place', async () => {
    const error = await refusal(['/name', '/__proto__', '/evidence/00', '/evidence', '/evidence/-'])
    expect(error.faults.map(({ path }) => path)).toEqual(['reveal/1', 'reveal/2', 'reveal/4'])
  })

  it('are refused inside an ordered list, which is signed as one', async () => {
    const list = '/credentialSubject/achievement/resultDescription/0/allowedValue'
    expect(await refusal([`${list}/1`])).toMatchObject({
      code: 'POINTER_INVALID',
      path: 'reveal/0',
      expected: JSON.stringify(list)
    })
  })

  it('are refused where what they show is no good part', async () => {
    const error = await refusal(['/credentialSubject/achievement/alignment/0/targetName'])
    expect(error).toMatchObject({ name: 'InputError', code: 'SCHEMA_INVALID' })
    expect(error.faults[0]?.path).toBe('/credentialSubject/achievement/alignment/0/targetUrl')
  })

  it.each([
    ['left out', undefined],
    ['missing', {}],
    ['one text', { reveal: 'name' }],
    ['numbers', { reveal: [1] }],
    ['more than a thousand', { reveal: Array(1001).fill('/name') }]
  ])('are refused where they are %s', async (_name, options) => {
    await expect(deriveCredential(signed, options as never)).rejects.toMatchObject({
      name: 'OptionError',
      code: 'OPTION_INVALID',
      path: 'reveal'
    })
  })
})

describe('what nothing can be derived from', () => {
  const invalid = { name: 'InputError', code: 'CREDENTIAL_INVALID' }
  const derive = (document: JsonObject) => deriveCredential(document, { reveal: [] })

  it('is a credential that was changed since', async () => {
    const evidence = [{ type: ['Evidence'], name: 'Film of another' }]
    await expect(deriveCredential({ ...signed, evidence }, { reveal: ['/evidence'] })).rejects.toMatchObject(invalid)
    await expect(derive({ ...signed, evidence })).rejects.toMatchObject(invalid)
  })

  it('is a credential whose base proof was changed since', async () => {
    const edit = (at: number, change: (old: CborValue) => CborValue) =>
      derive(
        editProofValue(signed, (components) =>
          components.map((component, index) => (index === at ? change(component) : component))
        )
      )
    const flipped = (old: CborValue) => (old as Uint8Array).map((byte, index) => (index === 5 ? byte ^ 1 : byte))
    const list = (old: CborValue) => old as readonly CborValue[]
    const [HMAC_KEY, SIGNATURES, POINTERS] = [2, 3, 4]
    await expect(edit(HMAC_KEY, flipped)).rejects.toMatchObject({ ...invalid, path: '/proof/proofValue' })
    await expect(edit(SIGNATURES, (old) => list(old).slice(1))).rejects.toMatchObject(invalid)
    await expect(edit(POINTERS, (old) => list(old).slice(1, -1))).rejects.toMatchObject(invalid)
    const nowhere = { name: 'InputError', code: 'POINTER_INVALID', path: '/proof/mandatoryPointers/0' }
    await expect(edit(POINTERS, () => ['/nowhere'])).rejects.toMatchObject(nowhere)
  })

  it.each([
    ['too short a signature', 0, new Uint8Array(63)],
    ['too short a key', 1, new Uint8Array(34)],
    ['too long an HMAC key', 2, new Uint8Array(33)],
    ['too short a signature of a statement', 3, [new Uint8Array(63)]],
    ['a pointer that is no text', 4, [7]],
    ['pointers that are no list', 4, '/issuer']
  ])('is a credential whose base proof has %s', async (_name, at, value) => {
    const changed = editProofValue(signed, (components) =>
      components.map((component, index) => (index === at ? value : component))
    )
    await expect(derive(changed)).rejects.toMatchObject({ name: 'InputError', code: 'ENCODING_INVALID' })
  })

  it('is a credential without proof, or with another', async () => {
    const { proof: _, ...unsigned } = signed
    await expect(derive(unsigned)).rejects.toMatchObject({ ...invalid, path: '/proof' })
    const other = await testSigner()
    await expect(derive(await other.sign(plainBadge(other.did)))).rejects.toMatchObject({ ...invalid, path: '/proof' })
  })

  it('is a credential with two base proofs, or one that builds on another', async () => {
    const [proof] = signed['proof'] as readonly [JsonObject]
    await expect(derive({ ...signed, proof: [proof, proof] })).rejects.toMatchObject({ ...invalid, path: '/proof' })
    const chained = { ...proof, previousProof: 'urn:uuid:1' }
    await expect(derive({ ...signed, proof: chained })).rejects.toMatchObject({ ...invalid, path: '/proof' })
  })

  it('is a credential that was derived already', async () => {
    await expect(derive(await derive(signed))).rejects.toMatchObject({ name: 'InputError', code: 'ENCODING_INVALID' })
  })

  it('is what is no credential', async () => {
    await expect(deriveCredential('[]', { reveal: [] })).rejects.toMatchObject({ code: 'INPUT_TYPE' })
    await expect(deriveCredential('{', { reveal: [] })).rejects.toMatchObject({ code: 'JSON_SYNTAX' })
    await expect(derive({ ...signed, type: ['AchievementCredential'] })).rejects.toMatchObject(invalid)
  })

  it('leaves out other proofs, which cover the whole', async () => {
    const other = { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', proofValue: 'z1' }
    const shown = await derive({ ...signed, proof: [other, ...(signed['proof'] as readonly JsonObject[])] })
    expect(shown['proof']).toMatchObject([{ cryptosuite: 'ecdsa-sd-2023' }])
    expect((await check(shown)).accepted).toBe(true)
  })
})
