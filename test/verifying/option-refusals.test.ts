import { describe, expect, it } from 'vitest'
import { OptionError } from '../../src/encoding/errors.js'
import { createKeyCache, defaultSuites, type VerifyOptions } from '../../src/index.js'
import { CHECK_IDS, PRESENTATION_CHECK_IDS } from '../../src/model/check-ids.js'
import { JWT_ALGORITHMS } from '../../src/securing/jwt/jose-header.js'
import { checkNames } from '../../src/verifying/check-options.js'
import { settle } from '../../src/verifying/options.js'
import { defaultPolicy, ob30Policy } from '../../src/verifying/policy.js'

function refusalOf(options: unknown): OptionError {
  try {
    settle(options as VerifyOptions)
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError)
    return error as OptionError
  }
  throw new Error('the options were taken')
}

const checks = `a list of ${[...new Set([...CHECK_IDS, ...PRESENTATION_CHECK_IDS])].join(', ')}`
const algorithms = `a list of ${JWT_ALGORITHMS.join(', ')}`
const kinds = 'AchievementCredential, EndorsementCredential, VerifiableCredential'
const limits = 'maxLength, maxDepth, maxItems, maxImageBytes, maxRequests'
const aDate = 'a Date between the years 1 and 9999'
const half = { matches: () => true, checkProofValue: () => true }
const policy = (advisory: unknown) => ({ name: 'x', advisory })

describe('an option that cannot be used', () => {
  it.each<[path: string, options: unknown, expected: string, got: string]>([
    ['options', null, 'an object', 'null'],
    ['options', 'x', 'an object', 'x'],
    ['options', undefined, 'an object', 'undefined'],
    ['resolvr', { resolvr: {} }, 'an option of verify', 'another name'],
    ['resolver', { resolver: null }, 'an object with the method resolve', 'null'],
    ['resolver', { resolver: { resolve: 5 } }, 'an object with the method resolve', 'object'],
    ['keyCache', { keyCache: {} }, 'an object with the method importKey', 'object'],
    ['statusMemory', { statusMemory: {} }, 'an object with the method remember', 'object'],
    ['contexts', { contexts: 'abc' }, 'a list', 'abc'],
    ['suites', { suites: [] }, 'a list of suites', 'an empty list'],
    ['now', { now: new Date(Number.NaN) }, aDate, 'an invalid date'],
    ['now', { now: new Date('-000001-01-01T00:00:00Z') }, aDate, '-000001-01-01T00:00:00.000Z'],
    ['lenient', { lenient: [true] }, 'true or false', 'a list'],
    ['suites', { suites: 'abc' }, 'a list of suites', 'abc'],
    ['suites.1', { suites: [defaultSuites[0], undefined] }, 'a suite', 'undefined'],
    ['suites.0', { suites: [null] }, 'an object with the method matches', 'null'],
    ['suites.0', { suites: [{}] }, 'an object with the method matches', 'object'],
    ['suites.0', { suites: [{ matches: half.matches }] }, 'an object with the method checkProofValue', 'object'],
    ['suites.0', { suites: [half] }, 'an object with the method verifyProof', 'object'],
    ['algorithms', { algorithms: 'EdDSA' }, algorithms, 'EdDSA'],
    ['algorithms.1', { algorithms: ['EdDSA', 'none'] }, algorithms, 'none'],
    ['algorithms.0', { algorithms: ['HS256'] }, algorithms, 'HS256'],
    ['lenient', { lenient: 'yes' }, 'true or false', 'yes'],
    ['allowMissingSub', { allowMissingSub: 1 }, 'true or false', '1'],
    ['requireAllProofs', { requireAllProofs: null }, 'true or false', 'null'],
    ['refresh', { refresh: {} }, 'true or false', 'object'],
    ['expect', { expect: 'x' }, kinds, 'x'],
    ['inlineContexts', { inlineContexts: 'yes' }, 'true or false', 'yes'],
    ['inlineContexts', { inlineContexts: true }, "false, or expect: 'VerifiableCredential'", 'true'],
    ['keyHistory', { keyHistory: 'always' }, 'now or whenSigned', 'always'],
    ['statusSnapshot', { statusSnapshot: 5 }, '{ acceptedAsOf, maxAge }', '5'],
    ['statusSnapshot', { statusSnapshot: null }, '{ acceptedAsOf, maxAge }', 'null'],
    ['statusSnapshot.acceptedAsOf', { statusSnapshot: { acceptedAsOf: 5, maxAge: 1 } }, aDate, '5'],
    ['statusSnapshot.maxAge', { statusSnapshot: { acceptedAsOf: new Date(0), maxAge: -1 } }, 'seconds from 0', '-1'],
    ['statusIssuers', { statusIssuers: [] }, 'ids of list issuers, by the id of the issuer', 'an empty list'],
    ['statusIssuers.a', { statusIssuers: { a: [5] } }, 'a list of ids', 'a list'],
    [`statusIssuers.${'a'.repeat(100)}`, { statusIssuers: { ['a'.repeat(200)]: 'b' } }, 'a list of ids', 'b'],
    ['statusIssuers.a', { statusIssuers: { a: ['b', ''] } }, 'a list of ids', 'a list'],
    ['policy', { policy: 'ob30' }, 'a policy such as defaultPolicy or ob30Policy', 'ob30'],
    ['policy', { policy: null }, 'a policy such as defaultPolicy or ob30Policy', 'null'],
    ['policy.advisory', { policy: policy(undefined) }, checks, 'undefined'],
    ['policy.advisory.1', { policy: policy(['trust', 'statuss']) }, checks, 'statuss'],
    ['limits', { limits: [] }, 'an object', 'an empty list'],
    ['limits.maxDeep', { limits: { maxDeep: 1 } }, limits, 'another name'],
    ['limits.maxDepth', { limits: { maxDepth: 1.5 } }, 'a whole number', '1.5'],
    ['limits.maxItems', { limits: { maxItems: -1 } }, 'a whole number', '-1'],
    ['limits.maxLength', { limits: { maxLength: '1' } }, 'a whole number', '1'],
    ['now', { now: 'today' }, aDate, 'today'],
    ['now', { now: 1_780_000_000_000 }, aDate, '1780000000000'],
    ['now', { now: new Date('0001-01-02T00:00:00Z') }, aDate, '0001-01-02T00:00:00.000Z'],
    ['now', { now: new Date('9999-12-30T00:00:00Z') }, aDate, '9999-12-30T00:00:00.000Z'],
    ['clockTolerance', { clockTolerance: 301 }, 'seconds from 0 to 300', '301'],
    ['clockTolerance', { clockTolerance: '1' }, 'seconds from 0 to 300', '1'],
    ['maxStatusAge', { maxStatusAge: -1 }, 'seconds from 0', '-1'],
    ['maxStatusAge', { maxStatusAge: Number.POSITIVE_INFINITY }, 'seconds from 0', 'Infinity'],
    ['resolveTimeout', { resolveTimeout: 601 }, 'seconds from 0 to 600', '601'],
    ['expect', { expect: 'x'.repeat(200) }, kinds, 'x'.repeat(80)]
  ])('126: is refused, and said to be %s', (path, options, expected, got) => {
    const refusal = refusalOf(options)
    expect(refusal).toMatchObject({ code: 'OPTION_INVALID', path, expected, got })
    expect(refusal.faults).toHaveLength(1)
  })

  it('126: is refused also where it is a context, with where in it', () => {
    const contexts = [{ url: 'https://academy.example/c', document: { '@context': {} }, sha256: 'x' }]
    const refusal = refusalOf({ contexts, expect: 'VerifiableCredential' })
    expect(refusal).toMatchObject({ code: 'CONTEXT_DIGEST_MISMATCH', path: expect.stringMatching(/^contexts(\/|$)/) })
    expect(refusal.cause).toBeDefined()
  })
})

describe('options that are left out', () => {
  it('have safe defaults', () => {
    const now = new Date('2026-06-01T12:00:00Z')
    const { contexts, room, keyCache, ...settings } = settle({ now })
    expect(settings).toEqual({
      resolver: undefined,
      resolverBounds: { maxRequests: 20, timeout: 10 },
      now,
      expect: 'AchievementCredential',
      recipient: undefined,
      inlineContexts: 'refused',
      suites: defaultSuites,
      algorithms: JWT_ALGORITHMS,
      lenient: false,
      allowMissingSub: false,
      requireAllProofs: false,
      clockTolerance: 60,
      keyHistory: 'now',
      maxStatusAge: 86_400,
      statusSnapshot: undefined,
      statusIssuers: new Map(),
      statusMemory: undefined,
      policy: defaultPolicy,
      refresh: false,
      resources: new Map(),
      trust: [],
      lists: new Map(),
      limits: {},
      maxImageBytes: 8_388_608
    })
    expect(room).toMatchObject({ endorsements: 96, listBytes: 16_777_216 })
    expect([contexts.has('https://www.w3.org/ns/credentials/v2'), typeof keyCache.importKey]).toEqual([
      true,
      'function'
    ])
  })

  it('may be undefined, each of them', () => {
    const names = [
      'resolver now expect recipient contexts inlineContexts suites lenient algorithms allowMissingSub requireAllProofs',
      'clockTolerance keyHistory maxStatusAge statusSnapshot statusIssuers statusMemory resolveTimeout policy refresh',
      'resources trust limits keyCache'
    ].flatMap((line) => line.split(' '))
    for (const name of names) expect(() => checkNames({ [name]: undefined }), name).not.toThrow()
    for (const maxItems of [undefined, 0]) expect(() => checkNames({ limits: { maxItems } })).not.toThrow()
  })

  it('are the least that may be, or the most', () => {
    expect(settle({ clockTolerance: 0, maxStatusAge: 0, resolveTimeout: 0 })).toMatchObject({
      clockTolerance: 0,
      maxStatusAge: 0,
      resolverBounds: { timeout: 0 }
    })
    expect(settle({ clockTolerance: 300, resolveTimeout: 600, algorithms: [] })).toMatchObject({
      clockTolerance: 300,
      algorithms: [],
      resolverBounds: { timeout: 600 }
    })
    for (const now of ['0001-01-02T00:00:00.001Z', '9999-12-29T23:59:59.999Z'])
      expect(settle({ now: new Date(now) }).now.toISOString()).toBe(now)
  })
})

describe('options that are given', () => {
  it('are taken as they were at the time of the call', () => {
    const now = new Date('2026-06-01T12:00:00Z')
    const acceptedAsOf = new Date('2026-05-01T12:00:00Z')
    const keyCache = createKeyCache()
    const statusMemory = { remember: () => '' }
    const resolver = { resolve: async () => undefined }
    const settings = settle({
      now,
      resolver,
      keyCache,
      statusMemory,
      statusSnapshot: { acceptedAsOf, maxAge: 5 },
      statusIssuers: { a: ['b', 'c'] },
      expect: 'VerifiableCredential',
      inlineContexts: true,
      lenient: true,
      requireAllProofs: true,
      keyHistory: 'whenSigned',
      refresh: true,
      policy: ob30Policy,
      limits: { maxItems: 5, maxImageBytes: 6, maxRequests: 7 }
    })
    now.setTime(0)
    acceptedAsOf.setTime(0)
    expect(settings).toMatchObject({
      now: new Date('2026-06-01T12:00:00Z'),
      statusSnapshot: { acceptedAsOf: new Date('2026-05-01T12:00:00Z'), maxAge: 5 },
      statusIssuers: new Map([['a', new Set(['b', 'c'])]]),
      expect: 'VerifiableCredential',
      inlineContexts: 'admitted',
      lenient: true,
      allowMissingSub: true,
      requireAllProofs: true,
      keyHistory: 'whenSigned',
      refresh: true,
      policy: ob30Policy,
      maxImageBytes: 6,
      resolverBounds: { maxRequests: 7 }
    })
    expect([settings.keyCache === keyCache, settings.statusMemory === statusMemory]).toEqual([true, true])
    expect(typeof settings.resolver?.resolve).toBe('function')
  })
})
