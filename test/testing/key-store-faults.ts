import { sha256 } from '../../src/crypto/digest.js'
import { OptionError } from '../../src/encoding/errors.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'
import { type CreateKeyOptions, type KeyInfo, keyNotFound } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import {
  type Kit,
  laterCompromise,
  limited,
  outOfReach,
  seed,
  withChange,
  withCreate,
  withKeys,
  withSigner
} from './faulty-stores.js'

const CURRENT = 'has one current key, which is the one that signs'
const DESCRIBES = 'describes its keys, oldest first, each once'
export const SIGNS = 'signs exactly the bytes it is given, whatever their length'
const MANY = 'gives each of many calls at once the signature over its own bytes'
const BYTES = 'signs nothing but bytes, and no more of them than it can'
const KEEPS = 'keeps public keys as they are, whatever callers do to theirs'
export const FINDS = 'finds each of its keys by id, and says KEY_NOT_FOUND for any other'
const SECRET = 'shows the secret in no property'
const IO = 'says KEY_STORE_IO where it cannot be reached'
const REOPENED = 'has the same keys with the same history when it is opened again, and they sign'
const MAKES = 'makes a key that is current unless told, and the earlier ones still sign'
const REFUSES = 'refuses a key that it has, an id and a kind that cannot be, and stays usable'
const ROTATES = 'rotates to a new key or to one that waits, and retires the one before'
const ENDS = 'records when a key ends, and tells it of the key and of its signer'
const BINDS = 'lets a key sign for one issuer'
const TOGETHER = 'keeps all keys that are made at the same time'

let scratch = new Uint8Array()
export const FAULTS: readonly [fault: string, clause: string, kit: Kit][] = [
  ['two current keys', CURRENT, { faulty: withKeys((keys) => keys.map((key) => ({ ...key, current: true }))) }],
  ['no current key', CURRENT, { faulty: withKeys((keys) => keys.map((key) => ({ ...key, current: false }))) }],
  [
    'another current key than the one that signs',
    CURRENT,
    { faulty: withSigner((signer) => ({ ...signer, id: 'key-0' })) }
  ],
  ['no create', CURRENT, { faulty: () => ({ create: undefined }) }],
  [
    'keys in another order',
    DESCRIBES,
    { faulty: withKeys((keys) => keys.map((key, index) => ({ ...key, created: `202${6 - index}-01-31T09:00:00Z` }))) }
  ],
  [
    'a time of making without time zone',
    DESCRIBES,
    { faulty: withKeys((keys) => keys.map((key) => ({ ...key, created: '2026-01-31' }))) }
  ],
  ['one key twice', DESCRIBES, { faulty: withKeys((keys) => [...keys, ...keys.slice(1)]) }],
  ['one public key under two ids', DESCRIBES, { faulty: withKeys((keys) => [...keys, { ...keys[1], id: 'other' }]) }],
  ['an id with a space', DESCRIBES, { faulty: withKeys((keys) => keys.map((key) => ({ ...key, id: `${key.id} ` }))) }],
  [
    'a public key in another form',
    DESCRIBES,
    { faulty: withKeys((keys) => keys.map((key) => ({ ...key, publicKey: Uint8Array.of(4, ...key.publicKey) }))) }
  ],
  [
    'a public key that is none',
    DESCRIBES,
    { faulty: withKeys((keys) => keys.map((key) => ({ ...key, publicKey: new Uint8Array(32) }))) }
  ],
  ['another kind of key', DESCRIBES, { faulty: withKeys((keys) => keys.map((key) => ({ ...key, algorithm: 'RSA' }))) }],
  [
    'a signature over the digest',
    SIGNS,
    { faulty: withSigner((signer) => ({ sign: (data: Uint8Array) => signer.sign(sha256(data)) })) }
  ],
  [
    '32 bytes taken for a digest',
    SIGNS,
    {
      faulty: withSigner((signer) => ({
        sign: (data: Uint8Array) => signer.sign(data.length === 32 ? sha256(data) : data)
      }))
    }
  ],
  [
    'a long message cut off',
    SIGNS,
    { faulty: withSigner((signer) => ({ sign: (data: Uint8Array) => signer.sign(data.subarray(0, 4096)) })) }
  ],
  [
    'a signature with a byte more',
    SIGNS,
    {
      faulty: withSigner((signer) => ({
        sign: async (data: Uint8Array) => Uint8Array.of(...(await signer.sign(data)), 0)
      }))
    }
  ],
  [
    'a signature as text',
    SIGNS,
    { faulty: withSigner((signer) => ({ sign: async (data: Uint8Array) => encodeBase64url(await signer.sign(data)) })) }
  ],
  [
    'the data overwritten',
    SIGNS,
    {
      faulty: withSigner((signer) => ({
        sign: async (data: Uint8Array) => signer.sign(data).finally(() => data.fill(0))
      }))
    }
  ],
  [
    'a signature of another key',
    SIGNS,
    {
      faulty: (good) =>
        withSigner(() => ({ sign: async (data: Uint8Array) => (await good.signer('key-0')).sign(data) }))(good)
    }
  ],
  [
    'one buffer for all calls',
    MANY,
    {
      faulty: withSigner((signer) => ({
        async sign(data: Uint8Array) {
          scratch = Uint8Array.from(data)
          await Promise.resolve()
          return signer.sign(scratch)
        }
      }))
    }
  ],
  [
    'a text is signed',
    BYTES,
    {
      faulty: withSigner((signer) => ({
        sign: (data: unknown) =>
          limited(signer)(typeof data === 'string' ? new TextEncoder().encode(data) : (data as Uint8Array))
      }))
    }
  ],
  [
    'an array is signed',
    BYTES,
    {
      faulty: withSigner((signer) => ({
        sign: (data: unknown) => limited(signer)(Array.isArray(data) ? Uint8Array.from(data) : (data as Uint8Array))
      }))
    }
  ],
  [
    'a message over the limit is signed',
    BYTES,
    { faulty: withSigner((signer) => ({ sign: (data: Uint8Array) => signer.sign(data) })) }
  ],
  [
    'a message over the limit fails with any error',
    BYTES,
    {
      faulty: withSigner((signer) => ({
        sign: async (data: Uint8Array) => {
          if (data.length > 5000) throw new Error('400')
          return signer.sign(data)
        }
      }))
    }
  ],
  [
    'one public key for all callers',
    KEEPS,
    {
      faulty: (good) => {
        let own: Uint8Array | undefined
        return withSigner((signer) => {
          own ??= signer.publicKey
          return { publicKey: own }
        })(good)
      }
    }
  ],
  [
    'one list for all callers',
    KEEPS,
    {
      faulty: (good) => {
        const own = good.keys()
        return withKeys((keys) => keys)({ ...good, keys: () => own })
      }
    }
  ],
  [
    'the current key for an unknown id',
    FINDS,
    { faulty: (good) => ({ signer: (id?: string) => good.signer(id).catch(() => good.signer()) }) }
  ],
  [
    'undefined for an unknown id',
    FINDS,
    { faulty: (good) => ({ signer: (id?: string) => good.signer(id).catch(() => undefined) }) }
  ],
  [
    'an error without a code for an unknown id',
    FINDS,
    {
      faulty: (good) => ({
        signer: (id?: string) =>
          good.signer(id).catch(() => {
            throw new Error('404')
          })
      })
    }
  ],
  [
    'KEY_STORE_IO for an unknown id',
    FINDS,
    {
      faulty: (good) => ({
        signer: (id?: string) =>
          good.signer(id).catch(() => {
            throw outOfReach()
          })
      })
    }
  ],
  [
    'the name of a member of objects found',
    FINDS,
    { faulty: (good) => ({ signer: async (id?: string) => (id === 'constructor' ? good.signer() : good.signer(id)) }) }
  ],
  [
    'a retired key that does not sign',
    FINDS,
    {
      faulty: withSigner((signer, id) => ({
        sign: id === 'key-0' ? () => Promise.reject(keyNotFound(id)) : limited(signer)
      }))
    }
  ],
  ['the secret as bytes', SECRET, { faulty: withSigner((signer) => ({ ...signer, seed })) }],
  [
    'the secret deep inside, as text',
    SECRET,
    { faulty: () => ({ client: { config: [{ d: encodeBase64url(seed) }] } }) as object }
  ],
  [
    'a key object that can be exported',
    SECRET,
    { faulty: () => ({ pair: { type: 'private', extractable: true } }) as object }
  ],
  [
    'an error without a code where the service is away',
    IO,
    { unreachable: () => Promise.reject(new Error('ECONNREFUSED')) }
  ],
  ['KEY_NOT_FOUND where the service is away', IO, { unreachable: () => Promise.reject(keyNotFound(undefined)) }],
  ['no error where the service is away', IO, { unreachable: () => createMemoryKeyStore() }],
  [
    'a key forgotten',
    REOPENED,
    { reopen: async (store) => ({ ...store, keys: async () => (await store.keys()).slice(1) }) }
  ],
  [
    'a key that signs no longer',
    REOPENED,
    { reopen: async (store) => ({ ...store, signer: () => Promise.reject(outOfReach()) }) }
  ],
  [
    'the new key is never current',
    MAKES,
    { faulty: withCreate((good, options) => good.create({ ...options, current: false })) }
  ],
  [
    'a key that shall wait becomes current',
    MAKES,
    { faulty: withCreate((good, options) => good.create({ ...options, current: true })) }
  ],
  [
    'another id than the one asked for',
    MAKES,
    { faulty: withCreate((good, { id, ...options }) => good.create({ ...options, id: `${id}-1` })) }
  ],
  [
    'another kind of key than asked for',
    MAKES,
    { faulty: withCreate((good, options) => good.create({ ...options, algorithm: 'P-256' })) }
  ],
  [
    'an id that is there is given the old key',
    REFUSES,
    { faulty: withCreate((good, options) => good.create(options).catch(async () => (await good.keys())[0])) }
  ],
  [
    'an error of another class for an id',
    REFUSES,
    {
      faulty: withCreate((good, options) =>
        good.create(options).catch((cause) => {
          if (cause instanceof OptionError) throw outOfReach()
          throw cause
        })
      )
    }
  ],
  [
    'a key is made although the call is refused',
    REFUSES,
    {
      faulty: withCreate(async (good, options) => {
        if (options.id === 'a b') await good.create({ id: 'a_b' })
        return good.create(options)
      })
    }
  ],
  [
    'a rotation that retires nothing',
    ROTATES,
    {
      faulty: withChange((good) => ({
        rotate: ({ to, ...rest } = {}) => (to === undefined ? good.create(rest) : good.rotate({ to }))
      }))
    }
  ],
  [
    'a rotation to another kind of key',
    ROTATES,
    { faulty: withChange((good) => ({ rotate: (options) => good.rotate({ ...options, algorithm: 'P-256' }) })) }
  ],
  [
    'a rotation to a key that is not there makes one',
    ROTATES,
    { faulty: withChange((good) => ({ rotate: (options) => good.rotate(options).catch(() => good.rotate({})) })) }
  ],
  ['a signer that does not say that its key ends', ENDS, { faulty: withSigner(() => ({ signsUntil: undefined })) }],
  [
    'a retired key that expires as well',
    ENDS,
    { faulty: withChange((good) => ({ retire: (id, { at } = {}) => good.retire(id, at && { at, expires: at }) })) }
  ],
  ['a later compromise in place of the first', ENDS, { faulty: laterCompromise }],
  [
    'an unknown key is compromised in silence',
    ENDS,
    {
      faulty: withChange((good) => ({
        compromise: (id, options) => good.compromise(id, options).catch(() => ({}) as KeyInfo)
      }))
    }
  ],
  ['a key bound to nobody', BINDS, { faulty: withChange(() => ({ bind: async () => {} })) }],
  [
    'a key bound to the last who asked',
    BINDS,
    {
      faulty: withChange((good) => ({
        bind: (id, issuer) =>
          good.bind(id, issuer).catch((cause) => {
            if (cause.code !== 'KEY_ISSUER') throw cause
          })
      }))
    }
  ],
  [
    'a history forgotten',
    REOPENED,
    {
      reopen: async (store) => ({
        ...store,
        keys: async () => (await store.keys()).map(({ revoked: _, ...key }) => key)
      })
    }
  ],
  [
    'two keys made at once overwrite each other',
    TOGETHER,
    {
      faulty: (good) => {
        const shown = new Map<string, KeyInfo>()
        let last: readonly KeyInfo[] = []
        return {
          keys: async () => (last.length === 0 ? good.keys() : last),
          create: async (options: CreateKeyOptions) => {
            const before = last.length === 0 ? await good.keys() : last
            const made = await good.create(options)
            last = [...before.map((key) => ({ ...key, current: false })), made]
            shown.set(made.id, made)
            return made
          }
        }
      }
    }
  ]
]
