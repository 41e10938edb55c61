import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { VcApiOptions } from '../../src/http/vc-api.js'
import {
  BakingError,
  createMemoryKeyStore,
  createMemoryStatusStore,
  InputError,
  KeyError,
  type KeyStore,
  KommaError,
  OptionError,
  ResolutionError,
  SecuringError,
  StatusError,
  type StatusStore
} from '../../src/index.js'
import { NOW, testHouse, testSeed } from '../support/issuer.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge, testSigner } from '../support/sign.js'
import { type Answer, get, handlerOf, OPEN, post, send } from './support.js'

const SECRETS = [
  'postgres://issuer:hunter2@db.internal/badges',
  '/srv/issuer/keys.jwe',
  'key-2026-04',
  'AKIAIOSFODNN7EXAMPLE',
  '10.0.0.7',
  'node_modules'
]
const WORDS = SECRETS.join(' ')
const FAULT = { message: WORDS, path: WORDS, expected: WORDS, got: WORDS, hint: WORDS } as const
const CAUSE = { cause: new Error(WORDS, { cause: WORDS }) }

/** Every kind of error that a driver may throw, each with all that nobody should learn. */
const ERRORS: readonly (readonly [string, () => unknown])[] = [
  ['an error', () => Object.assign(new Error(WORDS, CAUSE), { code: WORDS, path: WORDS })],
  ['a text', () => WORDS],
  ['nothing', () => undefined],
  ['an object', () => ({ message: WORDS, code: WORDS, toString: () => WORDS })],
  ['a KommaError', () => new KommaError({ code: 'FILE_IO', ...FAULT }, CAUSE)],
  ['an InputError', () => new InputError({ code: 'JSON_SYNTAX', ...FAULT }, CAUSE)],
  ['a SecuringError', () => new SecuringError({ code: 'UNDEFINED_TERM', ...FAULT }, CAUSE)],
  ['a BakingError', () => new BakingError({ code: 'BAKED_LIMIT', ...FAULT }, CAUSE)],
  ['an OptionError', () => new OptionError({ code: 'OPTION_INVALID', ...FAULT }, CAUSE)],
  ['a KeyError', () => new KeyError({ code: 'KEY_STORE_IO', ...FAULT }, CAUSE)],
  ['a KeyError of a runtime', () => new KeyError({ code: 'CRYPTO_UNAVAILABLE', ...FAULT }, CAUSE)],
  ['a KeyError that may pass', () => new KeyError({ code: 'KEY_STORE_IO', ...FAULT }, { ...CAUSE, retryable: true })],
  ['a StatusError', () => new StatusError({ code: 'STATUS_STORE_IO', ...FAULT }, CAUSE)],
  ['a StatusError about a record', () => new StatusError({ code: 'STATUS_CREDENTIAL_EXISTS', ...FAULT }, CAUSE)],
  ['a ResolutionError', () => new ResolutionError({ code: 'RESOLUTION_INVALID', ...FAULT }, CAUSE)],
  [
    'a ResolutionError that may pass',
    () => new ResolutionError({ code: 'RESOLUTION_FAILED', ...FAULT }, { ...CAUSE, retryable: true })
  ]
]

type Ask = (error: unknown) => Promise<Answer>
const DID = 'did:web:academy.example'
let badge: JsonObject
let webBadge: JsonObject
let presentation: JsonObject

beforeAll(async () => {
  const signer = await testSigner('issuer')
  const holder = await testHolder()
  badge = await signer.sign(plainBadge(signer.did))
  webBadge = await signer.sign(plainBadge(DID), { verificationMethod: `${DID}#key-1` })
  presentation = await holder.present(presentationOf(holder.did, webBadge))
})

async function issueWith(options: {
  keys?: (good: KeyStore) => KeyStore
  status?: (good: StatusStore) => StatusStore
}) {
  const good = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  const { keys = (same) => same, status = (same) => same } = options
  const house = await testHouse({ keys: keys(good), status: status(createMemoryStatusStore()) })
  const handle = handlerOf({ issuer: house.issuer, authorize: () => true })
  return { handle, credential: plainBadge(house.issuer.id) }
}

async function issue(options: Parameters<typeof issueWith>[0]): Promise<Answer> {
  const { handle, credential } = await issueWith(options)
  return post(handle, '/credentials/issue', { credential })
}

const failing = (store: StatusStore, name: keyof StatusStore, error: unknown): StatusStore => ({
  ...store,
  [name]: () => Promise.reject(error)
})
const verifyWith = (options: Partial<VcApiOptions>, document: () => JsonObject) =>
  post(handlerOf({ open: OPEN, ...options }), '/credentials/verify', { verifiableCredential: document() })
/** createIssuer asks for the signer once, before it is in use. */
const later = <T>(first: () => T, then: () => T) => {
  let calls = 0
  return () => (calls++ === 0 ? first() : then())
}

const PLACES: readonly (readonly [string, Ask])[] = [
  [
    'the authorisation',
    (error) => post(handlerOf({ authorize: () => Promise.reject(error) }), '/credentials/verify', {})
  ],
  [
    'the key store',
    (error) =>
      issue({
        keys: (good) => ({
          keys: () => good.keys(),
          signer: later(
            () => good.signer(),
            () => Promise.reject(error)
          )
        })
      })
  ],
  [
    'the signer',
    (error) =>
      issue({
        keys: (good) => ({
          keys: () => good.keys(),
          signer: async () => ({ ...(await good.signer()), sign: () => Promise.reject(error) })
        })
      })
  ],
  ['a status store that reserves', (error) => issue({ status: (good) => failing(good, 'reserve', error) })],
  ['a status store that records', (error) => issue({ status: (good) => failing(good, 'record', error) })],
  ['a status store that releases', (error) => issue({ status: (good) => failing(good, 'release', error) })],
  [
    'a status store that revokes',
    async (error) => {
      const { handle } = await issueWith({ status: (good) => failing(good, 'setStatus', error) })
      const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
      return post(handle, '/credentials/status', { credentialId: 'urn:x:1', credentialStatus, status: true })
    }
  ],
  ['the resolver', (error) => verifyWith({ resolver: { resolve: () => Promise.reject(error) } }, () => webBadge)],
  [
    'the resolver, for a presentation',
    (error) =>
      post(handlerOf({ open: OPEN, resolver: { resolve: () => Promise.reject(error) } }), '/presentations/verify', {
        verifiablePresentation: presentation,
        options: { challenge: 'c-1', domain: 'jobs.example' }
      })
  ],
  [
    'the resolver, for a DID',
    (error) =>
      get(handlerOf({ open: OPEN, resolver: { resolve: () => Promise.reject(error) } }), `/1.0/identifiers/${DID}`)
  ],
  [
    'a list of known issuers',
    (error) =>
      verifyWith(
        {
          verify: {
            trust: [{ name: 'Partners', knows: () => Promise.reject(error) }],
            policy: { name: 'all', advisory: [] }
          }
        },
        () => badge
      )
  ],
  [
    'a memory of status lists',
    async (error) => {
      const house = await testHouse()
      const { credential } = await house.issuer.issueAsGiven(plainBadge(house.issuer.id))
      const statusMemory = { remember: () => Promise.reject(error) }
      return verifyWith({ resolver: await house.publish(), verify: { statusMemory } }, () => credential)
    }
  ],
  [
    'a challenge store',
    (error) =>
      post(handlerOf({ open: OPEN, challenges: { take: () => Promise.reject(error) } }), '/presentations/verify', {
        verifiablePresentation: presentation,
        options: { checks: ['challenge'] }
      })
  ]
]

const told = ({ status, headers, body }: Answer) => ({
  status,
  headers: Object.fromEntries([...headers].filter(([name]) => !/^(cache-control|x-content-type-options)$/.test(name))),
  body
})

/** An answer for a snapshot: of a report the codes, whose sentences have tests of their own. */
function shown(answer: Answer): unknown {
  const { body, ...rest } = told(answer)
  const { checks, warnings, problemDetails, results, ...others } = body
  if (checks === undefined) return { ...rest, body }
  const codes = checks.map(({ code }: { code: string }) => code).filter((code: string) => code !== 'NOT_REACHED')
  return { ...rest, body: { ...others, checks: codes.join(' ') } }
}

describe('200: an answer about an error holds nothing of the inside', () => {
  it.each(PLACES)('of %s', async (_, ask) => {
    const answers: Record<string, unknown> = {}
    for (const [name, make] of ERRORS) {
      const answer = await ask(make())
      const text = JSON.stringify(told(answer))
      for (const secret of SECRETS) expect(text, name).not.toContain(secret)
      expect(text, name).not.toMatch(/\.[jt]s:\d|\\n *at |Error:/)
      expect(answer.status, name).toBeGreaterThanOrEqual(400)
      answers[name] = shown(answer)
    }
    // Many errors, few answers: each is shown once, with the errors it stands for.
    const groups = new Map<string, string[]>()
    for (const [name, answer] of Object.entries(answers)) {
      const text = JSON.stringify(answer, null, 2)
      groups.set(text, [...(groups.get(text) ?? []), name])
    }
    expect([...groups].map(([text, names]) => `${names.join(', ')}\n${text}`).join('\n\n')).toMatchSnapshot()
  })
})

describe('200: every refusal of a request', () => {
  const open = handlerOf({ open: OPEN, maxBodyBytes: 1_000 })
  it.each<[string, () => Promise<Answer>]>([
    ['an unknown path', () => post(open, '/nothing', {})],
    ['another method', () => send(open, '/credentials/verify', { method: 'PUT' })],
    ['another media type', () => post(open, '/credentials/verify', 'x', { 'Content-Type': 'text/plain' })],
    ['a long body', () => post(open, '/credentials/verify', 'x'.repeat(1_001))],
    ['a body that is no JSON', () => post(open, '/credentials/verify', '{')],
    ['a body that is no object', () => post(open, '/credentials/verify', '7')],
    ['an unknown option', () => post(open, '/credentials/verify', { verifiableCredential: {}, options: { x: 1 } })],
    ['nobody who asks', () => post(handlerOf({ authorize: () => 'unauthenticated' }), '/credentials/verify', {})],
    ['somebody who may not', () => post(handlerOf({ authorize: () => false }), '/credentials/verify', {})],
    ['no accepted type', () => get(open, `/1.0/identifiers/${DID}`, 'text/html')],
    ['a credential that is none', () => post(open, '/credentials/verify', { verifiableCredential: {} })]
  ])('of %s', async (_, ask) => {
    expect(shown(await ask())).toMatchSnapshot()
  })
})

it('200: what an answer does not tell goes to the operator', async () => {
  const errors: unknown[] = []
  const error = new Error(WORDS)
  const onError = (one: unknown) => {
    errors.push(one)
    throw new Error('the log is full')
  }
  const handle = handlerOf({ open: OPEN, resolver: { resolve: () => Promise.reject(error) }, onError })
  expect((await post(handle, '/credentials/verify', { verifiableCredential: webBadge })).status).toBe(503)
  const hook = handlerOf({ authorize: () => Promise.reject(error), onError })
  expect((await post(hook, '/credentials/verify', {})).status).toBe(500)
  expect(errors).toEqual([error, expect.objectContaining({ cause: error })])
  expect((await post(handle, '/credentials/verify', '{')).status).toBe(400)
  expect(errors).toHaveLength(2)
})
