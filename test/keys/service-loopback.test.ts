import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openAwsKmsKeyStore } from '../../src/keys/aws-kms.js'
import { openAzureKeyVaultKeyStore } from '../../src/keys/azure-key-vault.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { openGoogleKmsKeyStore } from '../../src/keys/google-kms.js'
import type { KeyStore } from '../../src/keys/key-store.js'
import type { KeyServiceOptions } from '../../src/keys/service-options.js'
import { openVaultKeyStore } from '../../src/keys/vault.js'
import { answerAsAwsKms } from './fakes/fake-aws-kms.js'
import { answerAsAzureKeyVault } from './fakes/fake-azure-key-vault.js'
import { answerAsGoogleKms } from './fakes/fake-google-kms.js'
import { createFakeKey } from './fakes/fake-key.js'
import { answerAsVault } from './fakes/fake-vault.js'
import { serve } from './fakes/serve.js'

const data = new TextEncoder().encode('to be signed')
const key = createFakeKey('P-256')
const arn = 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const account = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-north-1', now: () => new Date() }
const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1'
const vault = 'https://academy.vault.azure.net'
const url = `${vault}/keys/badges/0123456789abcdef0123456789abcdef`

type Open = (origin: string, options?: KeyServiceOptions) => Promise<KeyStore>

// Key Vault is named by its public address, which leads to loopback here.
const SERVICES: readonly (readonly [string, Parameters<typeof serve>[0], Open])[] = [
  [
    'AWS KMS',
    answerAsAwsKms([{ arn, key }], account),
    (endpoint, options) => openAwsKmsKeyStore({ ...options, endpoint, keys: [{ arn }], credentials: () => account })
  ],
  [
    'Google Cloud KMS',
    answerAsGoogleKms([{ name, key }], () => 'token'),
    (endpoint, options) => openGoogleKmsKeyStore({ ...options, endpoint, keys: [{ name }], accessToken: () => 'token' })
  ],
  [
    'Azure Key Vault',
    (request) =>
      answerAsAzureKeyVault(
        [{ url, key }],
        () => 'token'
      )({
        ...request,
        url: new URL(`${vault}${request.url.pathname}${request.url.search}`)
      }),
    (origin, options) =>
      openAzureKeyVaultKeyStore({
        ...options,
        keys: [{ url }],
        accessToken: () => 'token',
        fetch: (address, init) => fetch(address.replace(vault, origin), init)
      })
  ],
  [
    'Vault transit',
    answerAsVault([{ name: 'badges', versions: { 1: key } }], () => 'token'),
    (address, options) =>
      openVaultKeyStore({ ...options, address, keys: [{ name: 'badges', version: 1 }], token: () => 'token' })
  ]
]

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  closing.push(() => new Promise((done) => server.close(done)))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each(SERVICES)('%s over a real connection', (_, answer, open) => {
  test('signs with the fetch of the platform', async () => {
    const { origin, close } = await serve(answer)
    closing.push(close)
    const signer = await (await open(origin)).signer()
    expect(signer.publicKey).toEqual(key.publicKey)
    expect(await signChecked(signer, data)).toHaveLength(64)
  })

  test('230: says KEY_STORE_IO where nobody listens', async () => {
    const { origin, close } = await serve(answer)
    await close()
    await expect(open(origin, { retries: 0 })).rejects.toMatchObject({
      code: 'KEY_STORE_IO',
      retryable: true,
      got: 'ECONNREFUSED'
    })
  })

  test('230: says KEY_STORE_IO where the connection breaks in the middle of an answer', async () => {
    const origin = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"half":', () => response.destroy())
    })
    await expect(open(origin, { retries: 0 })).rejects.toMatchObject({ code: 'KEY_STORE_IO', retryable: true })
  })

  test('does not follow a redirect to another server', async () => {
    let asked = 0
    const elsewhere = await listen((_request, response) => {
      asked += 1
      response.end('{}')
    })
    const origin = await listen((_request, response) => {
      response.writeHead(307, { location: elsewhere })
      response.end()
    })
    await expect(open(origin)).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', retryable: false })
    expect(asked).toBe(0)
  })

  test('stops reading an answer that does not end', async () => {
    const origin = await listen((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more))
      }
      more()
    })
    await expect(open(origin)).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', expected: 'at most 1048576 bytes' })
  })
})
