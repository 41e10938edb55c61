import { afterEach, describe, expect, it, vi } from 'vitest'
import { RecentMap } from '../../src/encoding/recent-map.js'
import type { ResolveRequest, Resolver } from '../../src/index.js'
import { createContextSet } from '../../src/model/contexts.js'
import type { ProofVerdict } from '../../src/securing/cryptosuite.js'
import { type Answers, boundResolver } from '../../src/verifying/bounded-resolver.js'
import { verifyProofSet } from '../../src/verifying/proof-set.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const BOUNDS = { maxRequests: 2, timeout: 10 }
const request = (url: string, more: Partial<ResolveRequest> = {}): ResolveRequest => ({ url, kind: 'jwks', ...more })

function counting(answer: (one: ResolveRequest) => Promise<unknown> = async () => ({ body: 'x' })) {
  const asked: string[] = []
  const resolver = {
    resolve(one: ResolveRequest) {
      asked.push(`${one.kind} ${one.url}`)
      return answer(one)
    }
  } as Resolver
  return { asked, resolver }
}

describe('the requests of one verification', () => {
  it('are made once each, by kind, address and method', async () => {
    const { asked, resolver } = counting()
    const bound = boundResolver(resolver, { ...BOUNDS, maxRequests: 9 })
    for (const one of [
      request('a'),
      request('a'),
      request('b'),
      request('a', { kind: 'credential' }),
      request('a', { verificationMethod: 'a#1' }),
      request('a', { verificationMethod: 'a#2' }),
      request('a', { verificationMethod: 'a#1' })
    ])
      expect(await bound.resolve(one)).toMatchObject({ body: 'x' })
    expect(asked).toEqual(['jwks a', 'jwks b', 'credential a', 'jwks a', 'jwks a'])
  })

  it('are so many and no more, and the error says so', async () => {
    const { asked, resolver } = counting()
    const bound = boundResolver(resolver, BOUNDS)
    await bound.resolve(request('a'))
    await bound.resolve(request('b'))
    const refused = bound.resolve(request('c'))
    await expect(refused).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED',
      path: 'c',
      message: expect.stringContaining('the resolver was given up: more than 2 requests')
    })
    expect(await bound.resolve(request('a'))).toBeDefined()
    expect(asked).toHaveLength(2)
  })

  it('go through one session, where the resolver has sessions', async () => {
    let sessions = 0
    const { asked, resolver } = counting()
    const session = () => {
      sessions += 1
      return resolver
    }
    const bound = boundResolver({ resolve: () => Promise.reject(new Error('no')), session } as Resolver, BOUNDS)
    for (const url of ['a', 'b']) await bound.resolve(request(url))
    expect([sessions, asked.length]).toEqual([1, 2])
  })

  it('138: wait for so long and no longer, all together, and the request is called off', async () => {
    const delays: unknown[] = []
    const signals: AbortSignal[] = []
    vi.stubGlobal('setTimeout', (stop: () => void, delay: unknown) => {
      delays.push(delay)
      if (delays.length > 1) setImmediate(stop)
      return 0
    })
    const times = [0, 4_000, 4_000, 4_000]
    vi.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? 4_000)
    const { resolver } = counting((one) => {
      signals.push(one.signal as AbortSignal)
      return one.url === 'a' ? Promise.resolve(undefined) : new Promise(() => {})
    })
    const bound = boundResolver(resolver, BOUNDS)
    expect(await bound.resolve(request('a'))).toBeUndefined()
    await expect(bound.resolve(request('b'))).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED',
      message: expect.stringContaining('no answer within 10 seconds')
    })
    expect(delays).toEqual([10_000, 6_000])
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
  })

  it('138: do not wait at all when the time is over', async () => {
    const delays: unknown[] = []
    vi.stubGlobal('setTimeout', (_: unknown, delay: unknown) => delays.push(delay))
    const times = [0, 12_000]
    vi.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? 12_000)
    const bound = boundResolver(counting().resolver, BOUNDS)
    await bound.resolve(request('a'))
    await bound.resolve(request('b'))
    expect(delays).toEqual([10_000, 0])
  })

  it('are shared by several verifications, but not those that failed, nor more than there is room for', async () => {
    const { asked, resolver } = counting(async ({ url }) => {
      if (url === 'bad') throw new Error('down')
      return url === 'long' ? { body: 'x'.repeat(2_000) } : url === 'none' ? undefined : { body: 'x' }
    })
    const askTwice = async (...urls: string[]) => {
      const shared: Answers = new RecentMap(10, 1_000)
      asked.length = 0
      for (let round = 0; round < 2; round += 1) {
        const bound = boundResolver(resolver, { ...BOUNDS, maxRequests: 9 }, shared)
        for (const url of urls) await bound.resolve(request(url)).catch(() => undefined)
      }
      return asked.map((one) => one.slice('jwks '.length))
    }
    expect(await askTwice('good', 'none', 'bad')).toEqual(['good', 'none', 'bad', 'bad'])
    expect(await askTwice('long')).toEqual(['long', 'long'])
  })
})

describe('a set of proofs', () => {
  const document = { '@context': ['a', 'b', 'c'], id: 'urn:uuid:1' }
  const of = (...verdicts: readonly unknown[]) =>
    verifyProofSet(
      verdicts.map((verdict) => ({
        proof: {},
        suite: { verifyProof: async () => verdict as ProofVerdict } as never,
        verificationMethod: 'a#1',
        previous: []
      })),
      verdicts.map(() => ({}) as never),
      { document, contexts: createContextSet() } as never
    )
  const narrow = (...context: string[]) => ({ ...document, '@context': context })

  it('61: holds where each of them does, and is in the order of UTF-16 where one is', async () => {
    expect(await of({ holds: true }, { holds: true })).toEqual({ holds: true, utf16: false, document })
    expect(await of({ holds: true, order: 'utf16' }, { holds: true })).toMatchObject({ holds: true, utf16: true })
    expect(await of({ holds: true }, { holds: true, order: 'utf16' })).toMatchObject({ holds: true, utf16: true })
  })

  it('61, 71: does not hold where one does not, or answers something else', async () => {
    for (const bad of [{ holds: false }, { holds: 'yes' }, {}])
      for (const verdicts of [
        [bad, { holds: true }],
        [{ holds: true }, bad]
      ])
        expect(await of(...verdicts)).toEqual({ holds: false })
  })

  it('covers what the widest of them covers', async () => {
    const one = { holds: true, document: narrow('a') }
    const two = { holds: true, document: narrow('a', 'b') }
    expect(await of(one, two)).toMatchObject({ document: narrow('a', 'b') })
    expect(await of(two, one)).toMatchObject({ document: narrow('a', 'b') })
    const whole = (await of(one, { holds: true })) as { readonly document: unknown }
    expect(whole.document).toBe(document)
  })
})
