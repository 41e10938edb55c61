import { createBitstring, MIN_STATUS_ENTRIES, writeStatus } from './bitstring.js'
import { permute } from './permutation.js'
import type {
  IssuanceRecord,
  Publication,
  Reservation,
  ReserveRequest,
  SignedCredential,
  StatusChange,
  StatusEntryRequest,
  StatusEvent,
  StatusListInfo,
  StatusSlot,
  StatusSnapshot,
  StatusStore
} from './status-store.js'
import { readStoreOptions, type StatusStoreOptions } from './store-options.js'
import {
  checkMark,
  checkName,
  checkPublication,
  checkReserveRequest,
  checkSigned,
  checkStatusChange,
  newListUrl,
  orderedEntries
} from './store-requests.js'
import {
  credentialExists,
  listFull,
  mustAbandon,
  mustChange,
  mustRecord,
  mustRelease,
  publishStep,
  repeatChange,
  repeatReservation,
  slotOf,
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

  function newList(
    { purpose, statusSize }: Required<StatusEntryRequest>,
    listUrl: ReserveRequest['listUrl'],
    chosen: readonly MemoryList[]
  ): MemoryList {
    const number = [...lists.values()].filter(({ info }) => info.purpose === purpose).length + 1
    const isTaken = (url: string) => lists.has(url) || chosen.some(({ info }) => info.id === url)
    const id = newListUrl(listUrl, number, purpose, isTaken)
    const counts = { capacity: settings.capacityOf(statusSize), used: 0, version: 1, publishedVersion: 0 }
    const info = { id, number, purpose, statusSize, ...counts, state: 'open' } as const
    return { info, slotKey: settings.newSlotKey(), publication: undefined }
  }

  /** The list that the next slot is taken from. A new one is not among the lists before it is. */
  function chooseList(
    entry: Required<StatusEntryRequest>,
    listUrl: ReserveRequest['listUrl'],
    chosen: readonly MemoryList[]
  ): MemoryList {
    const all = [...lists.values()].filter(({ info }) => info.purpose === entry.purpose)
    const open = all.filter(({ info }) => info.state === 'open' && info.statusSize === entry.statusSize)
    if (open.length < settings.openLists && all.length < settings.maxLists) return newList(entry, listUrl, chosen)
    const [least] = open.sort((a, b) => a.info.used - b.info.used)
    if (least === undefined) throw listFull(settings.maxLists)
    return least
  }

  function takeSlot(list: MemoryList): StatusSlot {
    const { id, purpose, statusSize, used, capacity } = list.info
    const index = permute(list.slotKey, capacity, used)
    list.info = { ...list.info, used: used + 1, state: used + 1 === capacity ? 'full' : 'open' }
    lists.set(id, list)
    return { purpose, statusSize, list: id, index }
  }

  function raiseVersion(list: MemoryList): number {
    list.info = { ...list.info, version: list.info.version + 1 }
    return list.info.version
  }

  function reserve(request: ReserveRequest): Reservation {
    checkReserveRequest(request)
    const { idempotencyKey, requestDigest, credentialId, keyId, listUrl, at } = request
    const known = idsByKey.get(idempotencyKey)
    if (known !== undefined) {
      const record = recordOf(known)
      const answer = repeatReservation(record, request)
      if (record.state === 'intended') records.set(known, { ...record, keyId })
      return answer
    }
    if (records.has(credentialId)) throw credentialExists()
    const chosen: MemoryList[] = []
    // Every list is found before a slot of any is taken: nothing may be left behind where one of them is full.
    for (const entry of orderedEntries(request)) chosen.push(chooseList(entry, listUrl, chosen))
    const slots = chosen.map(takeSlot)
    const record = {
      credentialId,
      slots,
      state: 'intended',
      idempotencyKey,
      requestDigest,
      keyId,
      reservedAt: at
    } as const
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

  function setStatus(change: StatusChange): StatusEvent {
    checkStatusChange(change)
    const { credentialId, purpose, status, reason, actor, at, idempotencyKey } = change
    const earlier = repeatChange(
      change,
      events.find((event) => event.idempotencyKey === idempotencyKey)
    )
    if (earlier !== undefined) return { ...earlier }
    const { list, index } = slotOf(recordOf(credentialId), change)
    const last = events.filter((event) => event.credentialId === credentialId && event.purpose === purpose).at(-1)
    if (!mustChange(change, last)) return { ...(last as StatusEvent) }
    const place = { sequence: events.length + 1, credentialId, list, index, purpose }
    const event = { ...place, from: last?.to ?? 0, to: status, reason, actor, at, idempotencyKey }
    events.push(event)
    if (event.from !== event.to) raiseVersion(listOf(list))
    return { ...event }
  }

  function snapshot(listId: string): StatusSnapshot {
    checkName('listId', listId)
    const { info, publication } = listOf(listId)
    const { statusSize, version } = info
    const bits = createBitstring(Math.max(info.capacity, MIN_STATUS_ENTRIES) * statusSize)
    for (const event of events) if (event.list === listId) writeStatus(bits, event.index, event.to, { statusSize })
    const previous = publication === undefined ? {} : { previousValidFrom: publication.validFrom }
    return { list: { ...info }, version, bits, ...previous }
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
        return found === undefined ? undefined : structuredClone(found)
      }),
    async *issuances() {
      for (const found of await run(() => [...records.values()])) yield structuredClone(found)
    },
    setStatus: (change) => run(() => setStatus(change)),
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
