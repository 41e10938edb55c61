import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sha256, sha384 } from '../../src/crypto/digest.js'
import { importEcdsaSecret } from '../../src/crypto/ecdsa-private-key.js'
import { importEd25519Seed } from '../../src/crypto/ed25519.js'
import { jwkOf, materialFromJwk } from '../../src/crypto/jwk.js'
import { materialFromMultikey } from '../../src/crypto/multikey.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { createKeyFile, openKeyFile } from '../../src/keys/file.js'
import type { ManagedKeyStore, SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { BACKENDS } from '../support/backends.js'

const utf8 = new TextEncoder()
const password = 'a canary password that nobody else uses'
const now = new Date('2026-01-31T09:00:00Z')
const SECRETS: Readonly<Record<SigningKeyAlgorithm, Uint8Array>> = {
  Ed25519: sha256(utf8.encode('komma-test-canary-ed25519')),
  'P-256': sha256(utf8.encode('komma-test-canary-p256')),
  'P-384': sha384(utf8.encode('komma-test-canary-p384'))
}
const ALGORITHMS = Object.keys(SECRETS) as SigningKeyAlgorithm[]

/** Every way in which a part of a secret could stand in a text. */
function spellings(secret: Uint8Array): string[] {
  const part = Buffer.from(secret.subarray(3, 15))
  const texts = (['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) => part.toString(encoding))
  return [
    ...texts,
    part.toString('hex').toUpperCase(),
    [...part].join(','),
    `${BigInt(`0x${Buffer.from(secret).toString('hex')}`)}`
  ]
}

/** Every way in which a program or a person could look at a thing. */
function shown(thing: unknown): string {
  const seen = [
    inspect(thing, { depth: 20, showHidden: true, getters: true, maxArrayLength: null, breakLength: 1e9 }),
    String(thing),
    Object.prototype.toString.call(thing),
    JSON.stringify(thing) ?? '',
    JSON.stringify(Object.getOwnPropertyDescriptors(Object(thing)))
  ]
  if (!(thing instanceof Error)) return seen.join('\n')
  return [...seen, thing.message, thing.stack ?? '', thing.cause === undefined ? '' : shown(thing.cause)].join('\n')
}

function expectNoSecret(things: readonly unknown[]): void {
  const text = things.map(shown).join('\n')
  // Lists of bytes, however they are laid out: without white space and without the names that JSON gives to bytes.
  const bytes = text.replaceAll(/\s|"?\d+"?:/g, '')
  for (const secret of ALGORITHMS.flatMap((algorithm) => spellings(SECRETS[algorithm]))) {
    expect(text.includes(secret) || bytes.includes(secret), 'a secret is shown').toBe(false)
  }
  expect(text).not.toContain(password)
}

async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

/** What a user of a store can get hold of, and every refusal that the secret comes near. */
async function everythingAbout(store: ManagedKeyStore, algorithm: SigningKeyAlgorithm): Promise<unknown[]> {
  const secret = SECRETS[algorithm]
  const signer = await store.signer()
  const other = algorithm === 'P-384' ? 'P-256' : 'P-384'
  const refusals: readonly (() => unknown)[] = [
    () => store.create({ algorithm, seed: secret, now }),
    () => store.create({ algorithm: other, seed: secret, now }),
    () => store.create({ algorithm, seed: secret.subarray(1), now }),
    () => store.create({ algorithm, seed: [...secret] as never, now }),
    () => store.create({ algorithm, seed: Buffer.from(secret).toString('hex') as never, now }),
    () => store.create({ algorithm: Buffer.from(secret) as never, now }),
    () => store.signer('no-such-key'),
    () => signer.sign('text' as never),
    () => signChecked({ ...signer, publicKey: signer.publicKey, sign: async () => secret }, utf8.encode('x')),
    () => structuredClone(signer),
    () => structuredClone(store)
  ]
  return [
    store,
    signer,
    await store.keys(),
    await signer.sign(utf8.encode('x')),
    ...(await Promise.all(refusals.map(errorOf)))
  ]
}

describe('a planted secret', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'komma-canary-'))
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('would be found if it were shown', () => {
    const leaks = [
      { seed: SECRETS.Ed25519 },
      { seed: Buffer.from(SECRETS.Ed25519) },
      { toJSON: () => SECRETS['P-384'] },
      `${BigInt(`0x${Buffer.from(SECRETS['P-384']).toString('hex')}`)}`,
      new Error(Buffer.from(SECRETS['P-256']).toString('base64url')),
      [...SECRETS['P-384']],
      new Error('outer', { cause: new Error(Buffer.from(SECRETS['P-256']).toString('hex')) })
    ]
    for (const leak of leaks) expect(() => expectNoSecret([leak])).toThrow('a secret is shown')
  })

  it.each(ALGORITHMS)('106: shows in nothing that a memory store of %s keys gives or throws', async (algorithm) => {
    const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    const store = await createMemoryKeyStore({ algorithm, seed: SECRETS[algorithm], now })
    expectNoSecret(await everythingAbout(store, algorithm))
    for (const spy of consoles) expect(spy).not.toHaveBeenCalled()
  })

  it.each(ALGORITHMS)(
    '106: shows in nothing that a key file with %s keys gives, throws or writes',
    async (algorithm) => {
      const path = join(folder, `${algorithm}.jwe`)
      const made = await createKeyFile(path, { password, algorithm, seed: SECRETS[algorithm], now })
      const opened = await openKeyFile(path, { password })
      const errors = [
        await errorOf(() => createKeyFile(path, { password, algorithm, seed: SECRETS[algorithm], now })),
        await errorOf(() => openKeyFile(path, { password: `${password}!` })),
        await errorOf(() => opened.changePassword(password, { p2c: 1 }))
      ]
      const things = [
        ...(await everythingAbout(made, algorithm)),
        ...(await everythingAbout(opened, algorithm)),
        ...errors
      ]
      expectNoSecret([...things, readFileSync(path, 'latin1')])
    }
  )

  it('106: shows in no private key object, and in no error about a key that holds it', async () => {
    const keys = [
      ...(await Promise.all(
        BACKENDS.map(async ([, { backend }]) => importEd25519Seed(SECRETS.Ed25519, backend ? { backend } : {}))
      )),
      importEcdsaSecret('P-256', SECRETS['P-256']),
      importEcdsaSecret('P-384', SECRETS['P-384'])
    ]
    expectNoSecret(keys)
    const jwk = { ...jwkOf({ algorithm: 'P-256', bytes: keys[2]?.publicKey ?? new Uint8Array() }) }
    const d = Buffer.from(SECRETS['P-256']).toString('base64url')
    expectNoSecret([
      await errorOf(() => materialFromJwk({ ...jwk, d })),
      await errorOf(() => materialFromMultikey(`z${d}`)),
      await errorOf(() => importEcdsaSecret('P-384', SECRETS['P-256'])),
      await errorOf(() => importEd25519Seed(SECRETS['P-384']))
    ])
  })

  it('239: lies in a WebCrypto key that cannot be exported', async () => {
    const imported = vi.spyOn(globalThis.crypto.subtle, 'importKey')
    await createMemoryKeyStore({ seed: SECRETS.Ed25519, now })
    const keys = (await Promise.all(imported.mock.results.map(({ value }) => value))) as CryptoKey[]
    const secrets = keys.filter(({ type }) => type === 'private')
    expect(secrets.length).toBeGreaterThan(0)
    for (const key of secrets) {
      expect([key.extractable, ...key.usages]).toEqual([false, 'sign'])
      for (const format of ['pkcs8', 'jwk'] as const) {
        await expect(globalThis.crypto.subtle.exportKey(format, key)).rejects.toThrow()
      }
    }
  })
})
