import { describe, expect, it } from 'vitest'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { type AzureKeyVaultOptions, openAzureKeyVaultKeyStore } from '../../src/keys/azure-key-vault.js'
import { answerAsAzureKeyVault } from './fakes/fake-azure-key-vault.js'
import { createFakeKey, sha } from './fakes/fake-key.js'
import { createFakeService } from './fakes/fake-service.js'
import { createFakeTime } from './fakes/fake-time.js'

const url = 'https://academy.vault.azure.net/keys/badges/0123456789abcdef0123456789abcdef'
const key = createFakeKey('P-256')
const data = new TextEncoder().encode('to be signed')

function start(record: object = {}, options: Partial<AzureKeyVaultOptions> = {}) {
  const time = createFakeTime()
  const named = options.keys?.[0]?.url ?? url
  const service = createFakeService(
    answerAsAzureKeyVault([{ url: named, key, ...record }], () => 'token'),
    time
  )
  const scopes: string[] = []
  const open = () =>
    openAzureKeyVaultKeyStore({
      ...time.options,
      keys: [{ url }],
      accessToken: ({ scope }) => {
        scopes.push(scope)
        return 'token'
      },
      fetch: service.fetch,
      ...options
    })
  return { open, service, scopes }
}

describe('a key in Azure Key Vault', () => {
  it.each([
    ['Ed25519', { kty: 'OKP', crv: 'Ed25519' }],
    ['RSA', { kty: 'RSA' }],
    ['P-521', { crv: 'P-521' }],
    ['secp256k1', { crv: 'P-256K' }],
    ['AES', { kty: 'oct-HSM' }]
  ])('does not open as %s, and says what to use', async (_name, record) => {
    await expect(start(record).open()).rejects.toMatchObject({
      code: 'KEY_UNSUPPORTED',
      retryable: false,
      expected: 'EC or EC-HSM on P-256 or P-384',
      hint: expect.stringMatching(/no Ed25519.*P-256 or P-384.*ecdsa-rdfc-2019 or ES256/)
    })
  })

  it('does not take the place of a pinned Ed25519 key', async () => {
    const publicKey = multikeyOf({ algorithm: 'Ed25519', bytes: createFakeKey('Ed25519').publicKey })
    await expect(start({}, { keys: [{ url, publicKey }] }).open()).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER' })
    const retired = { url, publicKey, retired: true, created: '2026-01-01T00:00:00Z' }
    await expect(start({}, { keys: [retired, { url }] }).open()).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED' })
  })

  it.each([
    ['is not for signing', { operations: ['verify', 'wrapKey'] }, 'KEY_PURPOSE'],
    ['has no operation', { operations: [] }, 'KEY_PURPOSE'],
    ['is disabled', { attributes: { enabled: false } }, 'KEY_DISABLED'],
    ['does not say that it is enabled', { attributes: { enabled: 'true' } }, 'KEY_DISABLED'],
    ['is not valid yet', { attributes: { nbf: Date.parse('2026-11-21T09:00:01Z') / 1000 } }, 'KEY_DISABLED'],
    ['has expired', { attributes: { exp: Date.parse('2026-11-21T09:00:00Z') / 1000 } }, 'KEY_DISABLED']
  ])('237: does not open where it %s: %s', async (_name, record, code) => {
    await expect(start(record).open()).rejects.toMatchObject({ code, retryable: false, path: url })
  })

  it('opens within its time, as EC and as EC-HSM', async () => {
    const at = Date.parse('2026-11-21T09:00:00Z') / 1000
    for (const kty of ['EC', 'EC-HSM']) await start({ kty, attributes: { nbf: at, exp: at + 1 } }).open()
  })

  it('is asked with the digest under the name of the algorithm, and a version of the interface', async () => {
    const { open, service, scopes } = start()
    const signer = await (await open()).signer()
    expect(await signer.sign(data)).toHaveLength(64)
    expect(service.seen.map((request) => `${request.method} ${request.url.href}`)).toEqual([
      `GET ${url}?api-version=7.4`,
      `POST ${url}/sign?api-version=7.4`
    ])
    expect(service.seen[1]?.json).toEqual({ alg: 'ES256', value: sha('P-256', data).toString('base64url') })
    expect(scopes).toEqual(['https://vault.azure.net/.default', 'https://vault.azure.net/.default'])
  })

  it.each([
    ['https://academy.managedhsm.azure.net', 'https://managedhsm.azure.net/.default'],
    ['https://academy.vault.azure.cn', 'https://vault.azure.cn/.default'],
    ['https://academy.vault.usgovcloudapi.net', 'https://vault.usgovcloudapi.net/.default']
  ])('is asked with a token for the cloud of %s', async (host, scope) => {
    const { open, scopes } = start({}, { keys: [{ url: url.replace('https://academy.vault.azure.net', host) }] })
    await open()
    expect(scopes).toEqual([scope])
  })

  it.each([
    url.replace(/\/[^/]+$/, ''),
    `${url}/`,
    `${url}/sign`,
    url.toUpperCase(),
    url.replace('https', 'http'),
    url.replace('azure.net', 'azure.net.attacker.example'),
    url.replace('academy.vault', 'attacker.example/academy.vault'),
    `${url}?api-version=7.4`,
    url.replace('badges', '..'),
    ''
  ])('228: has to be named with its version: not %s', async (given) => {
    await expect(start({}, { keys: [{ url: given }] }).open()).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'keys/0/url'
    })
  })
})
