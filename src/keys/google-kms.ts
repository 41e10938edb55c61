import { digest } from '../crypto/digest.js'
import { ecdsaSignatureFromDer } from '../crypto/ecdsa-der.js'
import { materialFromPem } from '../crypto/spki.js'
import { crc32c } from '../encoding/crc32c.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeBase64, encodeBase64 } from '../encoding/multibase.js'
import type { SigningCapability } from './capabilities.js'
import type { KeyStore, SigningKeyAlgorithm } from './key-store.js'
import { KeyService, type ServiceCall } from './service.js'
import { bytesIn, createdFrom, decodedFrom, textIn } from './service-answer.js'
import type { ServiceProtocol, ServiceRefusal } from './service-call.js'
import { badAnswer, expectSame, FAULTS, faultOfStatus, ServiceFailure, type ServiceFault } from './service-failure.js'
import {
  checkEndpoint,
  checkFunction,
  type KeyServiceOptions,
  optionError,
  settleServiceOptions
} from './service-options.js'
import { type FoundKey, type KeyServiceDriver, openServiceStore, type PinnedKey } from './service-store.js'
import { checkToken } from './service-token.js'

export type { KeyServiceOptions } from './service-options.js'
export type { PinnedKey } from './service-store.js'

/** A version of a key in Cloud KMS. */
export interface GoogleKmsKey extends PinnedKey {
  /** `projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N`: the version is always named. */
  readonly name: string
}

export interface GoogleKmsOptions extends KeyServiceOptions {
  /** Every key whose badges still have to verify. The last one signs when nobody asks for another. */
  readonly keys: readonly GoogleKmsKey[]
  /** Gives an OAuth 2.0 access token each time one is needed. `renew` where the last one was refused. */
  readonly accessToken: (options: { readonly renew: boolean }) => TokenAnswer | Promise<TokenAnswer>
  /** The longest message for an Ed25519 key, in bytes. 65,536 unless told. */
  readonly maxDataBytes?: number
  /** Where the service is. `https://cloudkms.googleapis.com` unless told. */
  readonly endpoint?: string
}

/** What the authentication library of Google gives: a token, or nothing where it found no identity. */
type TokenAnswer = string | null | undefined

const NAME =
  /^projects\/[A-Za-z0-9:._-]{1,100}\/locations\/[a-z0-9-]{1,60}\/keyRings\/[A-Za-z0-9_-]{1,63}\/cryptoKeys\/[A-Za-z0-9_-]{1,63}\/cryptoKeyVersions\/[1-9][0-9]{0,8}$/
const STATUS = /^[A-Z_]{1,60}$/
const CHECKSUM = /^(?:0|[1-9][0-9]{0,9})$/

const ALGORITHMS = {
  Ed25519: { algorithm: 'EC_SIGN_ED25519' },
  'P-256': { algorithm: 'EC_SIGN_P256_SHA256', hash: 'SHA-256', member: 'sha256' },
  'P-384': { algorithm: 'EC_SIGN_P384_SHA384', hash: 'SHA-384', member: 'sha384' }
} as const

const FAULT_OF_STATUS: Readonly<Record<string, ServiceFault>> = {
  UNAUTHENTICATED: FAULTS.expired,
  PERMISSION_DENIED: FAULTS.denied,
  NOT_FOUND: FAULTS.notFound,
  FAILED_PRECONDITION: FAULTS.disabled,
  RESOURCE_EXHAUSTED: FAULTS.busy,
  ABORTED: FAULTS.broken,
  UNAVAILABLE: FAULTS.broken,
  DEADLINE_EXCEEDED: FAULTS.broken,
  INTERNAL: FAULTS.broken,
  UNKNOWN: FAULTS.broken
}

/**
 * Signs with keys in Google Cloud KMS: `EC_SIGN_ED25519`, `EC_SIGN_P256_SHA256` and `EC_SIGN_P384_SHA384`. Each version is
 * read once at opening: it has to be enabled, for one of these algorithms and, where the caller gives it, with the
 * pinned public key.
 *
 * CRC-32C checksums go both ways with every request. An answer with a wrong checksum, one that does not confirm the
 * checksum sent, and one by another name is discarded and asked for again, 3 times at most.
 *
 * Does NOT create keys or versions. Signatures are verified with the pinned key when badges are issued (`createIssuer`);
 * whoever uses a signer directly has to do that.
 *
 * Source: Cloud KMS REST reference v1, `cryptoKeyVersions.asymmetricSign`, `getPublicKey` and `get`.
 *
 * @throws {OptionError} OPTION_INVALID
 * @throws {KeyError} KEY_NOT_FOUND, KEY_DISABLED, KEY_PURPOSE, KEY_UNSUPPORTED, KEY_ACCESS_DENIED, KEY_STORE_ANSWER,
 *   KEY_STORE_IO (with `retryable`), KEY_INVALID
 *
 * @example
 * ```ts
 * import { openGoogleKmsKeyStore } from 'komma/keys/google-kms'
 *
 * const ring = 'projects/academy/locations/europe-north1/keyRings/badges'
 * const keys = await openGoogleKmsKeyStore({
 *   keys: [{ name: `${ring}/cryptoKeys/issuer/cryptoKeyVersions/1` }],
 *   accessToken: () => process.env['GOOGLE_ACCESS_TOKEN']
 * })
 * console.log((await keys.signer()).algorithm) // => Ed25519
 * ```
 */
export async function openGoogleKmsKeyStore(options: GoogleKmsOptions): Promise<KeyStore> {
  const settings = settleServiceOptions(options, ['keys', 'accessToken', 'maxDataBytes', 'endpoint'])
  const { keys, accessToken, maxDataBytes = 65_536 } = options
  const endpoint = checkEndpoint('endpoint', options.endpoint ?? 'https://cloudkms.googleapis.com')
  checkFunction('accessToken', accessToken)
  if (!Number.isInteger(maxDataBytes) || maxDataBytes < 1 || maxDataBytes > 16_777_216) {
    throw optionError('maxDataBytes', 'an option is out of bounds', 'a whole number from 1 to 16777216')
  }
  const protocol: ServiceProtocol = {
    authorize: async (_request, _body, renew) => ({
      Authorization: `Bearer ${checkToken(await accessToken({ renew }))}`
    }),
    judge
  }
  const driver: KeyServiceDriver<GoogleKmsKey> = {
    capabilities: capabilitiesWith(maxDataBytes),
    members: ['name'],
    check: checkName,
    nameOf: ({ name }) => name,
    find: ({ name }, call) => findKey(name, `${endpoint}/v1/${name}`, call),
    sign: ({ name }, algorithm, data, call) => signWith(name, `${endpoint}/v1/${name}`, algorithm, data, call)
  }
  return openServiceStore(driver, new KeyService(settings, protocol), keys)
}

function capabilitiesWith(maxMessageBytes: number): readonly SigningCapability[] {
  return Object.freeze([
    { algorithm: 'Ed25519', maxMessageBytes, sends: 'message', deterministic: true },
    { algorithm: 'P-256', sends: 'digest', deterministic: false },
    { algorithm: 'P-384', sends: 'digest', deterministic: false }
  ] as const)
}

function checkName({ name }: GoogleKmsKey, path: string): void {
  if (typeof name === 'string' && NAME.test(name)) return
  throw optionError(
    `${path}/name`,
    'the key is not named with its version',
    'projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N'
  )
}

async function findKey(name: string, url: string, call: ServiceCall): Promise<FoundKey> {
  const version = await call({ method: 'GET', url })
  expectSame('key version', version['name'], name, true)
  checkPurpose(textIn(version, 'algorithm'))
  if (version['state'] !== 'ENABLED') {
    throw new ServiceFailure({ ...FAULTS.disabled, got: String(version['state']).slice(0, 60) })
  }
  const answer = await call({ method: 'GET', url: `${url}/publicKey` })
  expectSame('key version', answer['name'], name, true)
  const pem = textIn(answer, 'pem')
  expectChecksum(answer['pemCrc32c'], new TextEncoder().encode(pem))
  const material = decodedFrom(() => materialFromPem(pem, name), 'pem')
  expectSame('algorithm', answer['algorithm'], ALGORITHMS[material.algorithm].algorithm)
  expectSame('algorithm', version['algorithm'], ALGORITHMS[material.algorithm].algorithm)
  return { material, created: createdFrom(textIn(version, 'createTime')) }
}

function checkPurpose(algorithm: string): void {
  const known = Object.values(ALGORITHMS).map((each) => each.algorithm)
  if (known.some((each) => each === algorithm)) return
  const fault: ServiceFault = algorithm.includes('SIGN')
    ? { code: 'KEY_UNSUPPORTED', message: 'the key is of a kind that issuers do not sign with' }
    : FAULTS.purpose
  throw new ServiceFailure({ ...fault, expected: known.join(' or '), got: algorithm.slice(0, 60) })
}

async function signWith(
  name: string,
  url: string,
  algorithm: SigningKeyAlgorithm,
  data: Uint8Array,
  call: ServiceCall
): Promise<Uint8Array> {
  const { body, confirmed } = bodyFor(algorithm, data)
  const answer = await call({
    method: 'POST',
    url: `${url}:asymmetricSign`,
    headers: { 'Content-Type': 'application/json' },
    body
  })
  expectSame('key version', answer['name'], name, true)
  if (answer[confirmed] !== true) {
    throw badAnswer('the key service does not confirm the checksum of what it signed', { retryable: true })
  }
  const signature = bytesIn(answer, 'signature', decodeBase64)
  expectChecksum(answer['signatureCrc32c'], signature)
  if (algorithm === 'Ed25519') return signature
  return decodedFrom(() => ecdsaSignatureFromDer(algorithm, signature), 'signature')
}

function bodyFor(
  algorithm: SigningKeyAlgorithm,
  data: Uint8Array
): { readonly body: JsonObject; readonly confirmed: string } {
  if (algorithm === 'Ed25519') {
    const body = { data: encodeBase64(data), dataCrc32c: String(crc32c(data)) }
    return { body, confirmed: 'verifiedDataCrc32c' }
  }
  const { hash, member } = ALGORITHMS[algorithm]
  const hashed = digest(hash, data)
  const body = { digest: { [member]: encodeBase64(hashed) }, digestCrc32c: String(crc32c(hashed)) }
  return { body, confirmed: 'verifiedDigestCrc32c' }
}

// The type is an int64, which JSON of protocol buffers writes as text.
function expectChecksum(stated: JsonValue | undefined, bytes: Uint8Array): void {
  const text = typeof stated === 'number' ? String(stated) : stated
  if (typeof text === 'string' && CHECKSUM.test(text) && Number(text) === crc32c(bytes)) return
  throw badAnswer('the checksum of the answer is missing or not that of its content', { retryable: true })
}

function judge({ status, body }: ServiceRefusal): ServiceFault {
  const error = body['error']
  const { status: named, message } = (typeof error === 'object' && error !== null ? error : {}) as JsonObject
  const name = typeof named === 'string' && STATUS.test(named) ? named : ''
  const got = name === '' ? `status ${status}` : name
  // What was sent did not arrive as it was sent.
  if (name === 'INVALID_ARGUMENT' && typeof message === 'string' && /crc32c|checksum/i.test(message)) {
    return { ...badAnswer('the key service received something else than was sent', { retryable: true }).fault, got }
  }
  const known = Object.hasOwn(FAULT_OF_STATUS, name) ? FAULT_OF_STATUS[name] : undefined
  return { ...(known ?? faultOfStatus(status)), got }
}
