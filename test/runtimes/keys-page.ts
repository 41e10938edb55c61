import { signChecked } from '../../src/keys/checked-signer.js'
import type { KeyStore } from '../../src/keys/key-store.js'
import { openWebCryptoKeyStore } from '../../src/keys/webcrypto.js'
import { testKeyStore } from '../../src/testing/key-store.js'

/** What became of one test: its name, and what was wrong. */
interface Row {
  readonly name: string
  readonly error: string | undefined
}

type Open = () => Promise<KeyStore>

const tests: [name: string, body: () => Promise<unknown>][] = []
let place = ''
const runner = {
  describe: (name: string, body: () => void) => {
    place = name
    body()
  },
  it: (name: string, body: () => Promise<void>) => tests.push([`${place}: ${name}`, body])
}

const databases = new WeakMap<object, string>()
async function open(database = `keys-${crypto.randomUUID()}`) {
  const store = await openWebCryptoKeyStore({ database })
  databases.set(store, database)
  return store
}

function register(): void {
  testKeyStore(
    async (algorithm) => {
      const store = await open()
      await store.create({ algorithm })
      return store
    },
    {
      ...runner,
      name: 'WebCrypto',
      makesKeys: true,
      reopen: (store) => open(databases.get(store)),
      close: (store) => store.close()
    }
  )
  runner.it('239: no form of a key can be exported', async () => {
    const store = await open('exported')
    for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) await store.create({ algorithm })
    const keys = await storedKeys('exported')
    if (keys.length !== 3) throw new Error(`${keys.length} keys lie in the database`)
    for (const key of keys) {
      for (const format of ['pkcs8', 'jwk', 'raw'] as const) {
        const exported = await crypto.subtle.exportKey(format, key).catch(() => undefined)
        if (exported !== undefined || key.extractable) throw new Error(`${format} was exported`)
      }
    }
  })
  runner.it('a key that an earlier page made is there and signs', async () => {
    const signer = await (await open('lasting')).signer('lasting')
    await signChecked(signer, new Uint8Array(64))
  })
  // A kit that finds nothing here finds nothing anywhere.
  const faulty: Open = async () => ({ ...(await open()), keys: async () => [] })
  testKeyStore(faulty, { ...runner, name: 'planted', algorithms: ['Ed25519'], makesKeys: true })
}

function storedKeys(database: string): Promise<readonly CryptoKey[]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const request = opening.result.transaction('keys').objectStore('keys').get('all')
      request.onsuccess = () =>
        resolve(request.result.entries.map((entry: { privateKey: CryptoKey }) => entry.privateKey))
    }
  })
}

async function runAll(): Promise<readonly Row[]> {
  register()
  const rows: Row[] = []
  for (const [name, body] of tests) {
    rows.push({
      name,
      error: await body().then(
        () => undefined,
        (error: unknown) => String(error)
      )
    })
  }
  return rows
}

async function answer(): Promise<object> {
  try {
    return { webCrypto: crypto.subtle !== undefined, rows: await runAll() }
  } catch (error) {
    return { error: String(error) }
  }
}

// The first page makes a key and loads itself again: the second has to find it.
if (sessionStorage.getItem('made') === null) {
  const store = await open('lasting')
  await store.create({ id: 'lasting', algorithm: 'P-256' })
  store.close()
  sessionStorage.setItem('made', 'yes')
  location.reload()
} else {
  await fetch('rows', { method: 'POST', body: JSON.stringify(await answer()) })
}
