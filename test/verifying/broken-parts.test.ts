import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { eddsaRdfc2022, type VerifyOptions, verify } from '../../src/index.js'
import { breakableParts, brokenCall, expectNoSecret, expectRefusal } from '../support/breakable-parts.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, ecdsaSigner } from '../support/jwt.js'
import { plainBadge, testSigner } from '../support/sign.js'

let badge: JsonObject
let endorsed: JsonObject
let options: VerifyOptions

beforeAll(async () => {
  const parts = await breakableParts()
  badge = parts.badge
  endorsed = parts.endorsed
  options = parts.options
})

describe('a part of the application that breaks', () => {
  const never = () => new Promise<never>(() => {})

  it('is working here, so that what follows is about the part alone', async () => {
    expect((await verify(endorsed, options)).accepted).toBe(true)
  })

  it.each<[string, VerifyOptions]>([
    ['a resolver that throws', { resolver: { resolve: brokenCall } }],
    ['a resolver that refuses', { resolver: { resolve: async () => brokenCall() } }],
    ['a resolver that never answers', { resolver: { resolve: never }, resolveTimeout: 0.01 }],
    ['a resolver that answers null', { resolver: { resolve: async () => null as never } }],
    ['a resolver that answers something else', { resolver: { resolve: async () => ({ body: 7 }) as never } }],
    ['a resolver whose session throws', { resolver: { resolve: brokenCall, session: brokenCall } }],
    ['a memory of lists that throws', { statusMemory: { remember: brokenCall } }],
    ['a memory of lists that never answers', { statusMemory: { remember: never }, resolveTimeout: 0.2 }],
    ['a memory of lists that answers something else', { statusMemory: { remember: async () => 7 as never } }],
    ['a key cache that throws', { keyCache: { importKey: brokenCall } }],
    ['a key cache that answers nothing', { keyCache: { importKey: async () => undefined as never } }],
    [
      'a key that throws',
      { keyCache: { importKey: async () => ({ algorithm: 'Ed25519', verify: brokenCall }) as never } }
    ],
    [
      'a key that answers neither yes nor no',
      { keyCache: { importKey: async () => ({ algorithm: 'Ed25519', verify: async () => 'yes' }) as never } }
    ],
    [
      'a suite that answers neither yes nor no',
      { suites: [{ ...eddsaRdfc2022, verifyProof: async () => ({ holds: 'yes' }) as never }] }
    ],
    ['a suite that answers nothing', { suites: [{ ...eddsaRdfc2022, verifyProof: async () => undefined as never }] }],
    ['a suite that throws', { suites: [{ ...eddsaRdfc2022, verifyProof: brokenCall }] }]
  ])('71, 200: leaves its check open, the badge out and the reason untold: %s', async (_, broken) => {
    expectRefusal(await verify(badge, { ...options, ...broken }))
  })

  it.each([null, { body: 7 }, 'text'])('71: leaves the issuer open where a resolver answers %j', async (answer) => {
    const issuer = 'did:web:academy.example'
    const webBadge = await (await testSigner()).sign(plainBadge(issuer), { verificationMethod: `${issuer}#key-1` })
    const report = await verify(webBadge as never, { now: NOW, resolver: { resolve: async () => answer as never } })
    expect(report.checks.find(({ id }) => id === 'issuer')).toMatchObject({
      outcome: 'unknown',
      code: 'ISSUER_KEY_UNRESOLVED'
    })
  })

  it('71: is not believed about a JWT either', async () => {
    const jwtIssuer = ecdsaSigner('issuer')
    const token = `${(await jwtIssuer.sign(badgeClaims(jwtIssuer.did))).split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`
    const key = { algorithm: 'P-256', material: { algorithm: 'P-256' }, verify: async () => 'yes' }
    const report = await verify(token, { now: NOW, keyCache: { importKey: async () => key as never } })
    expect(report.checks.find(({ id }) => id === 'proof')?.code).toBe('SIGNATURE_INVALID')
  })

  it('71, 200: is told of where it does not decide: a trust list', async () => {
    const report = await verify(badge, { ...options, trust: [{ name: 'Register', knows: brokenCall }] })
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['TRUST_UNDECIDED'])
    expectNoSecret(JSON.stringify(report))
  })
})
