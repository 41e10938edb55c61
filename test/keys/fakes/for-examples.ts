// What the examples of the documentation talk to, in place of the services: loaded before them.
import { answerAsAwsKms } from './fake-aws-kms.js'
import { answerAsAzureKeyVault } from './fake-azure-key-vault.js'
import { answerAsGoogleKms } from './fake-google-kms.js'
import { createFakeKey } from './fake-key.js'
import { createFakeService } from './fake-service.js'
import { createFakeTime } from './fake-time.js'
import { answerAsVault } from './fake-vault.js'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }
const token = 'a-token'
const arn = 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890a'
const ring = 'projects/academy/locations/europe-north1/keyRings/badges/cryptoKeys/issuer/cryptoKeyVersions/'
const vault = 'https://academy.vault.azure.net/keys/badges/0123456789abcdef0123456789abcde'

const SERVICES = {
  'kms.eu-north-1.amazonaws.com': answerAsAwsKms(
    [
      { arn: `${arn}b`, key: createFakeKey('Ed25519'), created: 1_767_225_600 },
      { arn: `${arn}c`, key: createFakeKey('P-256'), created: 1_769_904_000 }
    ],
    { ...credentials, region: 'eu-north-1', now: () => new Date() }
  ),
  'cloudkms.googleapis.com': answerAsGoogleKms(
    [1, 2].map((version) => ({ name: `${ring}${version}`, key: createFakeKey('Ed25519') })),
    () => token
  ),
  'academy.vault.azure.net': answerAsAzureKeyVault(
    ['f', 'e'].map((digit) => ({ url: `${vault}${digit}`, key: createFakeKey('P-256') })),
    () => token
  ),
  'vault.academy.example:8200': answerAsVault(
    [{ name: 'badges', versions: { 1: createFakeKey('Ed25519'), 2: createFakeKey('Ed25519') } }],
    () => token
  )
}

Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  GOOGLE_ACCESS_TOKEN: token,
  AZURE_ACCESS_TOKEN: token,
  VAULT_TOKEN: token
})

globalThis.fetch = async (input, init = {}) => {
  const url = String(input)
  const answer = SERVICES[new URL(url).host as keyof typeof SERVICES]
  if (answer === undefined) throw new TypeError(`nothing answers at ${url}`)
  return createFakeService(answer, createFakeTime()).fetch(url, init)
}
