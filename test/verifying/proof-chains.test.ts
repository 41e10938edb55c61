import { beforeAll, describe, expect, it } from 'vitest'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { parseDidKey } from '../../src/did/did-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type Cryptosuite, defaultSuites, type VerifyOptions, verify } from '../../src/index.js'
import { createContextSet } from '../../src/model/contexts.js'
import { eddsa2022 } from '../../src/securing/eddsa-2022.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { settle } from '../../src/verifying/options.js'
import { gateProofs } from '../../src/verifying/proof-gate.js'
import { verifyProofSet } from '../../src/verifying/proof-set.js'
import { NOW } from '../support/issuer.js'
import { appendProof } from '../support/proofs.js'
import { describeShared, readSharedJson } from '../support/shared.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { vectorContexts } from '../support/w3c-vectors.js'

const FIRST = 'urn:uuid:00000000-0000-4000-8000-000000000001'
const SECOND = 'urn:uuid:00000000-0000-4000-8000-000000000002'
const THIRD = 'urn:uuid:00000000-0000-4000-8000-000000000003'

describeShared('the proof sets and chains of the W3C', () => {
  /** Without the binding to the issuer, because each proof of these documents is by somebody else. */
  async function outcomeOf(signed: JsonObject): Promise<string> {
    const contexts = createContextSet(vectorContexts())
    const { proof: _, ...document } = signed
    const gate = gateProofs(signed, 'assertionMethod', settle({ now: NOW }))
    if (!gate.passed) return gate.check.code
    const keys = gate.proofs.map(({ verificationMethod }) => parseDidKey(verificationMethod))
    const imported = await Promise.all(keys.map(({ material }) => importPublicKey(material)))
    const { holds } = await verifyProofSet(gate.proofs, imported, await expandUnsecured(document, contexts))
    return holds ? 'holds' : 'SIGNATURE_INVALID'
  }
  const read = (name: string) => readSharedJson(`vectors/w3c/vc-di-eddsa/proof-set-chain/${name}.json`)
  const edit = (name: string, change: (proofs: JsonObject[], document: Record<string, unknown>) => void) => {
    const copy = editable(read(name))
    change(copy.proof, copy)
    return copy
  }

  it.each(['signedProofSet1', 'signedProofSet2', 'proofChainTempDoc1', 'signedProofChain1', 'signedProofChain2'])(
    '%s holds',
    async (name) => {
      expect(await outcomeOf(read(name))).toBe('holds')
    }
  )

  it('63: proofChainTempDoc2 lacks the proofs that its own builds on', async () => {
    expect(await outcomeOf(read('proofChainTempDoc2'))).toBe('PROOF_CHAIN_BROKEN')
  })

  it.each<[string, string, (proofs: JsonObject[], document: Record<string, unknown>) => void, string]>([
    ['the document changed', 'signedProofChain2', (_, document) => (document['name'] = 'Other'), 'SIGNATURE_INVALID'],
    [
      'the document of a set changed',
      'signedProofSet2',
      (_, document) => (document['name'] = 'Other'),
      'SIGNATURE_INVALID'
    ],
    ['the first proof dropped', 'signedProofChain2', (proofs) => proofs.splice(0, 1), 'PROOF_CHAIN_BROKEN'],
    ['the middle proof dropped', 'signedProofChain2', (proofs) => proofs.splice(2, 1), 'PROOF_CHAIN_BROKEN'],
    ['a proof before the ones it builds on', 'signedProofChain1', (proofs) => proofs.reverse(), 'PROOF_CHAIN_BROKEN'],
    [
      'previousProof removed',
      'signedProofChain1',
      (proofs) => (proofs[2] = without(proofs[2], 'previousProof')),
      'SIGNATURE_INVALID'
    ],
    [
      'one of two previous proofs no longer named',
      'signedProofChain1',
      (proofs) => (proofs[2] = { ...proofs[2], previousProof: proofs[0]?.['id'] as string }),
      'SIGNATURE_INVALID'
    ],
    [
      'another proof named',
      'signedProofChain2',
      (proofs) => (proofs[3] = { ...proofs[3], previousProof: proofs[0]?.['id'] as string }),
      'SIGNATURE_INVALID'
    ],
    [
      'a proof that builds on itself',
      'signedProofChain1',
      (proofs) => (proofs[2] = { ...proofs[2], previousProof: proofs[2]?.['id'] as string }),
      'PROOF_CHAIN_BROKEN'
    ],
    [
      'proofs that build on each other',
      'signedProofChain1',
      (proofs) => (proofs[0] = { ...proofs[0], previousProof: proofs[2]?.['id'] as string }),
      'PROOF_CHAIN_BROKEN'
    ],
    [
      'two proofs of one id',
      'signedProofChain2',
      (proofs) => (proofs[1] = { ...proofs[1], id: proofs[0]?.['id'] as string }),
      'PROOF_CHAIN_BROKEN'
    ],
    [
      'a number for an id',
      'signedProofChain2',
      (proofs) => (proofs[3] = { ...proofs[3], previousProof: 3 }),
      'PROOF_CHAIN_BROKEN'
    ],
    [
      'a previous proof whose signature was changed',
      'signedProofChain2',
      (proofs) => (proofs[0] = { ...proofs[0], proofValue: proofs[1]?.['proofValue'] as string }),
      'SIGNATURE_INVALID'
    ],
    [
      'a previous proof whose time was changed',
      'signedProofChain2',
      (proofs) => (proofs[0] = { ...proofs[0], created: '2023-02-24T23:36:39Z' }),
      'SIGNATURE_INVALID'
    ]
  ])('63: are refused with %s', async (_, name, change, code) => {
    expect(await outcomeOf(edit(name, change))).toBe(code)
  })
})

function without(object: JsonObject | undefined, member: string): JsonObject {
  const { [member]: _, ...rest } = object ?? {}
  return rest
}

describe('a badge with several proofs', () => {
  let issuer: TestSigner
  let mallory: TestSigner
  let badge: JsonObject

  beforeAll(async () => {
    issuer = await testSigner('issuer')
    mallory = await testSigner('mallory')
    badge = plainBadge(issuer.did)
  })

  const outcome = async (document: JsonObject, options: VerifyOptions = {}) => {
    const report = await verify(document, { now: NOW, ...options })
    const proof = report.checks.find(({ id }) => id === 'proof')
    return { accepted: report.accepted, code: proof?.code, outcome: proof?.outcome, report }
  }
  const narrowed = (...left: readonly Cryptosuite[]) => ({
    suites: defaultSuites.filter((suite) => !left.includes(suite))
  })

  it('is accepted as a set of proofs in several suites, each of which holds', async () => {
    const one = await appendProof(badge, issuer, { suite: eddsaRdfc2022 })
    const two = await appendProof(one, issuer, { suite: eddsaJcs2022 })
    const three = await appendProof(two, issuer, { suite: eddsa2022 })
    const { accepted, report } = await outcome(three)
    expect(accepted).toBe(true)
    expect(report.credential).toEqual(badge)
    expect(report.proofs.map(({ cryptosuite, checked }) => [cryptosuite, checked])).toEqual([
      ['eddsa-rdfc-2022', true],
      ['eddsa-jcs-2022', true],
      ['eddsa-2022', true]
    ])
  })

  it('is accepted as a chain through several suites, with previousProof as one id or as a list', async () => {
    const one = await appendProof(badge, issuer, { suite: eddsaJcs2022, id: FIRST })
    const two = await appendProof(one, issuer, { suite: eddsaRdfc2022, id: SECOND, previousProof: FIRST })
    const three = await appendProof(two, issuer, { suite: eddsaJcs2022, id: THIRD, previousProof: [FIRST, SECOND] })
    const four = await appendProof(three, issuer, { suite: eddsaRdfc2022, previousProof: [THIRD] })
    const { accepted, report } = await outcome(four)
    expect(accepted).toBe(true)
    expect(report.credential).toEqual(badge)
  })

  it('63: is refused where a proof in the middle of the chain was changed, whatever suite covers it', async () => {
    for (const suite of [eddsaRdfc2022, eddsaJcs2022]) {
      const one = await appendProof(badge, issuer, { suite: eddsaRdfc2022, id: FIRST })
      const two = editable(await appendProof(one, issuer, { suite, previousProof: FIRST }))
      const other = await appendProof(badge, issuer, {
        suite: eddsaRdfc2022,
        id: FIRST,
        created: '2024-06-02T00:00:00Z'
      })
      two.proof[0] = (other['proof'] as JsonObject[])[0]
      expect(await outcome(two)).toMatchObject({ accepted: false, code: 'SIGNATURE_INVALID' })
    }
  })

  it('63: is unknown, never good, where a proof builds on one in a suite that is not accepted', async () => {
    const one = await appendProof(badge, issuer, { suite: eddsaJcs2022, id: FIRST })
    const two = await appendProof(one, issuer, { suite: eddsaRdfc2022, id: SECOND, previousProof: FIRST })
    const three = await appendProof(two, issuer, { suite: eddsaRdfc2022, previousProof: SECOND })
    const { report, ...found } = await outcome(three, narrowed(eddsaJcs2022))
    expect(found).toEqual({ accepted: false, code: 'PROOF_CHAIN_UNCHECKED', outcome: 'unknown' })
    expect(report.credential).toBeUndefined()

    // A proof that does not hold is still said not to hold.
    const changed = { ...three, name: 'Other' }
    expect(await outcome(changed, narrowed(eddsaJcs2022))).toMatchObject({ code: 'SIGNATURE_INVALID', outcome: 'fail' })
    // And what nobody builds on takes nothing away.
    const set = await appendProof(one, issuer, { suite: eddsaRdfc2022 })
    expect(await outcome(set, narrowed(eddsaJcs2022))).toMatchObject({ accepted: true })
  })

  it('51, 61: is refused where one of the proofs is by somebody else, though it holds', async () => {
    const signed = await appendProof(badge, issuer, { suite: eddsaRdfc2022 })
    const both = await appendProof(signed, mallory, { suite: eddsaRdfc2022 })
    const { report, accepted } = await outcome(both)
    expect(accepted).toBe(false)
    expect(report.checks.find(({ id }) => id === 'issuer')?.code).toBe('ISSUER_KEY_MISMATCH')
  })

  it('60: is refused with nine proofs, and accepted with eight', async () => {
    let signed = badge
    for (let count = 0; count < 8; count += 1) {
      signed = await appendProof(signed, issuer, { suite: eddsaRdfc2022, created: `2024-06-01T00:00:0${count}Z` })
    }
    expect(await outcome(signed)).toMatchObject({ accepted: true })
    const nine = await appendProof(signed, issuer, { suite: eddsaRdfc2022, created: '2024-06-01T00:00:09Z' })
    expect(await outcome(nine)).toMatchObject({ accepted: false, code: 'PROOF_MALFORMED' })
  })
})
