import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import type { FakeKey } from './fake-key.js'
import type { WireAnswer, WireRequest } from './fake-service.js'

export interface AwsKeyRecord {
  readonly arn: string
  readonly key: FakeKey
  readonly state?: string
  readonly usage?: string
  readonly created?: number
}

export interface AwsAccount {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
  readonly now: () => Date
}

const SPECS = { Ed25519: 'ECC_NIST_EDWARDS25519', 'P-256': 'ECC_NIST_P256', 'P-384': 'ECC_NIST_P384' } as const
const SIGNING = {
  Ed25519: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
  'P-256': ['ECDSA_SHA_256'],
  'P-384': ['ECDSA_SHA_384']
} as const
const DIGEST_BYTES = { 'P-256': 32, 'P-384': 48 } as const
const FIFTEEN_MINUTES = 900_000

/** KMS in the JSON 1.1 protocol: `Sign`, `GetPublicKey` and `DescribeKey`, with Signature Version 4 checked. */
export function answerAsAwsKms(keys: readonly AwsKeyRecord[], account: AwsAccount) {
  return (request: WireRequest): WireAnswer => {
    const denied = checkSignature(request, account)
    if (denied !== undefined) return denied
    const type = request.headers.get('content-type')
    if (request.method !== 'POST' || request.url.pathname !== '/' || type !== 'application/x-amz-json-1.1') {
      return awsError('UnknownOperationException', 'not a request of the JSON protocol')
    }
    const { KeyId } = request.json
    const record = keys.find(({ arn }) => arn === KeyId)
    if (record === undefined) return awsError('NotFoundException', `Key '${KeyId}' does not exist`)
    switch (request.headers.get('x-amz-target')) {
      case 'TrentService.DescribeKey':
        return { status: 200, json: { KeyMetadata: metadataOf(record) } }
      case 'TrentService.GetPublicKey':
        return usable(record) ?? { status: 200, json: publicKeyOf(record) }
      case 'TrentService.Sign':
        return usable(record) ?? sign(record, request.json)
      default:
        return awsError('UnknownOperationException', 'there is no such operation')
    }
  }
}

/** An error as KMS writes it. */
export function awsError(
  type: string,
  message: string,
  status = type.startsWith('KMSInternal') ? 500 : 400
): WireAnswer {
  return { status, json: { __type: type, message } }
}

function metadataOf({ arn, key, state = 'Enabled', usage = 'SIGN_VERIFY', created = 1_767_225_600.123 }: AwsKeyRecord) {
  return {
    AWSAccountId: arn.split(':')[4] ?? '',
    Arn: arn,
    KeyId: arn.split('/')[1] ?? '',
    CreationDate: created,
    CustomerMasterKeySpec: SPECS[key.algorithm],
    Description: '',
    Enabled: state === 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: SPECS[key.algorithm],
    KeyState: state,
    KeyUsage: usage,
    MultiRegion: false,
    Origin: 'AWS_KMS',
    SigningAlgorithms: [...SIGNING[key.algorithm]]
  }
}

function publicKeyOf({ arn, key, usage = 'SIGN_VERIFY' }: AwsKeyRecord): JsonObject {
  return {
    CustomerMasterKeySpec: SPECS[key.algorithm],
    KeyId: arn,
    KeySpec: SPECS[key.algorithm],
    KeyUsage: usage,
    PublicKey: key.spki.toString('base64'),
    SigningAlgorithms: [...SIGNING[key.algorithm]]
  }
}

function usable({ arn, state = 'Enabled' }: AwsKeyRecord): WireAnswer | undefined {
  if (state === 'Enabled') return undefined
  if (state === 'Disabled') return awsError('DisabledException', `${arn} is disabled.`)
  return awsError('KMSInvalidStateException', `${arn} is pending deletion.`)
}

function sign({ arn, key, usage = 'SIGN_VERIFY' }: AwsKeyRecord, body: JsonObject): WireAnswer {
  const { Message, MessageType = 'RAW', SigningAlgorithm } = body
  if (usage !== 'SIGN_VERIFY') return awsError('InvalidKeyUsageException', `${arn} key usage is ${usage}`)
  if (!SIGNING[key.algorithm].some((each) => each === SigningAlgorithm)) {
    return awsError('InvalidKeyUsageException', `Algorithm ${SigningAlgorithm} is incompatible with the key`)
  }
  const message = Buffer.from(String(Message), 'base64')
  if (message.length < 1 || message.length > 4096) {
    return awsError('ValidationException', 'Member must have length less than or equal to 4096')
  }
  const done = (signature: Buffer): WireAnswer => ({
    status: 200,
    json: { KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm: SigningAlgorithm ?? '' }
  })
  if (key.algorithm === 'Ed25519') {
    return MessageType === 'RAW' && SigningAlgorithm === 'ED25519_SHA_512'
      ? done(key.sign(message))
      : awsError('ValidationException', 'ED25519_SHA_512 requires MessageType RAW')
  }
  if (MessageType === 'RAW') return done(key.sign(message))
  if (message.length !== DIGEST_BYTES[key.algorithm]) {
    return awsError('ValidationException', 'Digest is invalid length for algorithm')
  }
  return done(key.signDigest(message))
}

/** Signature Version 4, written down once more from its specification. */
function checkSignature({ method, url, headers, text }: WireRequest, account: AwsAccount): WireAnswer | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/
  const [, id, day = '', region = '', names = '', signature = ''] = form.exec(headers.get('authorization') ?? '') ?? []
  if (id === undefined) return awsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  if (id !== account.accessKeyId) return awsError('UnrecognizedClientException', 'The security token is invalid.')
  if ((headers.get('x-amz-security-token') ?? undefined) !== account.sessionToken) {
    return awsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  const date = headers.get('x-amz-date') ?? ''
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const signed = names.split(';')
  const missing = ['host', 'x-amz-date', 'x-amz-target'].some((name) => !signed.includes(name))
  if (missing || !date.startsWith(day) || region !== account.region || signed.join() !== [...signed].sort().join()) {
    return awsError('IncompleteSignatureException', 'the request is not signed as a whole')
  }
  if (!(Math.abs(at - account.now().getTime()) <= FIFTEEN_MINUTES)) {
    return awsError('InvalidSignatureException', `Signature expired: ${date} is now earlier than allowed`)
  }
  const lines = signed.map((name) => `${name}:${(name === 'host' ? url.host : (headers.get(name) ?? '')).trim()}\n`)
  const canonical = [method, url.pathname, '', lines.join(''), names, sha256(text)].join('\n')
  const scope = `${day}/${region}/kms/aws4_request`
  const key = [day, region, 'kms', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${account.secretAccessKey}`))
  const wanted = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'))
  if (timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) return undefined
  // The service quotes what should have been signed, tokens included.
  return awsError('InvalidSignatureException', `The Canonical String for this request should have been '${canonical}'`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
