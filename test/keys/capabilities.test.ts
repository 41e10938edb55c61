import { describe, expect, test } from 'vitest'
import { capabilityFor, type SigningCapability } from '../../src/keys/capabilities.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import type { Signer, SignOptions } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const real = await (await createMemoryKeyStore({ id: 'key-1' })).signer()
const capability: SigningCapability = {
  algorithm: 'Ed25519',
  maxMessageBytes: 4096,
  sends: 'message',
  deterministic: true
}

function watched(given?: SigningCapability): { readonly signer: Signer; readonly asked: (SignOptions | undefined)[] } {
  const asked: (SignOptions | undefined)[] = []
  const signer: Signer = {
    ...real,
    publicKey: real.publicKey,
    ...(given === undefined ? {} : { capability: given }),
    sign: async (data, options) => {
      asked.push(options)
      return real.sign(data)
    }
  }
  return { signer, asked }
}

describe('the message limit that a signer declares', () => {
  test('231: lets 4,096 bytes through, and refuses 4,097 before anybody is asked, naming what to do instead', async () => {
    const { signer, asked } = watched(capability)
    expect(await signChecked(signer, new Uint8Array(4096))).toHaveLength(64)
    expect(asked).toHaveLength(1)
    await expect(signChecked(signer, new Uint8Array(4097))).rejects.toMatchObject({
      name: 'KeyError',
      code: 'KEY_MESSAGE_TOO_LONG',
      path: 'key-1',
      expected: 'at most 4096 bytes',
      got: '4097 bytes',
      retryable: false,
      hint: expect.stringMatching(/embedded proof.*P-256 or P-384/)
    })
    expect(asked).toHaveLength(1)
  })

  test('is not there unless it is declared', async () => {
    const { maxMessageBytes: _, ...boundless } = capability
    for (const given of [undefined, boundless]) {
      const { signer } = watched(given)
      expect(await signChecked(signer, new Uint8Array(100_000))).toHaveLength(64)
    }
  })
})

test('a signer is told which signal stops the wait', async () => {
  const { signer, asked } = watched()
  const { signal } = new AbortController()
  await signChecked(signer, new Uint8Array(1), { signal })
  await signChecked(signer, new Uint8Array(1))
  expect(asked).toEqual([{ signal }, undefined])
})

test('a kind of key that a driver does not declare is refused by name, with those it has', () => {
  const curves = (['P-256', 'P-384'] as const).map((algorithm) => ({ ...capability, algorithm }))
  expect(capabilityFor(curves, 'P-384', 'key-1')).toBe(curves[1])
  for (const algorithm of ['Ed25519', 'RSA']) {
    expect(() => capabilityFor(curves, algorithm, 'key-1')).toThrow(
      expect.objectContaining({ code: 'KEY_UNSUPPORTED', path: 'key-1', expected: 'P-256 or P-384', got: algorithm })
    )
  }
})
