import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isWellFormed } from '../../src/encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import type { VcApiHandler } from '../../src/http/vc-api.js'
import { defaultSuites } from '../../src/index.js'
import { deriveCredential, ecdsaSd2023 } from '../../src/selective-disclosure.js'
import { testHouse } from '../support/issuer.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge, testSigner } from '../support/sign.js'
import { get, handlerOf, OPEN, post } from './support.js'

const PATHS = [
  '/credentials/issue',
  '/credentials/status',
  '/credentials/verify',
  '/credentials/derive',
  '/presentations/verify'
] as const

let handles: readonly VcApiHandler[]
let bodies: Readonly<Record<(typeof PATHS)[number], JsonObject>>
const errors: unknown[] = []

beforeAll(async () => {
  const house = await testHouse()
  const library = await testHouse({ credentials: 'any', inlineContexts: true })
  const signer = await testSigner('issuer')
  const holder = await testHolder()
  const badge = await signer.sign(plainBadge(signer.did))
  const shared = {
    authorize: () => true,
    derive: deriveCredential,
    resolver: await house.publish(),
    onError: (error: unknown) => errors.push(error)
  }
  handles = [
    handlerOf({ ...shared, issuer: house.issuer, verify: { suites: [...defaultSuites, ecdsaSd2023] } }),
    handlerOf({
      ...shared,
      issuer: library.issuer,
      credentials: 'any',
      statusEntry: 'asGiven',
      verify: { inlineContexts: true }
    })
  ]
  bodies = {
    '/credentials/issue': { credential: plainBadge(house.issuer.id), options: { credentialId: 'urn:x:1' } },
    '/credentials/status': {
      credentialId: 'urn:x:1',
      credentialStatus: {
        id: 'urn:x:2#1',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '1',
        statusListCredential: 'urn:x:2'
      },
      status: true
    },
    '/credentials/verify': { verifiableCredential: badge, options: { checks: ['proof'], returnCredential: true } },
    '/credentials/derive': { verifiableCredential: badge, options: { selectivePointers: ['/name'] } },
    '/presentations/verify': {
      verifiablePresentation: await holder.present(presentationOf(holder.did, badge)),
      options: { challenge: 'c-1', domain: 'jobs.example' }
    }
  }
})

const anything = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>
const strange = fc.oneof(
  anything,
  fc.constantFrom<JsonValue>(
    null,
    '',
    'did:key:z6Mk',
    'urn:x:1',
    'https://[',
    '9'.repeat(400),
    'ey.J.x',
    '\u0000',
    {},
    []
  ),
  fc.string({ unit: 'binary' }).filter(isWellFormed)
)

/** Puts something strange in the place that the numbers lead to. */
function edited(value: JsonValue, path: readonly number[], put: JsonValue): JsonValue {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return put
  const names = Object.keys(value)
  const name = names[first % Math.max(names.length, 1)]
  if (name === undefined) return put
  const inner = edited((value as JsonObject)[name] as JsonValue, rest, put)
  return Array.isArray(value)
    ? value.map((one, at) => (at === Number(name) ? inner : one))
    : { ...value, [name]: inner }
}

describe('whatever a body is, nobody but the service is to blame for 500', () => {
  it('where it is any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), anything, fc.nat(1), async (path, body, which) => {
        const { status } = await post(handles[which] as VcApiHandler, path, JSON.stringify(body))
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 200 }
    )
  })

  it('where it is a good one with anything in one place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        fc.array(fc.nat(20), { maxLength: 6 }),
        strange,
        fc.nat(1),
        async (path, place, put, which) => {
          const body = edited(bodies[path], place, put)
          const { status } = await post(handles[which] as VcApiHandler, path, JSON.stringify(body))
          expect([200, 201, 400, 404, 409, 422]).toContain(status)
        }
      ),
      { numRuns: 300 }
    )
  })

  it('where it is any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), fc.uint8Array({ maxLength: 200 }), async (path, bytes) => {
        expect((await post(handles[0] as VcApiHandler, path, bytes)).status).toBe(400)
      }),
      { numRuns: 100 }
    )
  })

  it('and whatever a path and a header are', async () => {
    const open = handlerOf({ open: OPEN })
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.string(), async (path, accept) => {
        const header = accept.replace(/[^\x20-\x7e]/g, '')
        const { status } = await get(open, `/1.0/identifiers/did:${path.slice(1)}`, header)
        expect([200, 400, 404, 406, 501]).toContain(status)
      }),
      { numRuns: 200 }
    )
    expect(errors).toEqual([])
  })
})
