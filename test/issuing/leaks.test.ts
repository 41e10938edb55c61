import { describe, expect, it } from 'vitest'
import {
  createMemoryKeyStore,
  createMemoryStatusStore,
  type IssuerOptions,
  type KeyStore,
  KommaError
} from '../../src/index.js'
import { KARI, NOW, testHouse, testSeed } from '../support/issuer.js'

/** What a database or key service of the application may say of itself. */
const SECRET = 'password hunter2 of 10.1.2.3 in /srv/keys/issuer.pem'
const brokenCall = async (): Promise<never> => {
  throw Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' })
}

async function brokenStore(method: 'reserve' | 'record' | 'release') {
  return { ...createMemoryStatusStore(), [method]: brokenCall }
}

async function brokenSigner(): Promise<KeyStore> {
  const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  const signer = await keys.signer()
  return { keys: () => keys.keys(), signer: async () => ({ ...signer, sign: brokenCall }) }
}

describe('an error of issuing', () => {
  it.each<[string, () => Promise<Partial<IssuerOptions>>, string]>([
    ['a store that reserves nothing', async () => ({ status: (await brokenStore('reserve')) as never }), 'StatusError'],
    ['a store that records nothing', async () => ({ status: (await brokenStore('record')) as never }), 'StatusError'],
    ['a store that releases nothing', async () => ({ status: (await brokenStore('release')) as never }), 'StatusError'],
    ['a signer that signs nothing', async () => ({ keys: await brokenSigner() }), 'KeyError']
  ])('200: keeps to itself what was said by %s', async (_, options, name) => {
    const { issuer, competency } = await testHouse(await options())
    const error = await issuer.issue(competency, KARI).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KommaError)
    expect((error as KommaError).name).toBe(name)
    for (const shown of [(error as KommaError).message, String(error), JSON.stringify(error)]) {
      for (const part of ['hunter2', '10.1.2.3', '/srv/', '.ts:', 'node_modules']) expect(shown).not.toContain(part)
    }
    expect((error as KommaError).cause).toMatchObject({ message: SECRET })
  })
})
