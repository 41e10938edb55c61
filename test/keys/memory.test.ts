import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { encodeBase64url, encodeEd25519Multikey, encodeHex } from '../../src/encoding/multibase.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const seed = sha256(new TextEncoder().encode('komma-test-issuer'))
const now = new Date('2026-01-31T09:00:00.500Z')

describe('createMemoryKeyStore', () => {
  test('starts with one key, which is the current one and is named after its public key', async () => {
    const store = await createMemoryKeyStore({ seed, now })
    const [key, ...rest] = await store.keys()
    expect(rest).toEqual([])
    expect(key).toMatchObject({ algorithm: 'Ed25519', created: '2026-01-31T09:00:00Z', current: true })
    expect(key?.id).toBe(encodeEd25519Multikey(key?.publicKey ?? new Uint8Array()))
    expect((await store.signer()).id).toBe(key?.id)
  })

  test('a new key becomes the current one unless told, and the old one still signs', async () => {
    const store = await createMemoryKeyStore({ seed, now, id: 'key-1' })
    await store.create({ id: 'key-2', now })
    await store.create({ id: 'key-3', now, current: false })
    expect((await store.keys()).map(({ id, current }) => [id, current])).toEqual([
      ['key-1', false],
      ['key-2', true],
      ['key-3', false]
    ])
    expect((await store.signer()).id).toBe('key-2')
    expect((await store.signer('key-1')).id).toBe('key-1')
  })

  test('keys made at the same time are all kept', async () => {
    const store = await createMemoryKeyStore({ now })
    await Promise.all(Array.from({ length: 10 }, (_, index) => store.create({ id: `k${index}`, now })))
    expect(await store.keys()).toHaveLength(11)
    expect((await store.keys()).filter(({ current }) => current)).toHaveLength(1)
  })

  test('refuses what it cannot do, and stays usable', async () => {
    const store = await createMemoryKeyStore({ seed, now, id: 'key-1' })
    await expect(store.signer('no-such-key')).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_NOT_FOUND' })
    await expect(store.create({ id: 'key-1', now })).rejects.toMatchObject({ code: 'KEY_EXISTS' })
    await expect(store.create({ id: 'key-2', seed, now })).rejects.toMatchObject({ code: 'KEY_EXISTS' })
    await expect(store.create({ id: 'key 2', now })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(store.create({ now: new Date(Number.NaN) })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(store.create({ seed: new Uint8Array(31), now })).rejects.toMatchObject({ code: 'KEY_INVALID' })
    expect((await store.create({ id: 'key-2', now })).id).toBe('key-2')
  })

  test('what callers do to the bytes they get changes nothing', async () => {
    const store = await createMemoryKeyStore({ seed, now })
    const before = encodeHex((await store.signer()).publicKey)
    for (const { publicKey } of await store.keys()) publicKey.fill(0)
    ;(await store.signer()).publicKey.fill(0)
    expect(encodeHex((await store.signer()).publicKey)).toBe(before)
    expect(encodeHex((await store.keys())[0]?.publicKey ?? new Uint8Array())).toBe(before)
  })

  test('the secret does not show', async () => {
    const store = await createMemoryKeyStore({ seed, now })
    const things = [store, await store.signer(), await store.keys()]
    const shown = things.map((each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each)).join('\n')
    expect(shown).not.toContain(encodeHex(seed))
    expect(shown).not.toContain(encodeBase64url(seed))
    expect(shown).not.toContain([...seed.slice(0, 6)].join(', '))
  })
})
