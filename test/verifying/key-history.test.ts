import { describe, expect, it } from 'vitest'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { combineResolvers, createMapResolver, verify } from '../../src/index.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { signingTime } from '../../src/verifying/key-search.js'
import { NOW, testSeed } from '../support/issuer.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { plainBadge, testSigner } from '../support/sign.js'

const did = 'did:web:academy.example'
const kid = `${did}#key-1`
const CREATED = '2024-06-01T00:00:00Z'
const [key] = await (await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW, id: 'key-1' })).keys()
if (key === undefined) throw new Error('a key was made')
const old = key
const next = await (await createMemoryKeyStore({ seed: testSeed('next'), now: NOW, id: 'key-2' })).keys()

const badge = await (await testSigner()).sign(plainBadge(did), { verificationMethod: kid, created: CREATED })
const signedInMarch = { ...badgeClaims(did), iat: Date.parse('2024-03-01T00:00:00Z') / 1000 }
const token = await (await testJwtSigner()).sign(signedInMarch, { alg: 'EdDSA', kid, typ: 'JWT' })

const published = (end: { readonly expires?: string; readonly revoked?: string }) =>
  createMapResolver({ [did]: buildControllerDocument({ id: did, keys: [{ ...old, ...end }, ...next] }) })
const today = createMapResolver({ [did]: buildControllerDocument({ id: did, keys: next }) })

async function check(input: JsonObject | string, options: Parameters<typeof verify>[1]) {
  const report = await verify(input, { now: NOW, ...options })
  const code = report.checks.find(({ id }) => id === 'issuer')?.code
  return { code, accepted: report.accepted, warnings: report.warnings.map((warning) => warning.code) }
}

describe.each([
  ['a proof', badge, CREATED],
  ['a JWT', token, '2024-03-01T00:00:00Z']
])('the key of %s', (_name, input, signedAt) => {
  const after = new Date(Date.parse(signedAt) + 1000).toISOString()
  const good = { code: 'ISSUER_BOUND', accepted: true, warnings: [] }
  const refused = { code: 'ISSUER_KEY_INVALID', accepted: false, warnings: [] }

  it('retired, and still listed, is as good as ever', async () => {
    expect(await check(input, { resolver: published({}) })).toEqual(good)
    expect(await check(input, { resolver: published({}), keyHistory: 'whenSigned' })).toEqual(good)
  })

  it('56: expired since it signed, is refused, unless the time of signing was to count', async () => {
    const resolver = published({ expires: after })
    expect(await check(input, { resolver })).toEqual(refused)
    expect(await check(input, { resolver, keyHistory: 'now' })).toEqual(refused)
    expect(await check(input, { resolver, keyHistory: 'whenSigned' })).toEqual({ ...good, warnings: ['KEY_RETIRED'] })
  })

  it('56, 176: expired when it signed, is refused whatever counts', async () => {
    const resolver = published({ expires: signedAt })
    expect(await check(input, { resolver, keyHistory: 'whenSigned' })).toEqual(refused)
  })

  it('56, 176: revoked, is refused whatever counts', async () => {
    for (const end of [{ revoked: after }, { revoked: after, expires: after }]) {
      expect(await check(input, { resolver: published(end), keyHistory: 'whenSigned' })).toEqual(refused)
    }
  })

  it('146: no longer listed, is refused, unless the keys of the time are at hand', async () => {
    expect(await check(input, { resolver: today })).toEqual(refused)
    expect(await check(input, { resolver: combineResolvers(published({}), today) })).toEqual(good)
  })
})

it('56: a time of signing that is missing, malformed or beyond any calendar is none', () => {
  for (const created of [undefined, null, 7, '2024-06-01', '-999999-01-01T00:00:00Z']) {
    expect(signingTime(created)).toBeUndefined()
  }
  expect(signingTime(CREATED)).toEqual(new Date(CREATED))
})

it('refuses a history that is none', async () => {
  await expect(verify(badge, { keyHistory: 'always' as never })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    path: 'keyHistory'
  })
})
