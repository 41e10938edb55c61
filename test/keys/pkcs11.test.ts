import { describe, expect, it, test } from 'vitest'
import { sha256, sha384 } from '../../src/crypto/digest.js'
import { decodeHex } from '../../src/encoding/multibase.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { openPkcs11KeyStore, type Pkcs11Options } from '../../src/keys/pkcs11.js'
import { readParameters, readPoint } from '../../src/keys/pkcs11-curves.js'
import { testKeyStore } from '../../src/testing/key-store.js'
import { FakePkcs11 } from '../support/fake-pkcs11.js'

const now = new Date('2026-01-31T09:00:00Z')
const place = { library: '/usr/lib/module.so', token: 'academy', pin: '1234' }

const fakes = new WeakMap<object, FakePkcs11>()

async function openFake(pkcs11 = new FakePkcs11(), options: Partial<Pkcs11Options> = {}) {
  const store = await openPkcs11KeyStore({ pkcs11, ...place, ...options })
  fakes.set(store, pkcs11)
  return { pkcs11, store }
}

async function openWithKey(pkcs11 = new FakePkcs11(), options: Partial<Pkcs11Options> = {}) {
  const opened = await openFake(pkcs11, options)
  await opened.store.create({ id: 'key-1', now })
  return opened
}

testKeyStore(
  async (algorithm) => {
    const { store } = await openFake()
    await store.create({ algorithm })
    return store
  },
  {
    describe,
    it,
    name: 'a token',
    makesKeys: true,
    reopen: async (store) => (await openFake(fakes.get(store))).store,
    close: (store) => store.close(),
    unreachable: async () => {
      const { store, pkcs11 } = await openWithKey()
      pkcs11.remove()
      return store
    }
  }
)

describe('a key store on a token', () => {
  test.each([
    ['P-256', sha256, 32],
    ['P-384', sha384, 48]
  ] as const)(
    '234: gives the token the digest that belongs to %s, whatever the length of the message',
    async (algorithm, hash, length) => {
      const { store, pkcs11 } = await openFake()
      await store.create({ algorithm, now })
      const signer = await store.signer()
      for (const size of [0, 1, 32, 48, 64, 96, 100, 5000]) {
        const data = new Uint8Array(size).fill(size)
        await signChecked(signer, data)
        expect(pkcs11.signed.at(-1)).toEqual(hash(data))
        expect(pkcs11.signed.at(-1)).toHaveLength(length)
      }
      expect(signer.capability).toEqual({ algorithm, sends: 'digest', deterministic: false })
    }
  )

  test('235: replaces a session after any error, so that no operation of an earlier call is in the way', async () => {
    const { store, pkcs11 } = await openWithKey()
    const signer = await store.signer()
    for (const code of ['CKR_BUFFER_TOO_SMALL', 'CKR_DATA_LEN_RANGE', 'CKR_DEVICE_ERROR', 'CKR_FUNCTION_FAILED']) {
      pkcs11.failing.set('C_SignAsync', [code])
      const before = pkcs11.calls.length
      await expect(signer.sign(now8())).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_IO', got: code })
      expect(pkcs11.calls.slice(before)).toContain('C_CloseSession')
      await signChecked(signer, now8())
    }
  })

  test('235: runs one operation in a session, in no more sessions than it may have', async () => {
    const { store, pkcs11 } = await openWithKey(undefined, { sessions: 3 })
    const signer = await store.signer()
    await Promise.all(Array.from({ length: 30 }, (_, index) => signChecked(signer, Uint8Array.of(index))))
    // Three that work, and one that keeps the login.
    expect(pkcs11.mostSessions).toBe(4)
    store.close()
    await Promise.resolve()
    expect(pkcs11.openSessions).toBe(0)
  })

  test('235: one failure among many calls at once is the error of that call alone', async () => {
    const { store, pkcs11 } = await openWithKey(undefined, { sessions: 1 })
    const signer = await store.signer()
    pkcs11.failing.set('C_SignAsync', ['CKR_GENERAL_ERROR'])
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => signChecked(signer, Uint8Array.of(index)))
    )
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  })

  test('236: never tries a wrong PIN again, and so never locks the token', async () => {
    const pkcs11 = new FakePkcs11()
    await expect(openFake(pkcs11, { pin: '9999' })).rejects.toMatchObject({
      name: 'KeyError',
      code: 'KEY_ACCESS_DENIED',
      got: 'CKR_PIN_INCORRECT',
      retryable: false
    })
    expect(pkcs11.calls.filter((call) => call === 'C_Login')).toHaveLength(1)

    const { store } = await openWithKey()
    const signer = await store.signer()
    const pins = ['1234', '9999']
    const { store: other, pkcs11: token } = await openWithKey(new FakePkcs11(), { pin: () => pins.shift() ?? 'none' })
    const late = await other.signer()
    token.remove()
    token.insert()
    for (let index = 0; index < 5; index += 1)
      await expect(late.sign(now8())).rejects.toMatchObject({ name: 'KeyError' })
    await expect(late.sign(now8())).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED', got: 'CKR_PIN_INCORRECT' })
    expect(token.calls.filter((call) => call === 'C_Login')).toHaveLength(2)
    expect(await signer.sign(now8())).toHaveLength(64)
  })

  test('236: a locked PIN is said to be one', async () => {
    const pkcs11 = new FakePkcs11()
    pkcs11.failing.set('C_Login', ['CKR_PIN_LOCKED'])
    await expect(openFake(pkcs11)).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED', got: 'CKR_PIN_LOCKED' })
  })

  test('236: a login that somebody in this process had before is as good as one', async () => {
    const pkcs11 = new FakePkcs11()
    await openWithKey(pkcs11)
    const { store } = await openFake(pkcs11)
    expect(pkcs11.calls.filter((call) => call === 'C_Login')).toHaveLength(2)
    expect(await (await store.signer()).sign(now8())).toHaveLength(64)
  })

  test('236: a token that is pulled out is an error that may pass, and signs again when it is back', async () => {
    const { store, pkcs11 } = await openWithKey()
    const signer = await store.signer()
    await signer.sign(now8())
    pkcs11.remove()
    for (let index = 0; index < 3; index += 1) {
      await expect(signer.sign(now8())).rejects.toMatchObject({ code: 'KEY_STORE_IO', retryable: true })
    }
    await expect(store.keys()).rejects.toMatchObject({ code: 'KEY_STORE_IO', retryable: true })
    pkcs11.insert()
    await signChecked(signer, now8())
    expect(await store.keys()).toHaveLength(1)
  })

  test.each(['CKR_SESSION_HANDLE_INVALID', 'CKR_SESSION_CLOSED', 'CKR_USER_NOT_LOGGED_IN', 'CKR_KEY_HANDLE_INVALID'])(
    '236: after %s the next call opens, logs in and finds its key anew',
    async (code) => {
      const { store, pkcs11 } = await openWithKey()
      const signer = await store.signer()
      pkcs11.failing.set('C_SignInit', [code])
      await expect(signer.sign(now8())).rejects.toMatchObject({ code: 'KEY_STORE_IO', got: code, retryable: true })
      await signChecked(signer, now8())
    }
  )

  test('236: a module that is missing, and a token that is not there, are errors that name them', async () => {
    const missing = openFake(new FakePkcs11(), { library: '/nowhere/module.dll' })
    await expect(missing).rejects.toMatchObject({
      code: 'KEY_STORE_IO',
      message: expect.stringContaining('/nowhere/module.dll')
    })
    const other = openFake(new FakePkcs11(), { token: 'other' })
    await expect(other).rejects.toMatchObject({ code: 'KEY_STORE_IO', path: 'token', got: 'other' })
  })

  test.each([
    ['octets', 'oid'],
    ['octets', 'name'],
    ['raw', 'oid'],
    ['raw', 'name']
  ] as const)('236: reads a point that is shown as %s and a curve that is shown as %s', async (point, curve) => {
    for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) {
      const { store } = await openFake(new FakePkcs11({ point, curve }))
      await store.create({ algorithm, id: 'made-elsewhere', now })
      const adopting = (await openFake(fakes.get(store), { store: 'other' })).store
      expect(await adopting.adopt({ label: 'made-elsewhere', id: 'key-1', now })).toMatchObject({
        algorithm,
        id: 'key-1'
      })
      await signChecked(await adopting.signer(), now8())
    }
  })

  test('236: refuses points and curves of any other form', () => {
    for (const hex of ['', '00', `0420${'aa'.repeat(31)}`, `0421${'aa'.repeat(32)}`, `0321${'aa'.repeat(32)}`]) {
      expect(() => readPoint(decodeHex(hex), 'Ed25519')).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
    }
    for (const hex of [
      `02${'aa'.repeat(32)}`,
      `04${'aa'.repeat(64)}`,
      `0441${'04'.repeat(65)}`,
      `044004${'aa'.repeat(63)}`
    ]) {
      expect(() => readPoint(decodeHex(hex), 'P-256')).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
    }
    for (const hex of ['', '06052b8104000a', '13', `1303${'41'.repeat(3)}`, '130c656477617264733235353138']) {
      expect(() => readParameters(decodeHex(hex))).toThrow(expect.objectContaining({ code: 'KEY_UNSUPPORTED' }))
    }
  })

  test('says so where another process changed the keys at the same time, and leaves no key behind', async () => {
    const { store, pkcs11 } = await openWithKey()
    const { store: other } = await openFake(pkcs11)
    const [one, two] = await Promise.allSettled([
      store.create({ id: 'a', now, current: false }),
      other.create({ id: 'b', now, current: false })
    ])
    const keys = await store.keys()
    const made = [one, two].filter(({ status }) => status === 'fulfilled')
    expect(keys).toHaveLength(1 + made.length)
    expect(keys.filter(({ current }) => current)).toHaveLength(1)
  })

  test('takes no secret in, and adopts no key that is not there', async () => {
    const { store } = await openWithKey()
    await expect(store.create({ seed: new Uint8Array(32) })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'seed'
    })
    await expect(store.adopt({ label: 'nobody' })).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    await expect(store.adopt({ label: 'key-1', id: 'again' })).rejects.toMatchObject({ code: 'KEY_EXISTS' })
    expect(await store.keys()).toHaveLength(1)
  })

  test('keeps the stores of one token apart', async () => {
    const { store, pkcs11 } = await openWithKey()
    const { store: other } = await openFake(pkcs11, { store: 'other academy' })
    expect(await other.keys()).toEqual([])
    await expect(other.signer()).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    await other.create({ id: 'key-1', now })
    expect((await other.keys())[0]?.publicKey).not.toEqual((await store.keys())[0]?.publicKey)
  })

  test('says the PIN in no error', async () => {
    const pkcs11 = new FakePkcs11({ pin: 'secret-pin-1' })
    const error = await openFake(pkcs11, { pin: 'secret-pin-2' }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause)).not.toContain(
      'secret-pin'
    )
  })
})

function now8(): Uint8Array {
  return new TextEncoder().encode(now.toISOString())
}
