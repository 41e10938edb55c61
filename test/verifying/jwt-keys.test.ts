import { describe, expect, it } from 'vitest'
import { jwkOf } from '../../src/crypto/jwk.js'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver, type Resolver, unbakePng, verify } from '../../src/index.js'
import { type KeyInfo, materialOfKey } from '../../src/keys/key-store.js'
import { parseCompactJws } from '../../src/securing/jwt/compact-jws.js'
import { NOW, testHouse } from '../support/issuer.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { describeShared, readSharedBytes } from '../support/shared.js'

const https = 'https://academy.example/issuers/7'
const SET = 'https://academy.example/.well-known/jwks.json'
const victim = await testHouse({ profile: { id: https, name: 'Example Academy' } })
const published = await victim.publish()
const [own] = (await victim.keys.keys()) as [KeyInfo]
const signer = await testJwtSigner()
const mallory = await testJwtSigner('mallory')
const malloryKeys = await (await testHouse({ label: 'mallory' })).keys.keys()
const malloryJwk = jwkOf(materialOfKey(malloryKeys[0] as KeyInfo))
const kid = `${https}#${own.id}`

async function check(token: string, resolver: Resolver | undefined) {
  const report = await verify(token, { now: NOW, ...(resolver === undefined ? {} : { resolver }) })
  const code = (id: string) => report.checks.find((one) => one.id === id)?.code
  return { accepted: report.accepted, issuer: code('issuer'), from: report.proofs[0]?.keyFrom }
}
const sign = (by: typeof signer, header: JsonObject) =>
  by.sign(badgeClaims(https), { alg: 'EdDSA', typ: 'JWT', ...header })

describe('a JWT of an https issuer', () => {
  it('is bound by what the issuer publishes, in its key set or in its controller document', async () => {
    const documentAlone = createMapResolver({ [https]: buildControllerDocument({ id: https, keys: [own] }) })
    for (const header of [{ kid }, { jwk: jwkOf(materialOfKey(own)) }, { kid, jwk: jwkOf(materialOfKey(own)) }]) {
      const token = await sign(signer, header)
      expect(await check(token, published)).toEqual({ accepted: true, issuer: 'ISSUER_BOUND', from: 'jwks' })
      expect(await check(token, documentAlone)).toEqual({ accepted: true, issuer: 'ISSUER_BOUND', from: 'https' })
    }
  })

  it('111: is refused where its header brings the key of another, with or without the kid of the issuer', async () => {
    const bare = await check(await sign(mallory, { jwk: malloryJwk }), published)
    expect(bare).toEqual({ accepted: false, issuer: 'ISSUER_KEY_INVALID', from: undefined })
    const disguised = await check(await sign(mallory, { kid, jwk: malloryJwk }), published)
    expect(disguised).toEqual({ accepted: false, issuer: 'ISSUER_KEY_MISMATCH', from: undefined })
  })

  it('112: is refused where its kid is of another DID or origin, whatever lies there', async () => {
    const evil = 'https://evil.example/key'
    const everything = createMapResolver({
      [evil]: malloryJwk,
      'https://evil.example/.well-known/jwks.json': { keys: [{ ...malloryJwk, kid: evil }] }
    })
    for (const of of [evil, mallory.kid, `did:web:evil.example#${own.id}`]) {
      const found = await check(await sign(mallory, { kid: of }), everything)
      expect(found).toEqual({ accepted: false, issuer: 'ISSUER_KEY_MISMATCH', from: undefined })
    }
  })

  it('112: is refused where the set gives the key to another issuer of the host', async () => {
    const shared = createMapResolver({ [SET]: { keys: [{ ...malloryJwk, kid, iss: 'https://academy.example/8' }] } })
    const found = await check(await sign(mallory, { kid }), shared)
    expect(found).toMatchObject({ accepted: false, issuer: 'ISSUER_KEY_MISMATCH' })
  })

  it('D6: is left open without a resolver', async () => {
    const token = await sign(signer, { kid })
    expect(await check(token, undefined)).toMatchObject({ accepted: false, issuer: 'ISSUER_KEY_UNRESOLVED' })
  })
})

describeShared('the JWT sample of 1EdTech', () => {
  it('is accepted where its issuer publishes the key, and not where it publishes another', async () => {
    const token = unbakePng(readSharedBytes('fixtures/validator/simple-jwt.png'))
    // The key of its header, as its issuer would publish it.
    const key = parseCompactJws(token).header['jwk'] as JsonObject
    const withSet = (keys: readonly JsonObject[]) =>
      verify(token, {
        now: NOW,
        allowMissingSub: true,
        resolver: createMapResolver({ 'https://1edtech.edu/.well-known/jwks.json': { keys: [...keys] } })
      })
    const issuer = 'https://1edtech.edu/issuers/565049'
    for (const more of [{}, { kid: 'any', iss: issuer, alg: 'RS256' }]) {
      const report = await withSet([{ kty: 'future' }, { ...key, ...more }])
      expect(report.proofs[0]).toMatchObject({ checked: true, keyFrom: 'jwks', algorithm: 'RS256', holds: true })
      expect(report.accepted).toBe(true)
    }
    expect((await withSet([malloryJwk])).accepted).toBe(false)
    expect((await withSet([{ ...key, iss: 'https://1edtech.edu/issuers/1' }])).accepted).toBe(false)
  })
})
