import type { SqliteDatabase, SqliteStatement } from './sqlite-database.js'

const ISSUANCE = `
  SELECT i.*, (
    SELECT json_group_array(json_object('purpose', s.purpose, 'statusSize', l.size, 'list', s.list_id, 'index', s.idx))
    FROM status_slot s JOIN status_list l ON l.id = s.list_id
    WHERE s.tenant = i.tenant AND s.credential_id = i.credential_id
  ) AS slots
  FROM issuance i`
const EVENT = `
  SELECT e.*, s.credential_id, s.purpose
  FROM status_event e JOIN status_slot s ON s.list_id = e.list_id AND s.idx = e.idx`
const LIST = 'SELECT * FROM status_list'

/** Every statement of the store. The tenant is in each of them that reads or changes what belongs to one. */
const STATEMENTS = {
  issuanceByKey: `${ISSUANCE} WHERE i.tenant = ? AND i.idempotency_key = ?`,
  issuanceById: `${ISSUANCE} WHERE i.tenant = ? AND i.credential_id = ?`,
  issuancePage: `${ISSUANCE} WHERE i.tenant = ? AND i.seq > ? ORDER BY i.seq LIMIT 100`,
  insertIssuance: `
    INSERT INTO issuance (tenant, credential_id, idempotency_key, request_digest, key_id, state, reserved_at)
    VALUES (?, ?, ?, ?, ?, 'intended', ?)`,
  changeKey: 'UPDATE issuance SET key_id = ? WHERE tenant = ? AND credential_id = ?',
  record: `
    UPDATE issuance SET state = 'recorded', credential_text = ?, credential_hash = ?, recorded_at = ?
    WHERE tenant = ? AND credential_id = ?`,
  release: "UPDATE issuance SET state = 'released', released_at = ? WHERE tenant = ? AND credential_id = ?",
  abandon: "UPDATE issuance SET state = 'abandoned', abandoned_at = ? WHERE tenant = ? AND credential_id = ?",

  // RETURNING gives the new value, hence the - 1: slots run from 0 to capacity - 1.
  takeSlot: `
    UPDATE status_list
    SET next_slot = next_slot + 1, state = CASE WHEN next_slot + 1 = capacity THEN 'full' ELSE 'open' END
    WHERE id = (
      SELECT id FROM status_list WHERE tenant = ? AND purpose = ? AND size = ? AND state = 'open'
      ORDER BY next_slot, number LIMIT 1
    ) AND next_slot < capacity
    RETURNING id, capacity, slot_key, next_slot - 1 AS slot`,
  insertSlot: 'INSERT INTO status_slot (list_id, idx, tenant, purpose, credential_id) VALUES (?, ?, ?, ?, ?)',

  countLists: `
    SELECT count(*) AS count, coalesce(max(number), 0) AS last, count(*) FILTER (WHERE size = ? AND state = 'open') AS open
    FROM status_list WHERE tenant = ? AND purpose = ?`,
  anyList: 'SELECT 1 FROM status_list WHERE id = ?',
  insertList: `
    INSERT INTO status_list (id, tenant, purpose, number, size, capacity, slot_key, state, opened_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
  lists: `${LIST} WHERE tenant = ? ORDER BY rowid`,
  listById: `${LIST} WHERE tenant = ? AND id = ?`,
  raiseVersion: 'UPDATE status_list SET version = version + 1 WHERE tenant = ? AND id = ? RETURNING version',

  openLists: "SELECT id FROM status_list WHERE tenant = ? AND state = 'open' ORDER BY rowid",
  listByNumber: 'SELECT 1 FROM status_list WHERE tenant = ? AND purpose = ? AND number = ?',
  closeList: "UPDATE status_list SET next_slot = capacity, state = 'full' WHERE tenant = ? AND id = ?",
  slotAt: 'SELECT 1 FROM status_slot WHERE tenant = ? AND list_id = ? AND idx = ?',
  carriedAt: 'SELECT idx, status AS to_status FROM carried_status WHERE list_id = ? AND idx = ?',
  carriedOfList: 'SELECT idx, status AS to_status FROM carried_status WHERE list_id = ?',
  carry: `
    INSERT INTO carried_status (list_id, idx, status, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (list_id, idx) DO UPDATE SET status = excluded.status, at = excluded.at`,

  eventByKey: `${EVENT} WHERE e.tenant = ? AND e.idempotency_key = ?`,
  eventsOfCredential: `${EVENT} WHERE e.tenant = ? AND s.tenant = ? AND s.credential_id = ? ORDER BY e.seq`,
  lastEventOfSlot: `${EVENT} WHERE e.tenant = ? AND e.list_id = ? AND e.idx = ? ORDER BY e.slot_seq DESC LIMIT 1`,
  eventsOfList: 'SELECT idx, to_status FROM status_event WHERE tenant = ? AND list_id = ? ORDER BY seq',
  insertEvent: `
    INSERT INTO status_event
      (tenant, list_id, idx, slot_seq, from_status, to_status, reason, actor, at, idempotency_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,

  lastPublication: `
    SELECT p.* FROM publication p JOIN status_list l ON l.id = p.list_id
    WHERE l.tenant = ? AND p.list_id = ? ORDER BY p.version DESC LIMIT 1`,
  forgetTexts: 'UPDATE publication SET credential_text = NULL WHERE list_id = ? AND credential_text IS NOT NULL',
  insertPublication: `
    INSERT INTO publication (list_id, version, credential_text, credential_hash, valid_from, at)
    VALUES (?, ?, ?, ?, ?, ?)`,
  setPublished: `
    UPDATE status_list SET published_version = ?
    WHERE tenant = ? AND id = ? AND published_version < ? RETURNING published_version`
} as const

export type Statements = Readonly<Record<keyof typeof STATEMENTS, SqliteStatement>>

export function prepareStatements(database: SqliteDatabase): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)])
  return Object.fromEntries(entries) as Statements
}
