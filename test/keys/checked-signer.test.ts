import { p256, p384 } from '@noble/curves/nist.js'
import { describe, expect, test } from 'vitest'
import { importEd25519PublicKey } from '../../src/crypto/ed25519.js'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { KeyError, StatusError } from '../../src/encoding/errors.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import type { Signer } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const data = new TextEncoder().encode('to be signed')
const real = await (await createMemoryKeyStore({ id: 'key-1' })).signer()
const other = await (await createMemoryKeyStore()).signer()
const fake = (sign: Signer['sign']): Signer => ({ ...real, publicKey: real.publicKey, sign })
const refused = { name: 'KeyError', code: 'SIGNATURE_OWN_CHECK_FAILED' }

describe('signChecked', () => {
  test.each([
    ['P-256', 'ES256', 64],
    ['P-384', 'ES384', 96]
  ] as const)(
    '104: gives the signature of an honest %s signer, and catches a wrong bit, DER and another length',
    async (algorithm, name, length) => {
      const honest = await (await createMemoryKeyStore({ algorithm })).signer()
      const key = await importPublicKey({ algorithm, bytes: honest.publicKey })
      const signature = await signChecked(honest, data)
      expect(signature).toHaveLength(length)
      expect(await key.verify(name, signature, data)).toBe(true)
      const curve = algorithm === 'P-256' ? p256 : p384
      const answers = [
        signature.map((byte, index) => (index === 70 % length ? byte ^ 1 : byte)),
        curve.Signature.fromBytes(signature).toBytes('der'),
        signature.subarray(1),
        new Uint8Array(length)
      ]
      for (const answer of answers) {
        const signer = { ...honest, publicKey: honest.publicKey, sign: async () => answer }
        await expect(signChecked(signer, data)).rejects.toMatchObject(refused)
      }
    }
  )

  test('refuses a signer of a kind that nobody checks', async () => {
    for (const algorithm of ['P-521', 'RSA', 'constructor', undefined]) {
      const signer = { ...real, algorithm: algorithm as never, publicKey: real.publicKey }
      await expect(signChecked(signer, data)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
    }
  })

  test('gives the signature of an honest signer', async () => {
    const key = await importEd25519PublicKey(real.publicKey)
    expect(await key.verify(await signChecked(real, data), data)).toBe(true)
    expect(await key.verify(await signChecked(real, data, { keyCache: createKeyCache() }), data)).toBe(true)
  })

  test('104: a single wrong bit anywhere in the signature is caught', async () => {
    const keyCache = createKeyCache()
    for (let bit = 0; bit < 512; bit += 7) {
      const signer = fake(async (bytes) => {
        const signature = await real.sign(bytes)
        signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return signature
      })
      await expect(signChecked(signer, data, { keyCache }), `bit ${bit}`).rejects.toMatchObject(refused)
    }
  })

  test('the signature of another key is caught', async () => {
    await expect(
      signChecked(
        fake((bytes) => other.sign(bytes)),
        data
      )
    ).rejects.toMatchObject(refused)
  })

  test('a signer that changes the bytes it was given is caught', async () => {
    const signer = fake((bytes) => {
      bytes[0] = (bytes[0] ?? 0) ^ 1
      return real.sign(bytes)
    })
    await expect(signChecked(signer, data)).rejects.toMatchObject(refused)
  })

  test('a caller that changes its bytes meanwhile does not change what is signed', async () => {
    const mine = data.slice()
    const signing = signChecked(real, mine)
    mine.fill(0)
    expect(await signing).toEqual(await real.sign(data))
  })

  test.each([
    ['nothing', undefined],
    ['text', 'signature'],
    ['63 bytes', new Uint8Array(63)],
    ['65 bytes', new Uint8Array(65)],
    ['zeros', new Uint8Array(64)],
    ['an array', Array.from({ length: 64 }, () => 0)]
  ])('%s in place of a signature is caught', async (_name, answer) => {
    await expect(
      signChecked(
        fake(async () => answer as never),
        data
      )
    ).rejects.toMatchObject(refused)
  })

  test('a signer that fails gives a KeyError with its cause', async () => {
    const cause = new Error('the service is away')
    const failing = fake(async () => {
      throw cause
    })
    await expect(signChecked(failing, data)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_IO', cause })
    const synchronous = fake(() => {
      throw cause
    })
    await expect(signChecked(synchronous, data)).rejects.toMatchObject({ code: 'KEY_STORE_IO', cause })
  })

  test('whether trying again may help is passed on', async () => {
    const throwing = (error: Error) => fake(() => Promise.reject(error))
    const fault = { code: 'KEY_STORE_IO', message: 'busy' } as const
    const own = new KeyError(fault, { retryable: true })
    await expect(signChecked(throwing(own), data)).rejects.toBe(own)
    const foreign = new StatusError({ ...fault, code: 'STATUS_STORE_IO' }, { retryable: true })
    await expect(signChecked(throwing(foreign), data)).rejects.toMatchObject({ code: 'KEY_STORE_IO', retryable: true })
    await expect(signChecked(throwing(new Error('x')), data)).rejects.toMatchObject({ retryable: false })
  })

  test('an unusable public key is refused before anything is signed', async () => {
    let asked = 0
    const signer: Signer = {
      ...real,
      publicKey: new Uint8Array(32),
      sign: async (bytes) => {
        asked += 1
        return real.sign(bytes)
      }
    }
    await expect(signChecked(signer, data)).rejects.toMatchObject({ code: 'KEY_INVALID' })
    expect(asked).toBe(0)
  })
})
