import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import type { ReconcileRequest, Reconciliation, SeenCredential, SeenList } from './reconcile.js'
import type { Statements } from './sqlite-statements.js'
import type { StatusSlot } from './status-store.js'
import { newListUrl } from './store-requests.js'
import { type CountRow, orderOf, type StatusRow, toEvent, toIssuance, toList, toPublication } from './store-rows.js'
import { unknownList } from './transitions.js'

export interface Reconciling {
  readonly sql: Statements
  readonly tenant: string
  newSlotKey(): Uint8Array
}

/** Does all of it; runs inside one transaction. */
export function reconcileRows(store: Reconciling, request: ReconcileRequest): Reconciliation {
  const { sql, tenant } = store
  const open = sql.openLists.all(tenant).map((row) => (row as { id: string }).id)
  const added: string[] = []
  let carried = 0
  for (const list of request.lists) {
    if (sql.listById.get(tenant, list.id) === undefined) {
      addList(store, list, request.at)
      added.push(list.id)
    }
    carried += carryStatuses(store, list, request)
    keepPublication(store, list, request.at)
  }
  for (const id of open) sql.closeList.run(tenant, id)
  const recorded: string[] = []
  const conflicts: string[] = []
  for (const credential of request.credentials) {
    const outcome = recordCredential(store, credential, request)
    if (outcome === 'recorded') recorded.push(credential.credentialId)
    if (outcome === 'conflict') conflicts.push(credential.credentialId)
  }
  for (const id of new Set([...open, ...request.lists.map((list) => list.id)])) sql.raiseVersion.get(tenant, id)
  return { closed: open, added, carried, recorded, conflicts }
}

function addList({ sql, tenant, newSlotKey }: Reconciling, list: SeenList, at: string): void {
  const { id, purpose, statusSize, capacity } = list
  const { last } = sql.countLists.get(statusSize, tenant, purpose) as CountRow
  const isFree = list.number !== undefined && sql.listByNumber.get(tenant, purpose, list.number) === undefined
  const number = isFree ? (list.number as number) : last + 1
  const url = newListUrl(
    () => id,
    number,
    purpose,
    (taken) => sql.anyList.get(taken) !== undefined
  )
  sql.insertList.run(url, tenant, purpose, number, statusSize, capacity, newSlotKey(), at)
  sql.closeList.run(tenant, id)
}

function carryStatuses({ sql, tenant }: Reconciling, list: SeenList, request: ReconcileRequest): number {
  const { purpose, capacity } = toList(sql.listById.get(tenant, list.id)) ?? refuseUnknown()
  const isFinal = purpose === 'revocation' || purpose === 'refresh'
  let carried = 0
  for (const { index, status } of list.statuses) {
    if (index >= capacity) continue
    const isKnown = sql.slotAt.get(tenant, list.id, index) !== undefined
    if (isKnown) {
      if (setStatus({ sql, tenant }, { list: list.id, index }, isFinal ? 1 : status, request)) carried += 1
    } else if ((sql.carriedAt.get(list.id, index) as StatusRow | undefined)?.to_status !== status) {
      sql.carry.run(list.id, index, status, request.at)
      carried += 1
    }
  }
  return carried
}

/** False where it has this status already. */
function setStatus(
  { sql, tenant }: Pick<Reconciling, 'sql' | 'tenant'>,
  { list, index }: Pick<StatusSlot, 'list' | 'index'>,
  status: number,
  { reason, actor, at }: ReconcileRequest
): boolean {
  const row = sql.lastEventOfSlot.get(tenant, list, index)
  const from = toEvent(row)?.to ?? 0
  if (from === status) return false
  const order = orderOf(row) + 1
  const key = `reconcile/${order}/${list}#${index}`
  sql.insertEvent.get(...[tenant, list, index, order, from, status, reason, actor, at, key])
  return true
}

function keepPublication({ sql, tenant }: Reconciling, { id, publication }: SeenList, at: string): void {
  if (publication === undefined) return
  const { text, digest, validFrom } = publication
  const last = toPublication(sql.lastPublication.get(tenant, id))
  if (last !== undefined && compareInstants(parseDateTimeStamp(last.validFrom), parseDateTimeStamp(validFrom)) >= 0)
    return
  const { version } = sql.raiseVersion.get(tenant, id) as { version: number }
  sql.setPublished.get(version, tenant, id, version)
  sql.forgetTexts.run(id)
  sql.insertPublication.run(id, version, text, digest, validFrom, at)
}

function recordCredential(
  { sql, tenant }: Reconciling,
  { credentialId, text, digest, keyId, slots }: SeenCredential,
  request: ReconcileRequest
): 'known' | 'recorded' | 'conflict' {
  const { at } = request
  const known = toIssuance(sql.issuanceById.get(tenant, credentialId))
  if (known !== undefined) {
    const isSame = slots.every((slot) =>
      known.slots.some(({ list, index }) => list === slot.list && index === slot.index)
    )
    if (!isSame || known.state === 'abandoned' || (known.digest ?? digest) !== digest) return 'conflict'
    if (known.state === 'released') return 'known'
    if (known.state === 'intended') sql.record.run(text, digest, at, tenant, credentialId)
    sql.release.run(at, tenant, credentialId)
    return 'recorded'
  }
  if (slots.some(({ list }) => sql.listById.get(tenant, list) === undefined)) throw unknownList()
  if (slots.some(({ list, index }) => sql.slotAt.get(tenant, list, index) !== undefined)) return 'conflict'
  sql.insertIssuance.run(tenant, credentialId, `reconcile/${credentialId}`, digest, keyId, at)
  sql.record.run(text, digest, at, tenant, credentialId)
  sql.release.run(at, tenant, credentialId)
  for (const { list, index, purpose } of slots) {
    sql.insertSlot.run(list, index, tenant, purpose, credentialId)
    const carried = sql.carriedAt.get(list, index) as StatusRow | undefined
    if (carried !== undefined) setStatus({ sql, tenant }, { list, index }, carried.to_status, request)
  }
  return 'recorded'
}

function refuseUnknown(): never {
  throw unknownList()
}
