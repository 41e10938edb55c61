import { describe, expect, it, test } from 'vitest'
import { openGoogleKmsKeyStore } from '../../src/keys/google-kms.js'
import { castagnoli, googleError } from './fakes/fake-google-kms.js'
import type { WireFault, WireRequest } from './fakes/fake-service.js'
import { VENDORS } from './fakes/vendors.js'

const vendor = VENDORS[1] as (typeof VENDORS)[number]
const data = new TextEncoder().encode('to be signed')
const name = 'projects/academy/locations/europe-north1/keyRings/badges/cryptoKeys/issuer/cryptoKeyVersions/1'

async function opened(algorithm: 'Ed25519' | 'P-256' | 'P-384') {
  const fake = vendor.start({ algorithms: [algorithm] })
  const signer = await (await fake.open()).signer()
  fake.service.seen.length = 0
  return { ...fake, signer }
}

const without = (...members: readonly string[]): WireFault => ({
  change: (json) => Object.fromEntries(Object.entries(json).filter(([member]) => !members.includes(member)))
})
const instead = (member: string, value: string | number | boolean): WireFault => ({
  change: (json) => ({ ...json, [member]: value })
})

describe.each(['Ed25519', 'P-256', 'P-384'] as const)('Google Cloud KMS with a key of kind %s', (algorithm) => {
  const confirmed = algorithm === 'Ed25519' ? 'verifiedDataCrc32c' : 'verifiedDigestCrc32c'
  const bad: readonly (readonly [string, WireFault])[] = [
    ['a signature with another checksum', instead('signatureCrc32c', String(castagnoli(data)))],
    ['a signature without a checksum', without('signatureCrc32c')],
    ['a checksum that is no number', instead('signatureCrc32c', 'NaN')],
    ['a checksum with a sign', instead('signatureCrc32c', '-1')],
    ['another signature under the checksum', instead('signature', 'AAAA')],
    ['the checksum of the request not confirmed', instead(confirmed, false)],
    ['no word on the checksum of the request', without(confirmed)],
    [
      'the wrong checksum confirmed',
      {
        change: ({ [confirmed]: _, ...json }) => ({ ...json, verifiedFooCrc32c: true })
      }
    ],
    ['the name of another version', instead('name', name.replace(/1$/, '2'))],
    ['no name', without('name')],
    [
      'the refusal of what arrived',
      { answer: googleError('INVALID_ARGUMENT', 'the checksum in field digest_crc32c did not match') }
    ]
  ]

  it.each(bad)('232: discards an answer with %s, and asks again', async (_name, fault) => {
    const { service, signer, time } = await opened(algorithm)
    service.script(fault)
    await expect(signer.sign(data)).resolves.toBeInstanceOf(Uint8Array)
    expect(service.seen).toHaveLength(2)
    expect(time.pauses).toEqual([75])
  })

  it.each(bad)('232: gives up after three more tries with %s', async (_name, fault) => {
    const { service, signer } = await opened(algorithm)
    service.script(fault, fault, fault, fault)
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', retryable: true, path: name })
    expect(service.seen).toHaveLength(4)
  })

  it('232: sends the checksum of what is to be signed', async () => {
    const { service, signer } = await opened(algorithm)
    await signer.sign(data)
    const { json, url, headers } = service.seen[0] as WireRequest
    expect(url.href).toBe(`https://cloudkms.googleapis.com/v1/${name}:asymmetricSign`)
    expect(headers.get('authorization')).toMatch(/^Bearer /)
    const sent = algorithm === 'Ed25519' ? json['data'] : Object.values(json['digest'] ?? {})[0]
    const stated = algorithm === 'Ed25519' ? json['dataCrc32c'] : json['digestCrc32c']
    expect(stated).toBe(String(castagnoli(Buffer.from(sent as string, 'base64'))))
    expect(Object.keys(json)).toHaveLength(2)
  })
})

test('232: takes a checksum as a number too, and a public key with a wrong one as no public key', async () => {
  const fake = vendor.start({ algorithms: ['P-256'] })
  const number: WireFault = { change: (json) => ({ ...json, pemCrc32c: Number(json['pemCrc32c']) }) }
  fake.service.script(undefined, number)
  await fake.open()
  const wrong: WireFault = { change: (json) => ({ ...json, pemCrc32c: '7' }) }
  fake.service.script(...Array.from({ length: 4 }, () => [undefined, wrong]).flat())
  await expect(fake.open()).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', retryable: true })
  const tampered: WireFault = { change: (json) => ({ ...json, pem: `${json['pem']}\n` }) }
  fake.service.calm()
  fake.service.script(undefined, tampered)
  await fake.open()
})

describe('a version in Google Cloud KMS', () => {
  const open = (given: string, maxDataBytes?: number) =>
    openGoogleKmsKeyStore({
      keys: [{ name: given }],
      accessToken: () => 'token',
      fetch: () => Promise.reject(new TypeError('nothing may be sent')),
      retries: 0,
      ...(maxDataBytes === undefined ? {} : { maxDataBytes })
    })

  it.each([
    name.replace('/cryptoKeyVersions/1', ''),
    name.replace(/1$/, '0'),
    name.replace(/1$/, 'latest'),
    name.replace(/1$/, '01'),
    `${name}:asymmetricSign`,
    `/${name}`,
    name.replace('academy', '../..'),
    name.replace('academy', 'a?b'),
    ''
  ])('228: has to be named with its number: not %s', async (given) => {
    await expect(open(given)).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'keys/0/name' })
  })

  it('is asked for by its whole name', async () => {
    await expect(open(name)).rejects.toMatchObject({ code: 'KEY_STORE_IO', path: name })
  })

  it.each([0, 1.5, -1, 16_777_217, Number.NaN])(
    'has a limit for messages that is a number of bytes, not %s',
    async (most) => {
      await expect(open(name, most)).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'maxDataBytes' })
    }
  )

  it.each([
    ['RSA_SIGN_PSS_2048_SHA256', 'KEY_UNSUPPORTED'],
    ['EC_SIGN_SECP256K1_SHA256', 'KEY_UNSUPPORTED'],
    ['RSA_DECRYPT_OAEP_2048_SHA256', 'KEY_PURPOSE'],
    ['GOOGLE_SYMMETRIC_ENCRYPTION', 'KEY_PURPOSE'],
    ['HMAC_SHA256', 'KEY_PURPOSE'],
    ['EC_SIGN_P384_SHA384', 'KEY_STORE_ANSWER']
  ])('237: with the algorithm %s does not open: %s', async (algorithm, code) => {
    const fake = vendor.start({ algorithms: ['P-256'] })
    fake.service.script(instead('algorithm', algorithm))
    await expect(fake.open()).rejects.toMatchObject({ code })
  })

  it.each([null, undefined, '', 'two words', 'line\nbreak', 7, {}])(
    'is not asked with %j for a token',
    async (token) => {
      const fake = vendor.start({ algorithms: ['P-256'] })
      const opening = openGoogleKmsKeyStore({
        keys: [{ name }],
        accessToken: () => token as string,
        fetch: fake.service.fetch
      })
      await expect(opening).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED', retryable: false })
      expect(fake.service.seen).toHaveLength(0)
    }
  )
})
