import { digest } from '../crypto/digest.js'
import { materialFromJwk } from '../crypto/jwk.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../encoding/multibase.js'
import type { SigningCapability } from './capabilities.js'
import type { KeyStore, SigningKeyAlgorithm } from './key-store.js'
import { KeyService, type ServiceCall } from './service.js'
import { bytesIn, createdAt, objectIn, textIn, textsIn } from './service-answer.js'
import type { ServiceProtocol, ServiceRefusal, ServiceRequest } from './service-call.js'
import { badAnswer, expectSame, FAULTS, faultOfStatus, ServiceFailure, type ServiceFault } from './service-failure.js'
import { checkFunction, type KeyServiceOptions, optionError, settleServiceOptions } from './service-options.js'
import { type FoundKey, type KeyServiceDriver, openServiceStore, type PinnedKey } from './service-store.js'
import { checkToken } from './service-token.js'

export type { KeyServiceOptions } from './service-options.js'
export type { PinnedKey } from './service-store.js'

/** A version of a key in a Key Vault or Managed HSM. */
export interface AzureKeyVaultKey extends PinnedKey {
  /** The key identifier with its version, `https://VAULT.vault.azure.net/keys/NAME/VERSION`. */
  readonly url: string
}

export interface AzureKeyVaultOptions extends KeyServiceOptions {
  /** Every key whose badges still have to verify. The last one signs when nobody asks for another. */
  readonly keys: readonly AzureKeyVaultKey[]
  /**
   * Gives an access token of Entra ID for a scope, such as `https://vault.azure.net/.default`, each time one is needed.
   * `renew` where the last one was refused.
   */
  readonly accessToken: (options: { readonly scope: string; readonly renew: boolean }) => string | Promise<string>
}

const API_VERSION = '7.4'
const URL_FORM =
  /^https:\/\/[a-z0-9-]{1,63}\.((?:vault|managedhsm)\.(?:azure\.net|azure\.cn|usgovcloudapi\.net))\/keys\/[A-Za-z0-9-]{1,127}\/[0-9a-f]{32}$/
const CODE = /^[A-Za-z]{1,60}$/
const HASHES = { 'P-256': 'SHA-256', 'P-384': 'SHA-384' } as const
const NAMES = { 'P-256': 'ES256', 'P-384': 'ES384' } as const
const LENGTHS = { 'P-256': 64, 'P-384': 96 } as const
const NO_ED25519 =
  'Key Vault and Managed HSM have no Ed25519. Make an EC key on P-256 or P-384: badges are signed with ecdsa-rdfc-2019 or ES256.'

const CAPABILITIES: readonly SigningCapability[] = Object.freeze([
  { algorithm: 'P-256', sends: 'digest', deterministic: false },
  { algorithm: 'P-384', sends: 'digest', deterministic: false }
])

const FAULT_OF_CODE: Readonly<Record<string, ServiceFault>> = {
  Unauthorized: FAULTS.expired,
  AKV10032: FAULTS.denied,
  KeyDisabled: FAULTS.disabled,
  KeyNotYetValid: FAULTS.disabled,
  KeyExpired: FAULTS.disabled,
  ObjectIsDeletedButRecoverable: FAULTS.disabled,
  ObjectIsBeingDeleted: FAULTS.disabled,
  AccessDenied: FAULTS.denied,
  ForbiddenByPolicy: FAULTS.denied,
  ForbiddenByRbac: FAULTS.denied,
  ForbiddenByFirewall: FAULTS.denied,
  ForbiddenByConnection: FAULTS.denied,
  KeyNotFound: FAULTS.notFound,
  KeyOperationForbidden: FAULTS.purpose,
  Throttled: FAULTS.busy,
  TooManyRequests: FAULTS.busy
}

/**
 * Signs with EC keys in Azure Key Vault or Managed HSM: P-256 (`ES256`) and P-384 (`ES384`). There is no Ed25519. Each
 * version is read once at opening: it has to be enabled, within its time, allowed to `sign` and, where the caller gives
 * it, with the pinned public key.
 *
 * Of a message the digest is sent.
 *
 * Does NOT create keys or versions. Signatures are verified with the pinned key when badges are issued (`createIssuer`);
 * whoever uses a signer directly has to do that.
 *
 * Source: Key Vault REST API 7.4, Get Key and Sign; RFC 7518 section 3.4 for the form of signatures.
 *
 * @throws {OptionError} OPTION_INVALID
 * @throws {KeyError} KEY_NOT_FOUND, KEY_DISABLED, KEY_PURPOSE, KEY_UNSUPPORTED, KEY_ACCESS_DENIED, KEY_STORE_ANSWER,
 *   KEY_STORE_IO (with `retryable`), KEY_INVALID
 *
 * @example
 * ```ts
 * import { openAzureKeyVaultKeyStore } from 'komma/keys/azure-key-vault'
 *
 * const keys = await openAzureKeyVaultKeyStore({
 *   keys: [{ url: 'https://academy.vault.azure.net/keys/badges/0123456789abcdef0123456789abcdef' }],
 *   accessToken: () => process.env['AZURE_ACCESS_TOKEN'] ?? ''
 * })
 * console.log((await keys.signer()).algorithm) // => P-256
 * ```
 */
export async function openAzureKeyVaultKeyStore(options: AzureKeyVaultOptions): Promise<KeyStore> {
  const settings = settleServiceOptions(options, ['keys', 'accessToken'])
  const { keys, accessToken } = options
  checkFunction('accessToken', accessToken)
  const protocol: ServiceProtocol = {
    async authorize({ scope = '' }, _body, renew) {
      return { Authorization: `Bearer ${checkToken(await accessToken({ scope, renew }))}` }
    },
    judge
  }
  const driver: KeyServiceDriver<AzureKeyVaultKey> = {
    capabilities: CAPABILITIES,
    members: ['url'],
    check: scopeOf,
    nameOf: ({ url }) => url,
    find: (key, call) => findKey(key, settings.clock(), call),
    sign: signWith
  }
  return openServiceStore(driver, new KeyService(settings, protocol), keys)
}

function scopeOf({ url }: AzureKeyVaultKey, path: string): string {
  const [, domain] = URL_FORM.exec(typeof url === 'string' ? url : '') ?? []
  if (domain !== undefined) return `https://${domain}/.default`
  throw optionError(
    `${path}/url`,
    'the key is not named by its identifier with the version',
    'https://VAULT.vault.azure.net/keys/NAME/VERSION, the version as 32 hexadecimal digits'
  )
}

function requestFor(
  key: AzureKeyVaultKey,
  more: { readonly path: string } & Omit<ServiceRequest, 'url'>
): ServiceRequest {
  const { path, ...rest } = more
  return { ...rest, url: `${key.url}${path}?api-version=${API_VERSION}`, scope: scopeOf(key, 'url') }
}

async function findKey(key: AzureKeyVaultKey, now: Date, call: ServiceCall): Promise<FoundKey> {
  const answer = await call(requestFor(key, { method: 'GET', path: '' }))
  const jwk = objectIn(answer, 'key')
  expectSame('key version', jwk['kid'], key.url)
  const kty = textIn(jwk, 'kty')
  if (!/^EC(?:-HSM)?$/.test(kty)) throw unsupported(kty)
  if (!['P-256', 'P-384'].includes(textIn(jwk, 'crv'))) throw unsupported(textIn(jwk, 'crv'))
  if (!textsIn(jwk['key_ops']).includes('sign')) {
    throw new ServiceFailure({
      ...FAULTS.purpose,
      expected: 'key_ops with sign',
      got: textsIn(jwk['key_ops']).join(' ')
    })
  }
  const attributes = objectIn(answer, 'attributes')
  checkTime(attributes, now.getTime() / 1000)
  return { material: materialOf(jwk), created: createdAt(1000 * Number(attributes['created'])) }
}

function materialOf({ crv = '', x = '', y = '' }: JsonObject): FoundKey['material'] {
  const material = materialFromJwk({ kty: 'EC', crv, x, y }, '/key')
  if (material.algorithm === 'RSA') throw unsupported(material.algorithm)
  return material
}

function checkTime({ enabled, nbf, exp }: JsonObject, now: number): void {
  if (enabled !== true) throw new ServiceFailure({ ...FAULTS.disabled, got: 'enabled: false' })
  if (typeof nbf === 'number' && now < nbf) throw new ServiceFailure({ ...FAULTS.disabled, got: `nbf: ${nbf}` })
  if (typeof exp === 'number' && now >= exp) throw new ServiceFailure({ ...FAULTS.disabled, got: `exp: ${exp}` })
}

function unsupported(got: string): ServiceFailure {
  return new ServiceFailure({
    code: 'KEY_UNSUPPORTED',
    message: 'the key is of a kind that cannot sign as issuers do here',
    expected: 'EC or EC-HSM on P-256 or P-384',
    got: got.slice(0, 60),
    hint: NO_ED25519
  })
}

async function signWith(
  key: AzureKeyVaultKey,
  algorithm: SigningKeyAlgorithm,
  data: Uint8Array,
  call: ServiceCall
): Promise<Uint8Array> {
  if (algorithm === 'Ed25519') throw unsupported(algorithm)
  const body = { alg: NAMES[algorithm], value: encodeBase64url(digest(HASHES[algorithm], data)) }
  const headers = { 'Content-Type': 'application/json' }
  const answer = await call(requestFor(key, { method: 'POST', path: '/sign', headers, body }))
  expectSame('key version', answer['kid'], key.url)
  const signature = bytesIn(answer, 'value', decodeBase64url)
  if (signature.length === LENGTHS[algorithm]) return signature
  throw badAnswer('the signature is not r and s side by side', {
    expected: `${LENGTHS[algorithm]} bytes`,
    got: `${signature.length} bytes`
  })
}

function judge({ status, body }: ServiceRefusal): ServiceFault {
  const codes = codesOf(body['error'])
  const known = codes.map((code) => (Object.hasOwn(FAULT_OF_CODE, code) ? FAULT_OF_CODE[code] : undefined))
  return {
    ...(known.find((fault) => fault !== undefined) ?? faultOfStatus(status)),
    got: codes[0] ?? `status ${status}`
  }
}

// The inner code says more than the outer one.
function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const { code, innererror } = error as JsonObject
  return [...codesOf(innererror), ...(typeof code === 'string' && CODE.test(code) ? [code] : [])]
}
