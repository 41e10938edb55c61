import 'fake-indexeddb/auto'
import { describe, expect, it, test, vi } from 'vitest'
import { signChecked } from '../../src/keys/checked-signer.js'
import { createWebCryptoKeyStore, openWebCryptoKeyStore, type WebCryptoKeyStore } from '../../src/keys/webcrypto.js'
import { testKeyStore } from '../../src/testing/key-store.js'

const now = new Date('2026-01-31T09:00:00Z')
let count = 0
const names = new WeakMap<object, string>()

async function open(database = newName()): Promise<WebCryptoKeyStore> {
  const store = await openWebCryptoKeyStore({ database })
  names.set(store, database)
  return store
}

testKeyStore(
  async (algorithm) => {
    const store = await open()
    await store.create({ algorithm })
    return store
  },
  {
    describe,
    it,
    name: 'a store in IndexedDB',
    makesKeys: true,
    reopen: (store) => open(names.get(store)),
    close: (store) => store.close(),
    unreachable: async () => {
      const store = await open()
      await store.create()
      store.close()
      return store
    }
  }
)

testKeyStore(
  async (algorithm) => {
    const store = createWebCryptoKeyStore()
    await store.create({ algorithm })
    return store
  },
  { describe, it, name: 'a WebCrypto store in memory', makesKeys: true }
)

function newName(): string {
  count += 1
  return `keys-${count}`
}

/** What lies in the database. */
function stored(database: string): Promise<{ entries: { privateKey: CryptoKey }[] }> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const request = opening.result.transaction('keys').objectStore('keys').get('all')
      request.onsuccess = () => resolve(request.result)
    }
  })
}

describe('keys of WebCrypto', () => {
  test('239: cannot be exported in any form, not even by who reads the database', async () => {
    const store = await open('exported')
    for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) await store.create({ algorithm, now })
    const { entries } = await stored('exported')
    expect(entries).toHaveLength(3)
    for (const { privateKey } of entries) {
      expect([privateKey.extractable, privateKey.type, privateKey.usages]).toEqual([false, 'private', ['sign']])
      for (const format of ['pkcs8', 'jwk', 'raw'] as const) {
        await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow()
      }
    }
    store.close()
  })

  test('239: are made so that they cannot be exported', async () => {
    const generate = vi.spyOn(crypto.subtle, 'generateKey')
    await createWebCryptoKeyStore().create({ algorithm: 'P-384', now })
    expect(generate.mock.calls).toEqual([[expect.objectContaining({ namedCurve: 'P-384' }), false, ['sign', 'verify']]])
    generate.mockRestore()
  })

  test('take no secret in', async () => {
    const store = await open()
    const seed = new Uint8Array(32).fill(7)
    await expect(store.create({ seed })).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'seed' })
    await expect(createWebCryptoKeyStore().create({ seed })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    store.close()
  })

  test('are kept when two pages change them at the same time', async () => {
    const [one, two] = [await open('pages'), await open('pages')]
    const ids = ['a', 'b', 'c']
    await Promise.all(ids.flatMap((id) => [one.create({ id: `1${id}`, now }), two.create({ id: `2${id}`, now })]))
    const keys = await one.keys()
    expect(keys).toHaveLength(6)
    expect(keys.filter(({ current }) => current)).toHaveLength(1)
    expect(await two.keys()).toEqual(keys)
    for (const { id } of keys) await signChecked(await two.signer(id), new Uint8Array(64))
    one.close()
    two.close()
  })

  test('need IndexedDB to last, and say so where there is none', async () => {
    const saved = globalThis.indexedDB
    Reflect.deleteProperty(globalThis, 'indexedDB')
    try {
      await expect(open()).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_IO' })
    } finally {
      globalThis.indexedDB = saved
    }
  })

  test('of a kind that the runtime does not know are refused as unsupported', async () => {
    const generate = vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(new Error('NotSupportedError'))
    await expect(createWebCryptoKeyStore().create()).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED', got: 'Ed25519' })
    generate.mockRestore()
  })
})
