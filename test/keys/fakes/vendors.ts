import { openAwsKmsKeyStore } from '../../../src/keys/aws-kms.js'
import { openAzureKeyVaultKeyStore } from '../../../src/keys/azure-key-vault.js'
import { openGoogleKmsKeyStore } from '../../../src/keys/google-kms.js'
import type { KeyStore, SigningKeyAlgorithm } from '../../../src/keys/key-store.js'
import type { KeyServiceOptions } from '../../../src/keys/service-options.js'
import type { PinnedKey } from '../../../src/keys/service-store.js'
import { openVaultKeyStore } from '../../../src/keys/vault.js'
import { answerAsAwsKms, awsError } from './fake-aws-kms.js'
import { answerAsAzureKeyVault, azureError } from './fake-azure-key-vault.js'
import { answerAsGoogleKms, castagnoli, googleError } from './fake-google-kms.js'
import { createFakeKey, type FakeKey } from './fake-key.js'
import { createFakeService, type FakeService, type WireAnswer, type WireFault } from './fake-service.js'
import { createFakeTime, type FakeTime } from './fake-time.js'
import { answerAsVault, vaultError } from './fake-vault.js'

/** Ways in which a service says no. */
export type Refusal = 'throttled' | 'unavailable' | 'expired' | 'denied' | 'disabled' | 'pendingDeletion' | 'missing'

export interface StartOptions {
  /** The kinds of the versions, oldest first. */
  readonly algorithms: readonly SigningKeyAlgorithm[]
  /** The keys, in place of fresh ones. */
  readonly keys?: readonly FakeKey[]
  /** The service no longer lets the key with this index sign. */
  readonly disabled?: number
  /** The key with this index is for another purpose. */
  readonly otherPurpose?: number
}

/** A fake of one vendor with keys in it, and how to open it. */
export interface Started {
  readonly service: FakeService
  readonly time: FakeTime
  readonly keys: readonly FakeKey[]
  /** Members of the pinned keys are given by index; a version that is left out of `use` is not opened. */
  open(
    pins?: readonly PinnedKey[],
    options?: KeyServiceOptions & { readonly use?: readonly number[] }
  ): Promise<KeyStore>
  readonly refusals: Readonly<Record<Refusal, WireAnswer>>
  /** The service gives these bytes as the signature. */
  signature(bytes: Uint8Array): WireFault
  /** The service answers by another key or version than was asked for. */
  readonly another: WireFault
  /** Every credential. */
  readonly secrets: readonly string[]
  /** How often the application was asked for credentials, and for fresh ones. */
  readonly asked: boolean[]
  /** From now on the service takes the credentials that come after a renewal alone. */
  expireCredentials(): void
}

export interface Vendor {
  readonly name: string
  readonly algorithms: readonly SigningKeyAlgorithm[]
  /** Whether signatures of ECDSA come in DER. */
  readonly der: boolean
  start(options: StartOptions): Started
}

const pick = <T>(all: readonly T[], { use }: { readonly use?: readonly number[] }): T[] =>
  (use ?? all.map((_, index) => index)).map((index) => all[index] as T)

function rest({ use: _, ...options }: KeyServiceOptions & { readonly use?: readonly number[] }): KeyServiceOptions {
  return options
}

/** Credentials of an application: a first one, and what it has after a renewal. */
function createTokens() {
  const asked: boolean[] = []
  let good = 'first-canary-of-a-credential'
  let own = good
  return {
    asked,
    good: () => good,
    secrets: ['first-canary-of-a-credential', 'second-canary-of-a-credential'],
    give: (renew: boolean): string => {
      asked.push(renew)
      if (renew) own = 'second-canary-of-a-credential'
      return own
    },
    expire: () => {
      good = 'second-canary-of-a-credential'
    }
  }
}

const AWS: Vendor = {
  name: 'AWS KMS',
  algorithms: ['Ed25519', 'P-256', 'P-384'],
  der: true,
  start({ algorithms, keys = algorithms.map(createFakeKey), disabled, otherPurpose }) {
    const time = createFakeTime()
    const tokens = createTokens()
    const records = keys.map((key, index) => ({
      arn: `arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-12345678900${index}`,
      key,
      created: 1_767_225_600.123 + index,
      ...(disabled === index ? { state: 'Disabled' } : {}),
      ...(otherPurpose === index ? { usage: 'KEY_AGREEMENT' } : {})
    }))
    const account = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'canary-of-a-secret-key',
      region: 'eu-north-1',
      now: time.options.clock
    }
    const service = createFakeService((request) => {
      const given = request.headers.get('x-amz-security-token')
      if (given === tokens.secrets[0] && tokens.good() !== given)
        return awsError('ExpiredTokenException', `${given} has expired`)
      return answerAsAwsKms(records, { ...account, sessionToken: tokens.good() })(request)
    }, time)
    return {
      service,
      time,
      keys,
      open: (pins = [], options = {}) =>
        openAwsKmsKeyStore({
          ...time.options,
          keys: pick(
            records.map(({ arn }, index) => ({ arn, ...pins[index] })),
            options
          ),
          credentials: ({ forceRefresh }) => ({ ...account, sessionToken: tokens.give(forceRefresh) }),
          fetch: service.fetch,
          ...rest(options)
        }),
      refusals: {
        throttled: awsError('ThrottlingException', 'Rate exceeded'),
        unavailable: awsError('KMSInternalException', 'try again'),
        expired: awsError('ExpiredTokenException', `The security token ${tokens.secrets[0]} has expired`),
        denied: awsError('AccessDeniedException', `not authorized with ${tokens.secrets.join()}`),
        disabled: awsError('DisabledException', 'is disabled'),
        pendingDeletion: awsError('KMSInvalidStateException', 'is pending deletion.'),
        missing: awsError('NotFoundException', 'does not exist')
      },
      signature: (bytes) => ({ change: (json) => ({ ...json, Signature: Buffer.from(bytes).toString('base64') }) }),
      another: { change: (json) => ({ ...json, KeyId: `${records[0]?.arn.slice(0, -1)}9` }) },
      secrets: [...tokens.secrets, account.secretAccessKey],
      asked: tokens.asked,
      expireCredentials: tokens.expire
    }
  }
}

const GOOGLE: Vendor = {
  name: 'Google Cloud KMS',
  algorithms: ['Ed25519', 'P-256', 'P-384'],
  der: true,
  start({ algorithms, keys = algorithms.map(createFakeKey), disabled, otherPurpose }) {
    const time = createFakeTime()
    const tokens = createTokens()
    const records = keys.map((key, index) => ({
      name: `projects/academy/locations/europe-north1/keyRings/badges/cryptoKeys/issuer/cryptoKeyVersions/${index + 1}`,
      key,
      createTime: `2026-01-01T00:00:0${index}.123456789Z`,
      ...(disabled === index ? { state: 'DISABLED' } : {}),
      ...(otherPurpose === index ? { algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' } : {})
    }))
    const service = createFakeService(answerAsGoogleKms(records, tokens.good), time)
    return {
      service,
      time,
      keys,
      open: (pins = [], options = {}) =>
        openGoogleKmsKeyStore({
          ...time.options,
          keys: pick(
            records.map(({ name }, index) => ({ name, ...pins[index] })),
            options
          ),
          accessToken: ({ renew }) => tokens.give(renew),
          fetch: service.fetch,
          ...rest(options)
        }),
      refusals: {
        throttled: googleError('RESOURCE_EXHAUSTED', 'Quota exceeded'),
        unavailable: googleError('UNAVAILABLE', 'try again'),
        expired: googleError('UNAUTHENTICATED', `invalid credentials ${tokens.secrets[0]}`),
        denied: googleError('PERMISSION_DENIED', `Permission denied for ${tokens.secrets.join()}`),
        disabled: googleError('FAILED_PRECONDITION', 'is not enabled, current state is: DISABLED.'),
        pendingDeletion: googleError('FAILED_PRECONDITION', 'is not enabled, current state is: DESTROY_SCHEDULED.'),
        missing: googleError('NOT_FOUND', 'not found')
      },
      signature: (bytes) => ({
        change: (json) => ({
          ...json,
          signature: Buffer.from(bytes).toString('base64'),
          signatureCrc32c: String(castagnoli(bytes))
        })
      }),
      another: { change: (json) => ({ ...json, name: `${String(json['name']).slice(0, -1)}9` }) },
      secrets: tokens.secrets,
      asked: tokens.asked,
      expireCredentials: tokens.expire
    }
  }
}

const AZURE: Vendor = {
  name: 'Azure Key Vault',
  algorithms: ['P-256', 'P-384'],
  der: false,
  start({ algorithms, keys = algorithms.map(createFakeKey), disabled, otherPurpose }) {
    const time = createFakeTime()
    const tokens = createTokens()
    const records = keys.map((key, index) => ({
      url: `https://academy.vault.azure.net/keys/badges/0123456789abcdef0123456789abcde${index}`,
      key,
      attributes: { created: 1_767_225_600 + index, ...(disabled === index ? { enabled: false } : {}) },
      ...(otherPurpose === index ? { operations: ['verify'] } : {})
    }))
    const service = createFakeService(answerAsAzureKeyVault(records, tokens.good), time)
    return {
      service,
      time,
      keys,
      open: (pins = [], options = {}) =>
        openAzureKeyVaultKeyStore({
          ...time.options,
          keys: pick(
            records.map(({ url }, index) => ({ url, ...pins[index] })),
            options
          ),
          accessToken: ({ scope, renew }) => {
            if (scope !== 'https://vault.azure.net/.default') throw new Error(`a token for ${scope}`)
            return tokens.give(renew)
          },
          fetch: service.fetch,
          ...rest(options)
        }),
      refusals: {
        throttled: azureError(429, 'Throttled', 'Request was not processed because too many requests were received.'),
        unavailable: azureError(503, 'ServiceUnavailable', 'try again'),
        expired: azureError(401, 'Unauthorized', `AKV10022: Invalid token ${tokens.secrets[0]}`),
        denied: azureError(403, 'Forbidden', `Caller is not authorized ${tokens.secrets.join()}`, 'ForbiddenByRbac'),
        disabled: azureError(403, 'Forbidden', 'Operation sign is not allowed on a disabled key.', 'KeyDisabled'),
        pendingDeletion: azureError(409, 'Conflict', 'is currently being deleted', 'ObjectIsDeletedButRecoverable'),
        missing: azureError(404, 'KeyNotFound', 'was not found in this key vault')
      },
      signature: (bytes) => ({ change: (json) => ({ ...json, value: Buffer.from(bytes).toString('base64url') }) }),
      another: { change: (json) => ({ ...json, kid: `${String(json['kid']).slice(0, -1)}9` }) },
      secrets: tokens.secrets,
      asked: tokens.asked,
      expireCredentials: tokens.expire
    }
  }
}

const VAULT: Vendor = {
  name: 'Vault transit',
  algorithms: ['Ed25519', 'P-256', 'P-384'],
  der: true,
  start({ algorithms, keys = algorithms.map(createFakeKey), disabled, otherPurpose }) {
    const time = createFakeTime()
    const tokens = createTokens()
    const record = {
      name: 'badges',
      versions: Object.fromEntries(keys.map((key, index) => [index + 1, key])),
      created: Object.fromEntries(keys.map((_, index) => [index + 1, `2026-01-01T00:00:0${index}.123456789Z`])),
      ...(disabled === undefined ? {} : { minEncryptionVersion: disabled + 2 }),
      ...(otherPurpose === undefined ? {} : { type: 'aes256-gcm96' })
    }
    const service = createFakeService(answerAsVault([record], tokens.good), time)
    const signature = (version: number, bytes: Uint8Array): WireFault => ({
      change: (json) => {
        const encoded = Buffer.from(bytes).toString('base64')
        return { ...json, data: { signature: `vault:v${version}:${encoded}`, key_version: version } }
      }
    })
    return {
      service,
      time,
      keys,
      open: (pins = [], options = {}) =>
        openVaultKeyStore({
          ...time.options,
          address: 'https://vault.academy.example:8200',
          keys: pick(
            keys.map((_, index) => ({ name: 'badges', version: index + 1, ...pins[index] })),
            options
          ),
          token: ({ renew }) => tokens.give(renew),
          fetch: service.fetch,
          ...rest(options)
        }),
      refusals: {
        throttled: vaultError(429, 'request path "transit/sign/badges": rate limit quota exceeded'),
        unavailable: vaultError(503, 'Vault is sealed'),
        expired: vaultError(403, `permission denied ${tokens.secrets[0]}`),
        denied: vaultError(403, `permission denied ${tokens.secrets.join()}`),
        disabled: vaultError(400, 'requested version for signing is less than the minimum encryption key version'),
        pendingDeletion: vaultError(400, 'key has been soft-deleted'),
        missing: vaultError(400, 'signing key not found')
      },
      signature: (bytes) => signature(keys.length, bytes),
      another: signature(7, Buffer.alloc(64, 1)),
      secrets: tokens.secrets,
      asked: tokens.asked,
      expireCredentials: tokens.expire
    }
  }
}

/** The four services, each with its own protocol, and one way to let them fail. */
export const VENDORS: readonly Vendor[] = [AWS, GOOGLE, AZURE, VAULT]
