import { describe, expect, it } from 'vitest'
import type { KeyCache } from '../../src/crypto/key-cache.js'
import type { PublicKey } from '../../src/crypto/public-key.js'
import { KeyError, type KommaError } from '../../src/encoding/errors.js'
import { selfTest } from '../../src/verify.js'

async function failureOf(work: Promise<void>): Promise<readonly (readonly (string | undefined)[])[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  expect(error).toMatchObject({ name: 'KommaError', code: 'SELF_TEST_FAILED' })
  return (error as KommaError).faults.map(({ path, expected, got }) => [path, expected, got])
}

describe('selfTest', () => {
  it('has nothing to say of this build', async () => {
    expect(await selfTest()).toBeUndefined()
  })

  it('43: notices signatures that nobody looks at, and that cannot be looked at', async () => {
    const cache = (check: PublicKey['verify']): { readonly keyCache: KeyCache } => {
      const key = { algorithm: 'Ed25519', verify: check } as PublicKey
      return { keyCache: { importKey: async () => key } }
    }
    const believing = cache(async () => true)
    expect((await failureOf(selfTest(believing))).map(([path]) => path)).toEqual([
      'a changed name',
      'a flipped bit of the signature',
      'a key for which one signature fits everything'
    ])
    const blind = cache(async () => {
      throw new KeyError({ code: 'CRYPTO_UNAVAILABLE', message: 'there is no WebCrypto' })
    })
    const [first] = await failureOf(selfTest(blind))
    expect(first).toEqual(['a good badge', 'accepted', 'SIGNATURE_UNCHECKED'])
  })

  it('refuses an option that is none', async () => {
    await expect(selfTest({ keyCache: {} as never })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})
