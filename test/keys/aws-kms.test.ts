import { describe, expect, it } from 'vitest'
import { type AwsCredentials, type AwsKmsOptions, openAwsKmsKeyStore } from '../../src/keys/aws-kms.js'
import { loadAwsSigner } from '../../src/keys/aws-requests.js'
import { answerAsAwsKms, awsError } from './fakes/fake-aws-kms.js'
import { createFakeKey, sha } from './fakes/fake-key.js'
import { createFakeService } from './fakes/fake-service.js'
import { createFakeTime } from './fakes/fake-time.js'

const arn = 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const data = new TextEncoder().encode('to be signed')

function start(
  options: Partial<AwsKmsOptions> = {},
  record: object = {},
  algorithm: 'Ed25519' | 'P-256' | 'P-384' = 'P-256'
) {
  const time = createFakeTime()
  const named = options.keys?.[0]?.arn ?? arn
  const account = { ...credentials, region: named.split(':')[3] ?? '', now: time.options.clock }
  const key = createFakeKey(algorithm)
  const service = createFakeService(answerAsAwsKms([{ arn: named, key, ...record }], account), time)
  const open = () =>
    openAwsKmsKeyStore({
      ...time.options,
      keys: [{ arn }],
      credentials: () => credentials,
      fetch: service.fetch,
      ...options
    })
  return { open, service, time }
}

describe('a key in AWS KMS', () => {
  it.each([
    'alias/badges',
    'arn:aws:kms:eu-north-1:111122223333:alias/badges',
    '1234abcd-12ab-34cd-56ef-1234567890ab',
    arn.replace('kms', 's3'),
    arn.replace('111122223333', ''),
    `${arn}/`,
    arn.replace('eu-north-1', 'attacker.example/'),
    ''
  ])('228: has to be named by its ARN: not %s', async (given) => {
    const { open, service } = start({ keys: [{ arn: given }] })
    await expect(open()).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'keys/0/arn' })
    expect(service.seen).toHaveLength(0)
  })

  it.each([
    [arn, 'https://kms.eu-north-1.amazonaws.com/'],
    [arn.replace('aws', 'aws-cn').replace('eu-north-1', 'cn-north-1'), 'https://kms.cn-north-1.amazonaws.com.cn/'],
    [
      arn.replace('aws', 'aws-us-gov').replace('eu-north-1', 'us-gov-west-1'),
      'https://kms.us-gov-west-1.amazonaws.com/'
    ]
  ])('is found in its own region: %s', async (given, address) => {
    const { open, service } = start({ keys: [{ arn: given }] })
    await open()
    expect(service.seen.map(({ url }) => url.href)).toEqual([address, address])
  })

  it('is found at the endpoint that is given', async () => {
    const { open, service } = start({ endpoint: 'https://vpce-1a2b.kms.eu-north-1.vpce.amazonaws.com' })
    await (await (await open()).signer()).sign(data)
    expect(new Set(service.seen.map(({ url }) => url.host))).toEqual(
      new Set(['vpce-1a2b.kms.eu-north-1.vpce.amazonaws.com'])
    )
  })

  it.each([
    ['Ed25519', 'RAW', 'ED25519_SHA_512'],
    ['P-256', 'DIGEST', 'ECDSA_SHA_256'],
    ['P-384', 'DIGEST', 'ECDSA_SHA_384']
  ] as const)('231: of kind %s gets what it takes: %s', async (algorithm, type, name) => {
    const { open, service } = start({}, {}, algorithm)
    await (await (await open()).signer()).sign(data)
    expect(service.seen.map(({ headers }) => headers.get('x-amz-target'))).toEqual([
      'TrentService.DescribeKey',
      'TrentService.GetPublicKey',
      'TrentService.Sign'
    ])
    expect(service.seen[2]?.json).toEqual({
      KeyId: arn,
      Message: (type === 'RAW' ? Buffer.from(data) : sha(algorithm, data)).toString('base64'),
      MessageType: type,
      SigningAlgorithm: name
    })
  })

  it.each(['ENCRYPT_DECRYPT', 'KEY_AGREEMENT', 'GENERATE_VERIFY_MAC'])('237: for %s does not open', async (usage) => {
    await expect(start({}, { usage }).open()).rejects.toMatchObject({
      code: 'KEY_PURPOSE',
      expected: 'SIGN_VERIFY',
      got: usage
    })
  })

  it.each(['Disabled', 'PendingDeletion', 'PendingImport', 'Unavailable', 'Creating'])(
    '230: that is %s does not open',
    async (state) => {
      await expect(start({}, { state }).open()).rejects.toMatchObject({ code: 'KEY_DISABLED', got: state })
    }
  )

  it('230: answers in each of its words with a code of its own', async () => {
    const { open, service } = start({ retries: 0, breakAfter: 1000 })
    const signer = await (await open()).signer()
    const words: Readonly<Record<string, readonly [string, boolean]>> = {
      ThrottlingException: ['KEY_STORE_IO', true],
      LimitExceededException: ['KEY_STORE_IO', true],
      DependencyTimeoutException: ['KEY_STORE_IO', true],
      KMSInternalException: ['KEY_STORE_IO', true],
      KeyUnavailableException: ['KEY_STORE_IO', true],
      ServiceUnavailable: ['KEY_STORE_IO', true],
      ExpiredTokenException: ['KEY_ACCESS_DENIED', true],
      AccessDeniedException: ['KEY_ACCESS_DENIED', false],
      UnrecognizedClientException: ['KEY_ACCESS_DENIED', false],
      InvalidGrantTokenException: ['KEY_ACCESS_DENIED', false],
      DisabledException: ['KEY_DISABLED', false],
      KMSInvalidStateException: ['KEY_DISABLED', false],
      InvalidKeyUsageException: ['KEY_PURPOSE', false],
      NotFoundException: ['KEY_NOT_FOUND', false],
      ValidationException: ['KEY_STORE_IO', false],
      'com.amazonaws.kms#DisabledException': ['KEY_DISABLED', false],
      'DisabledException:http://internal.amazon.com/coral/': ['KEY_DISABLED', false],
      noSuchException: ['KEY_STORE_IO', false]
    }
    for (const [type, [code, retryable]] of [
      ...Object.entries(words),
      ['constructor', ['KEY_STORE_IO', false]] as const
    ]) {
      service.script({ answer: awsError(type, 'words', 400) })
      await expect(signer.sign(data), type).rejects.toMatchObject({ code, retryable })
    }
    service.script({ answer: { status: 400, json: {}, headers: { 'x-amzn-errortype': 'DisabledException:' } } })
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_DISABLED', got: 'DisabledException' })
    service.script({ answer: { status: 502, json: {} } })
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_IO', retryable: true, got: 'status 502' })
  })

  it('is refused with a wrong secret and with a clock that is wrong, and says where to look', async () => {
    const wrong = { ...credentials, secretAccessKey: 'another' }
    const hint = { code: 'KEY_ACCESS_DENIED', retryable: false, hint: expect.stringContaining('clock') }
    await expect(start({ credentials: () => wrong }).open()).rejects.toMatchObject(hint)
    const late = () => new Date('2026-11-21T09:15:01Z')
    await expect(start({ clock: late }).open()).rejects.toMatchObject(hint)
  })

  it('says which package is missing', async () => {
    const cause = new Error('cannot find it')
    await expect(loadAwsSigner(() => Promise.reject(cause))).rejects.toMatchObject({
      code: 'KEY_STORE_IO',
      retryable: false,
      hint: 'npm install aws4fetch',
      cause
    })
  })

  it('230: stays on its break when the application has no credentials, which says nothing of the service', async () => {
    let given: AwsCredentials | undefined = credentials
    const { open, service, time } = start({ retries: 0, credentials: () => given as AwsCredentials })
    const signer = await (await open()).signer()
    for (let failure = 0; failure < 5; failure += 1) {
      service.script({ answer: { status: 503, json: {} } })
      await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_IO' })
    }
    time.advance(10_000)
    given = undefined
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED' })
    given = credentials
    service.script({ answer: { status: 503, json: {} } })
    await expect(signer.sign(data)).rejects.toMatchObject({
      code: 'KEY_STORE_IO',
      message: expect.stringContaining('failed')
    })
    await expect(signer.sign(data)).rejects.toThrow('left alone')
  })

  it('230: says that the application has no credentials, with its own error for a cause', async () => {
    const cause = new Error('no identity here')
    const failing = start({ credentials: () => Promise.reject(cause) })
    await expect(failing.open()).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED', cause })
    const bad: readonly unknown[] = [
      {},
      { ...credentials, secretAccessKey: '' },
      { ...credentials, sessionToken: 'a\nb' }
    ]
    for (const given of bad) {
      const { open, service } = start({ credentials: () => given as AwsCredentials })
      await expect(open()).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED', retryable: false })
      expect(service.seen).toHaveLength(0)
    }
  })
})

describe('the options of a key service', () => {
  it.each([
    ['keys', { keys: 'all' }],
    ['keys', { keys: [null] }],
    ['keys/0/alias', { keys: [{ arn, alias: 'badges' }] }],
    ['keys/0/publicKey', { keys: [{ arn, publicKey: new Uint8Array(32) }] }],
    ['keys/0/created', { keys: [{ arn, created: '2026-01-01T01:00:00+01:00' }] }],
    ['keys/0/created', { keys: [{ arn, created: '2026-01-01T00:00:00.5Z' }] }],
    ['keys/0/expires', { keys: [{ arn, expires: 'tomorrow' }] }],
    ['keys/0', { keys: [{ arn, revoked: '2026-01-01T00:00:00Z' }] }],
    ['keys/0', { keys: [{ arn, retired: true, publicKey: 'z6Mk', created: '2026-01-01T00:00:00Z' }] }],
    ['keys/0', { keys: [{ arn, retired: true }, { arn }] }],
    ['keys/1', { keys: [{ arn }, { arn }] }],
    ['id', { keys: [{ arn, id: 'key 1' }] }],
    ['credentials', { credentials }],
    ['endpoint', { endpoint: 'http://kms.example' }],
    ['fetch', { fetch: 'fetch' }],
    ['retries', { retries: 4 }],
    ['requestTimeout', { requestTimeout: 0 }],
    ['totalTimeout', { totalTimeout: '10' }],
    ['breakAfter', { breakAfter: 0 }],
    ['breakFor', { breakFor: -1 }],
    ['region', { region: 'eu-north-1' }]
  ])('are checked before anything is sent: %s', async (path, options) => {
    const { open } = start(options as Partial<AwsKmsOptions>)
    await expect(open()).rejects.toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID', path })
  })

  it('are all told of at once', async () => {
    const { open } = start({ retries: -1, clock: 7 as never, tries: 3 } as never)
    await expect(open()).rejects.toMatchObject({ faults: [{ path: 'retries' }, { path: 'clock' }, { path: 'tries' }] })
    await expect(openAwsKmsKeyStore(undefined as never)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  it('have to name a pinned key that can be read', async () => {
    const { open, service } = start({ keys: [{ arn, publicKey: 'z6MkNoKey' }] })
    await expect(open()).rejects.toMatchObject({ code: 'KEY_INVALID', path: 'keys/0/publicKey' })
    expect(service.seen).toHaveLength(0)
  })
})
