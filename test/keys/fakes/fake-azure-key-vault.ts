import type { JsonObject } from '../../../src/encoding/json-types.js'
import { type FakeKey, sideBySide } from './fake-key.js'
import type { WireAnswer, WireRequest } from './fake-service.js'

export interface AzureKeyRecord {
  /** `https://VAULT.vault.azure.net/keys/NAME/VERSION` */
  readonly url: string
  readonly key: FakeKey
  readonly operations?: readonly string[]
  readonly attributes?: JsonObject
  /** In place of `EC`, and its curve. */
  readonly kty?: string
  readonly crv?: string
}

const FORMS = { 'P-256': ['ES256', 32], 'P-384': ['ES384', 48] } as const

/** Key Vault: a key version and `sign`, with `api-version` and a token for the vault. */
export function answerAsAzureKeyVault(keys: readonly AzureKeyRecord[], token: () => string) {
  return ({ method, url, headers, json }: WireRequest): WireAnswer => {
    if (url.searchParams.get('api-version') !== '7.4')
      return azureError(400, 'BadParameter', 'api-version is not known')
    if (headers.get('authorization') !== `Bearer ${token()}`) {
      const message = `AKV10000: Request is missing a Bearer or PoP token: ${headers.get('authorization')}`
      return {
        ...azureError(401, 'Unauthorized', message),
        headers: { 'www-authenticate': 'Bearer resource="https://vault.azure.net"' }
      }
    }
    const record = keys.find((each) => `${url.origin}${url.pathname.replace(/\/sign$/, '')}` === each.url)
    if (record === undefined)
      return azureError(404, 'KeyNotFound', 'A key with (name/id) was not found in this key vault.')
    if (method === 'GET') return { status: 200, json: describe(record) }
    if (method !== 'POST' || !url.pathname.endsWith('/sign')) return azureError(405, 'MethodNotAllowed', '')
    return sign(record, json)
  }
}

/** An error as Key Vault writes it. */
export function azureError(status: number, code: string, message: string, inner?: string): WireAnswer {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } }
  return { status, json: { error: { code, message, ...innererror } } }
}

function describe({
  url,
  key,
  operations = ['sign', 'verify'],
  attributes = {},
  kty = 'EC-HSM',
  crv
}: AzureKeyRecord): JsonObject {
  const { x, y = '' } = key.jwk
  return {
    key: { kid: url, kty, key_ops: [...operations], crv: crv ?? key.algorithm, x, y },
    attributes: {
      enabled: true,
      created: 1_767_225_600,
      updated: 1_767_225_600,
      recoveryLevel: 'Recoverable+Purgeable',
      exportable: false,
      ...attributes
    },
    tags: {}
  }
}

function sign(
  { url, key, operations = ['sign'], attributes = {} }: AzureKeyRecord,
  { alg, value }: JsonObject
): WireAnswer {
  if (!operations.includes('sign')) {
    return azureError(403, 'Forbidden', 'Operation sign is not permitted on this key.', 'KeyOperationForbidden')
  }
  if (attributes['enabled'] === false) {
    return azureError(403, 'Forbidden', 'Operation sign is not allowed on a disabled key.', 'KeyDisabled')
  }
  const [name, size] = key.algorithm === 'Ed25519' ? ['', 0] : FORMS[key.algorithm]
  const digest = Buffer.from(String(value), 'base64url')
  if (alg !== name || digest.length !== size)
    return azureError(400, 'BadParameter', 'Key and signing algorithm are incompatible')
  return { status: 200, json: { kid: url, value: sideBySide(key.signDigest(digest), size).toString('base64url') } }
}
