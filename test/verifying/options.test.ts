import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  createAddressGuard,
  createKeyCache,
  createTrustList,
  createWebResolver,
  type VerifyOptions,
  verify,
  type WebResolverOptions
} from '../../src/index.js'
import { plainBadge, testSigner } from '../support/sign.js'

let badge: JsonObject
beforeAll(async () => {
  const issuer = await testSigner('issuer')
  badge = await issuer.sign(plainBadge(issuer.did))
})

const refusal = expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID' })

describe('options of verify', () => {
  it.each<[string, VerifyOptions]>([
    ['a time that is none', { now: new Date(Number.NaN) }],
    ['a time beyond the calendar', { now: new Date(8.64e15) }],
    ['a name that is spelt wrongly', { resolvr: {} } as never],
    ['a resolver that is a text', { resolver: 'published' } as never],
    ['a policy that says nothing', { policy: {} } as never],
    ['a policy about a check that is none', { policy: { name: 'x', advisory: ['statuss'] } } as never],
    ['a limit that is no number', { limits: { maxItems: Number.NaN } }],
    ['a depth beyond what every stack holds', { limits: { maxDepth: 201 } }],
    ['contexts that are a text', { contexts: 'abc' } as never],
    ['a kind that is none', { expect: 'x' } as never],
    ['a recipient of two forms', { recipient: { email: 'k@x.org', name: 'Kari' } } as never],
    ['a recipient of no form', { recipient: {} as never }],
    ['a tolerance that is no number', { clockTolerance: Number.NaN }],
    ['a tolerance that is too great', { clockTolerance: 301 }],
    ['an age before birth', { maxStatusAge: -1 }],
    ['an age that is no number', { maxStatusAge: Number.NaN }],
    ['a time to wait that is no number', { resolveTimeout: Number.NaN }],
    ['a suite by its name', { suites: ['eddsa-rdfc-2022'] } as never],
    ['a suite that is nothing', { suites: [undefined] } as never],
    ['a suite that does half', { suites: [{ name: 'eddsa-rdfc-2022', matches: () => true }] } as never],
    ['files that are texts', { resources: new Map([['https://a.example/', 'text']]) } as never],
    ['files in a list', { resources: [] } as never],
    ['keepers in a Map', { statusIssuers: new Map([['did:web:a.example', ['did:web:b.example']]]) } as never],
    ['limits in a Map', { limits: new Map([['maxItems', 1]]) } as never],
    ['a snapshot at no time', { statusSnapshot: { acceptedAsOf: new Date(Number.NaN), maxAge: 1 } }],
    ['a snapshot of no age', { statusSnapshot: { acceptedAsOf: new Date(0), maxAge: Number.NaN } }]
  ])('126: refuse %s', async (_, options) => {
    await expect(verify(badge, options)).rejects.toEqual(refusal)
  })
})

describe('the greatest depth', () => {
  it('is one that every check holds', async () => {
    const deep = (depth: number): JsonObject =>
      depth === 0 ? {} : { type: 'Profile', name: `${depth}`, parentOrg: deep(depth - 1) }
    const issuer = { ...(badge['issuer'] as JsonObject), parentOrg: deep(197) }
    const { checks } = await verify({ ...badge, issuer }, { limits: { maxDepth: 200 } })
    expect(checks[0]?.code).toBe('INPUT_READ')
    expect(checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
  })
})

describe('a pattern', () => {
  const any = /.*/g

  it('127: is no option where ids, names and addresses are compared: that it is not one is known to the compiler', async () => {
    const given: readonly VerifyOptions[] = [
      // @ts-expect-error A pattern is not an algorithm.
      { algorithms: [any] },
      // @ts-expect-error A pattern is not an id.
      { statusIssuers: { 'did:example:issuer': [any] } },
      // @ts-expect-error A pattern is not a list of ids.
      { statusIssuers: { 'did:example:issuer': any } },
      // @ts-expect-error A pattern does not say whom it knows.
      { trust: [any] },
      // @ts-expect-error A pattern is not an e-mail address.
      { recipient: { email: any } },
      // @ts-expect-error A pattern is not an id.
      { recipient: { id: any } },
      // @ts-expect-error A pattern is not a kind.
      { expect: any },
      // @ts-expect-error A pattern is not a context.
      { contexts: [any] },
      // @ts-expect-error A pattern is not the name of a check.
      { policy: { name: 'x', advisory: [any] } },
      // @ts-expect-error A pattern is not a suite.
      { suites: [any] }
    ]
    for (const options of given) {
      const name = Object.keys(options).join()
      await expect(verify(badge, options), name).rejects.toThrow(expect.objectContaining({ name: 'OptionError' }))
    }
  })

  it('127: is no option of a resolver, a guard, a cache or a list either', () => {
    const fetch = async () => new Response()
    const given: readonly WebResolverOptions[] = [
      // @ts-expect-error A pattern is not a port.
      { fetch, ports: [any] },
      // @ts-expect-error A pattern is not a function.
      { fetch, onRequest: any }
    ]
    for (const options of given) expect(() => createWebResolver(options)).toThrow(refusal)
    // @ts-expect-error A pattern is not a range of addresses.
    expect(() => createAddressGuard([any])).toThrow(refusal)
    // @ts-expect-error A pattern is not a number.
    expect(() => createKeyCache({ maxKeys: any })).toThrow(refusal)
    // @ts-expect-error A pattern is not an id.
    expect(() => createTrustList('Partners', [any])).toThrow(refusal)
    expect(() => createTrustList('Partners', 'did:example:issuer')).toThrow(refusal)
    expect(createTrustList('Partners', ['did:example:issuer']).knows('did:example:issuer')).toBe(true)
  })
})
