import { OptionError } from '../encoding/errors.js'
import type { StatusEntryRequest, StatusStore } from '../status/status-store.js'
import type { StatusStoreOptions } from '../status/store-options.js'
import { expectEqual, expectRejection, expectThat, type TestRunner } from './harness.js'
import { CHANGES } from './status-store-changes.js'
import { AT, collect, LATER, listUrl, publicationOf, refusedWith, requestFor, slotIn } from './status-store-data.js'

/** What `testStatusStore` has to know of a driver besides how to open it. */
export interface StatusStoreKit<Store extends StatusStore = StatusStore> extends TestRunner {
  /** Stands in the names of the tests. */
  readonly name?: string
  /** Whether the driver heeds `StatusStoreOptions`: then the clauses on full and several open lists run too. Default true. */
  readonly takesOptions?: boolean
  /** Opens what a store left behind, as a process started later would. For stores that are durable. */
  readonly reopen?: (store: Store) => Promise<StatusStore>
  /** Called with each store after its test. Default: `store.close()`. */
  readonly close?: (store: Store) => Promise<void> | void
}

/** A clause of the contract of a status store. */
export type StatusClause = (store: StatusStore) => Promise<void>

const ALL: readonly StatusEntryRequest[] = [
  { purpose: 'revocation' },
  { purpose: 'suspension' },
  { purpose: 'refresh' },
  { purpose: 'message', statusSize: 2 }
]
const REOPENED = 'knows everything again when it is opened again'
const HOSTILE = [
  "'",
  "''; DROP TABLE status_list; --",
  '" OR ""="',
  '?1',
  '$1',
  '%',
  '_',
  '\\',
  '__proto__',
  'ß',
  '1',
  '１'
]

/**
 * Registers the tests that every {@link StatusStore} has to pass, one for each clause of its contract.
 * `docs/testing.md` lists the clauses.
 *
 * Does NOT test durability beyond opening again, nor several processes at once: kill a process of your own for that.
 *
 * @param open - opens an empty store of its own for one test; with the options, where the driver heeds them
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { createMemoryStatusStore } from 'komma'
 * import { testStatusStore } from 'komma/testing'
 *
 * testStatusStore(async (options) => createMemoryStatusStore(options), { describe, it })
 * ```
 */
export function testStatusStore<Store extends StatusStore>(
  open: (options: StatusStoreOptions) => Promise<Store>,
  kit: StatusStoreKit<Store>
): void {
  const { describe, it, name = 'a status store', takesOptions = true, reopen, close } = kit
  const clause = (title: string, options: StatusStoreOptions, body: (store: Store) => Promise<void>): void => {
    it(title, async () => {
      const store = await open(options)
      try {
        await body(store)
      } finally {
        await (close === undefined ? store.close() : close(store))
      }
    })
  }
  describe(name, () => {
    for (const [title, body] of Object.entries({ ...CLAUSES, ...CHANGES })) clause(title, {}, body)
    if (reopen !== undefined) clause(REOPENED, {}, (store) => checkReopened(store, reopen))
    if (!takesOptions) return
    for (const [title, { options, body }] of Object.entries(WITH_OPTIONS)) clause(title, options, body)
  })
}

const CLAUSES: Readonly<Record<string, StatusClause>> = {
  async 'gives each entry of a credential a slot of its own, in one order'(store) {
    expectEqual('the lists of an empty store', await store.lists(), [])
    const request = requestFor('a', { entries: [...ALL].reverse() })
    const { credentialId, slots, state } = await store.reserve(request)
    expectEqual('what was reserved', [credentialId, state], ['urn:badge:a', 'intended'])
    const places = slots.map(({ purpose, statusSize, list }) => [purpose, statusSize, list])
    const wanted = ALL.map(({ purpose, statusSize = 1 }) => [purpose, statusSize, listUrl(1, purpose)])
    expectEqual('purpose, size and list of the slots', places, wanted)
    const lists = await store.lists()
    expectEqual('how many lists there are', lists.length, 4)
    for (const { capacity, used, version, publishedVersion, state: open } of lists) {
      expectThat('a list has at least 131,072 entries', capacity >= 131_072, capacity)
      expectEqual('the counts of a new list', [used, version, publishedVersion, open], [1, 1, 0, 'open'])
    }
  },

  async 'gives a repeat the same slots, and the text once it is recorded'(store) {
    const first = await store.reserve(requestFor('a'))
    const again = await store.reserve(requestFor('a', { credentialId: 'urn:badge:another', at: LATER }))
    expectEqual('what a repeat is given', again, first)
    await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
    const recorded = { ...first, state: 'recorded', text: 'signed', digest: 'h' }
    expectEqual('what a repeat is given after record', await store.reserve(requestFor('a')), recorded)
    await store.release('urn:badge:a', AT)
    const released = { ...recorded, state: 'released' }
    expectEqual('what a repeat is given after release', await store.reserve(requestFor('a')), released)
    expectEqual('how many slots were used', (await store.lists())[0]?.used, 1)
  },

  async 'refuses a key, or an id, that another request has, and takes no slot for it'(store) {
    await store.reserve(requestFor('a'))
    const conflict = refusedWith('STATUS_IDEMPOTENCY_CONFLICT')
    const other = requestFor('b', { idempotencyKey: 'key/a' })
    await expectRejection('the key of another request', () => store.reserve(other), conflict)
    const entries = requestFor('a', { entries: ALL })
    await expectRejection('the same request with other entries', () => store.reserve(entries), conflict)
    const taken = requestFor('b', { credentialId: 'urn:badge:a' })
    await expectRejection('a taken id', () => store.reserve(taken), refusedWith('STATUS_CREDENTIAL_EXISTS'))
    expectEqual('how many slots were used', (await store.lists())[0]?.used, 1)
  },

  async 'gives many calls at once different slots, and repeats at once the same'(store) {
    const names = Array.from({ length: 60 }, (_, n) => `${n % 30}`)
    const all = await Promise.all(names.map((name) => store.reserve(requestFor(name))))
    expectEqual('what the repeats were given', all.slice(30), all.slice(0, 30))
    const indexes = all.slice(0, 30).map((one) => slotIn(one, 'revocation').index)
    expectEqual('how many different slots there are', new Set(indexes).size, 30)
    expectThat(
      'the slots do not follow each other',
      indexes.some((index, n) => n > 0 && index !== (indexes[n - 1] ?? 0) + 1)
    )
  },

  async 'records once, and keeps what was recorded first'(store) {
    await store.reserve(requestFor('a'))
    await store.record('urn:badge:a', { text: 'first 😀', digest: 'h1', at: AT })
    await store.record('urn:badge:a', { text: 'first 😀', digest: 'h1', at: LATER })
    const second = () => store.record('urn:badge:a', { text: 'second', digest: 'h2', at: LATER })
    await expectRejection('another text', second, refusedWith('STATUS_CONFLICT'))
    const record = await store.find('urn:badge:a')
    expectEqual('what is recorded', [record?.text, record?.digest, record?.recordedAt], ['first 😀', 'h1', AT])
  },

  async 'goes forward only: intended, recorded, released, or abandoned'(store) {
    const conflict = refusedWith('STATUS_CONFLICT')
    await store.reserve(requestFor('a'))
    await expectRejection('release before record', () => store.release('urn:badge:a', AT), conflict)
    await store.record('urn:badge:a', { text: 't', digest: 'h', at: AT })
    await expectRejection('abandon after record', () => store.abandon('urn:badge:a', AT), conflict)
    await store.release('urn:badge:a', AT)
    await store.release('urn:badge:a', LATER)
    expectEqual('when it was released', (await store.find('urn:badge:a'))?.releasedAt, AT)
    await store.reserve(requestFor('b'))
    await store.abandon('urn:badge:b', AT)
    const late = () => store.record('urn:badge:b', { text: 't', digest: 'h', at: AT })
    await expectRejection('record after abandon', late, conflict)
    expectEqual('what a repeat is told', (await store.reserve(requestFor('b'))).state, 'abandoned')
  },

  async 'knows no credential and no list that it did not give'(store) {
    const credential = refusedWith('STATUS_UNKNOWN_CREDENTIAL')
    await expectRejection('record', () => store.record('urn:x', { text: 't', digest: 'h', at: AT }), credential)
    await expectRejection('release', () => store.release('urn:x', AT), credential)
    await expectRejection('abandon', () => store.abandon('urn:x', AT), credential)
    expectEqual('what is found', await store.find('urn:x'), undefined)
    expectEqual('the history', await store.history('urn:x'), [])
    const list = refusedWith('STATUS_UNKNOWN_LIST')
    await expectRejection('snapshot', () => store.snapshot('urn:x'), list)
    await expectRejection('touch', () => store.touch('urn:x'), list)
    await expectRejection('publish', () => store.publish(publicationOf(1, AT)), list)
    expectEqual('the publication', await store.publication('urn:x'), undefined)
  },

  async 'lists all issuances in the order of reservation'(store) {
    const names = Array.from({ length: 120 }, (_, n) => `${n}`)
    for (const name of names) await store.reserve(requestFor(name))
    const ids = (await collect(store.issuances())).map(({ credentialId }) => credentialId)
    expectEqual(
      'the order',
      ids,
      names.map((name) => `urn:badge:${name}`)
    )
  },

  async 'lets the faster publisher win, and versions and times only rise'(store) {
    await store.reserve(requestFor('a'))
    expectEqual('the first publication', await store.publish(publicationOf(1, AT)), true)
    expectEqual('the same again', await store.publish(publicationOf(1, AT)), true)
    expectEqual('another of the same version', await store.publish(publicationOf(1, LATER, { digest: 'x' })), false)
    expectEqual('the version after touch', await store.touch(listUrl(1)), 2)
    expectEqual('a later version that looks older', await store.publish(publicationOf(2, AT)), false)
    expectEqual('a later version', await store.publish(publicationOf(2, LATER)), true)
    expectEqual('an earlier version', await store.publish(publicationOf(1, '2026-11-21T11:00:00Z')), false)
    expectEqual('what counts', await store.publication(listUrl(1)), publicationOf(2, LATER))
    const { version, previousValidFrom } = await store.snapshot(listUrl(1))
    expectEqual('version and time of the publication before', [version, previousValidFrom], [2, LATER])
    const ahead = { type: OptionError, codes: ['OPTION_INVALID'] }
    await expectRejection('a version not reached', () => store.publish(publicationOf(3, LATER)), ahead)
  },

  async 'refuses what is malformed, all of it at once, and changes nothing'(store) {
    const malformed = requestFor('a', { idempotencyKey: '', keyId: 'a\u0000b', entries: [], at: 'yesterday' })
    const invalid = { type: OptionError, codes: ['OPTION_INVALID'] }
    const error = await expectRejection('a malformed request', () => store.reserve(malformed), invalid)
    const paths = ((error as OptionError).faults ?? []).map(({ path }) => path)
    expectEqual('the places that are named', paths, ['idempotencyKey', 'keyId', 'entries', 'at'])
    const url = requestFor('a', { listUrl: () => 'no url' })
    await expectRejection('a list without a URL', () => store.reserve(url), invalid)
    expectEqual('the lists', await store.lists(), [])
    expectEqual('the credential', await store.find('urn:badge:a'), undefined)
  },

  async 'keeps hostile names apart and as they are'(store) {
    for (const name of HOSTILE) {
      const names = { idempotencyKey: name, requestDigest: name, credentialId: name, keyId: name }
      await store.reserve(requestFor('x', names))
      await store.record(name, { text: name, digest: name, at: AT })
      const record = await store.find(name)
      expectEqual('the names', [record?.credentialId, record?.keyId, record?.text], [name, name, name])
    }
    expectEqual('how many issuances there are', (await collect(store.issuances())).length, HOSTILE.length)
  },

  async 'rejects every call after it was closed'(store) {
    await store.close()
    await store.close()
    await expectRejection('reserve', () => store.reserve(requestFor('a')), refusedWith('STATUS_STORE_IO'))
    await expectRejection('issuances', () => collect(store.issuances()), refusedWith('STATUS_STORE_IO'))
  }
}

interface OptionClause {
  readonly options: StatusStoreOptions
  readonly body: StatusClause
}

const WITH_OPTIONS: Readonly<Record<string, OptionClause>> = {
  'fills every index of every list before it says that all are full': {
    options: { capacityForTests: 3, maxLists: 2 },
    body: async (store) => {
      const slots = []
      for (let n = 0; n < 6; n += 1) slots.push(slotIn(await store.reserve(requestFor(`${n}`)), 'revocation'))
      const places = slots.map(({ list, index }) => `${list} ${index}`).sort()
      const wanted = [1, 2].flatMap((n) => [0, 1, 2].map((index) => `${listUrl(n)} ${index}`))
      expectEqual('the places that were given', places, wanted)
      await expectRejection('one more', () => store.reserve(requestFor('6')), refusedWith('STATUS_LIST_FULL'))
    }
  },
  'gives all slots of a credential or none': {
    options: { capacityForTests: 1, maxLists: 1 },
    body: async (store) => {
      await store.reserve(requestFor('a', { entries: [{ purpose: 'suspension' }] }))
      const both = requestFor('b', { entries: [{ purpose: 'revocation' }, { purpose: 'suspension' }] })
      await expectRejection('where one list is full', () => store.reserve(both), refusedWith('STATUS_LIST_FULL'))
      expectEqual(
        'the lists',
        (await store.lists()).map(({ purpose }) => purpose),
        ['suspension']
      )
      expectEqual('the credential', await store.find('urn:badge:b'), undefined)
    }
  },
  'spreads reservations over as many open lists as it is told to': {
    options: { openLists: 3 },
    body: async (store) => {
      await Promise.all(Array.from({ length: 60 }, (_, n) => store.reserve(requestFor(`${n}`))))
      const lists = await store.lists()
      expectEqual('how many lists are open', lists.filter(({ state }) => state === 'open').length, 3)
      expectEqual(
        'how many slots were used',
        lists.reduce((sum, { used }) => sum + used, 0),
        60
      )
    }
  }
}

async function checkReopened<Store extends StatusStore>(
  store: Store,
  reopen: (store: Store) => Promise<StatusStore>
): Promise<void> {
  await store.reserve(requestFor('a', { entries: ALL }))
  await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
  await store.publish(publicationOf(1, AT))
  const before = [await store.find('urn:badge:a'), await store.lists(), await store.publication(listUrl(1))]
  const again = await reopen(store)
  const after = [await again.find('urn:badge:a'), await again.lists(), await again.publication(listUrl(1))]
  expectEqual('record, lists and publication of the store that was opened again', after, before)
  await again.close()
}
