import { createHash, createPublicKey, verify } from 'node:crypto'
import { answerAsAwsKms } from './fake-aws-kms.js'
import { answerAsAzureKeyVault } from './fake-azure-key-vault.js'
import { answerAsGoogleKms } from './fake-google-kms.js'
import { createFakeKey, type FakeKey } from './fake-key.js'
import { answerAsVault } from './fake-vault.js'
import { serve } from './serve.js'

// The SDKs are installed by scripts/key-services.mjs alone, so their types are not there.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Sdk = any
const load = (name: string): Promise<Sdk> => import(name)

const data = Buffer.from('to be signed by the SDK of the vendor')

/** Each SDK reads the public key of a fake and signs with it, and what comes out verifies. */
export async function main(): Promise<void> {
  const lines = [...(await withAws()), ...(await withGoogle()), ...(await withAzure()), ...(await withVault())]
  for (const line of lines) console.log(line)
}

function check(who: string, key: FakeKey, signature: Uint8Array, encoding: 'der' | 'ieee-p1363' = 'der'): string {
  const hash = key.algorithm === 'Ed25519' ? null : key.algorithm === 'P-384' ? 'sha384' : 'sha256'
  const publicKey = { key: createPublicKey(key.pem), dsaEncoding: encoding }
  if (!verify(hash, data, publicKey, signature)) throw new Error(`${who}, ${key.algorithm}: the signature is wrong`)
  return `${who}, ${key.algorithm}: public key read, signed, verified`
}

function digestOf({ algorithm }: FakeKey): Buffer {
  return createHash(algorithm === 'P-384' ? 'sha384' : 'sha256')
    .update(data)
    .digest()
}

function expectKey(who: string, key: FakeKey, spki: Uint8Array): void {
  if (!key.spki.equals(spki)) throw new Error(`${who}: another public key`)
}

async function withAws(): Promise<string[]> {
  const { KMSClient, DescribeKeyCommand, GetPublicKeyCommand, SignCommand } = await load('@aws-sdk/client-kms')
  const account = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token', region: 'eu-north-1' }
  const records = (['Ed25519', 'P-256', 'P-384'] as const).map((algorithm, index) => ({
    arn: `arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-12345678900${index}`,
    key: createFakeKey(algorithm)
  }))
  const { origin, close } = await serve(answerAsAwsKms(records, { ...account, now: () => new Date() }))
  const client = new KMSClient({ endpoint: origin, region: account.region, credentials: account })
  const lines: string[] = []
  for (const { arn, key } of records) {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }))
    if (KeyMetadata.Arn !== arn || !(KeyMetadata.CreationDate instanceof Date)) throw new Error('AWS: no description')
    const { PublicKey, KeySpec, SigningAlgorithms } = await client.send(new GetPublicKeyCommand({ KeyId: arn }))
    expectKey('AWS', key, PublicKey)
    const ed25519 = KeySpec === 'ECC_NIST_EDWARDS25519'
    const input = ed25519 ? { Message: data, MessageType: 'RAW' } : { Message: digestOf(key), MessageType: 'DIGEST' }
    const command = { KeyId: arn, SigningAlgorithm: SigningAlgorithms[0], ...input }
    const { Signature, KeyId } = await client.send(new SignCommand(command))
    if (KeyId !== arn) throw new Error('AWS: another key')
    lines.push(check('AWS SDK', key, Signature))
  }
  const missing = await client.send(new DescribeKeyCommand({ KeyId: 'arn:none' })).catch(({ name }: Error) => name)
  if (missing !== 'NotFoundException') throw new Error(`AWS: an error became ${missing}`)
  client.destroy()
  await close()
  return lines
}

async function withGoogle(): Promise<string[]> {
  const { KeyManagementServiceClient } = await load('@google-cloud/kms')
  const records = (['Ed25519', 'P-256', 'P-384'] as const).map((algorithm, index) => ({
    name: `projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/${index + 1}`,
    key: createFakeKey(algorithm)
  }))
  const { origin, close } = await serve(answerAsGoogleKms(records, () => 'token'))
  const { hostname, port } = new URL(origin)
  const headers = new Headers({ authorization: 'Bearer token' })
  const auth = {
    getClient: async () => ({ getRequestHeaders: async () => headers, request: fetchAs(headers) }),
    getRequestHeaders: async () => headers,
    fetch: (url: string, init: RequestInit) => fetch(url, { ...init, headers: merged(init, headers) }),
    getProjectId: async () => 'p',
    getUniverseDomain: async () => 'googleapis.com'
  }
  const client = new KeyManagementServiceClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: hostname,
    port: Number(port),
    auth
  })
  const lines: string[] = []
  for (const { name, key } of records) {
    const [publicKey] = await client.getPublicKey({ name })
    expectKey('Google', key, createPublicKey(publicKey.pem).export({ type: 'spki', format: 'der' }))
    const [version] = await client.getCryptoKeyVersion({ name })
    if (version.state !== 'ENABLED' || version.algorithm !== publicKey.algorithm) throw new Error('Google: no version')
    const { castagnoli } = await import('./fake-google-kms.js')
    const digest = digestOf(key)
    const member = key.algorithm === 'P-384' ? 'sha384' : 'sha256'
    const input =
      key.algorithm === 'Ed25519'
        ? { data, dataCrc32c: { value: castagnoli(data) } }
        : { digest: { [member]: digest }, digestCrc32c: { value: castagnoli(digest) } }
    const [answer] = await client.asymmetricSign({ name, ...input })
    if (answer.name !== name || Number(answer.signatureCrc32c.value) !== castagnoli(answer.signature)) {
      throw new Error('Google: another name or checksum')
    }
    if (!(answer.verifiedDigestCrc32c || answer.verifiedDataCrc32c)) throw new Error('Google: nothing confirmed')
    lines.push(check('Google SDK', key, answer.signature))
  }
  await client.close()
  await close()
  return lines
}

function merged(init: RequestInit, more: Headers): Headers {
  const headers = new Headers(init.headers)
  for (const [name, value] of more) headers.set(name, value)
  return headers
}

function fetchAs(headers: Headers) {
  return async ({ url, ...init }: { readonly url: string } & RequestInit) => {
    const response = await fetch(url, { ...init, headers: merged(init, headers) })
    return { data: await response.json(), status: response.status, headers: response.headers }
  }
}

async function withAzure(): Promise<string[]> {
  const { KeyClient, CryptographyClient } = await load('@azure/keyvault-keys')
  const lines: string[] = []
  for (const algorithm of ['P-256', 'P-384'] as const) {
    const key = createFakeKey(algorithm)
    const version = '0123456789abcdef0123456789abcdef'
    let origin = ''
    const server = await serve((request) =>
      answerAsAzureKeyVault([{ url: `${origin}/keys/badges/${version}`, key }], () => 'token')(request)
    )
    origin = server.origin
    const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) }
    const options = { disableChallengeResourceVerification: true, allowInsecureConnection: true, serviceVersion: '7.4' }
    const client = new KeyClient(origin, credential, options)
    const found = await client.getKey('badges', { version })
    if (found.key.crv !== algorithm || found.properties.version !== version) throw new Error('Azure: another key')
    const crypto = new CryptographyClient(found, credential, options)
    const name = algorithm === 'P-256' ? 'ES256' : 'ES384'
    const { result } = await crypto.sign(name, digestOf(key))
    lines.push(check('Azure SDK', key, result, 'ieee-p1363'))
    await server.close()
  }
  return lines
}

async function withVault(): Promise<string[]> {
  const { default: createClient } = await load('node-vault')
  const lines: string[] = []
  for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) {
    const key = createFakeKey(algorithm)
    const { origin, close } = await serve(answerAsVault([{ name: 'badges', versions: { 1: key } }], () => 'token'))
    const client = createClient({ endpoint: origin, token: 'token' })
    const { data: found } = await client.read('transit/keys/badges')
    if (found.keys['1'].public_key === undefined) throw new Error('Vault: no public key')
    const hash = algorithm === 'P-384' ? { hash_algorithm: 'sha2-384' } : {}
    const { data: signed } = await client.write('transit/sign/badges', {
      input: data.toString('base64'),
      key_version: 1,
      ...hash
    })
    lines.push(check('node-vault', key, Buffer.from(signed.signature.split(':')[2], 'base64')))
    await close()
  }
  return lines
}
