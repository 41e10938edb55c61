import { compressPoint } from '../crypto/ec-point.js'
import { messageToSign } from '../crypto/private-key.js'
import { KeyError, OptionError } from '../encoding/errors.js'
import { createTurn } from '../encoding/turn.js'
import type { SigningCapability } from './capabilities.js'
import { openDatabase } from './indexed-db.js'
import { changesOf } from './key-changes.js'
import { type Changed, checkKeyIssuer, type KeyEntry, ownInfo, planKey, putKey } from './key-life.js'
import { KeyRing } from './key-ring.js'
import type { CreateKeyOptions, KeyInfo, ManagedKeyStore, SigningKeyAlgorithm } from './key-store.js'

/** A key whose secret lies in WebCrypto. */
export interface WebCryptoEntry extends KeyEntry {
  readonly privateKey: CryptoKey
}

export interface WebCryptoKeyStoreOptions {
  /** The name of the database, for each store of an origin another one. `komma-keys` unless told. */
  readonly database?: string
}

/** A key store in IndexedDB. */
export interface WebCryptoKeyStore extends ManagedKeyStore {
  /** Closes the database. */
  close(): void
}

const ATTEMPTS = 5
const PARAMETERS = {
  Ed25519: { name: 'Ed25519' },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
} as const
const CAPABILITIES: readonly SigningCapability[] = Object.freeze([
  { algorithm: 'Ed25519', sends: 'nothing', deterministic: true },
  { algorithm: 'P-256', sends: 'nothing', deterministic: false },
  { algorithm: 'P-384', sends: 'nothing', deterministic: false }
])

/**
 * A key store whose keys are made in WebCrypto and cannot be exported, by nobody, this package included. It lives in this
 * process and is gone when it ends. It starts without a key.
 *
 * Signatures of P-256 and P-384 are not deterministic: WebCrypto takes a random number for each.
 *
 * Source: Web Cryptography Level 2, `[[extractable]]`.
 *
 * @example
 * ```ts
 * import { createWebCryptoKeyStore } from 'komma/keys/webcrypto'
 *
 * const keys = createWebCryptoKeyStore()
 * await keys.create({ algorithm: 'P-256' })
 * console.log((await (await keys.signer()).sign(new Uint8Array(3))).length) // => 64
 * ```
 */
export function createWebCryptoKeyStore(): ManagedKeyStore {
  let entries: readonly WebCryptoEntry[] = []
  const inTurn = createTurn()
  const { signer } = signersOf(async () => entries)
  return Object.freeze({
    capabilities: CAPABILITIES,
    signer,
    keys: async () => entries.map(({ info }) => ownInfo(info)),
    ...changesOf<WebCryptoEntry>(
      (make) =>
        inTurn(async () => {
          const [after, info] = await make(entries)
          entries = after
          return info
        }),
      makeKey
    )
  })
}

/**
 * Opens the key store of a browser: keys that cannot be exported, kept in IndexedDB with their history. A store that is
 * not there yet is made, without a key.
 *
 * Every page of the origin can sign with the keys, and none can read them. A browser may throw away the data of an origin
 * that a person does not visit, unless `navigator.storage.persist()` was granted: such a key is lost. Does NOT ask for it.
 *
 * @throws {KeyError} KEY_STORE_IO, also where the runtime has no IndexedDB
 *
 * @example
 * ```ts
 * import { openWebCryptoKeyStore } from 'komma/keys/webcrypto'
 *
 * // In a browser:
 * export async function openKeys() {
 *   const keys = await openWebCryptoKeyStore({ database: 'academy-keys' })
 *   if ((await keys.keys()).length === 0) await keys.create()
 *   return keys
 * }
 * ```
 */
export async function openWebCryptoKeyStore(options: WebCryptoKeyStoreOptions = {}): Promise<WebCryptoKeyStore> {
  const database = await openDatabase<WebCryptoEntry>(options.database ?? 'komma-keys')
  const inTurn = createTurn()
  const read = async () => (await database.read()).entries
  const { signer } = signersOf(read)

  async function change(
    make: (before: readonly WebCryptoEntry[]) => Promise<Changed<WebCryptoEntry>>
  ): Promise<KeyInfo> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await database.read()
      const [entries, info] = await make(before.entries)
      if (await database.replace(before, entries)) return info
    }
    const message = 'other pages changed the keys each time; nothing was changed here'
    throw new KeyError({ code: 'KEY_STORE_IO', message, hint: 'Try again.' }, { retryable: true })
  }

  const changes = changesOf<WebCryptoEntry>((make) => inTurn(() => change(make)), makeKey)
  return Object.freeze({
    capabilities: CAPABILITIES,
    signer,
    keys: async () => (await read()).map(({ info }) => ownInfo(info)),
    ...changes,
    async bind(id: string, issuer: string) {
      const key = await signer(id)
      checkKeyIssuer(key, issuer)
      if (key.issuer !== issuer) await changes.bind(id, issuer)
    },
    close: () => database.close()
  })
}

function signersOf(read: () => Promise<readonly WebCryptoEntry[]>) {
  return {
    signer: async (id?: string) => {
      const entries = await read()
      const ring = new KeyRing(
        entries.map(({ info, privateKey }) => ({
          info,
          key: { sign: (data: Uint8Array) => sign(info.algorithm, privateKey, data) }
        }))
      )
      const signer = ring.signer(id)
      const capability = CAPABILITIES.find(({ algorithm }) => algorithm === signer.algorithm)
      return Object.freeze(
        Object.defineProperties({ capability }, Object.getOwnPropertyDescriptors(signer))
      ) as typeof signer
    }
  }
}

async function makeKey(
  entries: readonly WebCryptoEntry[],
  options: CreateKeyOptions
): Promise<Changed<WebCryptoEntry>> {
  if (options.seed !== undefined) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'keys are made in WebCrypto, and no secret is put into it',
      path: 'seed',
      hint: 'Leave it out.'
    })
  }
  const plan = planKey(entries, options)
  const { publicKey, privateKey } = await generate(plan.algorithm)
  const raw = new Uint8Array(await globalThis.crypto.subtle.exportKey('raw', publicKey))
  return putKey(entries, plan, pointOf(plan.algorithm, raw), (info) => ({ info, privateKey }))
}

async function generate(algorithm: SigningKeyAlgorithm): Promise<CryptoKeyPair> {
  try {
    const pair = await globalThis.crypto.subtle.generateKey(PARAMETERS[algorithm], false, ['sign', 'verify'])
    return pair as CryptoKeyPair
  } catch (cause) {
    throw new KeyError(
      { code: 'KEY_UNSUPPORTED', message: 'the WebCrypto of this runtime makes no such keys', got: algorithm },
      { cause }
    )
  }
}

function pointOf(algorithm: SigningKeyAlgorithm, raw: Uint8Array): Uint8Array {
  if (algorithm === 'Ed25519') return raw
  const size = (raw.length - 1) / 2
  return compressPoint(algorithm, { x: raw.slice(1, 1 + size), y: raw.slice(1 + size) })
}

async function sign(algorithm: SigningKeyAlgorithm, key: CryptoKey, data: Uint8Array): Promise<Uint8Array> {
  const message = messageToSign(data)
  return new Uint8Array(await globalThis.crypto.subtle.sign(PARAMETERS[algorithm], key, message))
}
