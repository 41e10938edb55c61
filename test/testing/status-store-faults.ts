import { StatusError } from '../../src/encoding/errors.js'
import { createMemoryStatusStore } from '../../src/status/memory.js'
import type { Reservation, StatusStore } from '../../src/status/status-store.js'
import type { StatusStoreOptions } from '../../src/status/store-options.js'
import { type StatusStoreKit, testStatusStore } from '../../src/testing/status-store.js'
import { type KitOutcome, runKit } from '../support/kit.js'

/** What is put in the place of some methods of a good store. */
export type Faulty = (good: StatusStore) => Partial<StatusStore>

export function runOn(
  faulty: Faulty,
  kit: Partial<StatusStoreKit> & { readonly reopened?: Partial<StatusStore> } = {}
): Promise<KitOutcome> {
  const open = async (options: StatusStoreOptions): Promise<StatusStore> => {
    const good = createMemoryStatusStore(options)
    return { ...good, ...faulty(good) }
  }
  const reopen = async (store: StatusStore) => ({ ...store, ...kit.reopened, close: async () => {} })
  return runKit((runner) => testStatusStore(open, { ...runner, reopen, ...kit }))
}

/** A store whose reservations come out changed. */
function reserving(change: (answer: Reservation, n: number) => object): Faulty {
  return (good) => {
    let n = 0
    return {
      reserve: async (request) => {
        const answer = await good.reserve(request)
        n += 1
        return { ...answer, ...change(answer, n) }
      }
    }
  }
}

/** A store in which an error of one code is swallowed. */
function swallowing(
  method: 'reserve' | 'record' | 'release' | 'abandon' | 'setStatus' | 'snapshot',
  code: string,
  answer: unknown
): Faulty {
  return (good) => ({
    [method]: async (...given: never[]) => {
      try {
        return await (good[method] as (...all: never[]) => Promise<unknown>)(...given)
      } catch (error) {
        if (error instanceof StatusError && error.code === code) return answer
        throw error
      }
    }
  })
}

const NOTHING: Reservation = { credentialId: 'urn:x', slots: [], state: 'intended' }

/** What a fault is, which clause notices it, and how it comes about. */
export const FAULTS: readonly (readonly [fault: string, clause: string, faulty: Faulty])[] = [
  [
    'slots in the order in which they were asked for',
    'gives each entry of a credential a slot of its own, in one order',
    reserving(({ slots }) => ({ slots: [...slots].reverse() }))
  ],
  [
    'a second slot for a repeat',
    'gives a repeat the same slots, and the text once it is recorded',
    reserving(({ slots }, n) => ({ slots: slots.map((slot) => ({ ...slot, index: n })) }))
  ],
  [
    'a key that anybody may use again',
    'refuses a key, or an id, that another request has, and takes no slot for it',
    swallowing('reserve', 'STATUS_IDEMPOTENCY_CONFLICT', NOTHING)
  ],
  [
    'one index for all',
    'gives many calls at once different slots, and repeats at once the same',
    reserving(({ slots }) => ({ slots: slots.map((slot) => ({ ...slot, index: 1 })) }))
  ],
  [
    'indexes in the order of issuing',
    'gives many calls at once different slots, and repeats at once the same',
    (good) => ({
      reserve: async (request) => {
        const answer = await good.reserve(request)
        const index = Number(answer.credentialId.split(':').at(-1))
        return { ...answer, slots: answer.slots.map((slot) => ({ ...slot, index })) }
      }
    })
  ],
  [
    'a text that the last one wins',
    'records once, and keeps what was recorded first',
    swallowing('record', 'STATUS_CONFLICT', undefined)
  ],
  [
    'a badge that is released before it is recorded',
    'goes forward only: intended, recorded, released, or abandoned',
    swallowing('release', 'STATUS_CONFLICT', undefined)
  ],
  [
    'an unknown list that is empty',
    'knows no credential and no list that it did not give',
    swallowing('snapshot', 'STATUS_UNKNOWN_LIST', undefined)
  ],
  [
    'a page of issuances that is lost',
    'lists all issuances in the order of reservation',
    (good) => ({
      async *issuances() {
        let n = 0
        for await (const one of good.issuances()) if (n++ < 100) yield one
      }
    })
  ],
  [
    'a slow publisher that wins',
    'lets the faster publisher win, and versions and times only rise',
    (good) => ({ publish: async (next) => (await good.publish(next)) || true })
  ],
  [
    'only the first of several faults',
    'refuses what is malformed, all of it at once, and changes nothing',
    (good) => ({
      reserve: async (request) => {
        if (request.idempotencyKey === '') return good.reserve({ ...request, idempotencyKey: 'k', keyId: 'k' })
        return good.reserve(request)
      }
    })
  ],
  [
    'names that a database folds',
    'keeps hostile names apart and as they are',
    (good) => ({ reserve: (request) => good.reserve({ ...request, keyId: request.keyId.normalize('NFKC') }) })
  ],
  ['a store that cannot be closed', 'rejects every call after it was closed', () => ({ close: async () => {} })],
  [
    'an index that no list has',
    'fills every index of every list before it says that all are full',
    reserving(({ slots }) => ({ slots: slots.map((slot) => ({ ...slot, index: slot.index + 1 })) }))
  ],
  [
    'a credential with half of its slots',
    'gives all slots of a credential or none',
    swallowing('reserve', 'STATUS_LIST_FULL', NOTHING)
  ],
  [
    'one list at a time',
    'spreads reservations over as many open lists as it is told to',
    (good) => ({ lists: async () => (await good.lists()).slice(0, 1) })
  ],
  [
    'a status of another credential',
    'sets the status of one entry and leaves all others alone',
    (good) => ({ setStatus: (change) => good.setStatus({ ...change, purpose: 'revocation', status: 1 }) })
  ],
  [
    'a revocation that can be taken back',
    'revokes for ever, and answers a second revocation with the first',
    swallowing('setStatus', 'STATUS_FINAL', undefined)
  ],
  [
    'a history of the last change alone',
    'suspends and lifts again and again, and keeps every change',
    (good) => ({ history: async (id) => (await good.history(id)).slice(-1) })
  ],
  [
    'a key that counts for nothing',
    'does not repeat a change that was changed back since',
    (good) => {
      let n = 0
      return { setStatus: (change) => good.setStatus({ ...change, idempotencyKey: `${n++}` }) }
    }
  ],
  [
    'a key for several changes',
    'refuses a key that was used for another change',
    swallowing('setStatus', 'STATUS_IDEMPOTENCY_CONFLICT', undefined)
  ],
  [
    'a change of an entry that is not there',
    'refuses a change of what there is not, or that does not fit',
    swallowing('setStatus', 'STATUS_NO_ENTRY', undefined)
  ],
  [
    'a list that is read, changed and written back',
    'loses none of many changes at once',
    (good) => {
      let last: Promise<unknown> = Promise.resolve()
      let waiting = 0
      return {
        setStatus: async (change) => {
          // Of changes that come together every third one is lost.
          waiting += 1
          if (change.purpose === 'revocation' && waiting % 3 === 0)
            return good.setStatus({ ...change, purpose: 'refresh' })
          last = good.setStatus(change)
          return last as ReturnType<StatusStore['setStatus']>
        }
      }
    }
  ]
]
