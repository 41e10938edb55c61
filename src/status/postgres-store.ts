import { decodeHex } from '../encoding/multibase.js'
import { createBitstring, MIN_STATUS_ENTRIES, writeStatus } from './bitstring.js'
import { permute } from './permutation.js'
import type { PostgresDatabase, Query } from './postgres-database.js'
import type { Statements } from './postgres-statements.js'
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
  StatusSnapshot,
  StatusStore
} from './status-store.js'
import type { StoreSettings } from './store-options.js'
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
  type CountRow,
  orderOf,
  type StatusRow,
  sequenceOf,
  toEvent,
  toIssuance,
  toList,
  toPublication
} from './store-rows.js'
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

type Entry = Required<StatusEntryRequest>

export interface PostgresStoreSettings extends StoreSettings {
  readonly schema: string
  readonly tenant: string
  readonly end: () => Promise<void>
}

interface SlotRow {
  readonly id: string
  readonly capacity: number
  readonly slot_key: string
  readonly slot: number
}

/** The store over an opened database whose tables are there. */
export function createPostgresStore(
  database: PostgresDatabase,
  sql: Statements,
  settings: PostgresStoreSettings
): StatusStore {
  const { schema, tenant } = settings
  let isClosed = false

  async function recordOf(query: Query, credentialId: string): Promise<IssuanceRecord> {
    const [row] = await sql.issuanceById(query, tenant, credentialId)
    const record = toIssuance(row)
    if (record === undefined) throw unknownCredential()
    return record
  }

  /** What is read afterwards stays as it is until the end of the transaction. */
  async function lockedRecordOf(query: Query, credentialId: string): Promise<IssuanceRecord> {
    await sql.lockIssuance(query, tenant, credentialId)
    return recordOf(query, credentialId)
  }

  async function lastPublication(query: Query, listId: string): Promise<Publication | undefined> {
    const [row] = await sql.lastPublication(query, tenant, listId)
    return toPublication(row)
  }

  /** The number of the list that is to be opened for an entry, where it is time for one. */
  async function numberOfNext(query: Query, { purpose, statusSize }: Entry): Promise<number | undefined> {
    const [row] = await sql.countLists(query, tenant, purpose, statusSize)
    const { count, open } = row as CountRow
    if (open >= settings.openLists) return undefined
    if (count < settings.maxLists) return count + 1
    if (open > 0) return undefined
    throw listFull(settings.maxLists)
  }

  async function openList(query: Query, entry: Entry, { listUrl, at }: ReserveRequest): Promise<void> {
    if ((await numberOfNext(query, entry)) === undefined) return
    const { purpose, statusSize } = entry
    // Several that find no room do not open a list each: who waited here looks again.
    await sql.lockLists(query, `${schema}\n${tenant}\n${purpose}`)
    const number = await numberOfNext(query, entry)
    if (number === undefined) return
    const url = newListUrl(listUrl, number, purpose, () => false)
    const [taken] = await sql.anyList(query, url)
    if (taken !== undefined)
      newListUrl(
        () => url,
        number,
        purpose,
        () => true
      )
    const capacity = settings.capacityOf(statusSize)
    await sql.insertList(query, tenant, url, purpose, number, statusSize, capacity, settings.newSlotKey(), at)
  }

  async function takeSlot(query: Query, entry: Entry, request: ReserveRequest): Promise<void> {
    let row: unknown
    while (row === undefined) {
      await openList(query, entry, request)
      // None, where somebody else took the last slot in between.
      ;[row] = await sql.takeSlot(query, tenant, entry.purpose, entry.statusSize)
    }
    const { id, capacity, slot_key, slot } = row as SlotRow
    const index = permute(decodeHex(slot_key), capacity, slot)
    await sql.insertSlot(query, tenant, id, index, entry.purpose, request.credentialId)
  }

  async function repeat(query: Query, request: ReserveRequest): Promise<Reservation | undefined> {
    const [row] = await sql.issuanceByKey(query, tenant, request.idempotencyKey)
    const known = toIssuance(row)
    if (known === undefined) return undefined
    const answer = repeatReservation(known, request)
    if (known.state === 'intended') await sql.changeKey(query, tenant, known.credentialId, request.keyId)
    return answer
  }

  async function reserve(query: Query, request: ReserveRequest): Promise<Reservation> {
    const { idempotencyKey, requestDigest, credentialId, keyId, at } = request
    const earlier = await repeat(query, request)
    if (earlier !== undefined) return earlier
    const [isNew] = await sql.insertIssuance(query, tenant, credentialId, idempotencyKey, requestDigest, keyId, at)
    if (isNew === undefined) {
      // Somebody else committed the same key or id just now.
      const faster = await repeat(query, request)
      if (faster === undefined) throw credentialExists()
      return faster
    }
    for (const entry of orderedEntries(request)) await takeSlot(query, entry, request)
    return toReservation(await recordOf(query, credentialId))
  }

  async function record(query: Query, credentialId: string, { text, digest, at }: SignedCredential): Promise<void> {
    if (mustRecord(await lockedRecordOf(query, credentialId), digest))
      await sql.record(query, tenant, credentialId, text, digest, at)
  }

  async function release(query: Query, credentialId: string, at: string): Promise<void> {
    if (mustRelease(await lockedRecordOf(query, credentialId))) await sql.release(query, tenant, credentialId, at)
  }

  async function abandon(query: Query, credentialId: string, at: string): Promise<void> {
    if (mustAbandon(await lockedRecordOf(query, credentialId))) await sql.abandon(query, tenant, credentialId, at)
  }

  async function eventsOf(query: Query, credentialId: string): Promise<StatusEvent[]> {
    const rows = await sql.eventsOfCredential(query, tenant, credentialId)
    return rows.map((row) => toEvent(row) as StatusEvent)
  }

  async function setStatus(query: Query, change: StatusChange): Promise<StatusEvent> {
    const { credentialId, purpose, status, reason, actor, at, idempotencyKey } = change
    await sql.lockIssuance(query, tenant, credentialId)
    const [sameKey] = await sql.eventByKey(query, tenant, idempotencyKey)
    const earlier = repeatChange(change, toEvent(sameKey))
    if (earlier !== undefined) return earlier
    const { list, index } = slotOf(await recordOf(query, credentialId), change)
    const [row] = await sql.lastEventOfSlot(query, tenant, list, index)
    const last = toEvent(row)
    if (!mustChange(change, last)) return last as StatusEvent
    const from = last?.to ?? 0
    // Raised first: the list stays locked to the end, so its events are numbered in the order in which they count.
    if (from !== status) await sql.raiseVersion(query, tenant, list)
    const values = [list, index, orderOf(row) + 1, from, status, reason, actor, at, idempotencyKey]
    const [written] = await sql.insertEvent(query, tenant, ...values)
    const place = { sequence: sequenceOf(written), credentialId, list, index, purpose }
    return { ...place, from, to: status, reason, actor, at, idempotencyKey }
  }

  async function snapshot(query: Query, listId: string): Promise<StatusSnapshot> {
    const [row] = await sql.listById(query, tenant, listId)
    const list = toList(row)
    if (list === undefined) throw unknownList()
    const { statusSize, version } = list
    const bits = createBitstring(Math.max(list.capacity, MIN_STATUS_ENTRIES) * statusSize)
    for (const { idx, to_status } of (await sql.eventsOfList(query, tenant, listId)) as readonly StatusRow[])
      writeStatus(bits, idx, to_status, { statusSize })
    const last = await lastPublication(query, listId)
    return { list, version, bits, ...(last === undefined ? {} : { previousValidFrom: last.validFrom }) }
  }

  async function publish(query: Query, next: Publication): Promise<boolean> {
    const { listId, version, text, digest, validFrom, at } = next
    const [row] = await sql.lockList(query, tenant, listId)
    const list = toList(row)
    if (list === undefined) throw unknownList()
    const step = publishStep(list, await lastPublication(query, listId), next)
    if (step !== 'write') return step === 'done'
    const [counts] = await sql.setPublished(query, tenant, listId, version)
    if (counts === undefined) return false
    await sql.forgetTexts(query, tenant, listId)
    await sql.insertPublication(query, tenant, listId, version, text, digest, validFrom, at)
    return true
  }

  async function touch(query: Query, listId: string): Promise<number> {
    const [row] = await sql.raiseVersion(query, tenant, listId)
    if (row === undefined) throw unknownList()
    return (row as { version: number }).version
  }

  async function issuancePage(query: Query, after: number): Promise<{ records: IssuanceRecord[]; last?: number }> {
    const rows = await sql.issuancePage(query, tenant, after)
    const records = rows.map((row) => toIssuance(row) as IssuanceRecord)
    const last = rows.at(-1)
    return last === undefined ? { records } : { records, last: sequenceOf(last) }
  }

  async function write<T>(check: () => void, work: (query: Query) => Promise<T>): Promise<T> {
    if (isClosed) throw storeClosed()
    check()
    return database.write(work)
  }

  async function read<T>(check: () => void, work: (query: Query) => Promise<T>): Promise<T> {
    if (isClosed) throw storeClosed()
    check()
    return database.read(work)
  }

  return {
    reserve: (request) =>
      write(
        () => checkReserveRequest(request),
        (query) => reserve(query, request)
      ),
    record: (credentialId, signed) =>
      write(
        () => checkSigned(credentialId, signed),
        (query) => record(query, credentialId, signed)
      ),
    release: (credentialId, at) =>
      write(
        () => checkMark(credentialId, at),
        (query) => release(query, credentialId, at)
      ),
    abandon: (credentialId, at) =>
      write(
        () => checkMark(credentialId, at),
        (query) => abandon(query, credentialId, at)
      ),
    find: (credentialId) =>
      read(
        () => checkName('credentialId', credentialId),
        async (query) => toIssuance((await sql.issuanceById(query, tenant, credentialId))[0])
      ),
    async *issuances() {
      let page = await read(noCheck, (query) => issuancePage(query, 0))
      while (page.last !== undefined) {
        const { records, last } = page
        yield* records
        page = await read(noCheck, (query) => issuancePage(query, last))
      }
    },
    setStatus: (change) =>
      write(
        () => checkStatusChange(change),
        (query) => setStatus(query, change)
      ),
    history: (credentialId) =>
      read(
        () => checkName('credentialId', credentialId),
        (query) => eventsOf(query, credentialId)
      ),
    lists: () =>
      read(noCheck, async (query) => (await sql.lists(query, tenant)).map((row) => toList(row) as StatusListInfo)),
    snapshot: (listId) =>
      read(
        () => checkName('listId', listId),
        (query) => snapshot(query, listId)
      ),
    publish: (publication) =>
      write(
        () => checkPublication(publication),
        (query) => publish(query, publication)
      ),
    publication: (listId) =>
      read(
        () => checkName('listId', listId),
        (query) => lastPublication(query, listId)
      ),
    touch: (listId) =>
      write(
        () => checkName('listId', listId),
        (query) => touch(query, listId)
      ),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await settings.end()
    }
  }
}

function noCheck(): void {}
