import { describe, expect, it, test } from 'vitest'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { importPublicKey, SIGNATURE_ALGORITHMS } from '../../src/crypto/public-key.js'
import { KeyError } from '../../src/encoding/errors.js'
import { signChecked } from '../../src/keys/checked-signer.js'
import { materialOfKey, type Signer, type SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { testKeyStore } from '../../src/testing/index.js'
import { createFakeKey, sha, sideBySide } from './fakes/fake-key.js'
import type { WireFault } from './fakes/fake-service.js'
import { type Started, VENDORS } from './fakes/vendors.js'

const data = new TextEncoder().encode('the hash of a badge and the hash of its proof, 64 bytes and more')
const CASES = VENDORS.flatMap((vendor) =>
  vendor.algorithms.map((algorithm) => [vendor.name, algorithm, vendor] as const)
)
const KINDS = VENDORS.map((vendor) => [vendor.name, vendor] as const)

for (const vendor of VENDORS) {
  const { name, algorithms } = vendor
  const limit = { 'AWS KMS': 4096, 'Google Cloud KMS': 65_536 }[name]
  testKeyStore((algorithm) => vendor.start({ algorithms: [algorithm] }).open(), {
    describe,
    it,
    name,
    algorithms: algorithms.filter((algorithm) => algorithm !== 'Ed25519' || limit === undefined),
    unreachable: async () => {
      const fake = vendor.start({ algorithms: ['P-256'] })
      fake.service.script(...Array.from({ length: 4 }, () => ({ unreachable: 'ECONNREFUSED' })))
      return fake.open()
    }
  })
  if (limit === undefined) continue
  testKeyStore(() => vendor.start({ algorithms: ['Ed25519'] }).open(), {
    describe,
    it,
    name,
    algorithms: ['Ed25519'],
    maxMessageBytes: limit
  })
}

/** A store of one key, opened, with nothing seen yet. */
async function opened(
  vendor: (typeof VENDORS)[number],
  algorithm: SigningKeyAlgorithm = 'P-256',
  options: Parameters<Started['open']>[1] = {}
): Promise<Started & { readonly signer: Signer }> {
  const fake = vendor.start({ algorithms: [algorithm] })
  const store = await fake.open([{ id: 'key-1' }], options)
  fake.service.seen.length = 0
  fake.asked.length = 0
  return { ...fake, signer: await store.signer() }
}

async function isGood({ algorithm, publicKey }: Signer, signature: Uint8Array, message = data): Promise<boolean> {
  const [name] = SIGNATURE_ALGORITHMS[algorithm]
  const key = await importPublicKey({ algorithm, bytes: publicKey })
  return name !== undefined && key.verify(name, signature, message)
}

const failed = (code: string, retryable: boolean) => ({ name: 'KeyError', code, retryable })
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

describe.each(CASES)('%s with a key of kind %s', (_, algorithm, vendor) => {
  test('signs with the key that was pinned, and declares what it can', async () => {
    const fake = vendor.start({ algorithms: [algorithm] })
    const publicKey = multikeyOf({ algorithm, bytes: fake.keys[0]?.publicKey ?? new Uint8Array() })
    const store = await fake.open([{ publicKey }])
    const signer = await store.signer()
    expect(signer).toMatchObject({ id: publicKey, algorithm, capability: { algorithm } })
    expect(store.capabilities).toContainEqual(signer.capability)
    expect(await isGood(signer, await signChecked(signer, data))).toBe(true)
    const [info] = await store.keys()
    expect(info).toMatchObject({ id: publicKey, algorithm, current: true, created: '2026-01-01T00:00:00Z' })
    expect(multikeyOf(materialOfKey(signer))).toBe(publicKey)
  })

  test('228: does not open where the service has another key than the pinned one', async () => {
    const fake = vendor.start({ algorithms: [algorithm] })
    const publicKey = multikeyOf({ algorithm, bytes: createFakeKey(algorithm).publicKey })
    await expect(fake.open([{ publicKey }])).rejects.toMatchObject({
      ...failed('KEY_STORE_ANSWER', false),
      expected: publicKey,
      got: multikeyOf({ algorithm, bytes: fake.keys[0]?.publicKey ?? new Uint8Array() })
    })
  })

  test('228: a signature by another key never leaves the library, though the service says it is the pinned one', async () => {
    const { signer, signature, service } = await opened(vendor, algorithm)
    const other = createFakeKey(algorithm).sign(data)
    const size = algorithm === 'P-384' ? 48 : 32
    const bytes = vendor.der || algorithm === 'Ed25519' ? other : sideBySide(other, size)
    service.script(signature(bytes))
    await expect(signChecked(signer, data)).rejects.toMatchObject(failed('SIGNATURE_OWN_CHECK_FAILED', false))
  })

  test('228, 233: an answer by another key or version is refused', async () => {
    const { signer, another, service } = await opened(vendor, algorithm)
    service.script(...times(4, another))
    await expect(signChecked(signer, data)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_ANSWER' })
  })

  test('237: a key for another purpose does not open', async () => {
    const fake = vendor.start({ algorithms: [algorithm], otherPurpose: 0 })
    await expect(fake.open()).rejects.toMatchObject(failed('KEY_PURPOSE', false))
    expect(fake.service.seen.every(({ url, headers }) => !isSigning(url.href, { headers }))).toBe(true)
  })

  test('230: a key that the service does not let sign does not open', async () => {
    const fake = vendor.start({ algorithms: [algorithm], disabled: 0 })
    await expect(fake.open()).rejects.toMatchObject(failed('KEY_DISABLED', false))
  })
})

describe.each(KINDS)('%s, when it fails', (_, vendor) => {
  const passing: readonly (readonly [string, (fake: Started) => WireFault])[] = [
    ['throttles', ({ refusals }) => ({ answer: refusals.throttled })],
    ['is unavailable', ({ refusals }) => ({ answer: refusals.unavailable })],
    ['cannot be reached', () => ({ unreachable: 'ECONNRESET' })],
    ['is too slow', () => ({ hang: 3000 })],
    ['cuts its answer off', () => ({ cut: 'quietly' })],
    ['loses the connection in an answer', () => ({ cut: 'broken' })],
    ['answers with a page', () => ({ body: '<html>502</html>' })]
  ]

  test.each(passing)(
    '230: tries again where it %s, after a pause, and releases one signature',
    async (_name, fault) => {
      const fake = await opened(vendor)
      fake.service.script(fault(fake), fault(fake))
      const signature = await signChecked(fake.signer, data)
      expect(await isGood(fake.signer, signature)).toBe(true)
      expect(fake.service.seen).toHaveLength(3)
      expect(fake.time.pauses).toEqual([75, 150])
    }
  )

  test.each(passing)(
    '230: gives up where it always %s: KEY_STORE_IO or KEY_STORE_ANSWER, worth another try',
    async (_name, fault) => {
      const fake = await opened(vendor)
      fake.service.script(...times(9, fault(fake)))
      const error = await signChecked(fake.signer, data).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(KeyError)
      expect(error).toMatchObject({ code: expect.stringMatching(/^KEY_STORE_(IO|ANSWER)$/), retryable: true })
      // Slow ones use up the time before the tries.
      expect(fake.service.seen.length).toBeLessThanOrEqual(4)
      expect(fake.service.seen.length).toBeGreaterThanOrEqual(3)
    }
  )

  test('230: waits as long as the service asks, and not at all where that is longer than the whole time', async () => {
    const fake = await opened(vendor)
    const busy = (seconds: string): WireFault => ({
      answer: { ...fake.refusals.throttled, headers: { 'retry-after': seconds } }
    })
    fake.service.script(busy('2'))
    await fake.signer.sign(data)
    expect(fake.time.pauses).toEqual([2000])
    fake.service.script(busy('10'))
    await expect(fake.signer.sign(data)).rejects.toMatchObject(failed('KEY_STORE_IO', true))
    fake.service.script(busy('soon'))
    await fake.signer.sign(data)
    expect(fake.time.pauses).toEqual([2000, 75])
  })

  test('230: pauses differ by chance, double, and end', async () => {
    const fake = vendor.start({ algorithms: ['P-256'] })
    const numbers = [0, 0.999, 0.5]
    const signer = await (await fake.open([], { random: () => numbers.shift() ?? 0 })).signer()
    fake.service.script(...times(3, { answer: fake.refusals.throttled }))
    await signer.sign(data)
    expect(fake.time.pauses).toEqual([50, 200, 300])
  })

  test.each([
    ['denied', 'KEY_ACCESS_DENIED'],
    ['disabled', 'KEY_DISABLED'],
    ['pendingDeletion', 'KEY_DISABLED'],
    ['missing', 'KEY_NOT_FOUND']
  ] as const)('230: says at once that it is %s: %s, not worth another try', async (refusal, code) => {
    const fake = await opened(vendor)
    fake.service.script(...times(3, { answer: fake.refusals[refusal] }))
    await expect(signChecked(fake.signer, data)).rejects.toMatchObject(failed(code, false))
    // A token without a right and one that expired are refused alike by Vault: a fresh one is tried once.
    expect(fake.service.seen.length).toBeLessThanOrEqual(2)
    expect(fake.time.pauses).toEqual([])
  })

  test('230: asks the application for fresh credentials once, where the last ones expired', async () => {
    const fake = await opened(vendor)
    fake.expireCredentials()
    expect(await isGood(fake.signer, await signChecked(fake.signer, data))).toBe(true)
    expect(fake.asked).toEqual([false, true])
    fake.service.script(...times(9, { answer: fake.refusals.expired }))
    await expect(signChecked(fake.signer, data)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_ACCESS_DENIED' })
    expect(fake.asked).toEqual([false, true, false, true])
  })

  test('230: asks for fresh credentials no second time, though it is throttled after that', async () => {
    const fake = await opened(vendor)
    const busy = { answer: fake.refusals.throttled }
    fake.expireCredentials()
    fake.service.script(undefined, busy, busy)
    await fake.signer.sign(data)
    expect(fake.asked).toEqual([false, true, false, false])
  })

  test('230: is left alone after five failures in a row, and asked once when the break is over', async () => {
    const fake = await opened(vendor, 'P-256', { retries: 0 })
    const unavailable = { answer: fake.refusals.unavailable }
    fake.service.script(...times(5, unavailable))
    for (const _each of times(5, 0)) {
      await expect(fake.signer.sign(data)).rejects.toMatchObject(failed('KEY_STORE_IO', true))
    }
    await expect(fake.signer.sign(data)).rejects.toMatchObject({
      ...failed('KEY_STORE_IO', true),
      hint: expect.stringContaining('Nothing was sent')
    })
    expect(fake.service.seen).toHaveLength(5)
    fake.time.advance(9999)
    await expect(fake.signer.sign(data)).rejects.toThrow('left alone')
    fake.time.advance(1)
    fake.service.script(unavailable)
    const both = await Promise.allSettled([fake.signer.sign(data), fake.signer.sign(data)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(fake.service.seen).toHaveLength(6)
    fake.time.advance(10_000)
    expect(await isGood(fake.signer, await fake.signer.sign(data))).toBe(true)
    expect(await isGood(fake.signer, await fake.signer.sign(data))).toBe(true)
  })

  test('230: five failures that are not in a row do not break anything, nor do refusals', async () => {
    const fake = await opened(vendor, 'P-256', { retries: 0 })
    for (const _each of times(6, 0)) {
      fake.service.script({ answer: fake.refusals.unavailable })
      await expect(fake.signer.sign(data)).rejects.toMatchObject({ code: 'KEY_STORE_IO' })
      await fake.signer.sign(data)
      fake.service.script(...times(2, { answer: fake.refusals.denied }))
      await expect(fake.signer.sign(data)).rejects.toMatchObject({ code: 'KEY_ACCESS_DENIED' })
      fake.service.calm()
    }
  })

  test('230: an answer that comes too late is dropped, and another one is released', async () => {
    const fake = await opened(vendor)
    let late: ((response: Response) => void) | undefined
    let calls = 0
    const real = fake.service.fetch
    const slow = vendor.start({ algorithms: ['P-256'] })
    const store = await slow.open([{ id: 'key-1' }], {
      fetch: (url, init) => {
        calls += 1
        if (late !== undefined || !isSigning(url, init)) return slow.service.fetch(url, init)
        return new Promise((done) => {
          late = done
          slow.time.advance(3000)
        })
      }
    })
    const signer = await store.signer()
    const signature = await signChecked(signer, data)
    late?.(await real('https://late.example/', { body: '{}', method: 'POST' }))
    expect(await isGood(signer, signature)).toBe(true)
    expect(calls).toBeGreaterThan(2)
  })

  test('stops waiting when the caller does', async () => {
    const fake = await opened(vendor)
    const controller = new AbortController()
    fake.service.script({ hang: 0 })
    const signing = signChecked(fake.signer, data, { signal: controller.signal })
    controller.abort(new Error('the visitor left'))
    await expect(signing).rejects.toMatchObject({
      ...failed('KEY_STORE_IO', true),
      cause: { message: 'the visitor left' }
    })
    expect(fake.service.seen.length).toBeLessThanOrEqual(1)
    expect(fake.time.pauses).toEqual([])
    await expect(fake.signer.sign(data, { signal: controller.signal })).rejects.toThrow('stopped waiting')
  })

  test('follows no redirect, to which its credentials would go', async () => {
    const fake = await opened(vendor)
    fake.service.script({ redirect: 'https://elsewhere.example/' })
    await expect(signChecked(fake.signer, data)).rejects.toMatchObject({
      ...failed('KEY_STORE_ANSWER', false),
      got: 'status 307'
    })
    expect(fake.service.seen).toHaveLength(1)
  })

  test('reads no more of an answer than an honest one has', async () => {
    const fake = await opened(vendor)
    fake.service.script({ flood: 1_048_577 })
    await expect(signChecked(fake.signer, data)).rejects.toMatchObject({
      ...failed('KEY_STORE_ANSWER', false),
      expected: 'at most 1048576 bytes'
    })
  })

  test.each([
    ['an array', '[]'],
    ['a member twice', '{"signature":"AA==","signature":"AA=="}'],
    ['nothing in it', '{}'],
    [
      'a number for each text',
      '{"KeyId":1,"Signature":1,"name":1,"signature":1,"kid":1,"value":1,"data":{"signature":1}}'
    ]
  ])('refuses an answer with %s', async (_name, body) => {
    const fake = await opened(vendor)
    fake.service.script(...times(4, { body }))
    await expect(signChecked(fake.signer, data)).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_ANSWER' })
  })
})

function isSigning(url: string, init: RequestInit): boolean {
  return /sign(?:\/badges)?$/i.test(new Headers(init.headers).get('x-amz-target') ?? new URL(url).pathname)
}

describe.each(KINDS)('%s after a rotation', (_, vendor) => {
  const algorithms = ['P-256', 'P-256'] as const

  test('signs with the last version, and lists the ones before, which still sign where they are asked for', async () => {
    const fake = vendor.start({ algorithms })
    const store = await fake.open([{ id: 'key-1' }, { id: 'key-2' }])
    expect((await store.keys()).map(({ id, current }) => [id, current])).toEqual([
      ['key-1', false],
      ['key-2', true]
    ])
    for (const [id, wanted] of [
      [undefined, 'key-2'],
      ['key-1', 'key-1']
    ] as const) {
      const signer = await store.signer(id)
      expect(signer.id).toBe(wanted)
      expect(await isGood(signer, await signChecked(signer, data))).toBe(true)
    }
  })

  test('233: goes on with the pinned version, whatever newer one there is', async () => {
    const fake = vendor.start({ algorithms })
    const signer = await (await fake.open([{ id: 'key-1' }], { use: [0] })).signer()
    expect(signer.publicKey).toEqual(fake.keys[0]?.publicKey)
    expect(await isGood(signer, await signChecked(signer, data))).toBe(true)
  })

  test('lists a retired version without asking for it, which does not sign', async () => {
    const fake = vendor.start({ algorithms, disabled: 0 })
    const publicKey = multikeyOf({ algorithm: 'P-256', bytes: fake.keys[0]?.publicKey ?? new Uint8Array() })
    const retired = { id: 'key-1', retired: true, publicKey, created: '2025-01-01T00:00:00Z' }
    const store = await fake.open([retired, { id: 'key-2' }])
    const [first] = await store.keys()
    expect(first).toMatchObject({ id: 'key-1', created: '2025-01-01T00:00:00Z', current: false })
    expect(first?.publicKey).toEqual(fake.keys[0]?.publicKey)
    await expect(store.signer('key-1')).rejects.toMatchObject({ ...failed('KEY_DISABLED', false), path: 'key-1' })
    expect(await isGood(await store.signer(), await (await store.signer()).sign(data))).toBe(true)
  })

  test('says of a key when it expires or was revoked, and does not sign with a revoked one', async () => {
    const fake = vendor.start({ algorithms })
    const revoked = { id: 'key-1', revoked: '2026-02-01T00:00:00Z' }
    const store = await fake.open([revoked, { id: 'key-2', expires: '2030-01-01T00:00:00Z' }])
    expect(await store.keys()).toMatchObject([revoked, { id: 'key-2', expires: '2030-01-01T00:00:00Z' }])
    await expect(store.signer('key-1')).rejects.toMatchObject(failed('KEY_DISABLED', false))
  })
})

describe.each(CASES)('%s with a key of kind %s, on the wire', (name, algorithm, vendor) => {
  test('231: sends the message or its digest, as it declares', async () => {
    const { signer, service } = await opened(vendor, algorithm)
    await signer.sign(data)
    const text = service.seen[0]?.text.replaceAll('\\u003d', '=') ?? ''
    const digest = sha(algorithm, data)
    const has = (bytes: Uint8Array) =>
      [Buffer.from(bytes).toString('base64'), Buffer.from(bytes).toString('base64url')].some((form) =>
        text.includes(form)
      )
    expect([has(data), has(digest)]).toEqual(signer.capability?.sends === 'message' ? [true, false] : [false, true])
  })

  test('231: has a limit for messages where it declares one, and asks nobody about a longer one', async () => {
    const { signer, service } = await opened(vendor, algorithm)
    const limit = signer.capability?.maxMessageBytes
    expect(limit).toBe(algorithm === 'Ed25519' ? { 'AWS KMS': 4096, 'Google Cloud KMS': 65_536 }[name] : undefined)
    const longest = new Uint8Array(limit ?? 100_000)
    expect(await isGood(signer, await signChecked(signer, longest), longest)).toBe(true)
    if (limit === undefined) return
    service.seen.length = 0
    const error = { ...failed('KEY_MESSAGE_TOO_LONG', false), hint: expect.stringMatching(/JSON.*P-256 or P-384/) }
    await expect(signer.sign(new Uint8Array(limit + 1))).rejects.toMatchObject(error)
    await expect(signChecked(signer, new Uint8Array(limit + 1))).rejects.toMatchObject(error)
    expect(service.seen).toHaveLength(0)
  })
})
