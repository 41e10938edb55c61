import { resolve } from 'node:path'
import { OptionError } from '../encoding/errors.js'
import { createBitstring, MIN_STATUS_ENTRIES, writeStatus } from './bitstring.js'
import { permute } from './permutation.js'
import type { RestorableStatusStore } from './reconcile.js'
import { openDatabase, type SqliteDatabase, transaction } from './sqlite-database.js'
import { reconcileRows } from './sqlite-reconcile.js'
import { prepareStatements, type Statements } from './sqlite-statements.js'
import { createWriteQueue } from './sqlite-writes.js'
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
import { readStoreOptions, requireInteger, type StatusStoreOptions, type StoreSettings } from './store-options.js'
import {
  checkMark,
  checkName,
  checkPublication,
  checkReconcileRequest,
  checkReserveRequest,
  checkSigned,
  checkStatusChange,
  newListUrl,
  orderedEntries
} from './store-requests.js'
import {
  type CountRow,
  orderOf,
  type SlotRow,
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

export interface SqliteStatusStoreOptions extends StatusStoreOptions {
  /** Whose part of the file this is. Two issuers in one file need two names. Default `default`. */
  readonly tenant?: string
  /** How long a call waits for another process to finish its transaction, in milliseconds. Default 10,000. */
  readonly busyTimeoutMs?: number
}

/** A {@link StatusStore} in one SQLite file. */
export interface SqliteStatusStore extends RestorableStatusStore {
  /** The absolute path of the file. */
  readonly path: string
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000
const LONGEST_BUSY_TIMEOUT_MS = 600_000

/**
 * Opens the status store of an issuer in an SQLite file, and creates the file, readable by its owner only, where it is
 * missing.
 *
 * Several processes of one machine may have it open. Each call is all or nothing, in WAL mode with `synchronous=FULL`;
 * the settings are read back, and a file that does not keep them is refused. Writes that are called at the same time
 * share one transaction, so many cost little more than one. The calls block while they run, mostly about a millisecond. Not for network file systems. Back up with SQLite's own means, not by copying the file. After an old
 * backup was put back, `reconcile` comes first.
 *
 * Uses `node:sqlite`, and where the runtime lacks it the package `@photostructure/sqlite`.
 *
 * @param path a file path; its folder must exist
 * @throws {StatusError} STATUS_STORE_UNSUPPORTED when the runtime has no SQLite, the file is something else, or was
 * written by a newer version; STATUS_STORE_IO when it cannot be read or written; {OptionError} OPTION_INVALID
 * @example
 * ```ts
 * import { openSqliteStatusStore } from 'komma/status/sqlite'
 *
 * const store = await openSqliteStatusStore('issuer.db')
 * try {
 *   for (const { number, used, capacity } of await store.lists()) console.log(number, used, capacity) // => 1 1 131072
 * } finally {
 *   await store.close()
 * }
 * ```
 */
export async function openSqliteStatusStore(
  path: string,
  options: SqliteStatusStoreOptions = {}
): Promise<SqliteStatusStore> {
  const { tenant = 'default', busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options
  const settings = readStoreOptions(options)
  requireInteger('busyTimeoutMs', busyTimeoutMs, 0, LONGEST_BUSY_TIMEOUT_MS)
  checkName('tenant', tenant)
  const file = resolve(requireFilePath(path))
  const database = await openDatabase(file, busyTimeoutMs)
  return createStore(file, database, tenant, settings)
}

function createStore(
  path: string,
  database: SqliteDatabase,
  tenant: string,
  settings: StoreSettings
): SqliteStatusStore {
  const sql: Statements = prepareStatements(database)
  const writes = createWriteQueue(database)
  let isClosed = false

  function recordOf(credentialId: string): IssuanceRecord {
    const record = toIssuance(sql.issuanceById.get(tenant, credentialId))
    if (record === undefined) throw unknownCredential()
    return record
  }

  function listOf(listId: string): StatusListInfo {
    const list = toList(sql.listById.get(tenant, listId))
    if (list === undefined) throw unknownList()
    return list
  }

  /** Opens a list for an entry where it is time for one. */
  function openList({ purpose, statusSize }: Required<StatusEntryRequest>, { listUrl, at }: ReserveRequest): void {
    const { count, last, open } = sql.countLists.get(statusSize, tenant, purpose) as CountRow
    if (open >= settings.openLists) return
    if (count >= settings.maxLists) {
      if (open > 0) return
      throw listFull(settings.maxLists)
    }
    const url = newListUrl(listUrl, last + 1, purpose, (taken) => sql.anyList.get(taken) !== undefined)
    const capacity = settings.capacityOf(statusSize)
    sql.insertList.run(url, tenant, purpose, last + 1, statusSize, capacity, settings.newSlotKey(), at)
  }

  function takeSlot(entry: Required<StatusEntryRequest>, request: ReserveRequest): void {
    openList(entry, request)
    const { purpose, statusSize } = entry
    const { id, capacity, slot_key, slot } = sql.takeSlot.get(tenant, purpose, statusSize) as SlotRow
    sql.insertSlot.run(id, permute(slot_key, capacity, slot), tenant, purpose, request.credentialId)
  }

  function reserve(request: ReserveRequest): Reservation {
    const { idempotencyKey, requestDigest, credentialId, keyId, at } = request
    const known = toIssuance(sql.issuanceByKey.get(tenant, idempotencyKey))
    if (known !== undefined) {
      const answer = repeatReservation(known, request)
      if (known.state === 'intended') sql.changeKey.run(keyId, tenant, known.credentialId)
      return answer
    }
    if (sql.issuanceById.get(tenant, credentialId) !== undefined) throw credentialExists()
    sql.insertIssuance.run(tenant, credentialId, idempotencyKey, requestDigest, keyId, at)
    for (const entry of orderedEntries(request)) takeSlot(entry, request)
    return toReservation(recordOf(credentialId))
  }

  function record(credentialId: string, { text, digest, at }: SignedCredential): void {
    if (mustRecord(recordOf(credentialId), digest)) sql.record.run(text, digest, at, tenant, credentialId)
  }

  function release(credentialId: string, at: string): void {
    if (mustRelease(recordOf(credentialId))) sql.release.run(at, tenant, credentialId)
  }

  function abandon(credentialId: string, at: string): void {
    if (mustAbandon(recordOf(credentialId))) sql.abandon.run(at, tenant, credentialId)
  }

  function eventsOf(credentialId: string): StatusEvent[] {
    return sql.eventsOfCredential.all(tenant, tenant, credentialId).map((row) => toEvent(row) as StatusEvent)
  }

  function setStatus(change: StatusChange): StatusEvent {
    const { credentialId, purpose, status, reason, actor, at, idempotencyKey } = change
    const earlier = repeatChange(change, toEvent(sql.eventByKey.get(tenant, idempotencyKey)))
    if (earlier !== undefined) return earlier
    const { list, index } = slotOf(recordOf(credentialId), change)
    const row = sql.lastEventOfSlot.get(tenant, list, index)
    const last = toEvent(row)
    if (!mustChange(change, last)) return last as StatusEvent
    const from = last?.to ?? 0
    const order = orderOf(row) + 1
    const written = sql.insertEvent.get(
      ...[tenant, list, index, order, from, status, reason, actor, at, idempotencyKey]
    )
    if (from !== status) sql.raiseVersion.get(tenant, list)
    const place = { sequence: sequenceOf(written), credentialId, list, index, purpose }
    return { ...place, from, to: status, reason, actor, at, idempotencyKey }
  }

  function snapshot(listId: string): StatusSnapshot {
    const list = listOf(listId)
    const { statusSize, version } = list
    const bits = createBitstring(Math.max(list.capacity, MIN_STATUS_ENTRIES) * statusSize)
    const carried = sql.carriedOfList.all(listId)
    for (const row of [...carried, ...sql.eventsOfList.all(tenant, listId)] as StatusRow[])
      writeStatus(bits, row.idx, row.to_status, { statusSize })
    const last = toPublication(sql.lastPublication.get(tenant, listId))
    return { list, version, bits, ...(last === undefined ? {} : { previousValidFrom: last.validFrom }) }
  }

  function publish(next: Publication): boolean {
    const { listId, version, text, digest, validFrom, at } = next
    const last = toPublication(sql.lastPublication.get(tenant, listId))
    const step = publishStep(listOf(listId), last, next)
    if (step !== 'write') return step === 'done'
    if (sql.setPublished.get(version, tenant, listId, version) === undefined) return false
    sql.forgetTexts.run(listId)
    sql.insertPublication.run(listId, version, text, digest, validFrom, at)
    return true
  }

  function touch(listId: string): number {
    const row = sql.raiseVersion.get(tenant, listId)
    if (row === undefined) throw unknownList()
    return (row as { version: number }).version
  }

  function issuancePage(after: number): { records: IssuanceRecord[]; last: number | undefined } {
    const rows = sql.issuancePage.all(tenant, after)
    const last = rows.at(-1)
    return {
      records: rows.map((row) => toIssuance(row) as IssuanceRecord),
      last: last === undefined ? undefined : sequenceOf(last)
    }
  }

  async function write<T>(check: () => void, work: () => T): Promise<T> {
    if (isClosed) throw storeClosed()
    check()
    return writes.write(work)
  }

  async function read<T>(check: () => void, work: () => T): Promise<T> {
    if (isClosed) throw storeClosed()
    check()
    return transaction(database, 'DEFERRED', work)
  }

  return {
    path,
    reserve: (request) =>
      write(
        () => checkReserveRequest(request),
        () => reserve(request)
      ),
    record: (credentialId, signed) =>
      write(
        () => checkSigned(credentialId, signed),
        () => record(credentialId, signed)
      ),
    release: (credentialId, at) =>
      write(
        () => checkMark(credentialId, at),
        () => release(credentialId, at)
      ),
    abandon: (credentialId, at) =>
      write(
        () => checkMark(credentialId, at),
        () => abandon(credentialId, at)
      ),
    find: (credentialId) =>
      read(
        () => checkName('credentialId', credentialId),
        () => toIssuance(sql.issuanceById.get(tenant, credentialId))
      ),
    async *issuances() {
      let page = await read(noCheck, () => issuancePage(0))
      while (page.last !== undefined) {
        const { records, last } = page
        yield* records
        page = await read(noCheck, () => issuancePage(last))
      }
    },
    setStatus: (change) =>
      write(
        () => checkStatusChange(change),
        () => setStatus(change)
      ),
    history: (credentialId) =>
      read(
        () => checkName('credentialId', credentialId),
        () => eventsOf(credentialId)
      ),
    lists: () => read(noCheck, () => sql.lists.all(tenant).map((row) => toList(row) as StatusListInfo)),
    snapshot: (listId) =>
      read(
        () => checkName('listId', listId),
        () => snapshot(listId)
      ),
    publish: (publication) =>
      write(
        () => checkPublication(publication),
        () => publish(publication)
      ),
    publication: (listId) =>
      read(
        () => checkName('listId', listId),
        () => toPublication(sql.lastPublication.get(tenant, listId))
      ),
    touch: (listId) =>
      write(
        () => checkName('listId', listId),
        () => touch(listId)
      ),
    reconcile: (request) =>
      write(
        () => checkReconcileRequest(request),
        () => reconcileRows({ sql, tenant, newSlotKey: settings.newSlotKey }, request)
      ),
    close: async () => {
      if (isClosed) return
      isClosed = true
      writes.finish()
      checkpoint(database)
      database.close()
    }
  }
}

/** Brings the log into the file, so that a copy of the file alone is whole. What is committed is safe without it. */
function checkpoint(database: SqliteDatabase): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Another process reads or writes; the last one to close does it.
  }
}

function noCheck(): void {}

function requireFilePath(path: string): string {
  const isFile = typeof path === 'string' && path !== '' && !path.startsWith(':') && !path.startsWith('file:')
  if (isFile && !path.includes('\u0000')) return path
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'The status store needs the path of a file',
    path: 'path',
    hint: 'For a store without a file, use createMemoryStatusStore'
  })
}
