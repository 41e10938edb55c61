import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, type VerifyOptions, verify } from '../../src/index.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import type { UnsecuredDocument } from '../../src/securing/unsecured-document.js'
import { NOW } from '../support/issuer.js'
import { proofLevel, publicLevel } from '../support/levels.js'
import { appendProof } from '../support/proofs.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const OPTIONS: VerifyOptions = { now: NOW }
const VC = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const LATER = 'https://w3id.org/security/suites/ed25519-2020/v1'

let issuer: TestSigner
let badge: JsonObject
let byRdfc: JsonObject
let byJcs: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  badge = plainBadge(issuer.did)
  byRdfc = await appendProof(badge, issuer, { suite: eddsaRdfc2022 })
  byJcs = await appendProof(badge, issuer, { suite: eddsaJcs2022 })
})

const withContext = (signed: JsonObject, context: unknown) => {
  const copy = editable(signed)
  copy.proof[0]['@context'] = context
  return copy
}

describe('a context in a proof', () => {
  it.each<[string, unknown]>([
    ['that the document has too', [VC, OB]],
    ['that it has in part', [VC]],
    ['written inline', { foo: 'urn:x' }]
  ])('67: is refused for an RDFC suite, even one %s', async (_, context) => {
    expect(await publicLevel(withContext(byRdfc, context), OPTIONS)).toBe('CONTEXT_NESTED')
    expect(await proofLevel(withContext(byRdfc, context), OPTIONS)).toBe('SIGNATURE_INVALID')
  })

  it.each<[string, unknown, string]>([
    ['another order', [OB, VC], 'CONTEXT_NESTED'],
    ['an entry more', [VC, OB, LATER], 'CONTEXT_NESTED'],
    ['another entry', [VC, LATER], 'CONTEXT_NESTED'],
    ['an inline entry', [VC, OB, { foo: 'urn:x' }], 'CONTEXT_NESTED'],
    ['an inline context', { foo: 'urn:x' }, 'CONTEXT_NESTED'],
    ['nothing but the data model', [VC], 'CONTEXT_NOT_ALLOWED'],
    ['one text', VC, 'CONTEXT_NOT_ALLOWED'],
    ['an empty list', [], 'CONTEXT_NESTED'],
    ['a null', null, 'CONTEXT_NESTED']
  ])('67: is refused for a JCS suite with %s', async (_, context, code) => {
    expect(await publicLevel(withContext(byJcs, context), OPTIONS)).toBe(code)
    expect(await proofLevel(withContext(byJcs, context), OPTIONS)).toBe('SIGNATURE_INVALID')
  })

  it('67: may be missing from a JCS proof, which then covers those of the document', async () => {
    const { proof: _, ...document } = byJcs
    const bare = await appendProof(document, issuer, { suite: { ...eddsaJcs2022, proofContext: false } })
    expect((bare['proof'] as JsonObject[])[0]?.['@context']).toBeUndefined()
    expect(await publicLevel(bare, OPTIONS)).toBe('accepted')
    expect(await publicLevel({ ...bare, '@context': [VC, OB, LATER] }, OPTIONS)).toBe('SIGNATURE_INVALID')
  })
})

describe('contexts behind those of a JCS proof', () => {
  it('break nothing, and are no part of what is handed out', async () => {
    const report = await verify({ ...byJcs, '@context': [VC, OB, LATER] }, OPTIONS)
    expect(report.accepted).toBe(true)
    expect(report.credential).toEqual(badge)
  })

  it('are handed out where another proof covers them', async () => {
    const longer = { ...byJcs, '@context': [VC, OB, LATER] }
    for (const suite of [eddsaRdfc2022, eddsaJcs2022]) {
      const report = await verify(await appendProof(longer, issuer, { suite }), OPTIONS)
      expect(report.accepted).toBe(true)
      expect(report.credential?.['@context']).toEqual([VC, OB, LATER])
    }
  })

  it('21: define nothing that was undefined when the proof was made', async () => {
    const document = { '@context': { '@protected': true, grade: 'https://academy.example/terms#grade' } }
    const contexts = [{ url: 'https://academy.example/terms', document, sha256: contextDigest(document) }]
    // JCS asks nothing of terms, so that an undefined one can be signed.
    const unsecured = { document: { ...badge, grade: 'A' } } as unknown as UnsecuredDocument
    const options = { created: '2024-06-01T00:00:00Z', verificationMethod: issuer.verificationMethod }
    const proof = await eddsaJcs2022.createProof?.(unsecured, options, issuer.signer)
    const signed = { ...unsecured.document, '@context': [VC, OB, 'https://academy.example/terms'], proof }
    expect(await proofLevel(signed, { ...OPTIONS, contexts })).toBe('accepted')
    expect(await publicLevel(signed, { ...OPTIONS, contexts })).toBe('UNDEFINED_TERM')
  })
})

describe('an endorsement with a JCS proof', () => {
  const endorse = async (context: readonly string[] = [VC, OB]) =>
    appendProof(
      {
        '@context': [...context],
        id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000003',
        type: ['VerifiableCredential', 'EndorsementCredential'],
        issuer: { id: issuer.did, type: ['Profile'] },
        validFrom: '2024-01-01T00:00:00Z',
        name: 'Endorsement',
        credentialSubject: { id: badge['id'] as string, type: ['EndorsementSubject'] }
      },
      issuer,
      { suite: eddsaJcs2022 }
    )

  it.each([eddsaRdfc2022, eddsaJcs2022])(
    'stands in a badge secured with $name, and is verified by itself',
    async (suite) => {
      const signed = await appendProof({ ...badge, endorsement: [await endorse()] }, issuer, { suite })
      const report = await verify(signed, OPTIONS)
      expect(report.accepted).toBe(true)
      expect(report.checks.find(({ id }) => id === 'endorsements')?.code).toBe('ENDORSEMENTS_VERIFIED')
    }
  )

  it('67: is refused with the badge where its proof brings another context than its own', async () => {
    const endorsement = editable(await endorse())
    endorsement.proof[0]['@context'] = [VC, OB, LATER]
    const longer = { ...badge, '@context': [VC, OB, LATER], endorsement: [endorsement] }
    const signed = await appendProof(longer, issuer, { suite: eddsaJcs2022 })
    expect(await publicLevel(signed, OPTIONS)).toBe('CONTEXT_NESTED')
  })
})

describe('the order of what a set holds', () => {
  it('is covered by a JCS proof, and not by an RDFC proof', async () => {
    const type = ['OpenBadgeCredential', 'VerifiableCredential']
    expect(await publicLevel({ ...byRdfc, type }, OPTIONS)).toBe('accepted')
    expect(await publicLevel({ ...byJcs, type }, OPTIONS)).toBe('SIGNATURE_INVALID')
  })
})
