import { afterEach, describe, expect, it } from 'vitest'
import { getBit } from '../../src/status/bitstring.js'
import type { Reservation, StatusSlot, StatusStore } from '../../src/status/status-store.js'
import type { StatusStoreOptions } from '../../src/status/store-options.js'
import { describeStatusChanges } from './contract-changes.js'
import { AT, LATER, listUrl, publicationOf, requestFor, revocationOf } from './contract-data.js'

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The first slot. */
export function placeOf({ slots }: Pick<Reservation, 'slots'>): StatusSlot {
  return slots[0] as StatusSlot
}

export const HOSTILE_NAMES = [
  "'",
  "''; DROP TABLE status_list; --",
  "' OR '1'='1",
  '" OR ""="',
  '`',
  '?1',
  ':tenant',
  '$1',
  '%',
  '_',
  '\\',
  "\\'; DELETE FROM issuance; --",
  '__proto__',
  'constructor',
  'toString',
  'null',
  '0',
  '１',
  'ß',
  'e\u0301',
  '\u00e9',
  ' ',
  ' a ',
  '😀',
  'a'.repeat(2048)
]

/** What every driver of the port has to do. */
export function describeStatusStore(name: string, open: (options: StatusStoreOptions) => Promise<StatusStore>): void {
  describeStatusChanges(name, open)
  const stores: StatusStore[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close()
  })

  async function newStore(options: StatusStoreOptions = {}): Promise<StatusStore> {
    const store = await open(options)
    stores.push(store)
    return store
  }

  describe(`${name}: reserving`, () => {
    it('gives a slot in the first list and opens that list', async () => {
      const store = await newStore()
      expect(await store.lists()).toEqual([])
      const slot = await store.reserve(requestFor('a'))
      expect(slot).toEqual({
        credentialId: 'urn:badge:a',
        slots: [{ purpose: 'revocation', statusSize: 1, list: listUrl(1), index: placeOf(slot).index }],
        state: 'intended'
      })
      expect(placeOf(slot).index >= 0 && placeOf(slot).index < 131_072).toBe(true)
      expect(await store.lists()).toEqual([
        {
          id: listUrl(1),
          number: 1,
          purpose: 'revocation',
          statusSize: 1,
          capacity: 131_072,
          used: 1,
          version: 1,
          publishedVersion: 0,
          state: 'open'
        }
      ])
    })

    it('gives the same slot and credential id again after a crash before anything was recorded', async () => {
      const store = await newStore()
      const first = await store.reserve(requestFor('a'))
      const again = await store.reserve(requestFor('a', { credentialId: 'urn:badge:another-proposal', at: LATER }))
      expect(again).toEqual(first)
      expect((await store.lists())[0]?.used).toBe(1)
      expect(await store.find('urn:badge:another-proposal')).toBeUndefined()
    })

    it('notes the key that a repeat is going to sign with, until something is recorded', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.reserve(requestFor('a', { keyId: 'key-2' }))
      await store.record('urn:badge:a', { text: '{}', digest: 'h', at: AT })
      await store.reserve(requestFor('a', { keyId: 'key-3' }))
      expect(await store.find('urn:badge:a')).toMatchObject({ keyId: 'key-2' })
    })

    it('202: gives the recorded text back to a repeat, before and after release', async () => {
      const store = await newStore()
      const first = await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: '{"id":"😀\\u0000"}', digest: 'h', at: LATER })
      const done = { ...first, text: '{"id":"😀\\u0000"}', digest: 'h' }
      expect(await store.reserve(requestFor('a'))).toEqual({ ...done, state: 'recorded' })
      await store.release('urn:badge:a', LATER)
      expect(await store.reserve(requestFor('a'))).toEqual({ ...done, state: 'released' })
    })

    it('refuses the key of another request', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const other = requestFor('b', { idempotencyKey: 'key/a' })
      await expect(store.reserve(other)).rejects.toMatchObject({ code: 'STATUS_IDEMPOTENCY_CONFLICT' })
      expect((await store.lists())[0]?.used).toBe(1)
    })

    it('refuses the credential id of another issuance and takes no slot for it', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const other = requestFor('b', { credentialId: 'urn:badge:a' })
      await expect(store.reserve(other)).rejects.toMatchObject({ code: 'STATUS_CREDENTIAL_EXISTS' })
      expect((await store.lists())[0]?.used).toBe(1)
      expect(await collect(store.issuances())).toHaveLength(1)
    })

    it('204: fills every index of every list before it says that all are full', async () => {
      const store = await newStore({ capacityForTests: 5, maxLists: 2 })
      const slots = []
      for (let n = 0; n < 10; n++) slots.push(await store.reserve(requestFor(`${n}`)))
      for (const [list, from] of [
        [listUrl(1), 0],
        [listUrl(2), 5]
      ] as const) {
        const part = slots.slice(from, from + 5)
        expect(part.every((slot) => placeOf(slot).list === list)).toBe(true)
        expect(part.map((slot) => placeOf(slot).index).sort()).toEqual([0, 1, 2, 3, 4])
      }
      await expect(store.reserve(requestFor('10'))).rejects.toMatchObject({ code: 'STATUS_LIST_FULL' })
      expect(await store.find('urn:badge:10')).toBeUndefined()
      expect((await store.lists()).map(({ used, state }) => [used, state])).toEqual([
        [5, 'full'],
        [5, 'full']
      ])
      expect(await store.reserve(requestFor('3'))).toEqual(slots[3])
    })

    it('keeps capacity and order of a list apart for each list', async () => {
      const store = await newStore({ capacityForTests: 60 })
      const slots = await Promise.all(Array.from({ length: 120 }, (_, n) => store.reserve(requestFor(`${n}`))))
      const first = slots.slice(0, 60).map((slot) => placeOf(slot).index)
      expect(slots.slice(60).map((slot) => placeOf(slot).index)).not.toEqual(first)
      expect(first).not.toEqual([...first].sort((a, b) => a - b))
    })

    it('gives concurrent calls different slots, and concurrent repeats the same one', async () => {
      const store = await newStore()
      const names = Array.from({ length: 200 }, (_, n) => `${n % 100}`)
      const slots = await Promise.all(
        names.map((each, n) => store.reserve(requestFor(each, { credentialId: `urn:badge:${each}-${n}` })))
      )
      expect(slots.slice(100)).toEqual(slots.slice(0, 100))
      expect(new Set(slots.map((slot) => placeOf(slot).index)).size).toBe(100)
    })

    it.each([
      ['a relative URL', () => 'status/1'],
      ['a URL with a fragment', () => 'https://academy.example/status#1'],
      ['no text', () => undefined as unknown as string],
      [
        'an exception',
        () => {
          throw new Error('boom')
        }
      ]
    ])('leaves nothing behind when the caller names a list with %s', async (_what, badUrl) => {
      const store = await newStore()
      const attempt = store.reserve(requestFor('a', { listUrl: badUrl }))
      await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'listUrl' })
      expect(await store.lists()).toEqual([])
      expect(await store.find('urn:badge:a')).toBeUndefined()
    })

    it('refuses the same URL for two lists', async () => {
      const store = await newStore({ capacityForTests: 1 })
      await store.reserve(requestFor('a'))
      const second = store.reserve(requestFor('b', { listUrl: () => listUrl(1) }))
      await expect(second).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'listUrl' })
      expect(await store.reserve(requestFor('b'))).toMatchObject({ slots: [{ list: listUrl(2), index: 0 }] })
    })

    it('takes a urn as the name of a list', async () => {
      const store = await newStore()
      const urn = 'urn:uuid:2d9dd2e6-0b1b-4a4e-9f0e-4b8b3b0f6f52'
      expect(await store.reserve(requestFor('a', { listUrl: () => urn }))).toMatchObject({ slots: [{ list: urn }] })
      expect((await store.snapshot(urn)).list.id).toBe(urn)
    })

    it('names every malformed argument at once', async () => {
      const store = await newStore()
      const request = requestFor('a', {
        idempotencyKey: '',
        requestDigest: 'a\u0000b',
        credentialId: '\ud800',
        keyId: 'k'.repeat(2049),
        entries: [],
        at: '2026-11-21T09:00:00'
      })
      const error = await store.reserve(request).catch((reason: unknown) => reason)
      expect((error as { faults: { path: string }[] }).faults.map(({ path }) => path)).toEqual([
        'idempotencyKey',
        'requestDigest',
        'credentialId',
        'keyId',
        'entries',
        'at'
      ])
      expect(await store.lists()).toEqual([])
    })
  })

  describe(`${name}: recording and releasing`, () => {
    it('218: keeps the whole record', async () => {
      const store = await newStore()
      const { slots } = await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: LATER })
      await store.release('urn:badge:a', '2026-11-21T11:00:00.5Z')
      const record = {
        credentialId: 'urn:badge:a',
        idempotencyKey: 'key/a',
        requestDigest: 'digest/a',
        keyId: 'did:web:academy.example#key-1',
        slots,
        state: 'released',
        text: 'signed',
        digest: 'h',
        reservedAt: AT,
        recordedAt: LATER,
        releasedAt: '2026-11-21T11:00:00.5Z'
      }
      expect(await store.find('urn:badge:a')).toEqual(record)
      expect(await collect(store.issuances())).toEqual([record])
    })

    it('changes nothing when a step is repeated', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: LATER })
      await store.release('urn:badge:a', AT)
      await store.release('urn:badge:a', LATER)
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: LATER })
      expect(await store.find('urn:badge:a')).toMatchObject({ state: 'released', recordedAt: AT, releasedAt: AT })
    })

    it('keeps what was recorded first', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'first', digest: 'h1', at: AT })
      const second = store.record('urn:badge:a', { text: 'second', digest: 'h2', at: AT })
      await expect(second).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      expect(await store.reserve(requestFor('a'))).toMatchObject({ text: 'first', digest: 'h1' })
    })

    it('releases nothing that was not recorded', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await expect(store.release('urn:badge:a', AT)).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      expect(await store.find('urn:badge:a')).toMatchObject({ state: 'intended' })
    })

    it('burns the slot of an abandoned issuance and says so to a repeat', async () => {
      const store = await newStore({ capacityForTests: 1 })
      const slot = await store.reserve(requestFor('a'))
      await store.abandon('urn:badge:a', LATER)
      await store.abandon('urn:badge:a', '2026-11-22T00:00:00Z')
      expect(await store.reserve(requestFor('a'))).toEqual({ ...slot, state: 'abandoned' })
      expect(await store.find('urn:badge:a')).toMatchObject({ abandonedAt: LATER })
      const late = store.record('urn:badge:a', { text: 'signed', digest: 'h', at: LATER })
      await expect(late).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      await expect(store.release('urn:badge:a', LATER)).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      expect(await store.reserve(requestFor('b'))).toMatchObject({ slots: [{ list: listUrl(2) }] })
    })

    it('does not abandon what is signed', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      await expect(store.abandon('urn:badge:a', AT)).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      await store.release('urn:badge:a', AT)
      await expect(store.abandon('urn:badge:a', AT)).rejects.toMatchObject({ code: 'STATUS_CONFLICT' })
      expect(await store.find('urn:badge:a')).toMatchObject({ state: 'released' })
    })

    it('knows no credential it did not reserve', async () => {
      const store = await newStore()
      const unknown = { code: 'STATUS_UNKNOWN_CREDENTIAL' }
      await expect(store.record('x', { text: 't', digest: 'd', at: AT })).rejects.toMatchObject(unknown)
      await expect(store.release('x', AT)).rejects.toMatchObject(unknown)
      await expect(store.abandon('x', AT)).rejects.toMatchObject(unknown)
      await expect(store.setStatus(revocationOf('x'))).rejects.toMatchObject(unknown)
      expect(await store.find('x')).toBeUndefined()
      expect(await store.history('x')).toEqual([])
    })

    it('iterates over all issuances in order', async () => {
      const store = await newStore()
      for (let n = 0; n < 250; n++) await store.reserve(requestFor(`${n}`))
      const ids = (await collect(store.issuances())).map((record) => record.credentialId)
      expect(ids).toEqual(Array.from({ length: 250 }, (_, n) => `urn:badge:${n}`))
    })

    it('refuses a text that a database would not give back as it was', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      for (const text of ['', 'a\u0000b', '\ud800']) {
        const attempt = store.record('urn:badge:a', { text, digest: 'h', at: AT })
        await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'text' })
      }
    })
  })

  describe(`${name}: revoking`, () => {
    it('sets the one bit of the credential, for ever', async () => {
      const store = await newStore()
      const slots = []
      for (const each of ['a', 'b', 'c']) slots.push(await store.reserve(requestFor(each)))
      const event = await store.setStatus(revocationOf('b'))
      expect(event).toEqual({
        sequence: event.sequence,
        credentialId: 'urn:badge:b',
        list: listUrl(1),
        index: slots[1]?.slots[0]?.index,
        purpose: 'revocation',
        from: 0,
        to: 1,
        reason: 'awarded by mistake',
        actor: 'kari@academy.example',
        at: AT,
        idempotencyKey: 'revoke/b'
      })
      const { bits, version } = await store.snapshot(listUrl(1))
      expect(version).toBe(2)
      expect(slots.map((slot) => getBit(bits, placeOf(slot).index))).toEqual([false, true, false])
      expect(bits.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0)).toBe(1)
    })

    it('answers a repeat with the first event and changes nothing', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const first = await store.setStatus(revocationOf('a'))
      expect(await store.setStatus(revocationOf('a', { at: LATER, reason: 'again' }))).toEqual(first)
      expect(await store.setStatus(revocationOf('a', { idempotencyKey: 'another', actor: 'eve' }))).toEqual(first)
      expect(await store.history('urn:badge:a')).toEqual([first])
      expect((await store.snapshot(listUrl(1))).version).toBe(2)
    })

    it('refuses the key of another revocation', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.reserve(requestFor('b'))
      await store.setStatus(revocationOf('a'))
      const other = store.setStatus(revocationOf('b', { idempotencyKey: 'revoke/a' }))
      await expect(other).rejects.toMatchObject({ code: 'STATUS_IDEMPOTENCY_CONFLICT' })
      expect(await store.history('urn:badge:b')).toEqual([])
    })

    it('reaches every index, the first and the last included', async () => {
      const store = await newStore({ capacityForTests: 16, maxLists: 1 })
      for (let n = 0; n < 16; n++) await store.reserve(requestFor(`${n}`))
      for (let n = 0; n < 16; n++) await store.setStatus(revocationOf(`${n}`))
      const { bits, version } = await store.snapshot(listUrl(1))
      expect([...bits.subarray(0, 3)]).toEqual([0xff, 0xff, 0])
      expect(bits).toHaveLength(16_384)
      expect(version).toBe(17)
    })

    it('loses none of many at once', async () => {
      const store = await newStore()
      const names = Array.from({ length: 100 }, (_, n) => `${n}`)
      const slots = await Promise.all(names.map((each) => store.reserve(requestFor(each))))
      const events = await Promise.all([...names, ...names].map((each) => store.setStatus(revocationOf(each))))
      const { bits } = await store.snapshot(listUrl(1))
      expect(slots.every((slot) => getBit(bits, placeOf(slot).index))).toBe(true)
      expect(events.slice(100)).toEqual(events.slice(0, 100))
      expect(new Set(events.map((event) => event.sequence)).size).toBe(100)
    })

    it('hands out copies, so that nobody changes the history from outside', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const event = (await store.setStatus(revocationOf('a'))) as { to: number }
      event.to = 0
      const [again] = (await store.history('urn:badge:a')) as unknown as { to: number }[]
      expect(again?.to).toBe(1)
      if (again) again.to = 0
      const { bits } = await store.snapshot(listUrl(1))
      const set = bits.findIndex((byte) => byte !== 0)
      expect(set).toBeGreaterThanOrEqual(0)
      bits.fill(0)
      expect((await store.snapshot(listUrl(1))).bits[set]).not.toBe(0)
      expect((await store.history('urn:badge:a'))[0]?.to).toBe(1)
    })
  })

  describe(`${name}: publishing`, () => {
    it('keeps the list that was published last', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      expect(await store.publication(listUrl(1))).toBeUndefined()
      expect(await store.snapshot(listUrl(1))).not.toHaveProperty('previousValidFrom')
      const first = publicationOf(1, AT)
      expect(await store.publish(first)).toBe(true)
      expect(await store.publication(listUrl(1))).toEqual(first)
      await store.setStatus(revocationOf('a'))
      expect(await store.snapshot(listUrl(1))).toMatchObject({ version: 2, previousValidFrom: AT })
      const second = publicationOf(2, LATER)
      expect(await store.publish(second)).toBe(true)
      expect(await store.publication(listUrl(1))).toEqual(second)
      expect((await store.lists())[0]).toMatchObject({ version: 2, publishedVersion: 2 })
    })

    it('209: lets the faster publisher win', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const slow = await store.snapshot(listUrl(1))
      await store.setStatus(revocationOf('a'))
      const fast = await store.snapshot(listUrl(1))
      expect(await store.publish(publicationOf(fast.version, AT))).toBe(true)
      expect(await store.publish(publicationOf(slow.version, LATER))).toBe(false)
      expect(await store.publish(publicationOf(fast.version, LATER, { digest: 'other' }))).toBe(false)
      expect(await store.publication(listUrl(1))).toMatchObject({ version: fast.version, digest: 'd2' })
    })

    it('says yes again to the publication that counts', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      expect(await store.publish(publicationOf(1, AT))).toBe(true)
      expect(await store.publish(publicationOf(1, AT))).toBe(true)
    })

    it('refuses a newer version that does not look newer', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.publish(publicationOf(1, LATER))
      await store.touch(listUrl(1))
      expect(await store.publish(publicationOf(2, AT))).toBe(false)
      expect(await store.publish(publicationOf(2, LATER))).toBe(false)
      expect(await store.publish(publicationOf(2, '2026-11-21T11:00:00+01:00'))).toBe(false)
      expect(await store.publish(publicationOf(2, '2026-11-21T10:00:01Z'))).toBe(true)
    })

    it('refuses a version that the list has not reached', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await expect(store.publish(publicationOf(2, AT))).rejects.toMatchObject({ code: 'OPTION_INVALID' })
      await expect(store.publish(publicationOf(0, AT))).rejects.toMatchObject({ code: 'OPTION_INVALID' })
      expect(await store.publication(listUrl(1))).toBeUndefined()
    })

    it('raises the version when it is asked to, so that an unchanged list can be published again', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      expect(await store.touch(listUrl(1))).toBe(2)
      expect(await store.touch(listUrl(1))).toBe(3)
      expect((await store.snapshot(listUrl(1))).version).toBe(3)
    })

    it('knows no list it did not open', async () => {
      const store = await newStore()
      const unknown = { code: 'STATUS_UNKNOWN_LIST' }
      await expect(store.snapshot('https://x.example/1')).rejects.toMatchObject(unknown)
      await expect(store.touch('https://x.example/1')).rejects.toMatchObject(unknown)
      await expect(store.publish(publicationOf(1, AT))).rejects.toMatchObject(unknown)
      expect(await store.publication('https://x.example/1')).toBeUndefined()
    })
  })

  describe(`${name}: edges`, () => {
    it('216: keeps hostile names apart and as they are', async () => {
      const store = await newStore()
      for (const each of HOSTILE_NAMES) {
        const request = requestFor('x', { idempotencyKey: each, requestDigest: each, credentialId: each, keyId: each })
        expect(await store.reserve(request)).toMatchObject({ credentialId: each })
        await store.record(each, { text: each, digest: each, at: AT })
        const change = { credentialId: each, reason: each, actor: each, idempotencyKey: each, at: AT }
        expect(await store.setStatus({ ...change, purpose: 'revocation', status: 1 })).toMatchObject({
          credentialId: each,
          reason: each,
          actor: each
        })
        expect(await store.history(each)).toHaveLength(1)
        expect(await store.find(each)).toMatchObject({ idempotencyKey: each, text: each, digest: each, keyId: each })
      }
      expect(await collect(store.issuances())).toHaveLength(HOSTILE_NAMES.length)
      expect((await store.lists())[0]).toMatchObject({ used: HOSTILE_NAMES.length })
    })

    it('rejects every call after it was closed', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      await store.close()
      await store.close()
      await expect(store.reserve(requestFor('a'))).rejects.toMatchObject({ code: 'STATUS_STORE_IO' })
      await expect(collect(store.issuances())).rejects.toMatchObject({ code: 'STATUS_STORE_IO' })
    })

    it.each([
      [{ capacity: 131_071 }, 'capacity'],
      [{ capacity: 131_073 }, 'capacity'],
      [{ capacity: 2 ** 27 }, 'capacity'],
      [{ capacityForTests: 0 }, 'capacityForTests'],
      [{ capacityForTests: 131_073 }, 'capacityForTests'],
      [{ maxLists: 0 }, 'maxLists']
    ])('refuses the options %j', async (options, path) => {
      const attempt = async () => newStore(options)
      await expect(attempt()).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
    })

    it.each([
      ['too few bytes', () => new Uint8Array(3)],
      [
        'an exception',
        () => {
          throw new Error('boom')
        }
      ]
    ])('opens no list when the source of randomness gives %s', async (_what, random) => {
      const store = await newStore({ random })
      await expect(store.reserve(requestFor('a'))).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'random' })
      expect(await store.lists()).toEqual([])
    })

    it('opens longer lists when it is told to', async () => {
      const store = await newStore({ capacity: 262_144 })
      await store.reserve(requestFor('a'))
      expect((await store.snapshot(listUrl(1))).bits).toHaveLength(32_768)
    })
  })
}
