import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeMultibase, encodeMultibase } from '../../src/encoding/multibase.js'
import { defaultSuites, eddsaRdfc2022, type Report, type VerifyOptions, verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { appendProof } from '../support/proofs.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

/** Nobody may be asked anything: a resolver that answers would hide a fetch. */
const noNetwork: VerifyOptions = {
  now: NOW,
  resolver: {
    resolve: async ({ url }) => {
      throw new Error(`asked for ${url}`)
    }
  }
}
const codes = (report: Report) =>
  report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable').map(({ code }) => code)

let issuer: TestSigner
let mallory: TestSigner
let plain: JsonObject
let proof: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
  plain = await issuer.sign(plainBadge(issuer.did))
  proof = (plain['proof'] as JsonObject[])[0] as JsonObject
})

async function refused(document: unknown, options: VerifyOptions = noNetwork): Promise<readonly string[]> {
  const report = await verify(document as JsonObject, options)
  expect([report.accepted, report.credential]).toEqual([false, undefined])
  return codes(report)
}

const withProof = (members: Readonly<Record<string, unknown>>) => ({ ...plain, proof: [{ ...proof, ...members }] })

describe('D. Whose proof it is', () => {
  it('51: refuses a proof by somebody else than the issuer', async () => {
    const own = await mallory.sign(plainBadge(mallory.did))
    expect(await refused({ ...own, issuer: { ...(own['issuer'] as object), id: issuer.did } })).toContain(
      'ISSUER_KEY_MISMATCH'
    )
    expect(await refused(await mallory.sign(plainBadge(issuer.did)))).toContain('ISSUER_KEY_MISMATCH')
    expect(
      await refused(await mallory.sign(plainBadge(issuer.did), { verificationMethod: issuer.verificationMethod }))
    ).toContain('SIGNATURE_INVALID')
  })

  it.each<[string, (method: string) => unknown, string]>([
    ['69: refuses a method with a query', (method) => method.replace('#', '?x=1#'), 'ISSUER_KEY_INVALID'],
    ['69: refuses a method with a second #', (method) => `${method}#x`, 'ISSUER_KEY_INVALID'],
    ['69: refuses a method without fragment', (method) => method.split('#')[0], 'ISSUER_KEY_INVALID'],
    ['69: refuses a method with another fragment', (method) => `${method}x`, 'ISSUER_KEY_INVALID'],
    ['69: refuses a method with a path', (method) => method.replace('#', '/x#'), 'ISSUER_KEY_INVALID'],
    ['69: refuses a method with another scheme', () => 'http://academy.example/issuer#key', 'ISSUER_KEY_INVALID'],
    ['69: refuses a method with credentials', () => 'https://u:p@academy.example/issuer#key', 'ISSUER_KEY_INVALID'],
    ['69: refuses a method in upper case', (method) => method.replace('did:key', 'DID:KEY'), 'ISSUER_KEY_INVALID'],
    ['69: refuses a relative method', () => '#key', 'SCHEMA_INVALID'],
    ['69: refuses two methods', (method) => [method, `${method}x`], 'SCHEMA_INVALID'],
    ['69: refuses a method that is an object', (method) => ({ id: method }), 'SCHEMA_INVALID']
  ])('%s', async (_, edit, code) => {
    const found = await refused(withProof({ verificationMethod: edit(issuer.verificationMethod) }))
    expect(found).toContain(code)
  })
})

describe('D. What stands in for a proof', () => {
  it.each<[string, unknown, string]>([
    ['60: refuses no proof', undefined, 'PROOF_MISSING'],
    ['60: refuses an empty list of proofs', [], 'EMPTY_VALUE'],
    ['60: refuses a null', null, 'EMPTY_VALUE'],
    ['60: refuses a list of nulls', [null], 'EMPTY_VALUE'],
    ['60: refuses a text', 'signed', 'PROOF_MALFORMED'],
    ['60: refuses an empty object', {}, 'PROOF_SUITE_NOT_ACCEPTED']
  ])('%s', async (_, value, code) => {
    const { proof: __, ...rest } = plain
    expect(await refused(value === undefined ? rest : { ...rest, proof: value })).toContain(code)
  })

  it('60: refuses a list in a list, and 1,000 proofs', async () => {
    expect(await refused({ ...plain, proof: [[proof]] })).toContain('EMPTY_VALUE')
    expect(await refused({ ...plain, proof: Array(1000).fill(proof) })).toContain('PROOF_MALFORMED')
  })

  it('61: refuses a good proof beside garbage of the same suite', async () => {
    const garbage = { ...proof, proofValue: `z${'1'.repeat(88)}` }
    expect(await refused({ ...plain, proof: [proof, garbage] })).toContain('PROOF_MALFORMED')
    const zeros = { ...proof, proofValue: encodeMultibase('base58btc', new Uint8Array(64)) }
    expect(await refused({ ...plain, proof: [proof, zeros] })).toContain('SIGNATURE_INVALID')
    expect(await refused({ ...plain, proof: [zeros, proof] })).toContain('SIGNATURE_INVALID')
  })

  it('68: counts no proof but its own: not one in the subject, and not that of an endorsement', async () => {
    const { proof: own, ...rest } = editable(plain)
    rest.credentialSubject.proof = own
    expect(await refused(rest)).toContain('PROOF_MISSING')

    const endorsement = await issuer.sign({
      '@context': plain['@context'] as string[],
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000003',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: issuer.did, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      name: 'Endorsement',
      credentialSubject: { id: plain['id'] as string, type: ['EndorsementSubject'] }
    })
    const endorsed = await issuer.sign({ ...plainBadge(issuer.did), endorsement: [endorsement] })
    expect((await verify(endorsed, noNetwork)).accepted).toBe(true)
    const { proof: _, ...bare } = endorsed
    expect(await refused(bare)).toContain('PROOF_MISSING')
    expect(await refused({ ...bare, proof: endorsement['proof'] as JsonObject[] })).toContain('SIGNATURE_INVALID')
    const swapped = editable(endorsed)
    swapped.endorsement[0].proof = swapped.proof
    expect(await refused(swapped)).toContain('SIGNATURE_INVALID')
  })
})

describe('D. Which suites are accepted', () => {
  it('58: refuses the type of another suite beside a cryptosuite', async () => {
    expect(await refused(withProof({ type: 'Ed25519Signature2020' }))).toContain('PROOF_SUITE_NOT_ACCEPTED')
    expect(await refused(withProof({ type: ['DataIntegrityProof'] }))).not.toEqual([])
    expect(await refused(withProof({ cryptosuite: ['eddsa-rdfc-2022'] }))).not.toEqual([])
    expect(await refused(withProof({ cryptosuite: 'EdDSA-RDFC-2022' }))).toContain('PROOF_SUITE_NOT_ACCEPTED')
  })

  it('59: accepts the suites that its caller lists, and by default a list that anybody can read and narrow', async () => {
    expect(Object.isFrozen(defaultSuites)).toBe(true)
    expect(defaultSuites.map(({ name }) => name)).toEqual([
      'eddsa-rdfc-2022',
      'eddsa-jcs-2022',
      'ecdsa-rdfc-2019',
      'ecdsa-jcs-2019',
      'Ed25519Signature2020',
      'eddsa-2022'
    ])
    const others = defaultSuites.filter((suite) => suite !== eddsaRdfc2022)
    expect(await refused(plain, { ...noNetwork, suites: others })).toContain('PROOF_SUITE_NOT_ACCEPTED')
    await expect(verify(plain, { ...noNetwork, suites: [] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  it('59: keeps to the list it was given, whatever happens to it while it verifies', async () => {
    const suites = [eddsaRdfc2022]
    const pending = verify(plain, { ...noNetwork, suites })
    suites.length = 0
    expect((await pending).accepted).toBe(true)
  })

  it('62: says which proof it did not look at, and refuses it when every proof is asked for', async () => {
    const other = {
      type: 'Ed25519Signature2020',
      proofPurpose: 'assertionMethod',
      verificationMethod: mallory.verificationMethod,
      created: '2024-01-01T00:00:00Z',
      proofValue: 'zabc'
    }
    const both = { ...plain, proof: [proof, other] }
    const narrow = { ...noNetwork, suites: [eddsaRdfc2022] }
    const report = await verify(both, narrow)
    expect(report.accepted).toBe(true)
    expect(report.warnings).toMatchObject([{ code: 'PROOF_UNCHECKED', facts: { suite: 'Ed25519Signature2020' } }])
    expect(await refused(both, { ...narrow, requireAllProofs: true })).toContain('PROOF_NOT_CHECKED')
    // By default that suite is accepted, and what is accepted has to verify.
    expect(await refused(both)).toContain('PROOF_MALFORMED')
    const unknown = { ...plain, proof: [proof, { ...other, type: 'DataIntegrityProof', cryptosuite: 'bbs-2023' }] }
    expect((await verify(unknown, noNetwork)).warnings).toMatchObject([{ facts: { suite: 'bbs-2023' } }])
  })
})

describe('D. What a proof says of itself', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['54: refuses another purpose', { proofPurpose: 'authentication' }, 'PROOF_PURPOSE_MISMATCH'],
    ['54: refuses two purposes', { proofPurpose: ['assertionMethod', 'authentication'] }, 'SCHEMA_INVALID'],
    ['63: refuses a proof that builds on one that is not there', { previousProof: 'urn:uuid:1' }, 'PROOF_CHAIN_BROKEN'],
    ['64: refuses created as a list', { created: ['2024-06-01T00:00:00Z'] }, 'PROOF_MALFORMED'],
    ['64: refuses created as an object', { created: { '@value': '2024-06-01T00:00:00Z' } }, 'PROOF_MALFORMED'],
    ['64: refuses created without offset', { created: '2024-06-01T00:00:00' }, 'PROOF_MALFORMED'],
    ['64: refuses created as a date alone', { created: '2024-06-01' }, 'PROOF_MALFORMED'],
    ['64: refuses expires without offset', { expires: '2099-06-01T00:00:00' }, 'PROOF_MALFORMED'],
    ['64: refuses expires as a list', { expires: ['2099-06-01T00:00:00Z'] }, 'PROOF_MALFORMED'],
    ['65: refuses expires that is null', { expires: null }, 'EMPTY_VALUE'],
    ['65: refuses domain that is null', { domain: null }, 'EMPTY_VALUE'],
    ['65: refuses challenge that is null', { challenge: null }, 'EMPTY_VALUE'],
    ['65: refuses nonce that is null', { nonce: null }, 'EMPTY_VALUE'],
    ['66: refuses proofValue as a list', { proofValue: ['z1'] }, 'PROOF_MALFORMED'],
    ['66: refuses an empty proofValue', { proofValue: '' }, 'PROOF_MALFORMED']
  ])('%s', async (_, members, code) => {
    expect(await refused(withProof(members))).toContain(code)
  })

  it.each<[string, (signature: Uint8Array) => string]>([
    ['66: refuses base64url', (bytes) => encodeMultibase('base64url', bytes)],
    ['66: refuses base64', (bytes) => `m${Buffer.from(bytes).toString('base64')}`],
    ['66: refuses upper-case base 16', (bytes) => `F${Buffer.from(bytes).toString('hex').toUpperCase()}`],
    ['66: refuses 63 bytes', (bytes) => encodeMultibase('base58btc', bytes.slice(1))],
    ['66: refuses 65 bytes', (bytes) => encodeMultibase('base58btc', Uint8Array.of(...bytes, 1))],
    ['66: refuses a 1 in front', (bytes) => encodeMultibase('base58btc', bytes).replace('z', 'z1')],
    ['66: refuses white space', (bytes) => ` ${encodeMultibase('base58btc', bytes)}`],
    ['66: refuses upper case', (bytes) => encodeMultibase('base58btc', bytes).replace('z', 'Z')]
  ])('%s', async (_, edit) => {
    const proofValue = edit(decodeMultibase(String(proof['proofValue'])))
    expect(await refused(withProof({ proofValue }))).toContain('PROOF_MALFORMED')
  })

  it('64, 176: refuses a proof from the future and one that has expired, to the second', async () => {
    const future = await issuer.sign(plainBadge(issuer.did), { created: '2026-06-01T12:01:01Z' })
    expect(await refused(future)).toContain('PROOF_CREATED_IN_FUTURE')
    expect((await verify(future, { ...noNetwork, clockTolerance: 61 })).accepted).toBe(true)
    const until = (expires: string) => appendProof(plainBadge(issuer.did), issuer, { suite: eddsaRdfc2022, expires })
    expect(await refused(await until('2026-06-01T12:00:00Z'))).toContain('PROOF_EXPIRED')
    expect((await verify(await until('2026-06-01T12:00:01Z'), noNetwork)).accepted).toBe(true)
  })

  it('71: a dependency that throws leaves its check open and the badge out', async () => {
    const broken = {
      name: 'eddsa-rdfc-2022',
      keyAlgorithms: ['Ed25519'] as const,
      proofContext: false,
      matches: () => true,
      checkProofValue: () => {},
      verifyProof: async () => {
        throw new Error('broken')
      }
    }
    expect(await refused(plain, { ...noNetwork, suites: [broken] })).toContain('INTERNAL_ERROR')
  })
})
