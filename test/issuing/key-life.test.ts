import { describe, expect, it } from 'vitest'
import * as everything from '../../src/index.js'
import {
  createIssuer,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  type Issuer,
  type KeyInfo,
  type KommaEvent,
  type ManagedKeyStore,
  verify
} from '../../src/index.js'
import { KARI, NOW, testHouse, testSeed } from '../support/issuer.js'

const LEARNER = { ...KARI, recipient: { id: 'did:example:learner', email: 'kari@example.org' } }
const DAY = 86_400_000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY)

async function read(issuer: Issuer, kind: 'controllerDocument' | 'jwks') {
  return JSON.parse((await issuer.publish()).find((one) => one.kind === kind)?.text ?? '')
}

/** An issuer on the web whose clock the test moves. */
async function webHouse(id: string, options: { readonly keys?: ManagedKeyStore } = {}) {
  const keys = options.keys ?? (await createMemoryKeyStore({ seed: testSeed('first'), id: 'key-1', now: NOW }))
  let time = NOW
  const events: KommaEvent[] = []
  const onEvent = (event: KommaEvent) => events.push(event)
  const house = await testHouse({ profile: { id, name: 'Example Academy' }, keys, clock: () => time, onEvent })
  const issue = (format: 'json' | 'jwt' = 'json') => house.issuer.issue(house.competency, LEARNER, { format })
  const judge = async (text: string) => {
    const report = await verify(text, { now: time, resolver: await house.publish() })
    return report.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'unknown')?.code ?? report.accepted
  }
  return {
    ...house,
    keys,
    events,
    issue,
    judge,
    at: (now: Date) => {
      time = now
    }
  }
}

describe.each(['did:web:academy.example', 'https://academy.example/issuer'])('the keys of %s', (id) => {
  it('rotate, and badges and JWTs of both keys verify', async () => {
    const { keys, issue, judge, at, issuer } = await webHouse(id)
    const old = [await issue('json'), await issue('jwt')]
    at(inDays(1))
    await keys.rotate({ id: 'key-2', algorithm: 'P-256', now: inDays(1) })
    const fresh = [await issue('json'), await issue('jwt')]
    for (const { text } of [...old, ...fresh]) expect(await judge(text)).toBe(true)
    const document = await read(issuer, 'controllerDocument')
    expect(document.assertionMethod).toEqual([`${id}#key-1`, `${id}#key-2`])
    for (const method of document.verificationMethod) expect(Object.keys(method)).not.toContain('expires')
    expect(JSON.stringify(document)).not.toContain('signsUntil')
  })

  it('are compromised, and no badge or JWT of that key verifies, while those of the next one do', async () => {
    const { keys, issue, judge, at } = await webHouse(id)
    const old = [await issue('json'), await issue('jwt')]
    for (const { text } of old) expect(await judge(text)).toBe(true)
    await keys.rotate({ id: 'key-2', now: inDays(1) })
    at(inDays(1))
    const fresh = [await issue('json'), await issue('jwt')]
    await keys.compromise('key-1', { at: inDays(1) })
    for (const { text } of old) expect(await judge(text)).toBe('ISSUER_KEY_INVALID')
    // The status list was signed with the compromised key a moment ago: it is signed anew.
    for (const { text } of fresh) expect(await judge(text)).toBe(true)
  })

  it('237: sign nothing where they are for another use, and are listed for that use alone', async () => {
    const keys = await createMemoryKeyStore({ seed: testSeed('first'), id: 'key-1', now: NOW })
    const { issue, issuer, judge } = await webHouse(id, { keys })
    const { text } = await issue()
    await keys.create({ id: 'login', use: 'authentication', current: false, now: NOW })
    await keys.create({ id: 'secret', algorithm: 'P-256', use: 'keyAgreement', now: NOW })
    await expect(issue()).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_PURPOSE', path: 'secret' })
    await keys.rotate({ to: 'key-1', now: NOW })
    expect(await read(issuer, 'controllerDocument')).toMatchObject({
      assertionMethod: [`${id}#key-1`],
      authentication: [`${id}#login`],
      keyAgreement: [`${id}#secret`]
    })
    const { keys: listed } = await read(issuer, 'jwks')
    expect(listed.map(({ kid }: { kid: string }) => kid)).toEqual([`${id}#key-1`])
    expect(await judge(text)).toBe(true)
  })
})

describe('the end of a key', () => {
  const ENDS: readonly [name: string, end: Partial<KeyInfo>, code: string][] = [
    ['its period is over', { signsUntil: '2026-08-30T12:00:00Z' }, 'KEY_EXPIRED'],
    ['it expires', { expires: '2026-08-30T12:00:00Z' }, 'KEY_EXPIRED'],
    ['it is compromised', { revoked: '2026-08-30T12:00:00Z' }, 'KEY_REVOKED']
  ]

  it.each(ENDS)('238: refuses to issue and to publish lists from the second on that %s', async (_, end, code) => {
    const good = await createMemoryKeyStore({ seed: testSeed('first'), id: 'key-1', now: NOW })
    const signer = { ...(await good.signer()), ...end }
    const keys = { ...good, signer: async () => signer, bind: async () => {} }
    const { issue, issuer, at } = await webHouse('did:web:academy.example', { keys })
    at(new Date('2026-08-30T11:59:59.999Z'))
    await issue()
    at(new Date('2026-08-30T12:00:00Z'))
    await expect(issue()).rejects.toMatchObject({ name: 'KeyError', code, path: 'key-1' })
    await expect(issuer.publish()).rejects.toMatchObject({ name: 'KeyError', code })
  })

  it('238: is told of from 30 days before, once a day, and never of a key without an end', async () => {
    const { keys, issue, events, at } = await webHouse('did:web:academy.example')
    const told = () => events.splice(0).filter(({ type }) => type === 'keyEnds')
    await issue()
    await keys.retire('key-1', { at: inDays(90) })
    at(inDays(59.9))
    await issue()
    expect(told()).toEqual([])
    at(inDays(60.1))
    await issue()
    await issue()
    expect(told()).toMatchObject([
      { type: 'keyEnds', key: 'key-1', ends: '2026-08-30T12:00:00Z', days: 29, issuer: 'did:web:academy.example' }
    ])
    at(inDays(89.9))
    await issue()
    expect(told()).toMatchObject([{ days: 0 }])
    await keys.rotate({ id: 'key-2', now: inDays(89.9) })
    await issue()
    expect(told()).toEqual([])
  })

  it('238: a time that is none is an error of the store, not the end of nothing', async () => {
    const good = await createMemoryKeyStore({ id: 'key-1', now: NOW })
    for (const end of [{ revoked: 'yesterday' }, { expires: 7 }, { signsUntil: '2026-08-30' }]) {
      const signer = { ...(await good.signer()), ...end } as never
      const { issue } = await webHouse('did:web:academy.example', {
        keys: { ...good, signer: async () => signer, bind: async () => {} }
      })
      await expect(issue()).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_IO' })
    }
  })
})

describe('two issuers', () => {
  it('never share a key of one store: the second is refused, and signs nothing', async () => {
    const keys = await createMemoryKeyStore({ id: 'key-1', now: NOW })
    await webHouse('did:web:academy.example', { keys })
    const second = webHouse('did:web:other.example', { keys })
    await expect(second).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_ISSUER', path: 'key-1' })
    await webHouse('did:web:academy.example', { keys })
  })

  it('are told apart also after a rotation to a key that neither has used', async () => {
    const keys = await createMemoryKeyStore({ id: 'key-1', now: NOW })
    const first = await webHouse('did:web:academy.example', { keys })
    await keys.rotate({ id: 'key-2', now: NOW })
    const second = await webHouse('did:web:other.example', { keys })
    await second.issue()
    await expect(first.issue()).rejects.toMatchObject({ code: 'KEY_ISSUER', path: 'key-2' })
  })

  it('may share a key where the store does not record whose it is, because nobody can notice', async () => {
    const { bind: _, ...keys } = await createMemoryKeyStore({ id: 'key-1', now: NOW })
    for (const id of ['did:web:academy.example', 'did:web:other.example']) {
      const issuer = await createIssuer({ profile: { id, name: 'A' }, keys, status: createMemoryStatusStore() })
      expect(issuer.id).toBe(id)
    }
  })
})

describe('241: a signing oracle', () => {
  it('241: is no part of an issuer: what it signs is a credential that passed the gate, or a status list', async () => {
    const { issuer } = await testHouse()
    expect(Object.keys(issuer).filter((name) => /sign/i.test(name))).toEqual([])
    const strangers = [
      new Uint8Array(64),
      'bytes that somebody wants signed',
      { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'] },
      { anything: 'else' },
      null
    ]
    for (const input of strangers) {
      await expect(issuer.issueAsGiven(input as never)).rejects.toMatchObject({
        code: expect.stringMatching(/^(INPUT_TYPE|CREDENTIAL_INVALID|SCHEMA_INVALID|JSON_SYNTAX)$/)
      })
    }
  })

  it('241: is no function of the package: only a key store hands out a signer, which says that it is dangerous', async () => {
    const functions = Object.entries(everything).filter(([, value]) => typeof value === 'function')
    expect(functions.map(([name]) => name).filter((name) => /sign(?!ature)|secure|addProof/i.test(name))).toEqual([])
    const keys = await createMemoryKeyStore({ now: NOW })
    const issuer = await createIssuer({
      profile: { id: await didKeyOf(keys), name: 'A' },
      keys,
      status: createMemoryStatusStore()
    })
    const reachable = JSON.stringify(Object.values(issuer))
    expect(reachable).not.toContain('publicKey')
    expect(Object.values(issuer).every((value) => typeof value === 'function' || value === issuer.id)).toBe(true)
  })
})
