import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { readStatus } from '../../src/status/bitstring.js'
import type { StatusEntryRequest, StatusPurpose, StatusStore } from '../../src/status/status-store.js'
import type { StatusStoreOptions } from '../../src/status/store-options.js'
import { AT, changeOf, LATER, listUrl, requestFor, revocationOf } from './contract-data.js'

const REVOCATION: StatusEntryRequest = { purpose: 'revocation' }
const SUSPENSION: StatusEntryRequest = { purpose: 'suspension' }
const REFRESH: StatusEntryRequest = { purpose: 'refresh' }
const MESSAGE: StatusEntryRequest = { purpose: 'message', statusSize: 2 }
const ALL = [REVOCATION, SUSPENSION, REFRESH, MESSAGE]

/** What every driver of the port has to do with several entries, and with every change of status. */
export function describeStatusChanges(name: string, open: (options: StatusStoreOptions) => Promise<StatusStore>): void {
  const stores: StatusStore[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close()
  })

  async function newStore(options: StatusStoreOptions = {}): Promise<StatusStore> {
    const store = await open(options)
    stores.push(store)
    return store
  }

  async function storeWith(...names: readonly string[]): Promise<StatusStore> {
    const store = await newStore()
    for (const each of names) await store.reserve(requestFor(each, { entries: ALL }))
    return store
  }

  /** The status of the first credential with this entry, as the list says it. */
  async function statusIn(store: StatusStore, credential: string, purpose: StatusPurpose): Promise<number> {
    const slot = (await store.find(`urn:badge:${credential}`))?.slots.find((one) => one.purpose === purpose)
    if (slot === undefined) throw new Error('no such slot')
    const { bits } = await store.snapshot(slot.list)
    return readStatus(bits, slot.index, { statusSize: slot.statusSize })
  }

  describe(`${name}: several entries of one credential`, () => {
    it('gives each a slot in a list of its purpose, in one order', async () => {
      const store = await newStore()
      const { slots } = await store.reserve(requestFor('a', { entries: [MESSAGE, SUSPENSION, REVOCATION, REFRESH] }))
      expect(slots.map(({ purpose, statusSize, list }) => [purpose, statusSize, list])).toEqual([
        ['revocation', 1, listUrl(1)],
        ['suspension', 1, listUrl(1, 'suspension')],
        ['refresh', 1, listUrl(1, 'refresh')],
        ['message', 2, listUrl(1, 'message')]
      ])
      expect(await store.reserve(requestFor('a', { entries: ALL }))).toMatchObject({ slots })
      expect(await store.find('urn:badge:a')).toMatchObject({ slots })
      expect((await store.lists()).map(({ purpose, used }) => [purpose, used]).sort()).toEqual([
        ['message', 1],
        ['refresh', 1],
        ['revocation', 1],
        ['suspension', 1]
      ])
    })

    it('gives all or none of them', async () => {
      const store = await newStore({ capacityForTests: 1, maxLists: 1 })
      await store.reserve(requestFor('a', { entries: [SUSPENSION] }))
      const attempt = store.reserve(requestFor('b', { entries: [REVOCATION, SUSPENSION] }))
      await expect(attempt).rejects.toMatchObject({ code: 'STATUS_LIST_FULL' })
      expect((await store.lists()).map(({ purpose }) => purpose)).toEqual(['suspension'])
      expect(await store.find('urn:badge:b')).toBeUndefined()
    })

    it('refuses one URL for the lists of two purposes, and leaves nothing behind', async () => {
      const store = await newStore()
      const attempt = store.reserve(requestFor('a', { entries: ALL, listUrl: () => listUrl(1) }))
      await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'listUrl' })
      expect(await store.lists()).toEqual([])
    })

    it('takes a repeat with other entries for another request while nothing is recorded', async () => {
      const store = await newStore()
      const first = await store.reserve(requestFor('a'))
      const other = requestFor('a', { entries: [REVOCATION, SUSPENSION] })
      await expect(store.reserve(other)).rejects.toMatchObject({ code: 'STATUS_IDEMPOTENCY_CONFLICT' })
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      expect(await store.reserve(other)).toEqual({ ...first, state: 'recorded', text: 'signed', digest: 'h' })
    })

    it.each([
      [[], ['entries']],
      ['revocation', ['entries']],
      [[null], ['entries/0/purpose']],
      [[{ purpose: 'revoked' }], ['entries/0/purpose']],
      [[REVOCATION, REVOCATION], ['entries/1/purpose']],
      [[{ purpose: 'suspension', statusSize: 2 }], ['entries/0/statusSize']],
      [
        [MESSAGE, { purpose: 'message', statusSize: 33 }],
        ['entries/1/purpose', 'entries/1/statusSize']
      ],
      [[{ purpose: 'message', statusSize: 0 }], ['entries/0/statusSize']]
    ])('refuses the entries %j', async (entries, paths) => {
      const store = await newStore()
      const request = requestFor('a', { entries: entries as never })
      const error = (await store.reserve(request).catch((reason: unknown) => reason)) as { faults: { path: string }[] }
      expect(error).toMatchObject({ code: 'OPTION_INVALID' })
      expect(error.faults.map(({ path }) => path)).toEqual(paths)
      expect(await store.lists()).toEqual([])
    })

    it('keeps messages of different sizes in different lists', async () => {
      const store = await newStore()
      const sizes = [1, 2, 8]
      for (const statusSize of sizes)
        await store.reserve(requestFor(`${statusSize}`, { entries: [{ purpose: 'message', statusSize }] }))
      expect((await store.lists()).map(({ number, statusSize }) => [number, statusSize])).toEqual([
        [1, 1],
        [2, 2],
        [3, 8]
      ])
      for (const [n, statusSize] of sizes.entries()) {
        await store.setStatus(changeOf(`${statusSize}`, 'message', 2 ** statusSize - 1))
        expect((await store.snapshot(listUrl(n + 1, 'message'))).bits).toHaveLength((131_072 * statusSize) / 8)
        expect(await statusIn(store, `${statusSize}`, 'message')).toBe(2 ** statusSize - 1)
      }
    })

    it('opens a list of wide statuses with fewer entries rather than more bytes than readers unpack', async () => {
      const store = await newStore({ capacity: 67_108_864 })
      await store.reserve(requestFor('a', { entries: [{ purpose: 'message', statusSize: 3 }] }))
      expect(await store.lists()).toMatchObject([{ capacity: 22_369_616, statusSize: 3 }])
    })
  })

  describe(`${name}: several open lists`, () => {
    it('spreads the reservations over them, and opens the next when one is full', async () => {
      const store = await newStore({ capacityForTests: 3, openLists: 4 })
      for (let n = 0; n < 8; n++) await store.reserve(requestFor(`${n}`))
      expect((await store.lists()).map(({ number, used }) => [number, used])).toEqual([
        [1, 2],
        [2, 2],
        [3, 2],
        [4, 2]
      ])
      for (let n = 8; n < 30; n++) await store.reserve(requestFor(`${n}`))
      const lists = await store.lists()
      expect(lists.reduce((sum, { used }) => sum + used, 0)).toBe(30)
      expect(lists.filter(({ state }) => state === 'open').length).toBeLessThanOrEqual(4)
    })

    it('opens no more lists than there may be, and fills those', async () => {
      const store = await newStore({ capacityForTests: 2, openLists: 4, maxLists: 2 })
      for (let n = 0; n < 4; n++) await store.reserve(requestFor(`${n}`))
      await expect(store.reserve(requestFor('4'))).rejects.toMatchObject({ code: 'STATUS_LIST_FULL' })
      expect((await store.lists()).map(({ used }) => used)).toEqual([2, 2])
    })

    it.each([0, 65, 1.5])('refuses %d', async (openLists) => {
      await expect((async () => newStore({ openLists }))()).rejects.toMatchObject({ path: 'openLists' })
    })
  })

  describe(`${name}: changing a status`, () => {
    it('suspends and lifts as often as it is asked to', async () => {
      const store = await storeWith('a', 'b')
      for (const [n, status] of [1, 0, 1, 0, 1].entries()) {
        await store.setStatus(changeOf('a', 'suspension', status, { idempotencyKey: `${n}` }))
        expect(await statusIn(store, 'a', 'suspension')).toBe(status)
        expect((await store.snapshot(listUrl(1, 'suspension'))).version).toBe(n + 2)
      }
      expect((await store.history('urn:badge:a')).map(({ purpose, from, to }) => [purpose, from, to])).toEqual([
        ['suspension', 0, 1],
        ['suspension', 1, 0],
        ['suspension', 0, 1],
        ['suspension', 1, 0],
        ['suspension', 0, 1]
      ])
      expect(await statusIn(store, 'b', 'suspension')).toBe(0)
      expect(await statusIn(store, 'a', 'revocation')).toBe(0)
      expect((await store.snapshot(listUrl(1))).version).toBe(1)
    })

    it('carries any message that fits, and another after it', async () => {
      const store = await storeWith('a', 'b')
      for (const status of [3, 1, 2, 0]) {
        await store.setStatus(changeOf('a', 'message', status, { idempotencyKey: `message ${status}` }))
        expect(await statusIn(store, 'a', 'message')).toBe(status)
        expect(await statusIn(store, 'b', 'message')).toBe(0)
      }
    })

    it('a repeat changes nothing, even after the status was changed back', async () => {
      const store = await storeWith('a')
      const first = await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '1' }))
      await store.setStatus(changeOf('a', 'suspension', 0, { idempotencyKey: '2' }))
      expect(await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '1', at: LATER }))).toEqual(first)
      expect(await statusIn(store, 'a', 'suspension')).toBe(0)
      expect(await store.history('urn:badge:a')).toHaveLength(2)
    })

    it('records a change to the status that is there, so that its key counts, and raises no version', async () => {
      const store = await storeWith('a')
      await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '1' }))
      const second = await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '2' }))
      expect(second).toMatchObject({ from: 1, to: 1, idempotencyKey: '2' })
      expect((await store.snapshot(listUrl(1, 'suspension'))).version).toBe(2)
      await store.setStatus(changeOf('a', 'suspension', 0, { idempotencyKey: '3' }))
      expect(await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '2' }))).toEqual(second)
      expect(await statusIn(store, 'a', 'suspension')).toBe(0)
    })

    it.each(['revocation', 'refresh'] as const)('212: never takes a %s back', async (purpose) => {
      const store = await storeWith('a')
      const early = store.setStatus(changeOf('a', purpose, 0, { idempotencyKey: '0' }))
      await expect(early).rejects.toMatchObject({ code: 'STATUS_FINAL' })
      const first = await store.setStatus(changeOf('a', purpose, 1, { idempotencyKey: '1' }))
      const back = store.setStatus(changeOf('a', purpose, 0, { idempotencyKey: '2' }))
      await expect(back).rejects.toMatchObject({ code: 'STATUS_FINAL' })
      expect(await store.setStatus(changeOf('a', purpose, 1, { idempotencyKey: '3' }))).toEqual(first)
      expect(await store.history('urn:badge:a')).toEqual([first])
      expect(await statusIn(store, 'a', purpose)).toBe(1)
    })

    it.each([
      ['another credential', changeOf('b', 'suspension', 1)],
      ['another purpose', changeOf('a', 'message', 1)],
      ['another status', changeOf('a', 'suspension', 0)]
    ])('refuses a key that was used for %s', async (_what, other) => {
      const store = await storeWith('a', 'b')
      await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: 'k' }))
      const attempt = store.setStatus({ ...other, idempotencyKey: 'k' })
      await expect(attempt).rejects.toMatchObject({ code: 'STATUS_IDEMPOTENCY_CONFLICT', path: 'idempotencyKey' })
      expect(await store.history('urn:badge:b')).toEqual([])
    })

    it('refuses a purpose that the credential has no entry of', async () => {
      const store = await newStore()
      await store.reserve(requestFor('a'))
      const attempt = store.setStatus(changeOf('a', 'suspension', 1))
      await expect(attempt).rejects.toMatchObject({ code: 'STATUS_NO_ENTRY', path: 'purpose' })
    })

    it.each([
      ['suspension', 2],
      ['revocation', 2],
      ['message', 4],
      ['message', -1],
      ['message', 0.5],
      ['message', 2 ** 32]
    ] as const)('refuses a %s of %d', async (purpose, status) => {
      const store = await storeWith('a')
      const attempt = store.setStatus(changeOf('a', purpose, status))
      await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'status' })
      expect(await store.history('urn:badge:a')).toEqual([])
    })

    it('refuses a purpose that is none', async () => {
      const store = await storeWith('a')
      const attempt = store.setStatus(changeOf('a', "revocation' OR '1'='1" as 'revocation', 1))
      await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'purpose' })
    })

    it('203: puts changes of one slot at the same time one after the other', async () => {
      const store = await storeWith('a')
      const wanted = Array.from({ length: 60 }, (_, n) => n % 4)
      await Promise.all(
        wanted.map((status, n) => store.setStatus(changeOf('a', 'message', status, { idempotencyKey: `${n}` })))
      )
      const events = await store.history('urn:badge:a')
      expect(events).toHaveLength(60)
      for (const [n, event] of events.entries()) expect(event.from).toBe(events[n - 1]?.to ?? 0)
      expect(await statusIn(store, 'a', 'message')).toBe(events.at(-1)?.to)
    })

    it('212: whatever is asked in whatever order, the list says what the last event says', async () => {
      const step = fc.record({
        credential: fc.constantFrom('a', 'b'),
        purpose: fc.constantFrom('revocation', 'suspension', 'refresh', 'message'),
        status: fc.integer({ min: 0, max: 3 }),
        key: fc.integer({ min: 0, max: 12 })
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          const store = await storeWith('a', 'b')
          const finals = new Set<string>()
          for (const { credential, purpose, status, key } of steps) {
            const change = changeOf(credential, purpose, status, { idempotencyKey: `${key}` })
            await store.setStatus(change).catch((error: { code?: string }) => {
              expect(['STATUS_FINAL', 'STATUS_IDEMPOTENCY_CONFLICT', 'OPTION_INVALID']).toContain(error.code)
            })
            for (const each of ['a', 'b'])
              for (const one of ['revocation', 'refresh'] as const) {
                const is = await statusIn(store, each, one)
                if (finals.has(each + one)) expect(is).toBe(1)
                if (is === 1) finals.add(each + one)
              }
          }
          for (const each of ['a', 'b']) {
            const events = await store.history(`urn:badge:${each}`)
            for (const { purpose } of ALL) {
              const own = events.filter((event) => event.purpose === purpose)
              for (const [n, event] of own.entries()) expect(event.from).toBe(own[n - 1]?.to ?? 0)
              expect(await statusIn(store, each, purpose)).toBe(own.at(-1)?.to ?? 0)
            }
          }
        }),
        { numRuns: 12 }
      )
    }, 60_000)

    it('keeps the other entries as they are when one is revoked', async () => {
      const store = await storeWith('a')
      await store.setStatus(changeOf('a', 'suspension', 1))
      await store.setStatus(revocationOf('a'))
      expect(await statusIn(store, 'a', 'suspension')).toBe(1)
      expect(await store.history('urn:badge:a')).toHaveLength(2)
    })
  })
}
