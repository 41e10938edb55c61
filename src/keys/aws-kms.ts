import { digest } from '../crypto/digest.js'
import { ecdsaSignatureFromDer } from '../crypto/ecdsa-der.js'
import { materialFromSpki } from '../crypto/spki.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeBase64, encodeBase64 } from '../encoding/multibase.js'
import {
  type AwsCredentialProvider,
  type AwsOperation,
  awsProtocol,
  kmsRequest,
  loadAwsSigner
} from './aws-requests.js'
import type { SigningCapability } from './capabilities.js'
import type { KeyStore, SigningKeyAlgorithm } from './key-store.js'
import { KeyService, type ServiceCall } from './service.js'
import { bytesIn, createdAt, decodedFrom, objectIn, textsIn } from './service-answer.js'
import { expectSame, FAULTS, ServiceFailure } from './service-failure.js'
import {
  checkEndpoint,
  checkFunction,
  type KeyServiceOptions,
  optionError,
  settleServiceOptions
} from './service-options.js'
import { type FoundKey, type KeyServiceDriver, openServiceStore, type PinnedKey } from './service-store.js'

export type { AwsCredentialProvider, AwsCredentials } from './aws-requests.js'
export type { KeyServiceOptions } from './service-options.js'
export type { PinnedKey } from './service-store.js'

/** A KMS key of AWS. Such a key has one version for ever: a new key has a new ARN. */
export interface AwsKmsKey extends PinnedKey {
  /** The ARN of the key, `arn:aws:kms:REGION:ACCOUNT:key/ID`. An alias is refused: it may lead elsewhere tomorrow. */
  readonly arn: string
}

export interface AwsKmsOptions extends KeyServiceOptions {
  /** Every key whose badges still have to verify. The last one signs when nobody asks for another. */
  readonly keys: readonly AwsKmsKey[]
  readonly credentials: AwsCredentialProvider
  /** Where the service is, for an endpoint of your own network. `https://kms.REGION.amazonaws.com` unless told. */
  readonly endpoint?: string
}

const ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]{1,40}):\d{12}:key\/([A-Za-z0-9-]{1,100})$/

const ALGORITHMS = {
  Ed25519: { spec: 'ECC_NIST_EDWARDS25519', signing: 'ED25519_SHA_512' },
  'P-256': { spec: 'ECC_NIST_P256', signing: 'ECDSA_SHA_256' },
  'P-384': { spec: 'ECC_NIST_P384', signing: 'ECDSA_SHA_384' }
} as const
const HASHES = { 'P-256': 'SHA-256', 'P-384': 'SHA-384' } as const

// Ed25519 has to see the message, and KMS takes no more than this of it. Of ECDSA it gets the digest.
const CAPABILITIES: readonly SigningCapability[] = Object.freeze([
  { algorithm: 'Ed25519', maxMessageBytes: 4096, sends: 'message', deterministic: true },
  { algorithm: 'P-256', sends: 'digest', deterministic: false },
  { algorithm: 'P-384', sends: 'digest', deterministic: false }
])

/**
 * Signs with keys in AWS KMS: Ed25519 (`ECC_NIST_EDWARDS25519`), P-256 and P-384. Each key is read once at opening
 * (`DescribeKey`, `GetPublicKey`): it has to be enabled, for signing (`SIGN_VERIFY`), of the pinned ARN and, where the
 * caller gives it, with the pinned public key.
 *
 * Of an ECDSA message the digest is sent. An Ed25519 message is sent as it is, and KMS takes 4,096 bytes of it: enough
 * for every badge as JSON, too little for most as JWT.
 *
 * Needs the package `aws4fetch` beside this one.
 *
 * Does NOT create keys, change them or read aliases. Signatures are verified with the pinned key when badges are issued
 * (`createIssuer`); whoever uses a signer directly has to do that.
 *
 * Source: AWS KMS API Reference, `Sign`, `GetPublicKey`, `DescribeKey`; Signature Version 4.
 *
 * @throws {OptionError} OPTION_INVALID
 * @throws {KeyError} KEY_NOT_FOUND, KEY_DISABLED, KEY_PURPOSE, KEY_UNSUPPORTED, KEY_ACCESS_DENIED, KEY_STORE_ANSWER,
 *   KEY_STORE_IO (with `retryable`), KEY_INVALID
 *
 * @example
 * ```ts
 * import { openAwsKmsKeyStore } from 'komma/keys/aws-kms'
 *
 * const keys = await openAwsKmsKeyStore({
 *   keys: [{ arn: 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }],
 *   credentials: () => ({
 *     accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
 *     secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? ''
 *   })
 * })
 * console.log((await keys.signer()).algorithm) // => Ed25519
 * ```
 */
export async function openAwsKmsKeyStore(options: AwsKmsOptions): Promise<KeyStore> {
  const settings = settleServiceOptions(options, ['keys', 'credentials', 'endpoint'])
  const { keys, credentials } = options
  const endpoint = options.endpoint === undefined ? undefined : checkEndpoint('endpoint', options.endpoint)
  checkFunction('credentials', credentials)
  const asker = (key: AwsKmsKey, call: ServiceCall): AwsCall => {
    const { region, host } = placeOf(key, 'arn')
    return (operation, body) => call(kmsRequest(operation, body, endpoint ?? host, region))
  }
  const driver: KeyServiceDriver<AwsKmsKey> = {
    capabilities: CAPABILITIES,
    members: ['arn'],
    check: placeOf,
    nameOf: ({ arn }) => arn,
    find: (key, call) => findKey(key, asker(key, call)),
    sign: (key, algorithm, data, call) => signWith(key, algorithm, data, asker(key, call))
  }
  const protocol = awsProtocol(await loadAwsSigner(), credentials, settings.clock)
  return openServiceStore(driver, new KeyService(settings, protocol), keys)
}

/** The region of a key, and where KMS is there. */
function placeOf({ arn }: AwsKmsKey, path: string): { readonly region: string; readonly host: string } {
  const [, partition = '', region = ''] = ARN.exec(typeof arn === 'string' ? arn : '') ?? []
  if (region === '')
    throw optionError(`${path}/arn`, 'the key is not named by its ARN', 'arn:aws:kms:REGION:ACCOUNT:key/ID')
  return { region, host: `https://kms.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}` }
}

type AwsCall = (operation: AwsOperation, body: JsonObject) => Promise<JsonObject>

async function findKey({ arn }: AwsKmsKey, ask: AwsCall): Promise<FoundKey> {
  const metadata = objectIn(await ask('DescribeKey', { KeyId: arn }), 'KeyMetadata')
  expectSame('key', metadata['Arn'], arn)
  checkPurpose(metadata['KeyUsage'])
  if (metadata['KeyState'] !== 'Enabled')
    throw new ServiceFailure({ ...FAULTS.disabled, got: String(metadata['KeyState']) })
  const answer = await ask('GetPublicKey', { KeyId: arn })
  expectSame('key', answer['KeyId'], arn)
  checkPurpose(answer['KeyUsage'])
  const der = bytesIn(answer, 'PublicKey', decodeBase64)
  const material = decodedFrom(() => materialFromSpki(der, arn), 'PublicKey')
  const { spec, signing } = ALGORITHMS[material.algorithm]
  expectSame('kind of key', answer['KeySpec'], spec)
  if (!textsIn(answer['SigningAlgorithms']).includes(signing)) {
    throw new ServiceFailure({ ...FAULTS.purpose, expected: signing })
  }
  return { material, created: createdAt(1000 * Number(metadata['CreationDate'])) }
}

function checkPurpose(usage: JsonValue | undefined): void {
  if (usage !== 'SIGN_VERIFY')
    throw new ServiceFailure({ ...FAULTS.purpose, expected: 'SIGN_VERIFY', got: String(usage) })
}

async function signWith(
  { arn }: AwsKmsKey,
  algorithm: SigningKeyAlgorithm,
  data: Uint8Array,
  ask: AwsCall
): Promise<Uint8Array> {
  const { signing } = ALGORITHMS[algorithm]
  const [type, message] = algorithm === 'Ed25519' ? ['RAW', data] : ['DIGEST', digest(HASHES[algorithm], data)]
  const answer = await ask('Sign', {
    KeyId: arn,
    Message: encodeBase64(message),
    MessageType: type,
    SigningAlgorithm: signing
  })
  expectSame('key', answer['KeyId'], arn)
  expectSame('algorithm', answer['SigningAlgorithm'], signing)
  const signature = bytesIn(answer, 'Signature', decodeBase64)
  if (algorithm === 'Ed25519') return signature
  return decodedFrom(() => ecdsaSignatureFromDer(algorithm, signature), 'Signature')
}
