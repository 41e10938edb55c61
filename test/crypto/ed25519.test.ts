import { inspect } from 'node:util'
import { ed25519, ed25519ctx, ed25519ph } from '@noble/curves/ed25519.js'
import { describe, expect, test, vi } from 'vitest'
import { sha256, sha512 } from '../../src/crypto/digest.js'
import {
  type Ed25519Backend,
  generateEd25519Seed,
  importEd25519PublicKey,
  importEd25519Seed
} from '../../src/crypto/ed25519.js'
import { materialFromMultikey, multikeyOf } from '../../src/crypto/multikey.js'
import { KommaError } from '../../src/encoding/errors.js'
import { decodeHex, encodeHex } from '../../src/encoding/multibase.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'

const backends: readonly Ed25519Backend[] = ['webcrypto', 'noble']
const text = new TextEncoder()
const seed = sha256(text.encode('komma-test-issuer'))

// The pair that the Open Badges 3.0 implementation guide prints.
const GUIDE_SEED = '6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4'
const GUIDE_KEY = '4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5'
const GUIDE_MULTIKEY = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi'

async function verdict(backend: Ed25519Backend, key: string, signature: string, message: Uint8Array): Promise<boolean> {
  try {
    const publicKey = await importEd25519PublicKey(decodeHex(key), { backend })
    return await publicKey.verify(decodeHex(signature), message)
  } catch (error) {
    if (error instanceof KommaError && error.code === 'KEY_INVALID') return false
    throw error
  }
}

function caught(action: () => unknown): Promise<unknown> {
  return Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (error: unknown) => error
    )
}

describe.each(backends)('Ed25519 on %s', (backend) => {
  test('the seed of the implementation guide gives the printed public key and Multikey', async () => {
    const key = await importEd25519Seed(decodeHex(GUIDE_SEED), { backend })
    expect(encodeHex(key.publicKey)).toBe(GUIDE_KEY)
    expect(multikeyOf({ algorithm: 'Ed25519', bytes: key.publicKey })).toBe(GUIDE_MULTIKEY)
    expect(encodeHex(materialFromMultikey(GUIDE_MULTIKEY).bytes)).toBe(GUIDE_KEY)
  })

  test('the first signature of RFC 8032 comes out, and verifies', async () => {
    const key = await importEd25519Seed(decodeHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'), {
      backend
    })
    const signature = await key.sign(new Uint8Array(0))
    expect(encodeHex(signature)).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
    )
    const publicKey = await importEd25519PublicKey(key.publicKey, { backend })
    expect(await publicKey.verify(signature, new Uint8Array(0))).toBe(true)
  })

  test('93: a changed message, signature or length does not verify', async () => {
    const key = await importEd25519Seed(seed, { backend })
    const publicKey = await importEd25519PublicKey(key.publicKey, { backend })
    const message = text.encode('a message')
    const signature = await key.sign(message)
    expect(await publicKey.verify(signature, message)).toBe(true)
    expect(await publicKey.verify(signature, text.encode('b message'))).toBe(false)
    for (let index = 0; index < 64; index += 1) {
      const changed = signature.slice()
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(await publicKey.verify(changed, message), `byte ${index}`).toBe(false)
    }
    for (const length of [0, 1, 32, 63]) expect(await publicKey.verify(signature.slice(0, length), message)).toBe(false)
    expect(await publicKey.verify(Uint8Array.of(...signature, 0), message)).toBe(false)
    expect(await publicKey.verify([...signature] as never, message)).toBe(false)
  })

  test('91: a signature with S + L is refused', async () => {
    const key = await importEd25519Seed(seed, { backend })
    const publicKey = await importEd25519PublicKey(key.publicKey, { backend })
    const signature = await key.sign(text.encode('x'))
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const s = BigInt(`0x${encodeHex(signature.slice(32).reverse())}`) + order
    const twin = signature.slice()
    twin.set(decodeHex(s.toString(16).padStart(64, '0')).reverse(), 32)
    expect(await publicKey.verify(twin, text.encode('x'))).toBe(false)
  })

  test('105: a signature of Ed25519ph or Ed25519ctx is refused', async () => {
    const key = await importEd25519PublicKey(ed25519.getPublicKey(seed), { backend })
    const message = text.encode('a message')
    expect(await key.verify(ed25519.sign(message, seed), message)).toBe(true)
    const context = text.encode('a context')
    const others = [
      ed25519ph.sign(message, seed),
      ed25519ph.sign(message, seed, { context }),
      ed25519ctx.sign(message, seed, { context }),
      ed25519.sign(sha512(message), seed)
    ]
    for (const signature of others) expect(await key.verify(signature, message)).toBe(false)
    expect(await key.verify(ed25519ph.sign(message, seed), sha512(message))).toBe(false)
  })

  test('what is signed is bytes, and nothing else', async () => {
    const key = await importEd25519Seed(seed, { backend })
    for (const message of ['text', 7, [1, 2], undefined]) {
      expect(await caught(() => key.sign(message as never))).toMatchObject({ code: 'OPTION_INVALID' })
    }
  })

  test('the caller may change or clear its bytes afterwards', async () => {
    const bytes = seed.slice()
    const key = await importEd25519Seed(bytes, { backend })
    const before = await key.sign(text.encode('x'))
    bytes.fill(0)
    key.publicKey.fill(0)
    expect(await key.sign(text.encode('x'))).toEqual(before)
    const publicBytes = key.publicKey
    const publicKey = await importEd25519PublicKey(publicBytes, { backend })
    publicBytes.fill(0)
    publicKey.bytes.fill(0)
    expect(await publicKey.verify(before, text.encode('x'))).toBe(true)
  })

  test('the secret does not show', async () => {
    const key = await importEd25519Seed(seed, { backend })
    const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), String(key)].join('\n')
    expect(shown).not.toContain(encodeHex(seed))
    expect(shown).not.toContain([...seed.slice(0, 8)].join(','))
    expect(shown).not.toContain([...seed.slice(0, 8)].join(', '))
    expect(Object.keys(key)).toEqual(['publicKey', 'sign'])
  })

  test('89, 90, 92: a public key of small order, with torsion, not canonical, off the curve or of another length is refused', async () => {
    const bad = [
      `01${'00'.repeat(31)}`,
      '00'.repeat(32),
      `${'00'.repeat(31)}80`,
      `ec${'ff'.repeat(30)}7f`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      `01${'00'.repeat(30)}80`,
      `ec${'ff'.repeat(31)}`,
      `ed${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(31)}`,
      `ee${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(31)}`,
      `02${'00'.repeat(31)}`,
      'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
      '00'.repeat(31),
      '00'.repeat(33)
    ]
    for (const key of bad) {
      const error = await caught(() => importEd25519PublicKey(decodeHex(key), { backend }))
      expect(error, key).toMatchObject({ code: 'KEY_INVALID' })
    }
    expect(await caught(() => importEd25519PublicKey('key' as never))).toMatchObject({ code: 'KEY_INVALID' })
  })
})

test('both backends give the same signature', async () => {
  const message = text.encode('same')
  const [first, second] = await Promise.all(
    backends.map(async (backend) => (await importEd25519Seed(seed, { backend })).sign(message))
  )
  expect(first).toEqual(second)
})

test('a long message is not handed to the runtime, because one of them ends at it', async () => {
  const key = await importEd25519Seed(seed)
  const publicKey = await importEd25519PublicKey(key.publicKey)
  const native = vi.spyOn(globalThis.crypto.subtle, 'verify')
  for (const [length, calls] of [
    [32_768, 2],
    [32_769, 0]
  ] as const) {
    const message = new Uint8Array(length).fill(7)
    const signature = await key.sign(message)
    native.mockClear()
    expect(await publicKey.verify(signature, message)).toBe(true)
    expect(await publicKey.verify(signature, message.fill(8, 0, 1))).toBe(false)
    expect(native).toHaveBeenCalledTimes(calls)
  }
  native.mockRestore()
})

test('a seed of another length is refused, from the caller and from a random source', async () => {
  expect(await caught(() => importEd25519Seed(new Uint8Array(31)))).toMatchObject({ code: 'KEY_INVALID' })
  expect(await caught(() => generateEd25519Seed(() => new Uint8Array(16)))).toMatchObject({ code: 'KEY_INVALID' })
  expect(generateEd25519Seed()).toHaveLength(32)
  expect(generateEd25519Seed()).not.toEqual(generateEd25519Seed())
})

test('92: an R of small order never verifies, whatever the sign bit', async () => {
  const { publicKey } = await importEd25519Seed(seed)
  for (const backend of backends) {
    const key = await importEd25519PublicKey(publicKey, { backend })
    for (const y of ['01', 'ec', '00']) {
      for (const end of y === 'ec' ? ['7f', 'ff'] : ['00', '80']) {
        const r = `${y}${(y === 'ec' ? 'ff' : '00').repeat(30)}${end}`
        expect(await key.verify(decodeHex(`${r}${'00'.repeat(32)}`), text.encode('x'))).toBe(false)
      }
    }
  }
})

describeShared('Ed25519 on the published edge cases', () => {
  test.each(backends)('89, 90, 91, 92: all 926 verdicts are the strictest ones on %s', async (backend) => {
    const expected = new Map(
      readSharedText('vectors/ed25519-expected.tsv')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
        .map((cells) => [cells[0], cells[6] === '1'] as const)
    )
    expect(expected.size).toBe(926)
    const cctv = readSharedJson('vectors/cctv-ed25519/ed25519vectors.json').map(
      (each: { number: number; key: string; sig: string; msg: string }) => ({
        id: `cctv-${each.number}`,
        key: each.key,
        signature: each.sig,
        message: text.encode(each.msg)
      })
    )
    const speccheck = readSharedJson('vectors/ed25519-speccheck/cases.json').map(
      (each: { pub_key: string; signature: string; message: string }, index: number) => ({
        id: `speccheck-${index}`,
        key: each.pub_key,
        signature: each.signature,
        message: decodeHex(each.message)
      })
    )
    const wrong: string[] = []
    let compared = 0
    for (const { id, key, signature, message } of [...cctv, ...speccheck]) {
      if (!expected.has(id)) wrong.push(`${id} has no expectation`)
      if ((await verdict(backend, key, signature, message)) !== expected.get(id)) wrong.push(id)
      compared += 1
    }
    expect(wrong).toEqual([])
    expect(compared).toBe(926)
  })

  test.each(backends)('91, 93: Wycheproof agrees on %s', async (backend) => {
    const wrong: number[] = []
    let compared = 0
    for (const group of readSharedJson('vectors/wycheproof/ed25519_test.json').testGroups) {
      for (const each of group.tests) {
        const got = await verdict(backend, group.publicKey.pk, each.sig, decodeHex(each.msg))
        if (got !== (each.result === 'valid')) wrong.push(each.tcId)
        compared += 1
      }
    }
    expect(wrong).toEqual([])
    expect(compared).toBe(151)
  })
})
