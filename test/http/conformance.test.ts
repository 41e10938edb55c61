import { beforeAll, describe, expect, it } from 'vitest'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeMultibase, encodeMultibase } from '../../src/encoding/multibase.js'
import type { VcApiHandler } from '../../src/http/vc-api.js'
import { contextDigest, createMemoryKeyStore } from '../../src/index.js'
import { materialOfKey, type Signer } from '../../src/keys/key-store.js'
import { createContextSet } from '../../src/model/contexts.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { testHouse } from '../support/issuer.js'
import { type Control, DOCUMENT_EDITS, type Edit, PROOF_EDITS, suiteSwaps } from '../support/proof-edits.js'
import { describeShared, readSharedJson } from '../support/shared.js'
import { editable, testSigner } from '../support/sign.js'
import { signedOf, VECTORS, type Vector, vectorContexts } from '../support/w3c-vectors.js'
import { type Answer, handlerOf, post } from './support.js'

// How the public test suites call a verifier: with the proof as the one check.
const verify = (handle: VcApiHandler, verifiableCredential: JsonObject): Promise<Answer> =>
  post(handle, '/credentials/verify', { verifiableCredential, options: { checks: ['proof'] } })

async function w3cSigner({ algorithm, keyPair }: Vector): Promise<Signer> {
  const { privateKeyMultibase, secretKeyMultibase } = readSharedJson(keyPair)
  const seed = decodeMultibase(privateKeyMultibase ?? secretKeyMultibase).slice(2)
  return (await createMemoryKeyStore({ algorithm, seed })).signer()
}

/** A document of the W3C, signed with the key of the W3C, whose issuer is that key. */
async function bound(vector: Vector): Promise<JsonObject> {
  const signer = await w3cSigner(vector)
  const { proof, ...document } = signedOf(vector)
  const did = didKeyFromMaterial(materialOfKey(signer))
  const { proofValue: _, ...options } = { ...proof, verificationMethod: `${did}#${did.slice(8)}` } as JsonObject
  const secured = await expandUnsecured({ ...document, issuer: did }, createContextSet(vectorContexts()))
  const { bytes } = await vector.suite.hash(secured, options, vector.algorithm)
  const proofValue = encodeMultibase('base58btc', await signer.sign(bytes))
  return { ...secured.document, proof: { ...options, proofValue } }
}

async function controlOf({ suite, algorithm }: Vector): Promise<Control> {
  const stranger = await testSigner('stranger', algorithm)
  const otherKind = await testSigner('other', algorithm === 'Ed25519' ? 'P-256' : 'Ed25519')
  return {
    suite,
    algorithm,
    stranger: stranger.verificationMethod,
    otherKind: otherKind.verificationMethod
  }
}

describeShared.each(VECTORS)('the W3C vector $name, through the handler', (vector) => {
  let handle: VcApiHandler
  let signed: JsonObject
  let control: Control

  beforeAll(async () => {
    handle = handlerOf({ open: ['verifyCredential'], credentials: 'any', verify: { contexts: vectorContexts() } })
    signed = await bound(vector)
    control = await controlOf(vector)
  })

  it('is verified with 200, and as a badge it is none', async () => {
    expect(await verify(handle, signed)).toMatchObject({ status: 200, body: { verified: true } })
    const badges = handlerOf({ open: ['verifyCredential'] })
    expect(await verify(badges, signed)).toMatchObject({ status: 400, body: { title: 'CONTEXT_NOT_ALLOWED' } })
  })

  it('is not verified as it was published, because its key is not that of its issuer', async () => {
    expect(await verify(handle, signedOf(vector))).toMatchObject({
      status: 400,
      body: { title: 'ISSUER_KEY_MISMATCH', type: 'https://w3id.org/security#INVALID_VERIFICATION_METHOD' }
    })
  })

  it('is answered with 400 after every edit, and with the code that says why', async () => {
    const edits: readonly Edit[] = [...DOCUMENT_EDITS, ...PROOF_EDITS, ...suiteSwaps(control)]
    const wrong: unknown[] = []
    for (const [title, edit, codes] of edits) {
      const document = editable(signed)
      edit(document, control)
      const { status, body } = await verify(handle, document)
      const expected = (typeof codes === 'string' ? codes : codes[0]).split(' or ')
      if (status !== 400 || body.verified !== false || !expected.includes(body.title))
        wrong.push([title, status, body.title, expected])
    }
    expect(wrong).toEqual([])
    expect(edits.length).toBeGreaterThan(35)
  })
})

describe('what the data model allows and what it forbids', () => {
  const vocab = { '@context': { '@vocab': 'https://vocab.example/#' } }
  const contexts = [{ url: 'https://vocab.example/v1', document: vocab, sha256: contextDigest(vocab) }]
  const V2 = ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1']
  const V1 = ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/security/data-integrity/v2', V2[1]]
  let handle: VcApiHandler
  let base: JsonObject

  beforeAll(async () => {
    const house = await testHouse({ credentials: 'any', contexts, inlineContexts: true })
    handle = handlerOf({
      issuer: house.issuer,
      authorize: () => true,
      credentials: 'any',
      statusEntry: 'asGiven',
      verify: { contexts, inlineContexts: true }
    })
    base = {
      '@context': V2,
      type: ['VerifiableCredential'],
      issuer: house.issuer.id,
      credentialSubject: { id: 'did:example:subject', alumniOf: 'The School' }
    }
  })

  const issueAndVerify = async (change: Readonly<Record<string, unknown>>): Promise<number[]> => {
    const credential: JsonObject = JSON.parse(JSON.stringify({ ...base, ...change }))
    const issued = await post(handle, '/credentials/issue', { credential })
    if (issued.status !== 201) return [issued.status]
    return [201, (await verify(handle, issued.body.verifiableCredential)).status]
  }

  it.each<[string, (issuer: unknown) => Readonly<Record<string, unknown>>]>([
    ['nothing that is optional', () => ({})],
    ['an id that is a URL', () => ({ id: 'https://school.example/credentials/1' })],
    ['an id that is a DID', () => ({ id: 'did:example:1' })],
    ['further types', () => ({ type: ['VerifiableCredential', 'AlumniCredential'] })],
    ['an issuer that is an object', (id) => ({ issuer: { id, name: 'School' } })],
    ['a name and a description', () => ({ name: 'Degree', description: 'Of arts' })],
    [
      'a name in several languages',
      () => ({
        name: [
          { '@value': 'Degree', '@language': 'en' },
          { '@value': 'Grad', '@language': 'da' }
        ]
      })
    ],
    [
      'several subjects',
      () => ({
        credentialSubject: [
          { id: 'did:example:a', x: 'y' },
          { id: 'did:example:b', x: 'z' }
        ]
      })
    ],
    ['a period', () => ({ validFrom: '2024-01-01T00:00:00Z', validUntil: '2030-01-01T00:00:00+01:00' })],
    ['a period that is over, while only the proof is asked for', () => ({ validUntil: '2020-01-01T00:00:00Z' })],
    ['a status', () => ({ credentialStatus: { id: 'https://school.example/s#1', type: 'ExampleStatus' } })],
    ['several states', () => ({ credentialStatus: [{ type: 'ExampleStatus' }, { type: 'OtherStatus' }] })],
    ['a schema', () => ({ credentialSchema: { id: 'https://school.example/schema', type: 'JsonSchema' } })],
    ['evidence', () => ({ evidence: [{ id: 'https://school.example/e', type: ['Evidence'] }] })],
    ['terms of use', () => ({ termsOfUse: { type: 'ExamplePolicy' } })],
    ['a context that is written inline', () => ({ '@context': [...V2, { shelf: 'https://x.example/#shelf' }] })],
    ['the data model 1.1', () => ({ '@context': V1, issuanceDate: '2024-01-01T00:00:00Z' })]
  ])('a credential with %s is issued and verified', async (_, change) => {
    expect(await issueAndVerify(change(base['issuer']))).toEqual([201, 200])
  })

  it.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['no context', { '@context': undefined }, 400],
    ['a context that is a text', { '@context': V2[0] }, 400],
    ['a context that is a number', { '@context': 4 }, 400],
    ['contexts that are no texts', { '@context': [4, false, null] }, 400],
    ['the contexts in another order', { '@context': [...V2].reverse() }, 400],
    ['a context that nobody knows', { '@context': [V2[0], 'https://unknown.example/'] }, 400],
    [
      'a protected term that is defined anew',
      { '@context': [V2[0], { name: 'https://x.example/#n' }], name: 'x' },
      422
    ],
    ['an id that is no URL', { id: 'credential' }, 400],
    ['several ids', { id: ['did:example:1', 'did:example:2'] }, 400],
    ['no type', { type: undefined }, 400],
    ['a type that is a number', { type: 4 }, 400],
    ['types that are no texts', { type: ['VerifiableCredential', 2] }, 400],
    ['no VerifiableCredential among its types', { type: ['AlumniCredential'] }, 400],
    ['no issuer', { issuer: undefined }, 400],
    ['an issuer that is a number', { issuer: 4 }, 400],
    ['an issuer without an id', { issuer: { name: 'School' } }, 400],
    ['another issuer', { issuer: 'did:example:other' }, 400],
    ['a name that is a number', { name: 4 }, 400],
    ['a name with more than a text', { name: { '@value': 'x', url: 'y' } }, 400],
    ['a name with a direction, which no signature would cover', { name: { '@value': 'x', '@direction': 'ltr' } }, 422],
    ['no subject', { credentialSubject: undefined }, 400],
    ['an empty list of subjects', { credentialSubject: [] }, 400],
    ['a subject without claims', { credentialSubject: [{ id: 'did:example:a' }, {}] }, 400],
    ['subjects that are no objects', { credentialSubject: [null, true, 4] }, 400],
    ['a date without time', { validFrom: '2024-01-01' }, 400],
    ['a date without offset', { validUntil: '2024-01-01T00:00:00' }, 400],
    ['an end before its start', { validFrom: '2025-01-01T00:00:00Z', validUntil: '2024-01-01T00:00:00Z' }, 400],
    ['a status without a type', { credentialStatus: { id: 'https://school.example/s#1' } }, 400],
    ['a schema without an id', { credentialSchema: { type: 'JsonSchema' } }, 400],
    ['a schema without a type', { credentialSchema: { id: 'https://school.example/schema' } }, 400],
    ['terms of use without a type', { termsOfUse: { id: 'https://x.example/' } }, 400],
    ['the data model 1.1 and no date', { '@context': V1 }, 400]
  ])('a credential with %s is not issued', async (_, change, status) => {
    expect(await issueAndVerify(change)).toEqual([status])
  })
})
