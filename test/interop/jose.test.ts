import { compactVerify, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwkOf } from '../../src/crypto/jwk.js'
import { type BadgeFormat, createMapResolver, didKeyOf, verify } from '../../src/index.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { FIRST_AID, KARI, NOW, testHouse, testSeed } from '../support/issuer.js'
import { badgeClaims, ecdsaSigner, rsaSigner } from '../support/jwt.js'
import { noNetwork } from '../support/jwt-refusal.js'

const LEARNER = { ...KARI, recipient: { id: 'did:example:learner' } }

describe('jose reads what komma signs', () => {
  it.each<['Ed25519' | 'P-256' | 'P-384', string, BadgeFormat]>([
    ['Ed25519', 'EdDSA', 'jwt'],
    ['P-256', 'ES256', 'jwt'],
    ['P-384', 'ES384', 'jwt'],
    ['P-256', 'ES256', 'vc+jwt']
  ])('with a key of kind %s: %s, as %s', async (algorithm, alg, format) => {
    const keys = await createMemoryKeyStore({ algorithm, seed: seedFor(algorithm), now: NOW })
    const { issuer, competency, publish } = await testHouse({
      keys,
      profile: { id: await didKeyOf(keys), name: 'Example Academy' }
    })
    const { text, credential } = await issuer.issue(competency, LEARNER, { format })
    const jwk = jwkOf(materialOfKey(await keys.signer())) as JWK
    const { payload, protectedHeader } = await compactVerify(text, await importJWK(jwk, alg), { algorithms: [alg] })
    expect(protectedHeader).toMatchObject({ alg, typ: format === 'jwt' ? 'JWT' : 'vc+jwt' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ name: FIRST_AID.name, id: credential.id })
    expect((await verify(text, { now: NOW, resolver: await publish() })).accepted).toBe(true)
  })
})

describe('komma reads what jose signs', () => {
  it.each([
    ['ES256', () => ecdsaSigner('issuer')],
    ['ES384', () => ecdsaSigner('issuer', 'ES384')],
    ['RS256', () => rsaSigner('RS256')],
    ['PS256', () => rsaSigner('PS256')]
  ])('%s', async (alg, make) => {
    const { did, kid, key } = make()
    const jwt = new SignJWT({ ...badgeClaims(did) }).setProtectedHeader({ alg, kid, typ: 'JWT' })
    expect((await verify(await jwt.sign(key), noNetwork)).accepted).toBe(true)
    const { privateKey: other } = await generateKeyPair(alg)
    const forged = await verify(await jwt.sign(other), noNetwork)
    expect(forged.checks.find(({ id }) => id === 'proof')?.code).toBe('SIGNATURE_INVALID')
  })
})

describe('an issuer on the web', () => {
  it.each(['did:web:academy.example', 'https://academy.example/issuers/7'])(
    '%s signs JWTs that verify with what it publishes, and with nothing else',
    async (id) => {
      const keys = await createMemoryKeyStore({ algorithm: 'P-256', seed: testSeed('issuer'), now: NOW })
      const { issuer, competency } = await testHouse({ keys, profile: { id, name: 'Example Academy' } })
      const { text } = await issuer.issue(competency, LEARNER, { format: 'jwt' })
      const published = (await issuer.publish()).map((document) => [document.id, document.text] as const)
      const report = await verify(text, { now: NOW, resolver: createMapResolver(published) })
      expect(report.accepted).toBe(true)
      expect(report.proofs[0]?.keyFrom).toBe(id.startsWith('https') ? 'jwks' : 'did:web')
      const without = createMapResolver(published.filter(([url]) => !url.endsWith('jwks.json') && url !== id))
      expect((await verify(text, { now: NOW, resolver: without })).accepted).toBe(false)
    }
  )
})

function seedFor(algorithm: string): Uint8Array {
  const seed = testSeed('issuer')
  return algorithm === 'P-384' ? Uint8Array.of(...new Uint8Array(16), ...seed) : seed
}
