import { createBitstring, MIN_STATUS_ENTRIES, setBit } from './bitstring.js'
import { permute } from './permutation.js'
import type {
  IssuanceRecord,
  Publication,
  Reservation,
  ReserveRequest,
  RevokeChange,
  SignedCredential,
  StatusEvent,
  StatusListInfo,
  StatusSnapshot,
  StatusStore
} from './status-store.js'
import { readStoreOptions, type StatusStoreOptions } from './store-options.js'
import {
  checkMark,
  checkName,
  checkPublication,
  checkReserveRequest,
  checkRevokeChange,
  checkSigned,
  newListUrl
} from './store-requests.js'
import {
  credentialExists,
  listFull,
  mustAbandon,
  mustRecord,
  mustRelease,
  publishStep,
  repeatReservation,
  repeatRevocation,
  storeClosed,
  toReservation,
  unknownCredential,
  unknownList
} from './transitions.js'

interface MemoryList {
  info: StatusListInfo
  readonly slotKey: Uint8Array
  publication: Publication | undefined
}

/**
 * A {@link StatusStore} that forgets everything when the process ends. For tests and demonstrations only: a badge
 * issued on it can never be revoked afterwards.
 *
 * @throws {OptionError} OPTION_INVALID
 * @example
 * ```ts
 * import { createMemoryStatusStore } from 'komma'
 *
 * const store = createMemoryStatusStore()
 * console.log((await store.lists()).length) // => 0
 * ```
 */
export function createMemoryStatusStore(options: StatusStoreOptions = {}): StatusStore {
  const settings = readStoreOptions(options)
  const lists = new Map<string, MemoryList>()
  const records = new Map<string, IssuanceRecord>()
  const idsByKey = new Map<string, string>()
  const events: StatusEvent[] = []
  let isClosed = false

  function recordOf(credentialId: string): IssuanceRecord {
    const record = records.get(credentialId)
    if (record === undefined) throw unknownCredential()
    return record
  }

  function listOf(listId: string): MemoryList {
    const list = lists.get(listId)
    if (list === undefined) throw unknownList()
    return list
  }

  function openList(request: ReserveRequest): MemoryList {
    const current = [...lists.values()].find((list) => list.info.state === 'open')
    if (current !== undefined) return current
    if (lists.size >= settings.maxLists) throw listFull(settings.maxLists)
    const number = lists.size + 1
    const id = newListUrl(request.listUrl, number, (url) => lists.has(url))
    const { capacity } = settings
    const { purpose } = request
    const info = { id, number, purpose, capacity, used: 0, version: 1, publishedVersion: 0, state: 'open' } as const
    const list: MemoryList = { info, slotKey: settings.newSlotKey(), publication: undefined }
    lists.set(id, list)
    return list
  }

  function takeSlot(list: MemoryList): number {
    const { used, capacity } = list.info
    const index = permute(list.slotKey, capacity, used)
    list.info = { ...list.info, used: used + 1, state: used + 1 === capacity ? 'full' : 'open' }
    return index
  }

  function raiseVersion(list: MemoryList): number {
    list.info = { ...list.info, version: list.info.version + 1 }
    return list.info.version
  }

  function reserve(request: ReserveRequest): Reservation {
    checkReserveRequest(request)
    const { idempotencyKey, requestDigest, credentialId, keyId, purpose, at } = request
    const known = idsByKey.get(idempotencyKey)
    if (known !== undefined) {
      const record = recordOf(known)
      const answer = repeatReservation(record, requestDigest)
      if (record.state === 'intended') records.set(known, { ...record, keyId })
      return answer
    }
    if (records.has(credentialId)) throw credentialExists()
    const list = openList(request)
    const index = takeSlot(list)
    const slot = { credentialId, list: list.info.id, index, purpose, state: 'intended' } as const
    const record = { ...slot, idempotencyKey, requestDigest, keyId, reservedAt: at }
    records.set(credentialId, record)
    idsByKey.set(idempotencyKey, credentialId)
    return toReservation(record)
  }

  function record(credentialId: string, signed: SignedCredential): void {
    checkSigned(credentialId, signed)
    const known = recordOf(credentialId)
    if (!mustRecord(known, signed.digest)) return
    const { text, digest, at } = signed
    records.set(credentialId, { ...known, state: 'recorded', text, digest, recordedAt: at })
  }

  function release(credentialId: string, at: string): void {
    checkMark(credentialId, at)
    const known = recordOf(credentialId)
    if (mustRelease(known)) records.set(credentialId, { ...known, state: 'released', releasedAt: at })
  }

  function abandon(credentialId: string, at: string): void {
    checkMark(credentialId, at)
    const known = recordOf(credentialId)
    if (mustAbandon(known)) records.set(credentialId, { ...known, state: 'abandoned', abandonedAt: at })
  }

  function revoke(change: RevokeChange): StatusEvent {
    checkRevokeChange(change)
    const { credentialId, reason, actor, at, idempotencyKey } = change
    const sameKey = events.find((event) => event.idempotencyKey === idempotencyKey)
    const last = events.filter((event) => event.credentialId === credentialId).at(-1)
    const earlier = repeatRevocation(credentialId, sameKey, last)
    if (earlier !== undefined) return { ...earlier }
    const { list, index, purpose } = recordOf(credentialId)
    const place = { sequence: events.length + 1, credentialId, list, index, purpose }
    const event = { ...place, from: 'valid', to: 'revoked', reason, actor, at, idempotencyKey } as const
    events.push(event)
    raiseVersion(listOf(list))
    return { ...event }
  }

  function snapshot(listId: string): StatusSnapshot {
    checkName('listId', listId)
    const { info, publication } = listOf(listId)
    const bits = createBitstring(Math.max(info.capacity, MIN_STATUS_ENTRIES))
    for (const event of events) if (event.list === listId) setBit(bits, event.index, event.to === 'revoked')
    const previous = publication === undefined ? {} : { previousValidFrom: publication.validFrom }
    return { list: { ...info }, version: info.version, bits, ...previous }
  }

  function publish(next: Publication): boolean {
    checkPublication(next)
    const list = listOf(next.listId)
    const step = publishStep(list.info, list.publication, next)
    if (step !== 'write') return step === 'done'
    const { listId, version, text, digest, validFrom, at } = next
    list.publication = { listId, version, text, digest, validFrom, at }
    list.info = { ...list.info, publishedVersion: version }
    return true
  }

  /** Runs one call at once and whole, and turns what it throws into a rejection. */
  async function run<T>(work: () => T): Promise<T> {
    if (isClosed) throw storeClosed()
    return work()
  }

  return {
    reserve: (request) => run(() => reserve(request)),
    record: (credentialId, signed) => run(() => record(credentialId, signed)),
    release: (credentialId, at) => run(() => release(credentialId, at)),
    abandon: (credentialId, at) => run(() => abandon(credentialId, at)),
    find: (credentialId) =>
      run(() => {
        checkName('credentialId', credentialId)
        const found = records.get(credentialId)
        return found === undefined ? undefined : { ...found }
      }),
    async *issuances() {
      for (const found of await run(() => [...records.values()])) yield { ...found }
    },
    revoke: (change) => run(() => revoke(change)),
    history: (credentialId) =>
      run(() => {
        checkName('credentialId', credentialId)
        return events.filter((event) => event.credentialId === credentialId).map((event) => ({ ...event }))
      }),
    lists: () => run(() => [...lists.values()].map(({ info }) => ({ ...info }))),
    snapshot: (listId) => run(() => snapshot(listId)),
    publish: (publication) => run(() => publish(publication)),
    publication: (listId) =>
      run(() => {
        checkName('listId', listId)
        const last = lists.get(listId)?.publication
        return last === undefined ? undefined : { ...last }
      }),
    touch: (listId) =>
      run(() => {
        checkName('listId', listId)
        return raiseVersion(listOf(listId))
      }),
    close: async () => {
      isClosed = true
    }
  }
}
