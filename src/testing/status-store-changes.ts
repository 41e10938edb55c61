import { OptionError } from '../encoding/errors.js'
import type { StatusEntryRequest, StatusStore } from '../status/status-store.js'
import { expectEqual, expectRejection } from './harness.js'
import { changeOf, LATER, listUrl, refusedWith, requestFor, statusIn } from './status-store-data.js'

const ALL: readonly StatusEntryRequest[] = [
  { purpose: 'revocation' },
  { purpose: 'suspension' },
  { purpose: 'refresh' },
  { purpose: 'message', statusSize: 2 }
]

/** The clauses on changes of status. */
export const CHANGES: Readonly<Record<string, (store: StatusStore) => Promise<void>>> = {
  async 'sets the status of one entry and leaves all others alone'(store) {
    await reserveAll(store, 'a', 'b')
    await store.setStatus(changeOf('a', 'message', 2))
    await store.setStatus(changeOf('a', 'suspension', 1))
    const statuses = []
    for (const name of ['a', 'b']) for (const { purpose } of ALL) statuses.push(await statusIn(store, name, purpose))
    expectEqual('the statuses of both credentials', statuses, [0, 1, 0, 2, 0, 0, 0, 0])
    const versions = (await store.lists()).map(({ purpose, version }) => `${purpose} ${version}`).sort()
    expectEqual('the versions', versions, ['message 2', 'refresh 1', 'revocation 1', 'suspension 2'])
  },

  async 'revokes for ever, and answers a second revocation with the first'(store) {
    await reserveAll(store, 'a')
    const first = await store.setStatus(changeOf('a', 'revocation', 1))
    const second = changeOf('a', 'revocation', 1, { idempotencyKey: 'another', at: LATER })
    expectEqual('the answer to a second revocation', await store.setStatus(second), first)
    const back = () => store.setStatus(changeOf('a', 'revocation', 0))
    await expectRejection('a revocation taken back', back, refusedWith('STATUS_FINAL'))
    const old = () => store.setStatus(changeOf('a', 'refresh', 0))
    await expectRejection('a refresh taken back', old, refusedWith('STATUS_FINAL'))
    expectEqual('the status', await statusIn(store, 'a', 'revocation'), 1)
    expectEqual('the history', await store.history('urn:badge:a'), [first])
  },

  async 'suspends and lifts again and again, and keeps every change'(store) {
    await reserveAll(store, 'a')
    for (const [n, status] of [1, 0, 1, 0].entries()) {
      await store.setStatus(changeOf('a', 'suspension', status, { idempotencyKey: `${n}` }))
      expectEqual('the status', await statusIn(store, 'a', 'suspension'), status)
    }
    const events = await store.history('urn:badge:a')
    const steps = events.map(({ purpose, from, to, idempotencyKey }) => [purpose, from, to, idempotencyKey])
    const wanted = [0, 1, 2, 3].map((n) => ['suspension', n % 2, (n + 1) % 2, `${n}`])
    expectEqual('the history', steps, wanted)
    const numbers = events.map(({ sequence }) => sequence)
    expectEqual(
      'the order of the numbers',
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b)
    )
  },

  async 'does not repeat a change that was changed back since'(store) {
    await reserveAll(store, 'a')
    const first = await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '1' }))
    await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: '2' }))
    await store.setStatus(changeOf('a', 'suspension', 0, { idempotencyKey: '3' }))
    for (const idempotencyKey of ['1', '2'])
      await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey, at: LATER }))
    expectEqual('the status', await statusIn(store, 'a', 'suspension'), 0)
    const events = await store.history('urn:badge:a')
    expectEqual('how many events there are', events.length, 3)
    expectEqual('the first of them', events[0], first)
    expectEqual(
      'the version: a change to the same raises none',
      (await store.snapshot(listUrl(1, 'suspension'))).version,
      3
    )
  },

  async 'refuses a key that was used for another change'(store) {
    await reserveAll(store, 'a', 'b')
    await store.setStatus(changeOf('a', 'suspension', 1, { idempotencyKey: 'k' }))
    for (const other of [changeOf('b', 'suspension', 1), changeOf('a', 'refresh', 1), changeOf('a', 'suspension', 0)]) {
      const call = () => store.setStatus({ ...other, idempotencyKey: 'k' })
      await expectRejection('the key of another change', call, refusedWith('STATUS_IDEMPOTENCY_CONFLICT'))
    }
    expectEqual('the history of the other', await store.history('urn:badge:b'), [])
  },

  async 'refuses a change of what there is not, or that does not fit'(store) {
    await store.reserve(requestFor('a', { entries: [{ purpose: 'suspension' }] }))
    const none = () => store.setStatus(changeOf('a', 'revocation', 1))
    await expectRejection('an entry that it has not', none, refusedWith('STATUS_NO_ENTRY'))
    const unknown = () => store.setStatus(changeOf('x', 'suspension', 1))
    await expectRejection('an unknown credential', unknown, refusedWith('STATUS_UNKNOWN_CREDENTIAL'))
    const wide = () => store.setStatus(changeOf('a', 'suspension', 2))
    await expectRejection('a status of two bits', wide, { type: OptionError, codes: ['OPTION_INVALID'] })
    expectEqual('the history', await store.history('urn:badge:a'), [])
  },

  async 'loses none of many changes at once'(store) {
    const names = Array.from({ length: 30 }, (_, n) => `${n}`)
    for (const name of names) await store.reserve(requestFor(name, { entries: ALL }))
    const steps = Array.from({ length: 30 }, (_, n) => n)
    await Promise.all([
      ...names.map((name) => store.setStatus(changeOf(name, 'revocation', 1))),
      ...steps.map((n) => store.setStatus(changeOf('0', 'message', n % 4, { idempotencyKey: `step ${n}` })))
    ])
    for (const name of names) expectEqual('whether it is revoked', await statusIn(store, name, 'revocation'), 1)
    const events = (await store.history('urn:badge:0')).filter(({ purpose }) => purpose === 'message')
    expectEqual('how many changes there are', events.length, 30)
    const froms = events.map(({ from }) => from)
    expectEqual('what each began with', froms, [0, ...events.slice(0, -1).map(({ to }) => to)])
    expectEqual('the status', await statusIn(store, '0', 'message'), events.at(-1)?.to)
    expectEqual('the version of the list', (await store.snapshot(listUrl(1))).version, 31)
  }
}

async function reserveAll(store: StatusStore, ...names: readonly string[]): Promise<void> {
  for (const name of names) await store.reserve(requestFor(name, { entries: ALL }))
}
