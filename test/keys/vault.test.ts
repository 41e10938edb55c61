import { describe, expect, it } from 'vitest'
import { openVaultKeyStore, type VaultOptions } from '../../src/keys/vault.js'
import { createFakeKey } from './fakes/fake-key.js'
import { createFakeService, type WireFault } from './fakes/fake-service.js'
import { createFakeTime } from './fakes/fake-time.js'
import { answerAsVault } from './fakes/fake-vault.js'
import { VENDORS } from './fakes/vendors.js'

const vendor = VENDORS[3] as (typeof VENDORS)[number]
const data = new TextEncoder().encode('to be signed')

async function opened(algorithm: 'Ed25519' | 'P-256' | 'P-384' = 'Ed25519') {
  const fake = vendor.start({ algorithms: [algorithm] })
  const signer = await (await fake.open()).signer()
  fake.service.seen.length = 0
  return { ...fake, signer }
}

const saying = (change: (signature: string) => unknown): WireFault => ({
  change: (json) => {
    const inner = json['data'] as { signature: string }
    return { ...json, data: { ...inner, signature: change(inner.signature) as string } }
  }
})

describe('a signature of transit', () => {
  it.each([
    ['of a newer version', (text: string) => text.replace('v1:', 'v2:')],
    ['of version 0', (text: string) => text.replace('v1:', 'v0:')],
    ['of a version with a zero', (text: string) => text.replace('v1:', 'v01:')],
    ['of version 11', (text: string) => text.replace('v1:', 'v11:')],
    ['without its version', (text: string) => text.replace('v1:', '')],
    ['without its prefix', (text: string) => text.replace('vault:v1:', '')],
    ['with another prefix', (text: string) => text.replace('vault', 'bao')],
    ['in capitals', (text: string) => text.replace('vault:v1', 'VAULT:V1')],
    ['with one part more', (text: string) => `${text}:`],
    ['after a space', (text: string) => ` ${text}`],
    ['before a line break', (text: string) => `${text}\n`],
    ['without padding', () => 'vault:v1:AA'],
    ['in base64url', () => 'vault:v1:__-_'],
    ['that is empty', () => 'vault:v1:'],
    ['that is not text', () => 7],
    ['that is not there', () => undefined]
  ])('233: is refused %s', async (_name, change) => {
    const { service, signer } = await opened('P-256')
    service.script(saying(change))
    await expect(signer.sign(data)).rejects.toMatchObject({
      code: 'KEY_STORE_ANSWER',
      path: 'transit/badges version 1'
    })
  })

  it('233: is refused where the answer states another version beside it, and taken where it states none', async () => {
    const { service, signer } = await opened()
    const stating = (key_version: number | undefined): WireFault => ({
      change: (json) => ({ ...json, data: { ...(json['data'] as object), key_version } as never })
    })
    service.script(stating(2))
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', expected: '1', got: '2' })
    service.script(stating(undefined))
    expect(await signer.sign(data)).toHaveLength(64)
  })

  it.each([
    ['Ed25519', undefined],
    ['P-256', 'sha2-256'],
    ['P-384', 'sha2-384']
  ] as const)(
    '233: is asked for with the version, not hashed before, and with the hash of %s',
    async (algorithm, hash) => {
      const { service, signer } = await opened(algorithm)
      await signer.sign(data)
      const [request] = service.seen
      expect(request?.url.href).toBe('https://vault.academy.example:8200/v1/transit/sign/badges')
      expect(request?.json).toEqual({
        input: Buffer.from(data).toString('base64'),
        key_version: 1,
        prehashed: false,
        marshaling_algorithm: 'asn1',
        ...(hash === undefined ? {} : { hash_algorithm: hash })
      })
    }
  )
})

describe('a key of transit', () => {
  const time = createFakeTime()
  const key = createFakeKey('Ed25519')
  const open = (record: object, options: Partial<VaultOptions> = {}) => {
    const named = { name: 'badges', versions: { 1: key }, ...record }
    const service = createFakeService(
      answerAsVault([named], () => 'token', options.mount),
      time
    )
    return openVaultKeyStore({
      ...time.options,
      address: 'http://127.0.0.1:8200',
      keys: [{ name: 'badges', version: 1 }],
      token: () => 'token',
      fetch: service.fetch,
      ...options
    })
  }

  it.each([
    ['derived', { derived: true }, 'KEY_UNSUPPORTED'],
    ['for encryption', { type: 'chacha20-poly1305' }, 'KEY_PURPOSE'],
    ['RSA', { type: 'rsa-4096' }, 'KEY_UNSUPPORTED'],
    ['on P-521', { type: 'ecdsa-p521' }, 'KEY_UNSUPPORTED'],
    ['without the version', { versions: { 2: key } }, 'KEY_NOT_FOUND'],
    [
      'of another type than its public key',
      { versions: { 1: createFakeKey('P-256') }, type: 'ecdsa-p384' },
      'KEY_STORE_ANSWER'
    ],
    ['with a time of making that is none', { created: { 1: 'yesterday' } }, 'KEY_STORE_ANSWER']
  ])('237: does not open where it is %s: %s', async (_name, record, code) => {
    await expect(open(record)).rejects.toMatchObject({ code, path: 'transit/badges version 1' })
  })

  it('may have been made in another time zone, and lie behind another mount and namespace', async () => {
    const store = await open(
      { created: { 1: '2026-01-01T02:30:00.5+02:00' } },
      { mount: 'team/transit', namespace: 'school/badges' }
    )
    expect(await store.keys()).toMatchObject([{ created: '2026-01-01T00:30:00Z' }])
    expect(await (await store.signer()).sign(data)).toHaveLength(64)
  })

  it.each([
    ['address', { address: 'http://vault.academy.example' }],
    ['address', { address: 'https://vault.academy.example/v1' }],
    ['address', { address: 'https://user:word@vault.academy.example' }],
    ['address', { address: undefined as never }],
    ['mount', { mount: '../sys' }],
    ['mount', { mount: 'a?b' }],
    ['mount', { mount: '' }],
    ['namespace', { namespace: 'a b' }],
    ['token', { token: 'a-token' as never }],
    ['keys', { keys: [] }],
    ['keys', { keys: undefined as never }],
    ['keys/0/name', { keys: [{ name: 'a/b', version: 1 }] }],
    ['keys/0/name', { keys: [{ name: '..', version: 1 }] }],
    ['keys/0/version', { keys: [{ name: 'badges', version: 0 }] }],
    ['keys/0/version', { keys: [{ name: 'badges' } as never] }],
    ['keys/0/version', { keys: [{ name: 'badges', version: '1' as never }] }]
  ])('has to be named in full: %s', async (path, options) => {
    await expect(open({}, options)).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })
})
