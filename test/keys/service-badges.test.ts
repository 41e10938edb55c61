import { describe, expect, test } from 'vitest'
import { multikeyOf } from '../../src/crypto/multikey.js'
import {
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryStatusStore,
  didKeyOf,
  type KeyStore,
  verify
} from '../../src/index.js'
import { VENDORS } from './fakes/vendors.js'

const now = new Date('2026-11-21T09:00:00Z')
const CASES = VENDORS.flatMap((vendor) =>
  vendor.algorithms.map((algorithm) => [vendor.name, algorithm, vendor] as const)
)

const competency = compileCompetency({
  id: 'https://academy.example/achievements/first-aid/v1',
  version: '1',
  inLanguage: 'en',
  name: 'First aid',
  description: 'Helps until somebody comes who knows more.',
  criteria: { narrative: 'Shown in practice.' }
})
const award = (kari: string) => ({ recipient: { id: `did:example:${kari}` }, idempotencyKey: kari })

async function issuerWith(keys: KeyStore, id?: string, lists = 'status') {
  const status = createMemoryStatusStore()
  const profile = { id: id ?? (await didKeyOf(keys)), name: 'Academy' }
  const statusLists = `https://academy.example/${lists}/`
  const issuer = await createIssuer({ profile, keys, status, statusLists, clock: () => now })
  return { issuer, status }
}

async function accepted(text: string, documents: ReadonlyMap<string, string>): Promise<boolean> {
  const resolver = createMapResolver(documents)
  return (await verify(text, { now, resolver })).accepted
}

async function published(issuer: Awaited<ReturnType<typeof issuerWith>>['issuer']): Promise<Map<string, string>> {
  return new Map((await issuer.publish()).map(({ id, text }) => [id, text]))
}

describe.each(CASES)('a badge signed in %s with a key of kind %s', (_, algorithm, vendor) => {
  test('is issued, as JSON and as JWT, and verifies', async () => {
    const keys = await vendor.start({ algorithms: [algorithm] }).open()
    const { issuer } = await issuerWith(keys)
    const badge = await issuer.issue(competency, award('kari'))
    const jwt = await issuer.issue(competency, { ...award('ola') }, { format: 'jwt' })
    const documents = await published(issuer)
    expect(await accepted(badge.text, documents)).toBe(true)
    expect(await accepted(jwt.text, documents)).toBe(true)
  })

  test('still verifies after a rotation, with the keys that the store lists', async () => {
    const fake = vendor.start({ algorithms: [algorithm, algorithm] })
    const before = await issuerWith(
      await fake.open([{ id: 'key-1' }], { use: [0] }),
      'did:web:academy.example',
      'before'
    )
    const old = await before.issuer.issue(competency, award('kari'))
    const after = await issuerWith(await fake.open([{ id: 'key-1' }, { id: 'key-2' }]), 'did:web:academy.example')
    const fresh = await after.issuer.issue(competency, award('ola'))
    const lists = await published(before.issuer)
    const documents = await published(after.issuer)
    expect(await accepted(fresh.text, documents)).toBe(true)
    expect(
      await accepted(old.text, new Map([...documents, ...[...lists].filter(([id]) => !id.startsWith('did:'))]))
    ).toBe(true)
  })

  test('230: is one badge, whatever the service did before it signed', async () => {
    const fake = vendor.start({ algorithms: [algorithm] })
    const { issuer, status } = await issuerWith(await fake.open())
    fake.service.script({ hang: 3000 }, { answer: fake.refusals.throttled }, { cut: 'broken' })
    const badge = await issuer.issue(competency, award('kari'))
    expect(fake.service.seen.length).toBeGreaterThanOrEqual(4)
    const records = []
    for await (const record of status.issuances()) records.push(record)
    expect(records).toMatchObject([{ state: 'released', text: badge.text }])
  })

  test('230: is not there where the service never signs, and is issued once in the same slot when it does', async () => {
    const fake = vendor.start({ algorithms: [algorithm] })
    const { issuer, status } = await issuerWith(await fake.open())
    fake.service.script(...Array.from({ length: 4 }, () => ({ answer: fake.refusals.throttled })))
    await expect(issuer.issue(competency, award('kari'))).rejects.toMatchObject({
      code: 'KEY_STORE_IO',
      retryable: true
    })
    const badge = await issuer.issue(competency, award('kari'))
    const again = await issuer.issue(competency, award('kari'))
    expect(again.text).toBe(badge.text)
    const records = []
    for await (const record of status.issuances()) records.push(record)
    expect(records).toMatchObject([{ state: 'released', text: badge.text }])
  })

  test('228: is not issued where the key was swapped, and nothing is recorded as signed', async () => {
    const fake = vendor.start({ algorithms: [algorithm] })
    const pinned = multikeyOf({ algorithm, bytes: fake.keys[0]?.publicKey ?? new Uint8Array() })
    const { issuer, status } = await issuerWith(await fake.open([{ publicKey: pinned }]))
    fake.service.script(...Array.from({ length: 4 }, () => fake.another))
    await expect(issuer.issue(competency, award('kari'))).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER' })
    for await (const record of status.issuances()) expect(record).toMatchObject({ state: 'intended' })
  })
})

test('231: a badge whose JWT is too long for KMS is refused before anything is sent, with a way out that works', async () => {
  const [vendor] = VENDORS
  const fake = vendor?.start({ algorithms: ['Ed25519'] })
  if (fake === undefined) throw new Error('there is no vendor')
  const { issuer } = await issuerWith(await fake.open())
  fake.service.seen.length = 0
  const long = compileCompetency({
    id: 'https://academy.example/achievements/long/v1',
    version: '1',
    inLanguage: 'en',
    name: 'Long',
    description: 'Word after word. '.repeat(300),
    criteria: { narrative: 'Shown in practice.' }
  })
  await expect(issuer.issue(long, award('kari'), { format: 'jwt' })).rejects.toMatchObject({
    code: 'KEY_MESSAGE_TOO_LONG',
    hint: expect.stringContaining('embedded proof')
  })
  expect(fake.service.seen).toHaveLength(0)
  const badge = await issuer.issue(long, award('kari-2'))
  expect(await accepted(badge.text, await published(issuer))).toBe(true)
})
