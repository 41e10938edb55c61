import { sha256 } from '../../src/crypto/digest.js'
import { KeyError } from '../../src/encoding/errors.js'
import { lifeOf } from '../../src/keys/key-life.js'
import type { CreateKeyOptions, KeyInfo, KeyStore, ManagedKeyStore, Signer } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testKeyStore } from '../../src/testing/key-store.js'
import { type KitOutcome, runKit } from '../support/kit.js'

/** A store that keeps the contract but for what is put in the place of its methods. */
export type Faulty = (good: ManagedKeyStore) => Partial<Record<keyof ManagedKeyStore, unknown>>

export interface Kit {
  readonly faulty?: Faulty
  readonly reopen?: (store: KeyStore) => Promise<KeyStore>
  readonly unreachable?: () => Promise<KeyStore>
  readonly maxMessageBytes?: number
}

export const seed = sha256(new TextEncoder().encode('komma-test-issuer'))
export const now = new Date('2026-01-31T09:00:00Z')
export const outOfReach = () => new KeyError({ code: 'KEY_STORE_IO', message: 'the service does not answer' })

export function runOn({ faulty = () => ({}), ...kit }: Kit): Promise<KitOutcome> {
  return runKit((runner) =>
    testKeyStore<KeyStore>(
      async () => {
        const good = await createMemoryKeyStore({ seed, now, id: 'key-a' })
        await good.create({ id: 'key-0', current: false, now })
        return { ...good, ...faulty(good) } as ManagedKeyStore
      },
      {
        algorithms: ['Ed25519'],
        makesKeys: true,
        reopen: async (store) => store,
        unreachable: () => Promise.reject(outOfReach()),
        maxMessageBytes: 5000,
        ...runner,
        ...kit
      }
    )
  )
}

/** A store whose signers differ in some members. */
export function withSigner(
  change: (signer: Signer, id: string | undefined) => Partial<Record<keyof Signer, unknown>>
): Faulty {
  return (store) => ({
    signer: async (id?: string) => {
      const signer = await store.signer(id)
      const good = { ...lifeOf(signer), id: signer.id, algorithm: signer.algorithm, sign: limited(signer) }
      const key = Object.defineProperty(good, 'publicKey', { get: () => signer.publicKey, configurable: true })
      return Object.defineProperties(key, Object.getOwnPropertyDescriptors(change(signer, id)))
    }
  })
}

export function limited(signer: Signer): Signer['sign'] {
  return async (data) => {
    if (data instanceof Uint8Array && data.length > 5000) throw new KeyError({ code: 'KEY_STORE_IO', message: 'long' })
    return signer.sign(data)
  }
}

export function withKeys(change: (keys: readonly KeyInfo[]) => readonly unknown[]): Faulty {
  return (good) => ({ ...withSigner(() => ({}))(good), keys: async () => change(await good.keys()) })
}

export function withCreate(create: (good: ManagedKeyStore, options: CreateKeyOptions) => Promise<unknown>): Faulty {
  return (good) => ({ ...withSigner(() => ({}))(good), create: (options: CreateKeyOptions) => create(good, options) })
}

export function withChange(change: (good: ManagedKeyStore) => Partial<ManagedKeyStore>): Faulty {
  return (good) => ({ ...withSigner(() => ({}))(good), ...change(good) })
}

export function laterCompromise(good: ManagedKeyStore): ReturnType<Faulty> {
  let last: string | undefined
  const told = (life: object) => ({ ...life, ...(last === undefined ? {} : { revoked: last }) })
  return {
    ...withSigner(() => told({}))(good),
    keys: async () => (await good.keys()).map(told),
    async compromise(id: string, options: { readonly at: Date }) {
      const key = await good.compromise(id, options)
      last = options.at.toISOString().replace('.000', '')
      return key
    }
  }
}
