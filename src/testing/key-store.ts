import { multikeyOf } from '../crypto/multikey.js'
import { importPublicKey, SIGNATURE_ALGORITHMS } from '../crypto/public-key.js'
import { KeyError, OptionError } from '../encoding/errors.js'
import { lifeOf } from '../keys/key-life.js'
import {
  isKeyId,
  type KeyInfo,
  type KeyLife,
  type KeyStore,
  type ManagedKeyStore,
  materialOfKey,
  type Signer,
  type SigningKeyAlgorithm
} from '../keys/key-store.js'
import { expectEqual, expectRejection, expectThat, type TestRunner } from './harness.js'
import { findSecret } from './secret-search.js'

/** What `testKeyStore` has to know of a driver besides how to open it. */
export interface KeyStoreKit<Store extends KeyStore = KeyStore> extends TestRunner {
  /** Stands in the names of the tests. */
  readonly name?: string
  /** The kinds of key that the driver signs with. All clauses run for each. Ed25519, P-256 and P-384 unless told. */
  readonly algorithms?: readonly SigningKeyAlgorithm[]
  /** Whether the store makes keys and keeps their history, by `create` and the rest: then those clauses run too. False unless told. */
  readonly makesKeys?: boolean
  /** The longest message that is signed. A longer one has to be refused. Without it, a message of 100,000 bytes is. */
  readonly maxMessageBytes?: number
  /** A store whose service, device or file cannot be reached, for the clause on failure. */
  readonly unreachable?: () => Promise<KeyStore>
  /** Opens what a store left behind, as a process started later would. For stores that are durable. */
  readonly reopen?: (store: Store) => Promise<KeyStore>
  /** Called with each store after its test. */
  readonly close?: (store: Store) => Promise<void> | void
}

const KINDS: readonly SigningKeyAlgorithm[] = ['Ed25519', 'P-256', 'P-384']
const PUBLIC_KEY_BYTES = { Ed25519: 32, 'P-256': 33, 'P-384': 49 } as const
const SIGNATURE_BYTES = { Ed25519: 64, 'P-256': 64, 'P-384': 96 } as const
const CREATED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/
const NO_IDS = ['', ' ', '__proto__', 'constructor', 'no-such-key', 'k'.repeat(10_000), '\u0000']

/**
 * Registers the tests that every {@link KeyStore} has to pass, one for each clause of its contract and each kind of key.
 * `docs/testing.md` lists the clauses.
 *
 * Does NOT test how well a secret is kept: only that no property of a store, a signer or a key shows it.
 *
 * @param open - opens a store of its own for one test, whose current key is of the given kind
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { createMemoryKeyStore } from 'komma'
 * import { testKeyStore } from 'komma/testing'
 *
 * testKeyStore((algorithm) => createMemoryKeyStore({ algorithm }), { describe, it, makesKeys: true })
 * ```
 */
export function testKeyStore<Store extends KeyStore>(
  open: (algorithm: SigningKeyAlgorithm) => Promise<Store>,
  kit: KeyStoreKit<Store>
): void {
  const { describe, it, name = 'a key store', algorithms = KINDS } = kit
  for (const algorithm of algorithms) {
    const clause = (title: string, body: (store: Store) => Promise<void>): void => {
      it(title, async () => {
        const store = await open(algorithm)
        try {
          await body(store)
        } finally {
          await kit.close?.(store)
        }
      })
    }
    describe(`${name}, ${algorithm}`, () => {
      for (const [title, body] of Object.entries(CLAUSES)) clause(title, (store) => body(store, algorithm, kit))
      const { unreachable, reopen } = kit
      if (unreachable !== undefined) it(UNREACHABLE, () => checkUnreachable(unreachable))
      if (reopen !== undefined) clause(REOPENED, (store) => checkReopened(store, kit, reopen))
      if (kit.makesKeys !== true) return
      for (const [title, body] of Object.entries(MAKING)) clause(title, (store) => body(asMaking(store), algorithm))
    })
  }
}

const UNREACHABLE = 'says KEY_STORE_IO where it cannot be reached'
const REOPENED = 'has the same keys with the same history when it is opened again, and they sign'

type Clause = (store: KeyStore, algorithm: SigningKeyAlgorithm, kit: KeyStoreKit<never>) => Promise<void>

const CLAUSES: Readonly<Record<string, Clause>> = {
  async 'has one current key, which is the one that signs'(store, algorithm, { makesKeys = false }) {
    expectEqual(
      'whether the store makes keys, which makesKeys has to say',
      typeof (store as Partial<ManagedKeyStore>).create === 'function',
      makesKeys
    )
    const keys = await store.keys()
    const current = keys.filter((key) => key.current)
    expectEqual('how many keys are current', current.length, 1)
    const signer = await store.signer()
    expectEqual('the id of the current signer', signer.id, current[0]?.id)
    expectEqual('its kind of key', [signer.algorithm, current[0]?.algorithm], [algorithm, algorithm])
    expectEqual('its public key', signer.publicKey, current[0]?.publicKey)
  },

  async 'describes its keys, oldest first, each once'(store) {
    const keys = await store.keys()
    for (const key of keys) await checkInfo(key)
    const created = keys.map((key) => key.created)
    expectEqual('the order of the keys', created, [...created].sort())
    expectEqual('how many ids there are', new Set(keys.map(({ id }) => id)).size, keys.length)
    const materials = new Set(keys.map((key) => multikeyOf(materialOfKey(key))))
    expectEqual('how many public keys there are', materials.size, keys.length)
  },

  async 'signs exactly the bytes it is given, whatever their length'(store, algorithm, { maxMessageBytes = 100_000 }) {
    const signer = await store.signer()
    // 32, 48 and 64 bytes could be taken for a digest; 64 and 96 are what embedded proofs sign.
    const lengths = [1, 32, 48, 64, 96, 1000, Math.min(maxMessageBytes, 100_000)]
    for (const length of lengths) {
      const data = patternOf(length)
      const signature: unknown = await signer.sign(data)
      expectThat('a signature is a Uint8Array', signature instanceof Uint8Array, signature)
      const bytes = signature as Uint8Array
      expectEqual(`how many bytes a signature of ${algorithm} has`, bytes.length, SIGNATURE_BYTES[algorithm])
      const good = await verifies(signer, bytes, data)
      expectThat(`the signature over ${length} bytes verifies with the public key of the signer`, good)
      expectEqual(`the ${length} bytes after signing`, data, patternOf(length))
    }
  },

  async 'gives each of many calls at once the signature over its own bytes'(store) {
    const signer = await store.signer()
    const messages = Array.from({ length: 20 }, (_, index) => patternOf(64 + index))
    const signatures = await Promise.all(messages.map((data) => signer.sign(data)))
    for (const [index, data] of messages.entries()) {
      const good = await verifies(signer, signatures[index] as Uint8Array, data)
      expectThat(`signature ${index} of ${messages.length} verifies with its own bytes`, good)
    }
  },

  async 'signs nothing but bytes, and no more of them than it can'(store, _, { maxMessageBytes }) {
    const signer = await store.signer()
    const sign = signer.sign as (data: unknown) => Promise<Uint8Array>
    const anyError = { type: Error }
    for (const data of [undefined, null, 'text', 7, [1, 2, 3], {}]) {
      await expectRejection(`sign(${JSON.stringify(data)})`, () => sign.call(signer, data), anyError)
    }
    if (maxMessageBytes === undefined) return
    const call = () => signer.sign(patternOf(maxMessageBytes + 1))
    await expectRejection(`sign with ${maxMessageBytes + 1} bytes`, call, { type: KeyError })
  },

  async 'keeps public keys as they are, whatever callers do to theirs'(store) {
    const signer = await store.signer()
    const before = Uint8Array.from(signer.publicKey)
    for (const key of await store.keys()) key.publicKey.fill(0)
    signer.publicKey.fill(0)
    expectEqual('the public key of the signer', signer.publicKey, before)
    expectEqual('the public key of a new signer', (await store.signer()).publicKey, before)
    const listed = (await store.keys()).find(({ id }) => id === signer.id)
    expectEqual('the public key in the list', listed?.publicKey, before)
  },

  async 'finds each of its keys by id, and says KEY_NOT_FOUND for any other'(store) {
    for (const key of await store.keys()) {
      const signer = await store.signer(key.id)
      expectEqual('the id of the signer', signer.id, key.id)
      expectEqual('its public key', signer.publicKey, key.publicKey)
      await checkSigns(store, key.id)
    }
    for (const id of NO_IDS) {
      const wanted = { type: KeyError, codes: ['KEY_NOT_FOUND'] }
      await expectRejection(`signer(${JSON.stringify(id.slice(0, 20))})`, () => store.signer(id), wanted)
    }
  },

  async 'shows the secret in no property'(store) {
    for (const { id, algorithm } of await store.keys()) {
      const signer = await store.signer(id)
      for (const [what, value] of Object.entries({ signer, store, keys: await store.keys() })) {
        const place = await findSecret(value, algorithm, signer.publicKey)
        expectThat(`the ${what} shows no secret`, place === undefined, place)
      }
    }
  }
}

async function checkInfo(key: KeyInfo): Promise<void> {
  expectThat('an id can stand in a URL fragment: 1 to 100 of A-Z a-z 0-9 . _ -', isKeyId(key.id), key.id)
  expectThat('a kind of key is one of those that sign', KINDS.includes(key.algorithm), key.algorithm)
  const length = PUBLIC_KEY_BYTES[key.algorithm]
  expectEqual(`how many bytes a public key of ${key.algorithm} has`, key.publicKey.length, length)
  await importPublicKey(materialOfKey(key))
  expectThat('created is a date and time in UTC, in whole seconds', CREATED.test(key.created), key.created)
  expectThat('current is true or false', typeof key.current === 'boolean', key.current)
}

async function checkUnreachable(open: () => Promise<KeyStore>): Promise<void> {
  const wanted = { type: KeyError, codes: ['KEY_STORE_IO'] }
  await expectRejection(
    'a signature of a store out of reach',
    async () => (await (await open()).signer()).sign(patternOf(64)),
    wanted
  )
}

async function checkReopened<Store extends KeyStore>(
  store: Store,
  { makesKeys }: KeyStoreKit<Store>,
  reopen: (store: Store) => Promise<KeyStore>
): Promise<void> {
  if (makesKeys === true) {
    const making = asMaking(store)
    const { id } = await making.signer()
    await making.rotate({ id: 'one-more' })
    await making.bind('one-more', 'did:web:academy.example')
    await making.compromise(id)
  }
  const before = await store.keys()
  const again = await reopen(store)
  expectEqual('the keys of the store that was opened again', await again.keys(), before)
  for (const { id } of before) await checkSigns(again, id)
}

type MakingClause = (store: ManagedKeyStore, algorithm: SigningKeyAlgorithm) => Promise<void>

const MAKING: Readonly<Record<string, MakingClause>> = {
  async 'makes a key that is current unless told, and the earlier ones still sign'(store, algorithm) {
    const before = (await store.keys()).map(({ id }) => id)
    const made = await store.create({ algorithm, id: 'key-b' })
    await checkInfo(made)
    expectEqual('the new key', [made.id, made.algorithm, made.current], ['key-b', algorithm, true])
    expectEqual('the id of the current signer', (await store.signer()).id, 'key-b')
    const waiting = await store.create({ algorithm, id: 'key-c', current: false })
    expectEqual('whether a key that shall wait is current', waiting.current, false)
    expectEqual('the id of the current signer', (await store.signer()).id, 'key-b')
    const ids = [...before, 'key-b', 'key-c']
    const listed = (await store.keys()).map(({ id, current }) => ({ id, current }))
    const wanted = ids.map((id) => ({ id, current: id === 'key-b' }))
    expectEqual('the keys', listed, wanted)
    for (const id of ids) await checkSigns(store, id)
  },

  async 'refuses a key that it has, an id and a kind that cannot be, and stays usable'(store, algorithm) {
    const before = await store.keys()
    const { id } = await store.signer()
    const exists = { type: KeyError, codes: ['KEY_EXISTS'] }
    await expectRejection('create with the id of another key', () => store.create({ algorithm, id }), exists)
    const invalid = { type: OptionError, codes: ['OPTION_INVALID'] }
    await expectRejection('create with other characters', () => store.create({ algorithm, id: 'a b' }), invalid)
    const other = { algorithm: 'secp256k1' as SigningKeyAlgorithm, id: 'x' }
    await expectRejection('create with another kind of key', () => store.create(other), invalid)
    const never = { algorithm, id: 'x', now: new Date(Number.NaN) }
    await expectRejection('create at no time', () => store.create(never), invalid)
    expectEqual('the keys after the refusals', await store.keys(), before)
    expectEqual('the id of a key made afterwards', (await store.create({ algorithm, id: 'x' })).id, 'x')
  },

  async 'rotates to a new key or to one that waits, and retires the one before'(store, algorithm) {
    const { id: first } = await store.signer()
    const now = new Date('2030-01-31T09:00:00Z')
    const made = await store.rotate({ id: 'key-b', now })
    expectEqual('the new key', [made.id, made.algorithm, made.current], ['key-b', algorithm, true])
    expectEqual('when the new key ends', made.signsUntil, undefined)
    expectEqual('when the key before ends', (await lifeIn(store, first)).signsUntil, '2030-01-31T09:00:00Z')
    await store.create({ algorithm, id: 'key-c', current: false, now })
    await store.rotate({ to: 'key-c', now })
    expectEqual('the current key', (await store.signer()).id, 'key-c')
    for (const id of [first, 'key-b', 'key-c']) await checkSigns(store, id)
    const missing = { type: KeyError, codes: ['KEY_NOT_FOUND'] }
    await expectRejection('rotate to a key that is not there', () => store.rotate({ to: 'no-such-key' }), missing)
  },

  async 'records when a key ends, and tells it of the key and of its signer'(store) {
    const { id } = await store.signer()
    await store.retire(id, { at: new Date('2030-01-31T09:00:00Z') })
    expectEqual('the life of a key that retires', await lifeIn(store, id), { signsUntil: '2030-01-31T09:00:00Z' })
    await store.retire(id, { at: new Date('2029-01-31T09:00:00Z'), expires: new Date('2031-01-31T09:00:00Z') })
    const retired = { signsUntil: '2029-01-31T09:00:00Z', expires: '2031-01-31T09:00:00Z' }
    expectEqual('the life of a key that expires', await lifeIn(store, id), retired)
    await store.compromise(id, { at: new Date('2028-01-31T09:00:00Z') })
    await store.compromise(id, { at: new Date('2028-06-30T09:00:00Z') })
    const life = { ...retired, revoked: '2028-01-31T09:00:00Z' }
    expectEqual('the life of a key that was compromised twice', await lifeIn(store, id), life)
    const revoked = { type: KeyError, codes: ['KEY_REVOKED'] }
    await expectRejection('rotate to a compromised key', () => store.rotate({ to: id }), revoked)
    const missing = { type: KeyError, codes: ['KEY_NOT_FOUND'] }
    await expectRejection('retire a key that is not there', () => store.retire('no-such-key'), missing)
    await expectRejection('compromise a key that is not there', () => store.compromise('no-such-key'), missing)
  },

  async 'lets a key sign for one issuer'(store) {
    const { id } = await store.signer()
    await store.bind(id, 'did:web:academy.example')
    await store.bind(id, 'did:web:academy.example')
    expectEqual('the life of a key that is bound', await lifeIn(store, id), { issuer: 'did:web:academy.example' })
    const taken = { type: KeyError, codes: ['KEY_ISSUER'] }
    await expectRejection('bind to another issuer', () => store.bind(id, 'did:web:other.example'), taken)
    const missing = { type: KeyError, codes: ['KEY_NOT_FOUND'] }
    const call = () => store.bind('no-such-key', 'did:web:academy.example')
    await expectRejection('bind a key that is not there', call, missing)
  },

  async 'keeps all keys that are made at the same time'(store, algorithm) {
    const before = (await store.keys()).length
    const ids = ['a', 'b', 'c', 'd']
    await Promise.all(ids.map((id) => store.create({ algorithm, id })))
    const keys = await store.keys()
    expectEqual('how many keys there are', keys.length, before + ids.length)
    expectEqual('how many of them are current', keys.filter(({ current }) => current).length, 1)
  }
}

function asMaking(store: KeyStore): ManagedKeyStore {
  expectThat('a store that makes keys has a create', 'create' in store && typeof store.create === 'function')
  return store as ManagedKeyStore
}

/** Where a key stands in its life, which its signer says as well. */
async function lifeIn(store: KeyStore, id: string): Promise<KeyLife> {
  const key = (await store.keys()).find((one) => one.id === id)
  const signer = await store.signer(id)
  const life = lifeOf(key ?? {})
  expectEqual('what the signer says of its life', lifeOf(signer), life)
  return life
}

async function checkSigns(store: KeyStore, id: string): Promise<void> {
  const signer = await store.signer(id)
  const data = patternOf(64)
  expectThat(`${id} signs`, await verifies(signer, await signer.sign(data), data))
}

/** Bytes that differ from each other and from those of another length. */
function patternOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff)
}

async function verifies(signer: Signer, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const [name] = SIGNATURE_ALGORITHMS[signer.algorithm]
  const key = await importPublicKey(materialOfKey({ algorithm: signer.algorithm, publicKey: signer.publicKey }))
  return name !== undefined && key.verify(name, signature, data)
}
