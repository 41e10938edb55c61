import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { importEd25519Seed } from '../../src/crypto/ed25519.js'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import type { PublicKeyMaterial } from '../../src/crypto/public-key.js'

const ed25519 = (bytes: Uint8Array): PublicKeyMaterial => ({ algorithm: 'Ed25519', bytes })

async function publicKeyOf(label: string): Promise<Uint8Array> {
  return (await importEd25519Seed(sha256(new TextEncoder().encode(label)))).publicKey
}

describe('createKeyCache', () => {
  test('imports a key once, also for questions at the same time', async () => {
    const cache = createKeyCache()
    const bytes = await publicKeyOf('a')
    const [first, second] = await Promise.all([
      cache.importKey(ed25519(bytes)),
      cache.importKey(ed25519(bytes.slice()))
    ])
    expect(second).toBe(first)
    expect(await cache.importKey(ed25519(bytes))).toBe(first)
  })

  test('keeps different keys apart', async () => {
    const cache = createKeyCache()
    const [a, b] = [await publicKeyOf('a'), await publicKeyOf('b')]
    expect((await cache.importKey(ed25519(a))).material).toEqual(ed25519(a))
    expect((await cache.importKey(ed25519(b))).material).toEqual(ed25519(b))
  })

  test('forgets the key that was unused for longest', async () => {
    const cache = createKeyCache({ maxKeys: 2 })
    const [a, b, c] = [await publicKeyOf('a'), await publicKeyOf('b'), await publicKeyOf('c')]
    const [firstA, firstB] = [await cache.importKey(ed25519(a)), await cache.importKey(ed25519(b))]
    expect(await cache.importKey(ed25519(a))).toBe(firstA)
    await cache.importKey(ed25519(c))
    expect(await cache.importKey(ed25519(a))).toBe(firstA)
    expect(await cache.importKey(ed25519(b))).not.toBe(firstB)
  })

  test('does not take in a bad key, and says so each time', async () => {
    const cache = createKeyCache()
    for (const bad of [new Uint8Array(32), new Uint8Array(31), 'key' as never]) {
      await expect(cache.importKey(ed25519(bad))).rejects.toMatchObject({ code: 'KEY_INVALID' })
      await expect(cache.importKey(ed25519(bad))).rejects.toMatchObject({ code: 'KEY_INVALID' })
    }
  })

  test('refuses a size that is none', () => {
    for (const maxKeys of [0, -1, 1.5, Number.NaN]) {
      expect(() => createKeyCache({ maxKeys })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    }
  })
})
