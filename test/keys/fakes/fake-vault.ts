import type { JsonObject } from '../../../src/encoding/json-types.js'
import { type FakeKey, sha, sideBySide } from './fake-key.js'
import type { WireAnswer, WireRequest } from './fake-service.js'

export interface VaultKeyRecord {
  readonly name: string
  /** The versions that are there, by their number. */
  readonly versions: Readonly<Record<number, FakeKey>>
  readonly type?: string
  readonly derived?: boolean
  readonly minEncryptionVersion?: number
  readonly created?: Readonly<Record<number, string>>
}

const TYPES = { Ed25519: 'ed25519', 'P-256': 'ecdsa-p256', 'P-384': 'ecdsa-p384' } as const
const HASHES = { 'sha2-256': 'P-256', 'sha2-384': 'P-384' } as const

/** The transit engine: `GET keys/NAME` and `POST sign/NAME`, as the server of OpenBao answers. */
export function answerAsVault(keys: readonly VaultKeyRecord[], token: () => string, mount = 'transit') {
  return ({ method, url, headers, json }: WireRequest): WireAnswer => {
    if (headers.get('x-vault-token') !== token()) {
      return vaultError(
        403,
        `2 errors occurred:\n\t* permission denied\n\t* invalid token ${headers.get('x-vault-token')}\n\n`
      )
    }
    const [, operation, name] = new RegExp(`^/v1/${mount}/(keys|sign)/([^/]+)$`).exec(url.pathname) ?? []
    const record = keys.find((each) => each.name === name)
    if (method === 'GET' && operation === 'keys') {
      return record === undefined ? { status: 404, json: { errors: [] } } : wrapped(describe(record))
    }
    if (method !== 'POST' || operation !== 'sign') return vaultError(405, 'unsupported operation')
    return record === undefined ? vaultError(400, 'signing key not found') : sign(record, json)
  }
}

export function vaultError(status: number, ...errors: string[]): WireAnswer {
  return { status, json: { errors } }
}

function wrapped(data: JsonObject): WireAnswer {
  const around = { request_id: '8a1b', lease_id: '', renewable: false, lease_duration: 0 }
  return { status: 200, json: { ...around, data, wrap_info: null, warnings: null, auth: null } }
}

function latestOf({ versions }: VaultKeyRecord): number {
  return Math.max(...Object.keys(versions).map(Number))
}

function typeOf({ type, versions }: VaultKeyRecord): string {
  return type ?? TYPES[Object.values(versions)[0]?.algorithm ?? 'Ed25519']
}

function describe(record: VaultKeyRecord): JsonObject {
  const { name, versions, derived = false, minEncryptionVersion = 0, created = {} } = record
  const entries = Object.entries(versions).map(([version, key]) => {
    const public_key = key.algorithm === 'Ed25519' ? Buffer.from(key.publicKey).toString('base64') : key.pem
    const creation_time = created[Number(version)] ?? `2026-01-0${version}T00:00:00.123456789Z`
    return [version, { name: key.algorithm === 'Ed25519' ? 'ed25519' : key.algorithm, public_key, creation_time }]
  })
  const type = typeOf(record)
  return {
    name,
    type,
    derived,
    deletion_allowed: false,
    exportable: false,
    allow_plaintext_backup: false,
    imported_key: false,
    keys: Object.fromEntries(entries),
    latest_version: latestOf(record),
    min_available_version: 0,
    min_decryption_version: 1,
    min_encryption_version: minEncryptionVersion,
    supports_encryption: type.startsWith('aes'),
    supports_decryption: type.startsWith('aes'),
    supports_derivation: type === 'ed25519',
    supports_signing: /^(?:ed|ec|rsa)/.test(type)
  }
}

function sign(record: VaultKeyRecord, body: JsonObject): WireAnswer {
  const { versions, minEncryptionVersion = 0 } = record
  const { input, key_version, hash_algorithm = 'sha2-256', marshaling_algorithm = 'asn1', prehashed = false } = body
  const asked = Number(key_version ?? 0)
  const version = asked === 0 ? latestOf(record) : asked
  if (version > latestOf(record))
    return vaultError(400, 'requested version for signing is higher than the latest key version')
  if (version < minEncryptionVersion) {
    return vaultError(400, 'requested version for signing is less than the minimum encryption key version')
  }
  const key = versions[version]
  if (key === undefined) return vaultError(400, 'requested version for signing does not contain a private part')
  if (!/^(?:ed|ec|rsa)/.test(typeOf(record)))
    return vaultError(400, `key type ${typeOf(record)} does not support signing`)
  const data = Buffer.from(String(input ?? ''), 'base64')
  const done = (bytes: Buffer): WireAnswer => {
    const encoded = bytes.toString(marshaling_algorithm === 'jws' ? 'base64url' : 'base64')
    return wrapped({ signature: `vault:v${version}:${encoded}`, key_version: version })
  }
  if (key.algorithm === 'Ed25519') return done(key.sign(data))
  const hash = HASHES[hash_algorithm as keyof typeof HASHES]
  if (hash === undefined) return vaultError(400, `invalid hash algorithm "${hash_algorithm}"`)
  const der = key.signDigest(prehashed === true ? data : sha(hash, data))
  return done(marshaling_algorithm === 'jws' ? sideBySide(der, key.algorithm === 'P-256' ? 32 : 48) : der)
}
