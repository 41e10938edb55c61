import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bakePng } from '../../src/baking/png.js'
import { bakeSvg } from '../../src/baking/svg.js'
import { ecdsaSd2023 } from '../../src/selective-disclosure.js'
import {
  createMapResolver,
  defaultSuites,
  type VerifyPresentationOptions,
  verify,
  verifyMany,
  verifyPresentation
} from '../../src/verify.js'
import { png } from '../baking/png-builder.js'
import { svg } from '../baking/svg-builder.js'
import { corpusIssuer } from '../corpus/issuers.js'
import { fuzzing } from '../support/fuzz.js'
import { bytesNear, nearlyJson, textsNear } from '../support/grammars.js'
import { NOW } from '../support/issuer.js'
import { mutated, mutations } from '../support/mutate.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge } from '../support/sign.js'
import { entry, LIST } from '../support/status.js'

const issuer = await corpusIssuer('fuzz')
const badge = JSON.parse(await issuer.embed(plainBadge(issuer.id, { credentialStatus: entry() })))
const token = await issuer.jwt(plainBadge(issuer.id), 'JWT')
const holder = await testHolder('fuzz')
const presentation = await holder.present(presentationOf(holder.did, badge))

const changedBadge = fc
  .tuple(fc.constantFrom(badge, presentation), mutations)
  .map(([document, changes]) => mutated(document, changes))

/** Objects that answer in ways no JSON does. */
const trap = fc.constantFrom<() => unknown>(
  () =>
    Object.defineProperty({}, 'proof', {
      enumerable: true,
      get: () => {
        throw new Error('trap')
      }
    }),
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap')
        }
      }
    ),
  () => Object.assign(Object.create({ issuer: 'did:example:x' }), badge),
  () => {
    const circle: Record<string, unknown> = { ...badge }
    circle['circle'] = circle
    return circle
  },
  () => ({ ...badge, toJSON: () => 'x' }),
  () => [badge],
  () => new Map([['proof', 1]]),
  () => new String('x'),
  () => new Uint8Array(Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }])),
  () => Symbol('x'),
  () => () => badge
)

const anything = fc.oneof(
  changedBadge,
  changedBadge.map((document) => JSON.stringify(document ?? null)),
  trap.map((make) => make()),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true
  }),
  nearlyJson,
  textsNear(
    [token, JSON.stringify(badge), bakeSvg(svg('<g/>'), token)],
    ['.', '{', '"', '<svg', '__proto__', 'eyJ', '&', '\u0000']
  ),
  bytesNear(
    [bakePng(png(), token), new TextEncoder().encode(token)],
    [Uint8Array.of(0x89, 0x50), Uint8Array.of(0xff), Uint8Array.of(0)]
  )
)

/** Answers of a resolver that does as it likes. */
const resolver = fc.oneof(
  fc.constant(undefined),
  fc.anything().map((answer) => ({ resolve: async () => answer as never })),
  fc.oneof(nearlyJson, fc.constant(token)).map((body) => ({ resolve: async () => ({ body }) })),
  fc.constant({
    resolve: () => {
      throw new Error('trap')
    }
  }),
  fc.constant(createMapResolver([[LIST, badge]]))
)

const options = fc
  .record({
    resolver,
    lenient: fc.boolean(),
    requireAllProofs: fc.boolean(),
    refresh: fc.boolean(),
    expect: fc.constantFrom(undefined, 'EndorsementCredential', 'VerifiableCredential')
  })
  .map(({ resolver, expect: kind, ...rest }) => ({
    ...rest,
    ...(resolver === undefined ? {} : { resolver }),
    ...(kind === undefined ? {} : { expect: kind }),
    now: NOW,
    suites: [...defaultSuites, ecdsaSd2023]
  })) as fc.Arbitrary<VerifyPresentationOptions>

describe('whatever is handed in, nothing is thrown, every check is there, and none fails inside', () => {
  it('verify', { timeout: 0 }, async () => {
    await fc.assert(
      fc.asyncProperty(anything, options, async (input, given) => {
        const { checks } = await verify(input as never, given)
        expect(checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
      }),
      fuzzing(300)
    )
  })

  it('verifyPresentation', { timeout: 0 }, async () => {
    await fc.assert(
      fc.asyncProperty(anything, options, async (input, given) => {
        const { checks } = await verifyPresentation(input as never, {
          ...given,
          challenge: 'c-1',
          domain: 'jobs.example'
        })
        expect(checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
      }),
      fuzzing(300)
    )
  })

  it('verifyMany', { timeout: 0 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 4 }), options, async (inputs, given) => {
        const reports = []
        for await (const report of verifyMany(inputs as never, given)) reports.push(report)
        expect(reports).toHaveLength(inputs.length)
        expect(reports.flatMap(({ checks }) => checks.map(({ code }) => code))).not.toContain('INTERNAL_ERROR')
      }),
      fuzzing(100, 0.2)
    )
  })
})
