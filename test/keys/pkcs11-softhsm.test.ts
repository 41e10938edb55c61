import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { createMapResolver, verify } from '../../src/index.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { openPkcs11KeyStore, type Pkcs11Options } from '../../src/keys/pkcs11.js'
import { testKeyStore } from '../../src/testing/key-store.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'
import { describeSoftHsm, library, makeToken, newBinding, PIN } from '../support/softhsm.js'

const token = 'academy'
const message = new TextEncoder().encode('message')
let stores = 0

describeSoftHsm('on SoftHSM', () => {
  let remove = () => {}
  beforeAll(() => {
    remove = makeToken(token).remove
  })
  afterAll(() => remove())

  const names = new WeakMap<object, string>()
  async function open(options: Partial<Pkcs11Options> = {}) {
    stores += 1
    const name = options.store ?? `store-${stores}`
    const store = await openPkcs11KeyStore({ pkcs11: newBinding(), library, token, pin: PIN, store: name, ...options })
    names.set(store, name)
    return store
  }

  testKeyStore(
    async (algorithm) => {
      const store = await open()
      await store.create({ algorithm })
      return store
    },
    {
      describe: describeSoftHsm,
      it,
      name: 'a token',
      makesKeys: true,
      reopen: async (store) => open({ store: names.get(store) ?? '' }),
      close: (store) => store.close(),
      unreachable: () => open({ token: 'pulled out' })
    }
  )

  for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) {
    it(`a whole badge and a JWT are issued with ${algorithm} and verified, also after a rotation`, async () => {
      const keys = await open()
      await keys.create({ algorithm, id: 'key-1', now: NOW })
      const profile = { id: 'did:web:academy.example', name: 'Example Academy' }
      const { issuer, competency } = await testHouse({ profile, keys })
      const award = { ...KARI, recipient: { id: 'did:example:learner', email: 'kari@example.org' } }
      const badge = await issuer.issue(competency, award)
      await keys.rotate({ id: 'key-2', now: NOW })
      const token = await issuer.issue(competency, award, { format: 'jwt' })
      const published = await issuer.publish()
      const resolver = createMapResolver(published.map(({ id, text }) => [id, text] as const))
      for (const { text } of [badge, token]) {
        expect((await verify(text, { now: NOW, resolver })).accepted).toBe(true)
      }
      expect((await keys.keys())[0]).toMatchObject({ id: 'key-1', issuer: profile.id, current: false })
      keys.close()
    })
  }

  it('234: the token itself signs what is no digest without a word, and the store never lets it', async () => {
    const pkcs11 = newBinding()
    const keys = await open({ pkcs11 })
    await keys.create({ algorithm: 'P-256', id: 'raw' })
    const signer = await keys.signer()
    const inputs: number[] = []
    const sign = pkcs11.C_SignAsync.bind(pkcs11)
    pkcs11.C_SignAsync = (session, data, room) => {
      inputs.push(data.length)
      return sign(session, data, room)
    }
    for (const size of [0, 1, 32, 100, 5000]) await signChecked(signer, new Uint8Array(size))
    expect(inputs).toEqual([32, 32, 32, 32, 32])

    // The same call with 100 bytes that are no digest succeeds on the token, and gives a signature over something else.
    pkcs11.C_SignAsync = (session, _, room) => sign(session, new Uint8Array(100), room)
    const wrong = await signer.sign(message)
    const key = await importPublicKey(materialOfKey(signer))
    expect(await key.verify('ES256', wrong, message)).toBe(false)
    await expect(signChecked(signer, message)).rejects.toMatchObject({ code: 'SIGNATURE_OWN_CHECK_FAILED' })
    keys.close()
  })

  it('235: a C_Sign that fails leaves its operation active, and the next call is not in its way', async () => {
    const pkcs11 = newBinding()
    const keys = await open({ pkcs11, sessions: 1 })
    await keys.create({ id: 'key-1' })
    const signer = await keys.signer()
    const sign = pkcs11.C_SignAsync.bind(pkcs11)
    pkcs11.C_SignAsync = (session, data) => sign(session, data, new Uint8Array(10))
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'KEY_STORE_IO', got: 'CKR_BUFFER_TOO_SMALL' })
    pkcs11.C_SignAsync = sign
    for (let index = 0; index < 3; index += 1) await signChecked(signer, message)
    keys.close()
  })

  it('235: many signatures at once, over few sessions', async () => {
    const keys = await open({ sessions: 2 })
    await keys.create({ algorithm: 'P-384' })
    const signer = await keys.signer()
    await Promise.all(Array.from({ length: 40 }, (_, index) => signChecked(signer, Uint8Array.of(index))))
    keys.close()
  })

  it('236: a wrong PIN is tried once, and says so', async () => {
    // A login holds for the whole process, so that only another one can be refused.
    const program = `
      const { PKCS11 } = require(${JSON.stringify(`${process.cwd()}/.tmp/pkcs11/node_modules/pkcs11js`)})
      const p = new PKCS11(); p.load(${JSON.stringify(library)}); p.C_Initialize({ flags: 2 })
      const slot = p.C_GetSlotList(true)[0]; const s = p.C_OpenSession(slot, 6)
      try { p.C_Login(s, 1, '9999') } catch (e) { console.log(e.message) }
      p.C_Login(s, 1, '${PIN}')
      try { p.C_Login(s, 1, '${PIN}') } catch (e) { console.log(e.message) }`
    const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
    expect(stdout.trim().split('\n')).toEqual(['CKR_PIN_INCORRECT', 'CKR_USER_ALREADY_LOGGED_IN'])
  })

  it('keys cannot leave: their secrets are sensitive and not extractable', async () => {
    const pkcs11 = newBinding()
    const keys = await open({ pkcs11 })
    const { publicKey } = await keys.create({ id: 'inside', algorithm: 'P-256' })
    const slot = pkcs11
      .C_GetSlotList(true)
      .find((one) => pkcs11.C_GetTokenInfo(one).label.trim() === token) as Uint8Array
    const session = pkcs11.C_OpenSession(slot, 6)
    pkcs11.C_FindObjectsInit(session, [
      { type: 0, value: 3 },
      { type: 3, value: 'inside' }
    ])
    const [object] = pkcs11.C_FindObjects(session, 10)
    pkcs11.C_FindObjectsFinal(session)
    const read = (type: number) => pkcs11.C_GetAttributeValue(session, object as Uint8Array, [{ type }])
    expect(() => read(0x11)).toThrow('CKR_ATTRIBUTE_SENSITIVE')
    expect(Array.from((read(0x162)[0] as { value: Uint8Array }).value)).toEqual([0])
    expect(Array.from((read(0x165)[0] as { value: Uint8Array }).value)).toEqual([1])
    expect(publicKey).toHaveLength(33)
    keys.close()
  })

  it('takes up a key that another tool made', async () => {
    const first = await open()
    await first.create({ algorithm: 'P-384', id: 'made-elsewhere' })
    const keys = await open()
    await keys.adopt({ label: 'made-elsewhere', id: 'key-1' })
    await signChecked(await keys.signer(), sha256(message))
    first.close()
    keys.close()
  })
})
