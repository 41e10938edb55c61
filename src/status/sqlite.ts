import { resolve } from 'node:path'
import { OptionError } from '../encoding/errors.js'
import { createBitstring, MIN_STATUS_ENTRIES, setBit } from './bitstring.js'
import { permute } from './permutation.js'
import { openDatabase, type SqliteDatabase, transaction } from './sqlite-database.js'
import {
  type BitRow,
  prepareStatements,
  type SlotRow,
  type Statements,
  sequenceOf,
  toEvent,
  toIssuance,
  toList,
  toPublication
} from './sqlite-rows.js'
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
import { readStoreOptions, requireInteger, type StatusStoreOptions, type StoreSettings } from './store-options.js'
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

export interface SqliteStatusStoreOptions extends StatusStoreOptions {
  /** Whose part of the file this is. Two issuers in one file need two names. Default `default`. */
  readonly tenant?: string
  /** How long a call waits for another process to finish its transaction, in milliseconds. Default 10,000. */
  readonly busyTimeoutMs?: number
}

/** A {@link StatusStore} in one SQLite file. */
export interface SqliteStatusStore extends StatusStore {
  /** The absolute path of the file. */
  readonly path: string
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000
const LONGEST_BUSY_TIMEOUT_MS = 600_000

/**
 * Opens the status store of an issuer in an SQLite file, and creates the file, readable by its owner only, where it is
 * missing.
 *
 * Several processes of one machine may have it open. Each call is one transaction in WAL mode with `synchronous=FULL`;
 * the settings are read back, and a file that does not keep them is refused. The calls block while they run, mostly
 * about a millisecond. Not for network file systems. Back up with SQLite's own means, not by copying the file; it does
 * not notice that an old backup was put back.
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

  function openList({ listUrl, purpose, at }: ReserveRequest): void {
    const { count } = sql.countLists.get(tenant, purpose) as { count: number }
    if (count >= settings.maxLists) throw listFull(settings.maxLists)
    const url = newListUrl(listUrl, count + 1, (taken) => sql.anyList.get(taken) !== undefined)
    sql.insertList.run(url, tenant, purpose, count + 1, settings.capacity, settings.newSlotKey(), at)
  }

  function takeSlot(request: ReserveRequest): SlotRow {
    const slot = sql.takeSlot.get(tenant, request.purpose)
    if (slot !== undefined) return slot as SlotRow
    openList(request)
    return sql.takeSlot.get(tenant, request.purpose) as SlotRow
  }

  function reserve(request: ReserveRequest): Reservation {
    const { idempotencyKey, requestDigest, credentialId, keyId, purpose, at } = request
    const known = toIssuance(sql.issuanceByKey.get(tenant, idempotencyKey))
    if (known !== undefined) {
      const answer = repeatReservation(known, requestDigest)
      if (known.state === 'intended') sql.changeKey.run(keyId, tenant, known.credentialId)
      return answer
    }
    if (sql.issuanceById.get(tenant, credentialId) !== undefined) throw credentialExists()
    sql.insertIssuance.run(tenant, credentialId, idempotencyKey, requestDigest, keyId, at)
    const { id, capacity, slot_key, slot } = takeSlot(request)
    sql.insertSlot.run(id, permute(slot_key, capacity, slot), tenant, purpose, credentialId)
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

  function revoke(change: RevokeChange): StatusEvent {
    const { credentialId, reason, actor, at, idempotencyKey } = change
    const events = eventsOf(credentialId)
    const sameKey = toEvent(sql.eventByKey.get(tenant, idempotencyKey))
    const earlier = repeatRevocation(credentialId, sameKey, events.at(-1))
    if (earlier !== undefined) return earlier
    const { list, index, purpose } = recordOf(credentialId)
    const order = events.length + 1
    const row = sql.insertEvent.get(
      ...[tenant, list, index, order, 'valid', 'revoked', reason, actor, at, idempotencyKey]
    )
    sql.raiseVersion.get(tenant, list)
    const place = { sequence: sequenceOf(row), credentialId, list, index, purpose }
    return { ...place, from: 'valid', to: 'revoked', reason, actor, at, idempotencyKey }
  }

  function snapshot(listId: string): StatusSnapshot {
    const list = listOf(listId)
    const bits = createBitstring(Math.max(list.capacity, MIN_STATUS_ENTRIES))
    for (const row of sql.eventsOfList.all(tenant, listId) as BitRow[])
      setBit(bits, row.idx, row.to_state === 'revoked')
    const last = toPublication(sql.lastPublication.get(tenant, listId))
    return { list, version: list.version, bits, ...(last === undefined ? {} : { previousValidFrom: last.validFrom }) }
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

  async function run<T>(mode: 'DEFERRED' | 'IMMEDIATE', check: () => void, work: () => T): Promise<T> {
    if (isClosed) throw storeClosed()
    check()
    return transaction(database, mode, work)
  }

  function write<T>(check: () => void, work: () => T): Promise<T> {
    return run('IMMEDIATE', check, work)
  }

  function read<T>(check: () => void, work: () => T): Promise<T> {
    return run('DEFERRED', check, work)
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
    revoke: (change) =>
      write(
        () => checkRevokeChange(change),
        () => revoke(change)
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
    close: async () => {
      if (isClosed) return
      isClosed = true
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
