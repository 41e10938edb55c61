import { p256, p384 } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { sha256, sha384 } from '../../src/crypto/digest.js'
import { compressPoint, EC_PARAMETERS, type EcCurve } from '../../src/crypto/ec-point.js'
import { bytesFromInteger, integerFromBytes } from '../../src/crypto/integers.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { encodeHex } from '../../src/encoding/multibase.js'
import { BACKENDS } from '../support/backends.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const utf8 = new TextEncoder()
const message = utf8.encode('to be signed')
const CURVES = [
  { name: 'P-256', curve: p256, algorithm: 'ES256', other: 'ES384', secret: sha256(utf8.encode('komma-test-p256')) },
  { name: 'P-384', curve: p384, algorithm: 'ES384', other: 'ES256', secret: sha384(utf8.encode('komma-test-p384')) }
] as const

function halves(signature: Uint8Array, change: (r: bigint, s: bigint) => readonly [bigint, bigint]): Uint8Array {
  const size = signature.length / 2
  const [r, s] = change(integerFromBytes(signature.subarray(0, size)), integerFromBytes(signature.subarray(size)))
  return Uint8Array.of(...bytesFromInteger(r, size), ...bytesFromInteger(s, size))
}

describe.each(BACKENDS)('ECDSA on %s', (_name, options) => {
  describe.each(CURVES)('with $name', ({ name, curve, algorithm, other, secret }) => {
    const { order, size } = EC_PARAMETERS[name]
    const bytes = curve.getPublicKey(secret)
    const signature = curve.sign(message, secret, { lowS: false })

    it('accepts a signature of the key over the message, and of nothing else', async () => {
      const key = await importPublicKey({ algorithm: name, bytes }, options)
      expect(await key.verify(algorithm, signature, message)).toBe(true)
      expect(await key.verify(algorithm, signature, utf8.encode('another message'))).toBe(false)
      const stranger = await importPublicKey({ algorithm: name, bytes: curve.getPublicKey(secret.map((b) => b ^ 1)) })
      expect(await stranger.verify(algorithm, signature, message)).toBe(false)
      for (let index = 0; index < signature.length; index += 1) {
        const changed = signature.map((byte, at) => (at === index ? byte ^ 1 : byte))
        expect(await key.verify(algorithm, changed, message), `byte ${index}`).toBe(false)
      }
    })

    it('94: refuses r or s of zero, of the order and beyond it, and accepts the twin of a signature', async () => {
      const key = await importPublicKey({ algorithm: name, bytes }, options)
      const bad = [
        new Uint8Array(2 * size),
        new Uint8Array(2 * size).fill(255),
        halves(signature, (_, s) => [0n, s]),
        halves(signature, (r) => [r, 0n]),
        halves(signature, (_, s) => [order, s]),
        halves(signature, (r) => [r, order]),
        halves(signature, (r, s) => [s, r])
      ]
      for (const each of bad) expect(await key.verify(algorithm, each, message), encodeHex(each)).toBe(false)
      const twin = halves(signature, (r, s) => [r, order - s])
      expect(await key.verify(algorithm, twin, message)).toBe(true)
    })

    it('95: refuses DER, other lengths, and what is not bytes', async () => {
      const key = await importPublicKey({ algorithm: name, bytes }, options)
      const bad: readonly unknown[] = [
        curve.Signature.fromBytes(signature).toBytes('der'),
        signature.subarray(1),
        signature.subarray(0, size),
        new Uint8Array(),
        Uint8Array.of(...signature, 0),
        Uint8Array.of(0, ...signature),
        [...signature],
        encodeHex(signature),
        undefined
      ]
      for (const each of bad) expect(await key.verify(algorithm, each as Uint8Array, message)).toBe(false)
      expect(await key.verify(algorithm, signature, 'to be signed' as never)).toBe(false)
    })

    it('refuses a signature under the name of another algorithm', async () => {
      const key = await importPublicKey({ algorithm: name, bytes }, options)
      for (const each of [other, 'EdDSA', 'RS256', 'none', 'ES512', 'constructor', '__proto__', undefined]) {
        expect(await key.verify(each as never, signature, message), String(each)).toBe(false)
      }
    })

    it('97: takes in no point that is not compressed, at infinity, off the curve, or of another curve', async () => {
      const x = integerFromBytes(bytes.subarray(1))
      const offTheCurve = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]
        .map((step) => Uint8Array.of(2, ...bytesFromInteger(x + step, size)))
        .find((each) => !curve.utils.isValidPublicKey(each))
      const bad: readonly unknown[] = [
        curve.Point.fromBytes(bytes).toBytes(false),
        Uint8Array.of(5, ...bytes.subarray(1)),
        Uint8Array.of(0),
        new Uint8Array(size + 1),
        offTheCurve,
        Uint8Array.of(2, ...bytesFromInteger(EC_PARAMETERS[name].prime, size)),
        Uint8Array.of(2, ...new Uint8Array(size).fill(255)),
        (name === 'P-256' ? p384 : p256).getPublicKey(sha384(message).subarray(0, name === 'P-256' ? 48 : 32)),
        'key',
        undefined
      ]
      for (const each of bad) {
        const importing = importPublicKey({ algorithm: name, bytes: each as Uint8Array }, options)
        await expect(importing, String(each)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
      }
    })

    it('keeps its own copy of the key, the signature and the message', async () => {
      const given = bytes.slice()
      const key = await importPublicKey({ algorithm: name, bytes: given }, options)
      given.fill(0)
      const { material } = key
      if (material.algorithm !== 'RSA') material.bytes.fill(0)
      const [mine, text] = [signature.slice(), message.slice()]
      const verifying = key.verify(algorithm, mine, text)
      mine.fill(0)
      text.fill(0)
      expect(await verifying).toBe(true)
      expect(key.material).toEqual({ algorithm: name, bytes })
    })
  })
})

describe('the curves', () => {
  it.each(CURVES)('have the parameters of another library: $name', ({ name, curve }) => {
    const { p, a, b, n, h } = curve.Point.CURVE()
    const { prime, order, size } = EC_PARAMETERS[name]
    expect([prime, prime - 3n, EC_PARAMETERS[name].b, order, 1n]).toEqual([p, a, b, n, h])
    expect(size).toBe(curve.Point.Fp.BYTES)
  })
})

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

interface EcdsaGroup {
  readonly publicKey: { readonly uncompressed: string }
  readonly tests: readonly EcdsaTest[]
}

interface EcdsaTest {
  readonly tcId: number
  readonly msg: string
  readonly sig: string
  readonly result: 'valid' | 'invalid'
}

describeShared('ECDSA on the test vectors of Wycheproof', () => {
  const files = [
    ['P-256', 'ES256', 'ecdsa_secp256r1_sha256', 262, 484],
    ['P-384', 'ES384', 'ecdsa_secp384r1_sha384', 280, 504]
  ] as const
  const cases = BACKENDS.flatMap(([backend, options]) => files.map((file) => [backend, ...file, options] as const))

  async function verdicts(
    file: string,
    curve: EcCurve,
    check: (key: Awaited<ReturnType<typeof importPublicKey>>, test: EcdsaTest) => Promise<boolean>,
    options: (typeof BACKENDS)[number][1]
  ): Promise<{ wrong: number[]; count: number }> {
    const wrong: number[] = []
    let count = 0
    for (const group of readSharedJson(`vectors/wycheproof/${file}.json`).testGroups as EcdsaGroup[]) {
      const point = bytesOf(group.publicKey.uncompressed).subarray(1)
      const { size } = EC_PARAMETERS[curve]
      const bytes = compressPoint(curve, { x: point.subarray(0, size), y: point.subarray(size) })
      const key = await importPublicKey({ algorithm: curve, bytes }, options)
      for (const test of group.tests) {
        if (!(await check(key, test))) wrong.push(test.tcId)
        count += 1
      }
    }
    return { wrong, count }
  }

  it.each(cases)(
    '94, 96: %s agrees on every verdict for %s, high s included',
    async (_, curve, alg, file, count, __, options) => {
      const agrees = verdicts(
        `${file}_p1363_test`,
        curve,
        async (key, { sig, msg, result }) =>
          (await key.verify(alg, bytesOf(sig), bytesOf(msg))) === (result === 'valid'),
        options
      )
      expect(await agrees).toEqual({ wrong: [], count })
    }
  )

  it.each(cases)('94: %s refuses a valid signature for %s once the order is added to r or s', async (...row) => {
    const [, curve, alg, file, , , options] = row
    const { order, size } = EC_PARAMETERS[curve]
    const room = 256n ** BigInt(size) - order
    let grown = 0
    const agrees = verdicts(
      `${file}_p1363_test`,
      curve,
      async (key, { sig, msg, result }) => {
        if (result === 'invalid') return true
        const [signature, text] = [bytesOf(sig), bytesOf(msg)]
        const larger = [
          halves(signature, (r, s) => [r < room ? r + order : r, s]),
          halves(signature, (r, s) => [r, s < room ? s + order : s])
        ].filter((each) => encodeHex(each) !== sig)
        grown += larger.length
        for (const each of larger) if (await key.verify(alg, each, text)) return false
        return true
      },
      options
    )
    expect(await agrees).toMatchObject({ wrong: [] })
    expect(grown).toBeGreaterThan(5)
  })

  it.each(cases)('95: %s refuses every DER signature for %s, and accepts the valid ones as r and s', async (...row) => {
    const [, curve, alg, file, , count, options] = row
    const { Signature } = curve === 'P-256' ? p256 : p384
    const agrees = verdicts(
      `${file}_test`,
      curve,
      async (key, { sig, msg, result }) => {
        const [der, text] = [bytesOf(sig), bytesOf(msg)]
        if (await key.verify(alg, der, text)) return false
        return result === 'invalid' || key.verify(alg, Signature.fromBytes(der, 'der').toBytes('compact'), text)
      },
      options
    )
    expect(await agrees).toEqual({ wrong: [], count })
  })

  it('129: has a file for secp256k1, and not one of its keys is taken for one of P-256', async () => {
    const { testGroups } = readSharedJson('vectors/wycheproof/ecdsa_secp256k1_sha256_p1363_test.json')
    for (const { publicKey } of testGroups as EcdsaGroup[]) {
      const point = bytesOf(publicKey.uncompressed).subarray(1)
      const coordinates = { x: point.subarray(0, 32), y: point.subarray(32) }
      expect(() => compressPoint('P-256', coordinates)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
    }
    expect(testGroups.length).toBeGreaterThan(50)
  })
})
