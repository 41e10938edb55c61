import { p256, p384 } from '@noble/curves/nist.js'
import { describe, expect, test } from 'vitest'
import { sha256, sha384, sha512 } from '../../src/crypto/digest.js'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { encodeHex } from '../../src/encoding/multibase.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const seed = sha256(new TextEncoder().encode('komma-test-issuer'))
const now = new Date('2026-01-31T09:00:00.500Z')

describe('createMemoryKeyStore', () => {
  test('starts with one key, which is the current one and is named after its public key', async () => {
    const store = await createMemoryKeyStore({ seed, now })
    const [key, ...rest] = await store.keys()
    expect(rest).toEqual([])
    expect(key).toMatchObject({ algorithm: 'Ed25519', created: '2026-01-31T09:00:00Z', current: true })
    expect(key?.id).toBe(multikeyOf({ algorithm: 'Ed25519', bytes: key?.publicKey ?? new Uint8Array() }))
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

  test.each([
    ['P-256', 'zDn', 33, 64],
    ['P-384', 'z82', 49, 96]
  ] as const)(
    'makes a %s key where that is asked for, and names it after its public key',
    async (algorithm, start, length, signed) => {
      const store = await createMemoryKeyStore({ algorithm, now })
      const made = await store.create({ algorithm: 'Ed25519', now, current: false })
      const [first] = await store.keys()
      expect([first?.algorithm, made.algorithm]).toEqual([algorithm, 'Ed25519'])
      expect(first?.publicKey).toHaveLength(length)
      expect(first?.id).toBe(multikeyOf({ algorithm, bytes: first?.publicKey ?? new Uint8Array() }))
      expect(first?.id.startsWith(start)).toBe(true)
      expect(await (await store.signer()).sign(seed)).toHaveLength(signed)
      expect((await store.signer()).algorithm).toBe(algorithm)
    }
  )

  test('takes over a P-256 or P-384 key from its secret number', async () => {
    const secrets = { 'P-256': seed, 'P-384': sha384(seed) }
    for (const algorithm of ['P-256', 'P-384'] as const) {
      const curve = algorithm === 'P-256' ? p256 : p384
      const store = await createMemoryKeyStore({ algorithm, seed: secrets[algorithm], now })
      expect((await store.signer()).publicKey).toEqual(curve.getPublicKey(secrets[algorithm]))
      await expect(store.create({ algorithm, seed: secrets[algorithm], now })).rejects.toMatchObject({
        code: 'KEY_EXISTS'
      })
      for (const bad of [
        seed.subarray(1),
        new Uint8Array(secrets[algorithm].length),
        sha512(seed),
        '1'.repeat(32),
        [...seed]
      ]) {
        const creating = store.create({ algorithm, seed: bad as never, now })
        await expect(creating).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
      }
    }
  })

  test('makes no key of another kind', async () => {
    const store = await createMemoryKeyStore({ now })
    for (const algorithm of ['RSA', 'P-521', 'p-256', 'secp256k1', '', 7]) {
      const refused = { name: 'OptionError', code: 'OPTION_INVALID', path: 'algorithm' }
      await expect(store.create({ algorithm: algorithm as never, now })).rejects.toMatchObject(refused)
    }
  })

  test('103: signs with the public key that belongs to the secret, whatever a caller says', async () => {
    for (const algorithm of ['Ed25519', 'P-256'] as const) {
      const stranger = await (await createMemoryKeyStore({ algorithm, now })).signer()
      const store = await createMemoryKeyStore({ algorithm, seed, now, publicKey: stranger.publicKey } as never)
      const signer = await store.signer()
      expect(signer.publicKey).not.toEqual(stranger.publicKey)
      expect(signer.sign.length).toBe(1)
      const sign = signer.sign as (data: Uint8Array, publicKey: Uint8Array) => Promise<Uint8Array>
      expect(await sign(seed, stranger.publicKey)).toEqual(await signer.sign(seed))
      expect(() => Object.assign(signer, { publicKey: stranger.publicKey })).toThrow(TypeError)
    }
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
})
