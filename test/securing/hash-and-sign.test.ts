import { describe, expect, it } from 'vitest'
import { importPublicKey } from '../../src/crypto/public-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createContextSet } from '../../src/model/contexts.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, testSigner } from '../support/sign.js'

async function signedWith(suite: typeof eddsaRdfc2022, options: Readonly<Record<string, unknown>> = {}) {
  const { did, signer, verificationMethod } = await testSigner()
  const document = plainBadge(did)
  const secured = await expandUnsecured(document, createContextSet())
  const given = { created: '2024-06-01T00:00:00Z', verificationMethod, ...options }
  const proof = (await suite.createProof?.(secured, given, signer)) as JsonObject
  return { document, secured, proof, key: await importPublicKey(materialOfKey(signer)) }
}

describe('a suite that signs', () => {
  it.each([eddsaRdfc2022, eddsaJcs2022])(
    '$name: writes the proof options it is given, and signs them',
    async (suite) => {
      const options = {
        id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        expires: '2099-01-01T00:00:00Z',
        domain: 'academy.example',
        challenge: 'c',
        nonce: 'n'
      }
      const { document, proof } = await signedWith(suite, options)
      expect(proof).toMatchObject({ ...options, proofPurpose: 'assertionMethod', cryptosuite: suite.name })
      const { accepted, checks } = await verify({ ...document, proof }, { now: NOW })
      expect([accepted, checks.filter(({ outcome }) => outcome === 'fail')]).toEqual([true, []])
      for (const member of Object.keys(options)) {
        const { [member]: _, ...less } = proof
        expect((await verify({ ...document, proof: less }, { now: NOW })).accepted).toBe(false)
      }
    }
  )

  it('makes a proof for another purpose, which is then for no credential', async () => {
    const { document, secured, proof, key } = await signedWith(eddsaRdfc2022, { proofPurpose: 'authentication' })
    expect(await eddsaRdfc2022.verifyProof(secured, proof, key)).toEqual({ holds: true })
    const report = await verify({ ...document, proof }, { now: NOW })
    expect(report.checks.find(({ id }) => id === 'proof')?.code).toBe('PROOF_PURPOSE_MISMATCH')
  })

  it('keeps the contexts of the document in the proof where its canonical form needs them', async () => {
    const jcs = await signedWith(eddsaJcs2022)
    expect(jcs.proof['@context']).toEqual(jcs.document['@context'])
    expect((await signedWith(eddsaRdfc2022)).proof['@context']).toBeUndefined()
  })
})

describe('a suite that checks', () => {
  it('58: holds for no kind of key but its own', async () => {
    const { secured, proof } = await signedWith(eddsaRdfc2022)
    const { signer } = await testSigner('issuer', 'P-256')
    const other = await importPublicKey(materialOfKey(signer))
    expect(await eddsaRdfc2022.verifyProof(secured, proof, other)).toEqual({ holds: false })
    expect(await ecdsaRdfc2019.verifyProof(secured, proof, other)).toEqual({ holds: false })
  })

  it('58: is named by type and cryptosuite together', () => {
    expect(eddsaRdfc2022.matches({ type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022' })).toBe(true)
    expect(eddsaRdfc2022.matches({ type: 'DataIntegrityProof' })).toBe(false)
    expect(eddsaRdfc2022.matches({ cryptosuite: 'eddsa-rdfc-2022' })).toBe(false)
    expect(eddsaRdfc2022.matches({ type: 'Ed25519Signature2020', cryptosuite: 'eddsa-rdfc-2022' })).toBe(false)
  })

  it('says of which document a JCS proof holds, where it names its contexts', async () => {
    const { document, proof, key } = await signedWith(eddsaJcs2022)
    const context = [...(document['@context'] as string[]), 'https://w3id.org/security/suites/ed25519-2020/v1']
    const longer = await expandUnsecured({ ...document, '@context': context }, createContextSet())
    expect(await eddsaJcs2022.verifyProof(longer, proof, key)).toEqual({ holds: true, document })
  })
})
