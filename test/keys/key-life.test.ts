import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeyFile, openKeyFile } from '../../src/keys/file.js'
import type { KeyStore, ManagedKeyStore } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const now = new Date('2026-01-31T09:00:00Z')
const later = new Date('2027-01-31T09:00:00.900Z')
const password = 'correct horse battery staple'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'komma-life-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = () => join(folder, 'keys.jwe')
const version = () => {
  const { protected: header } = JSON.parse(readFileSync(path(), 'utf8'))
  return JSON.parse(Buffer.from(header, 'base64url').toString()).version
}

const STORES: readonly [
  name: string,
  open: () => Promise<ManagedKeyStore>,
  reopen: (store: ManagedKeyStore) => Promise<KeyStore>
][] = [
  ['in memory', () => createMemoryKeyStore({ now, id: 'key-1' }), async (store) => store],
  ['in a file', () => createKeyFile(path(), { password, now, id: 'key-1' }), () => openKeyFile(path(), { password })]
]

describe.each(STORES)('the life of keys %s', (_, open, reopen) => {
  test('a rotation makes a key of the same kind current, and retires the one before', async () => {
    const store = await open()
    const next = await store.rotate({ id: 'key-2', now: later })
    expect(next).toMatchObject({ id: 'key-2', algorithm: 'Ed25519', created: '2027-01-31T09:00:00Z', current: true })
    expect(next.signsUntil).toBeUndefined()
    const again = await reopen(store)
    expect(await again.keys()).toEqual(await store.keys())
    expect(await again.keys()).toMatchObject([
      { id: 'key-1', current: false, signsUntil: '2027-01-31T09:00:00Z' },
      { id: 'key-2', current: true }
    ])
    expect(await again.signer('key-1')).toMatchObject({ signsUntil: '2027-01-31T09:00:00Z' })
    expect(await (await again.signer('key-1')).sign(new Uint8Array(64))).toHaveLength(64)
  })

  test('a rotation to a key that waits, and back to one that retired', async () => {
    const store = await open()
    const until = new Date('2028-01-01T00:00:00Z')
    await store.create({ id: 'key-2', algorithm: 'P-256', now, current: false, signsUntil: until })
    expect((await store.signer()).id).toBe('key-1')
    expect(await store.rotate({ to: 'key-2', now: later })).toMatchObject({
      id: 'key-2',
      current: true,
      signsUntil: '2028-01-01T00:00:00Z'
    })
    const back = await store.rotate({ to: 'key-1', now: new Date('2027-06-01T00:00:00Z') })
    expect([back.current, back.signsUntil]).toEqual([true, undefined])
    const listed = await (await reopen(store)).keys()
    expect(listed.map(({ signsUntil, current }) => [current, signsUntil])).toEqual([
      [true, undefined],
      [false, '2027-06-01T00:00:00Z']
    ])
  })

  test('a compromised key stays compromised since the earliest time, and can never sign again by rotation', async () => {
    const store = await open()
    await store.rotate({ id: 'key-2', now })
    await store.compromise('key-1', { at: later })
    await store.compromise('key-1', { at: now })
    expect(await store.compromise('key-1', { at: later })).toMatchObject({ revoked: '2026-01-31T09:00:00Z' })
    await expect(store.rotate({ to: 'key-1', now })).rejects.toMatchObject({ code: 'KEY_REVOKED' })
    expect(await (await reopen(store)).keys()).toMatchObject([{ revoked: '2026-01-31T09:00:00Z' }, { current: true }])
  })

  test('a key retires at a time, and expires for verifiers only where that is asked for', async () => {
    const store = await open()
    expect(await store.retire('key-1', { at: later })).toMatchObject({ signsUntil: '2027-01-31T09:00:00Z' })
    expect((await store.keys())[0]?.expires).toBeUndefined()
    await store.retire('key-1', { at: now, expires: later })
    expect(await (await reopen(store)).keys()).toMatchObject([
      { current: true, signsUntil: '2026-01-31T09:00:00Z', expires: '2027-01-31T09:00:00Z' }
    ])
  })

  test('237: a key for another use never becomes the current one by rotation', async () => {
    const store = await open()
    await store.create({ id: 'login', use: 'authentication', current: false, now })
    await expect(store.rotate({ to: 'login', now })).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_PURPOSE' })
    expect(await (await reopen(store)).keys()).toMatchObject([{ current: true }, { use: 'authentication' }])
    expect((await store.keys())[0]?.use).toBeUndefined()
  })

  test('a key signs for one issuer, and says for which', async () => {
    const store = await open()
    await store.bind('key-1', 'did:web:academy.example')
    await store.bind('key-1', 'did:web:academy.example')
    for (const one of [store, await reopen(store)]) {
      expect((await one.signer()).issuer).toBe('did:web:academy.example')
      await expect(one.bind?.('key-1', 'did:web:other.example')).rejects.toMatchObject({ code: 'KEY_ISSUER' })
    }
  })

  test('refuses a key that is not there and a time that is none, and changes nothing', async () => {
    const store = await open()
    const before = await store.keys()
    const at = new Date(Number.NaN)
    const refusals: readonly [call: () => Promise<unknown>, code: string][] = [
      [() => store.retire('no-such-key'), 'KEY_NOT_FOUND'],
      [() => store.compromise('no-such-key'), 'KEY_NOT_FOUND'],
      [() => store.bind('no-such-key', 'did:web:academy.example'), 'KEY_NOT_FOUND'],
      [() => store.rotate({ to: 'no-such-key' }), 'KEY_NOT_FOUND'],
      [() => store.rotate({ id: 'key-1' }), 'KEY_EXISTS'],
      [() => store.rotate({ id: 'key-2', now: at }), 'OPTION_INVALID'],
      [() => store.retire('key-1', { at }), 'OPTION_INVALID'],
      [() => store.retire('key-1', { expires: at }), 'OPTION_INVALID'],
      [() => store.compromise('key-1', { at }), 'OPTION_INVALID'],
      [() => store.create({ id: 'key-2', signsUntil: at }), 'OPTION_INVALID'],
      [() => store.create({ id: 'key-2', use: 'encryption' as never }), 'OPTION_INVALID']
    ]
    for (const [call, code] of refusals) await expect(call()).rejects.toMatchObject({ code })
    expect(await store.keys()).toEqual(before)
  })
})

test('a key file says nothing new to older readers until a key has a history', async () => {
  const store = await createKeyFile(path(), { password, now, id: 'key-1' })
  expect(version()).toBe(1)
  await store.create({ id: 'key-2', now, current: false })
  expect(version()).toBe(1)
  await store.retire('key-2', { at: now })
  expect(version()).toBe(2)
})
