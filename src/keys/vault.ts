import { ecdsaSignatureFromDer } from '../crypto/ecdsa-der.js'
import type { CurveMaterial } from '../crypto/key-material.js'
import { materialFromPem } from '../crypto/spki.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeBase64, encodeBase64 } from '../encoding/multibase.js'
import type { SigningCapability } from './capabilities.js'
import type { KeyStore, SigningKeyAlgorithm } from './key-store.js'
import { KeyService, type ServiceCall } from './service.js'
import { bytesIn, createdFrom, decodedFrom, objectIn, textIn, textsIn } from './service-answer.js'
import type { ServiceProtocol, ServiceRefusal, ServiceRequest } from './service-call.js'
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

/** A version of a key in the transit engine. */
export interface VaultKey extends PinnedKey {
  readonly name: string
  /** From 1. It is sent with every request: without it the newest version signs. */
  readonly version: number
}

export interface VaultOptions extends KeyServiceOptions {
  /** Every key whose badges still have to verify. The last one signs when nobody asks for another. */
  readonly keys: readonly VaultKey[]
  /** Where Vault or OpenBao is, `https://vault.academy.example:8200`. */
  readonly address: string
  /** Gives a token each time one is needed. `renew` where the last one was refused. */
  readonly token: (options: { readonly renew: boolean }) => string | Promise<string>
  /** Where the transit engine is mounted. `transit` unless told. */
  readonly mount?: string
  /** The namespace, where there are some. */
  readonly namespace?: string
}

const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$/
const PATH = /^[A-Za-z0-9_.-]{1,100}(?:\/[A-Za-z0-9_.-]{1,100}){0,9}\/?$/
const MOST_VERSIONS = 1_000_000

const ALGORITHMS = {
  Ed25519: { type: 'ed25519' },
  'P-256': { type: 'ecdsa-p256', hash: 'sha2-256' },
  'P-384': { type: 'ecdsa-p384', hash: 'sha2-384' }
} as const

const CAPABILITIES: readonly SigningCapability[] = Object.freeze([
  { algorithm: 'Ed25519', sends: 'message', deterministic: true },
  { algorithm: 'P-256', sends: 'message', deterministic: false },
  { algorithm: 'P-384', sends: 'message', deterministic: false }
])

// Transit tells its refusals apart by words alone.
const FAULT_OF_WORDS: readonly (readonly [RegExp, ServiceFault])[] = [
  [/key not found|no such key|higher than the latest key version|version .*not found/i, FAULTS.notFound],
  [/less than the minimum|too old|soft.?deleted|does not contain a private part/i, FAULTS.disabled],
  [/does not support signing|unsupported (?:key type|operation)/i, FAULTS.purpose]
]

/**
 * Signs with keys in the transit engine of HashiCorp Vault or OpenBao: `ed25519`, `ecdsa-p256` and `ecdsa-p384`. Each
 * version is read once at opening: it has to be there and allowed to sign, and, where the caller gives it, with the
 * pinned public key. The version is sent with every request and looked for in every answer, so that a rotation does not
 * change who signs.
 *
 * The message is sent, and hashed there: SHA-256 for P-256, SHA-384 for P-384. Derived keys are refused.
 *
 * Does NOT create, rotate or configure keys. Signatures are verified with the pinned key when badges are issued
 * (`createIssuer`); whoever uses a signer directly has to do that.
 *
 * Source: OpenBao API, transit secrets engine, Read Key and Sign Data.
 *
 * @throws {OptionError} OPTION_INVALID
 * @throws {KeyError} KEY_NOT_FOUND, KEY_DISABLED, KEY_PURPOSE, KEY_UNSUPPORTED, KEY_ACCESS_DENIED, KEY_STORE_ANSWER,
 *   KEY_STORE_IO (with `retryable`), KEY_INVALID
 *
 * @example
 * ```ts
 * import { openVaultKeyStore } from 'komma/keys/vault'
 *
 * const keys = await openVaultKeyStore({
 *   address: 'https://vault.academy.example:8200',
 *   keys: [{ name: 'badges', version: 1 }],
 *   token: () => process.env['VAULT_TOKEN'] ?? ''
 * })
 * console.log((await keys.signer()).algorithm) // => Ed25519
 * ```
 */
export async function openVaultKeyStore(options: VaultOptions): Promise<KeyStore> {
  const settings = settleServiceOptions(options, ['keys', 'address', 'token', 'mount', 'namespace'])
  const { keys, token, namespace } = options
  const mount = checkPath('mount', options.mount ?? 'transit')
  const base = `${checkEndpoint('address', options.address)}/v1/${mount}`
  if (namespace !== undefined) checkPath('namespace', namespace)
  checkFunction('token', token)
  const protocol: ServiceProtocol = {
    authorize: async (_request, _body, renew) => ({
      'X-Vault-Request': 'true',
      'X-Vault-Token': checkToken(await token({ renew })),
      ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace })
    }),
    judge
  }
  const driver: KeyServiceDriver<VaultKey> = {
    capabilities: CAPABILITIES,
    members: ['name', 'version'],
    check: checkKey,
    nameOf: ({ name, version }) => `${mount}/${name} version ${version}`,
    find: (key, call) => findKey(key, base, call),
    sign: (key, algorithm, data, call) => signWith(key, base, algorithm, data, call)
  }
  return openServiceStore(driver, new KeyService(settings, protocol), keys)
}

function checkPath(path: string, value: unknown): string {
  const dots = typeof value === 'string' && value.split('/').some((part) => /^\.+$/.test(part))
  if (typeof value === 'string' && PATH.test(value) && !dots) return value.replace(/\/$/, '')
  throw optionError(path, 'an option is not a path', 'parts of letters, digits, . _ and -, with / between')
}

function checkKey({ name, version }: VaultKey, path: string): void {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw optionError(`${path}/name`, 'the key is not named', 'letters, digits, . _ and -, at most 100')
  }
  if (!Number.isInteger(version) || version < 1 || version > MOST_VERSIONS) {
    throw optionError(`${path}/version`, 'the version of the key is not named', 'a whole number from 1')
  }
}

async function findKey({ name, version }: VaultKey, base: string, call: ServiceCall): Promise<FoundKey> {
  const data = objectIn(await call({ method: 'GET', url: `${base}/keys/${name}` }), 'data')
  if (data['name'] !== undefined) expectSame('key', data['name'], name)
  const type = textIn(data, 'type')
  const kind = Object.entries(ALGORITHMS).find(([, each]) => each.type === type)?.[0] as SigningKeyAlgorithm | undefined
  if (data['supports_signing'] !== true) throw new ServiceFailure({ ...FAULTS.purpose, got: type.slice(0, 60) })
  if (kind === undefined || data['derived'] === true)
    throw unsupported(data['derived'] === true ? 'a derived key' : type)
  const least = Number(data['min_encryption_version'] ?? 0)
  if (version < least) throw new ServiceFailure({ ...FAULTS.disabled, got: `min_encryption_version ${least}` })
  const entry = objectIn(data, 'keys')[String(version)]
  if (typeof entry !== 'object' || entry === null) {
    throw new ServiceFailure({ ...FAULTS.notFound, got: `latest_version ${Number(data['latest_version'])}` })
  }
  const created = createdFrom(textIn(entry as JsonObject, 'creation_time'))
  return { material: materialOf(kind, entry as JsonObject), created }
}

function materialOf(kind: SigningKeyAlgorithm, entry: JsonObject): CurveMaterial {
  if (kind === 'Ed25519') return { algorithm: kind, bytes: bytesIn(entry, 'public_key', decodeBase64) }
  const pem = textIn(entry, 'public_key')
  const material = decodedFrom(() => materialFromPem(pem), 'public_key')
  expectSame('kind of key', material.algorithm, kind)
  return material
}

function unsupported(got: string): ServiceFailure {
  return new ServiceFailure({
    code: 'KEY_UNSUPPORTED',
    message: 'the key is of a kind that issuers do not sign with',
    expected: 'ed25519, ecdsa-p256 or ecdsa-p384, not derived',
    got: got.slice(0, 60)
  })
}

async function signWith(
  { name, version }: VaultKey,
  base: string,
  algorithm: SigningKeyAlgorithm,
  data: Uint8Array,
  call: ServiceCall
): Promise<Uint8Array> {
  const answer = objectIn(await call(signRequest(`${base}/sign/${name}`, version, algorithm, data)), 'data')
  // Older servers state the version in the signature alone.
  if (answer['key_version'] !== undefined) expectSame('key version', Number(answer['key_version']), version)
  const text = textIn(answer, 'signature')
  const [engine, stated, encoded = '', ...rest] = text.split(':')
  if (engine !== 'vault' || rest.length > 0) throw badAnswer('the signature is not in the form of transit')
  expectSame('key version', stated, `v${version}`)
  const signature = decodedFrom(() => decodeBase64(encoded), 'signature')
  if (algorithm === 'Ed25519') return signature
  return decodedFrom(() => ecdsaSignatureFromDer(algorithm, signature), 'signature')
}

// Ed25519 takes no hash: newer servers would sign a digest instead, in another variant, if one were named.
function signRequest(url: string, version: number, algorithm: SigningKeyAlgorithm, data: Uint8Array): ServiceRequest {
  const hash = algorithm === 'Ed25519' ? {} : { hash_algorithm: ALGORITHMS[algorithm].hash }
  const body = {
    input: encodeBase64(data),
    key_version: version,
    prehashed: false,
    marshaling_algorithm: 'asn1',
    ...hash
  }
  return { method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body }
}

// A token that has expired and one that lacks a right are refused alike: a fresh one is tried once.
function judge({ status, body }: ServiceRefusal): ServiceFault {
  const words = textsIn(body['errors']).join(' ')
  const known = status === 400 ? FAULT_OF_WORDS.find(([pattern]) => pattern.test(words))?.[1] : undefined
  const fault = known ?? (status === 403 ? { ...FAULTS.denied, renew: true } : faultOfStatus(status))
  return { ...fault, got: `status ${status}` }
}
