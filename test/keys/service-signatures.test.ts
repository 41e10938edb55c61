import { p256, p384 } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { ecdsaSignatureFromDer } from '../../src/crypto/ecdsa-der.js'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import type { KommaError } from '../../src/encoding/errors.js'
import { encodeHex } from '../../src/encoding/multibase.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { describeShared, readSharedJson } from '../support/shared.js'
import { createFakeKey, createForeignKey, sha } from './fakes/fake-key.js'
import { VENDORS } from './fakes/vendors.js'

const CURVES = [
  ['P-256', p256, 'ecdsa_secp256r1_sha256_test'],
  ['P-384', p384, 'ecdsa_secp384r1_sha384_test']
] as const
const data = new TextEncoder().encode('to be signed')

interface DerGroup {
  readonly publicKeyDer: string
  readonly tests: readonly { tcId: number; comment: string; msg: string; sig: string; result: 'valid' | 'invalid' }[]
}

/** The codes with which a signature is stopped: it is not DER, or not by the pinned key. */
const STOPPED = ['KEY_STORE_ANSWER', 'SIGNATURE_OWN_CHECK_FAILED']

describeShared.each(VENDORS.filter(({ der }) => der).map((vendor) => [vendor.name, vendor] as const))(
  '229: a signature of Wycheproof, given by %s',
  (_, vendor) => {
    it.each(CURVES)('229: on %s is released exactly where it is valid and in DER', async (algorithm, _curve, file) => {
      const verdicts = { valid: 0, invalid: 0 }
      const groups = readSharedJson(`vectors/wycheproof/${file}.json`).testGroups as DerGroup[]
      // Groups of one or two are about arithmetic, which is the same behind every adapter.
      const chosen = vendor === VENDORS[0] ? groups : groups.filter(({ tests }) => tests.length > 10)
      for (const group of chosen) {
        const keyCache = createKeyCache()
        const key = createForeignKey(algorithm, Buffer.from(group.publicKeyDer, 'hex'))
        const fake = vendor.start({ algorithms: [algorithm], keys: [key] })
        const signer = await (await fake.open()).signer()
        for (const { tcId, comment, msg, sig, result } of group.tests) {
          fake.service.script(fake.signature(Buffer.from(sig, 'hex')))
          const outcome = await signChecked(signer, Buffer.from(msg, 'hex'), { keyCache }).catch(
            (error: unknown) => error
          )
          fake.service.calm()
          const place = `${tcId}: ${comment}`
          if (result === 'valid') expect(outcome, place).toHaveLength(algorithm === 'P-256' ? 64 : 96)
          else expect((outcome as KommaError).code, place).toBeOneOf(STOPPED)
          verdicts[result] += 1
        }
      }
      expect(verdicts.valid).toBeGreaterThan(vendor === VENDORS[0] ? 150 : 10)
      expect(verdicts.invalid).toBeGreaterThan(100)
    })
  }
)

describe.each(CURVES)('a signature on %s in DER', (curve, noble) => {
  const size = curve === 'P-256' ? 32 : 48
  const key = createFakeKey(curve)
  const integer = (bytes: readonly number[]) => [2, bytes.length, ...bytes]
  const sequence = (...parts: readonly (readonly number[])[]) => {
    const body = parts.flat()
    return Uint8Array.of(0x30, ...(body.length < 128 ? [] : [0x81]), body.length, ...body)
  }
  const one = integer([1])
  const short = Uint8Array.of(...new Uint8Array(size - 1), 1, ...new Uint8Array(size - 1), 1)

  it('becomes r and s side by side, short ones with zeros in front', () => {
    for (let round = 0; round < 50; round += 1) {
      const der = key.signDigest(sha(curve, Buffer.from([round])))
      const expected = noble.Signature.fromBytes(der, 'der').toBytes('compact')
      expect(encodeHex(ecdsaSignatureFromDer(curve, der))).toBe(encodeHex(expected))
    }
    expect(ecdsaSignatureFromDer(curve, sequence(one, one))).toEqual(short)
  })

  it.each([
    ['a byte after it', Uint8Array.of(...sequence(one, one), 0)],
    ['a byte after s, inside', sequence(one, one, [0])],
    ['a third number', sequence(one, one, one)],
    ['one number', sequence(one)],
    ['a leading zero in r', sequence(integer([0, 1]), one)],
    ['a leading zero in s', sequence(one, integer([0, 1]))],
    ['a negative r', sequence(integer([0x81]), one)],
    ['a negative s', sequence(one, integer([0xff]))],
    ['an r of zero', sequence(integer([0]), one)],
    ['an s of zero', sequence(one, integer([0]))],
    ['an empty r', sequence([2, 0], one)],
    ['an r beyond the order', sequence(integer([0, ...new Array(size).fill(255)]), one)],
    ['an r of too many bytes', sequence(integer([1, ...new Array(size).fill(0)]), one)],
    ['a length in a longer form', Uint8Array.of(0x30, 0x81, 6, ...one, ...one)],
    ['an indefinite length', Uint8Array.of(0x30, 0x80, ...one, ...one, 0, 0)],
    ['a number in a longer form', Uint8Array.of(0x30, 7, 2, 0x81, 1, 1, ...one)],
    ['another tag', Uint8Array.of(0x31, 6, ...one, ...one)],
    ['a bit string for r', Uint8Array.of(0x30, 6, 3, 1, 1, ...one)],
    ['its end missing', sequence(one, one).subarray(0, 7)],
    ['nothing', new Uint8Array()],
    ['r and s side by side', short]
  ])('229: is refused with %s', async (_name, der) => {
    expect(() => ecdsaSignatureFromDer(curve, der)).toThrow(expect.objectContaining({ code: 'ENCODING_INVALID' }))
    for (const vendor of VENDORS.filter((each) => each.der)) {
      const fake = vendor.start({ algorithms: [curve] })
      const signer = await (await fake.open()).signer()
      fake.service.script(fake.signature(der))
      await expect(signer.sign(data), vendor.name).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER', retryable: false })
    }
  })
})

describe('a signature from a service that gives r and s side by side', () => {
  it.each(['P-256', 'P-384'] as const)('229: is refused in DER and in any other length, on %s', async (algorithm) => {
    for (const vendor of VENDORS.filter(({ der }) => !der)) {
      const fake = vendor.start({ algorithms: [algorithm] })
      const signer = await (await fake.open()).signer()
      const der = fake.keys[0]?.signDigest(sha(algorithm, data)) ?? new Uint8Array()
      const length = algorithm === 'P-256' ? 64 : 96
      for (const bytes of [der, new Uint8Array(length - 1), new Uint8Array(length + 1), new Uint8Array()]) {
        fake.service.script(fake.signature(bytes))
        await expect(signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_ANSWER' })
      }
      fake.service.script(fake.signature(new Uint8Array(length)))
      await expect(signChecked(signer, data)).rejects.toMatchObject({ code: 'SIGNATURE_OWN_CHECK_FAILED' })
    }
  })

  it('229: Ed25519 of another length is refused, whoever gives it', async () => {
    for (const vendor of VENDORS.filter(({ algorithms }) => algorithms.includes('Ed25519'))) {
      const fake = vendor.start({ algorithms: ['Ed25519'] })
      const signer = await (await fake.open()).signer()
      for (const length of [0, 63, 65, 96]) {
        fake.service.script(fake.signature(new Uint8Array(length)))
        const error = await signChecked(signer, data).catch((thrown: unknown) => thrown)
        expect((error as KommaError).code, `${vendor.name}, ${length} bytes`).toBeOneOf(STOPPED)
      }
    }
  })
})
