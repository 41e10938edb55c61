import type { JsonObject } from '../../../src/encoding/json-types.js'
import type { FakeKey } from './fake-key.js'
import type { WireAnswer, WireRequest } from './fake-service.js'

export interface GoogleKeyRecord {
  readonly name: string
  readonly key: FakeKey
  readonly state?: string
  /** In place of that of the key. */
  readonly algorithm?: string
  readonly createTime?: string
}

const ALGORITHMS = {
  Ed25519: 'EC_SIGN_ED25519',
  'P-256': 'EC_SIGN_P256_SHA256',
  'P-384': 'EC_SIGN_P384_SHA384'
} as const
const DIGESTS = { 'P-256': ['sha256', 32], 'P-384': ['sha384', 48] } as const

/** Cloud KMS over REST: a version, its public key, and `:asymmetricSign`. */
export function answerAsGoogleKms(keys: readonly GoogleKeyRecord[], token: () => string) {
  return ({ method, url, headers, json }: WireRequest): WireAnswer => {
    if (headers.get('authorization') !== `Bearer ${token()}`) {
      return googleError(
        'UNAUTHENTICATED',
        `Request had invalid authentication credentials: ${headers.get('authorization')}`
      )
    }
    const [path = '', operation = ''] = decodeURIComponent(url.pathname)
      .replace('/v1/', '')
      .split(/(?=\/publicKey$)|(?=:asymmetricSign$)/)
    const record = keys.find(({ name }) => name === path)
    if (record === undefined) return googleError('NOT_FOUND', `CryptoKeyVersion ${path} not found.`)
    const { name, key, state = 'ENABLED', algorithm = ALGORITHMS[key.algorithm] } = record
    if (method === 'GET' && operation === '') {
      const { createTime = '2026-01-01T00:00:00.123456789Z' } = record
      return {
        status: 200,
        json: { name, state, createTime, generateTime: createTime, protectionLevel: 'HSM', algorithm }
      }
    }
    if (state !== 'ENABLED')
      return googleError('FAILED_PRECONDITION', `${name} is not enabled, current state is: ${state}.`)
    if (method === 'GET' && operation === '/publicKey') {
      const { pem } = key
      return {
        status: 200,
        json: { pem, algorithm, pemCrc32c: String(castagnoli(Buffer.from(pem))), name, protectionLevel: 'HSM' }
      }
    }
    if (method === 'POST' && operation === ':asymmetricSign') return sign(name, key, json)
    return googleError('NOT_FOUND', 'there is no such method')
  }
}

const CODES: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504
}

/** An error as the REST interfaces of Google write it. */
export function googleError(status: string, message: string): WireAnswer {
  const code = CODES[status] ?? 400
  return { status: code, json: { error: { code, message, status, details: [] } } }
}

function sign(name: string, key: FakeKey, { digest, digestCrc32c, data, dataCrc32c }: JsonObject): WireAnswer {
  const done = (signature: Buffer, confirmed: JsonObject): WireAnswer => ({
    status: 200,
    json: {
      signature: signature.toString('base64'),
      signatureCrc32c: String(castagnoli(signature)),
      ...confirmed,
      name,
      protectionLevel: 'HSM'
    }
  })
  if (key.algorithm === 'Ed25519') {
    if (typeof data !== 'string' || digest !== undefined) return googleError('INVALID_ARGUMENT', 'data is needed')
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length > 65_536) return googleError('INVALID_ARGUMENT', 'data is too long')
    if (String(castagnoli(bytes)) !== dataCrc32c)
      return googleError('INVALID_ARGUMENT', 'data_crc32c checksum mismatch')
    return done(key.sign(bytes), { verifiedDataCrc32c: true })
  }
  const [member, length] = DIGESTS[key.algorithm]
  const given = (digest as JsonObject | undefined)?.[member]
  const bytes = Buffer.from(typeof given === 'string' ? given : '', 'base64')
  if (bytes.length !== length || data !== undefined)
    return googleError('INVALID_ARGUMENT', `digest.${member} is needed`)
  if (String(castagnoli(bytes)) !== digestCrc32c)
    return googleError('INVALID_ARGUMENT', 'digest_crc32c checksum mismatch')
  return done(key.signDigest(bytes), { verifiedDigestCrc32c: true })
}

/** CRC-32C, bit by bit. */
export function castagnoli(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}
