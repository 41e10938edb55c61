import type { Query } from './postgres-database.js'
import { quoteName } from './postgres-migrate.js'

// A bigint comes as a text, because JavaScript has no such number; as float8 it is one, exact up to 2^53.
const ISSUANCE = `
  SELECT i.seq::float8 AS seq, i.credential_id, i.idempotency_key, i.request_digest, i.key_id, i.state, i.credential_text,
    i.credential_hash, i.reserved_at, i.recorded_at, i.released_at, i.abandoned_at, (
      SELECT json_agg(json_build_object('purpose', s.purpose, 'statusSize', l.size, 'list', s.list_id, 'index', s.idx))
      FROM $schema.status_slot s JOIN $schema.status_list l ON l.tenant = s.tenant AND l.id = s.list_id
      WHERE s.tenant = i.tenant AND s.credential_id = i.credential_id
    )::text AS slots
  FROM $schema.issuance i`
const EVENT = `
  SELECT e.seq::float8 AS seq, s.credential_id, e.list_id, e.idx, s.purpose, e.slot_seq, e.from_status::float8 AS from_status,
    e.to_status::float8 AS to_status, e.reason, e.actor, e.at, e.idempotency_key
  FROM $schema.status_event e
  JOIN $schema.status_slot s ON s.tenant = e.tenant AND s.list_id = e.list_id AND s.idx = e.idx`
const LIST = `
  SELECT id, number, purpose, size, capacity, next_slot, version, published_version, state FROM $schema.status_list`

/** Every statement of the store. The tenant is in each of them that reads or changes what belongs to one. */
const STATEMENTS = {
  issuanceByKey: `${ISSUANCE} WHERE i.tenant = $1 AND i.idempotency_key = $2`,
  issuanceById: `${ISSUANCE} WHERE i.tenant = $1 AND i.credential_id = $2`,
  lockIssuance: 'SELECT 1 FROM $schema.issuance WHERE tenant = $1 AND credential_id = $2 FOR UPDATE',
  issuancePage: `${ISSUANCE} WHERE i.tenant = $1 AND i.seq > $2 ORDER BY i.seq LIMIT 100`,
  insertIssuance: `
    INSERT INTO $schema.issuance (tenant, credential_id, idempotency_key, request_digest, key_id, state, reserved_at)
    VALUES ($1, $2, $3, $4, $5, 'intended', $6) ON CONFLICT DO NOTHING RETURNING 1`,
  changeKey: `
    UPDATE $schema.issuance SET key_id = $3 WHERE tenant = $1 AND credential_id = $2 AND state = 'intended'`,
  record: `
    UPDATE $schema.issuance SET state = 'recorded', credential_text = $3, credential_hash = $4, recorded_at = $5
    WHERE tenant = $1 AND credential_id = $2`,
  release: `
    UPDATE $schema.issuance SET state = 'released', released_at = $3 WHERE tenant = $1 AND credential_id = $2`,
  abandon: `
    UPDATE $schema.issuance SET state = 'abandoned', abandoned_at = $3 WHERE tenant = $1 AND credential_id = $2`,

  // Takes a list that nobody else is busy with, where there is one, and waits for its turn otherwise. RETURNING gives the
  // new value, hence the - 1: slots run from 0 to capacity - 1.
  takeSlot: `
    UPDATE $schema.status_list
    SET next_slot = next_slot + 1, state = CASE WHEN next_slot + 1 = capacity THEN 'full' ELSE 'open' END
    WHERE id = coalesce((
      SELECT id FROM $schema.status_list WHERE tenant = $1 AND purpose = $2 AND size = $3 AND state = 'open'
      ORDER BY next_slot, number LIMIT 1 FOR UPDATE SKIP LOCKED
    ), (
      SELECT id FROM $schema.status_list WHERE tenant = $1 AND purpose = $2 AND size = $3 AND state = 'open'
      ORDER BY random() LIMIT 1
    )) AND tenant = $1 AND next_slot < capacity
    RETURNING id, capacity, encode(slot_key, 'hex') AS slot_key, next_slot - 1 AS slot`,
  insertSlot: `
    INSERT INTO $schema.status_slot (tenant, list_id, idx, purpose, credential_id) VALUES ($1, $2, $3, $4, $5)`,

  lockLists: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
  countLists: `
    SELECT count(*)::integer AS count, (count(*) FILTER (WHERE size = $3 AND state = 'open'))::integer AS open
    FROM $schema.status_list WHERE tenant = $1 AND purpose = $2`,
  anyList: 'SELECT 1 FROM $schema.status_list WHERE id = $1',
  insertList: `
    INSERT INTO $schema.status_list (tenant, id, purpose, number, size, capacity, slot_key, state, opened_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)`,
  lists: `${LIST} WHERE tenant = $1 ORDER BY seq`,
  listById: `${LIST} WHERE tenant = $1 AND id = $2`,
  lockList: `${LIST} WHERE tenant = $1 AND id = $2 FOR UPDATE`,
  raiseVersion: `
    UPDATE $schema.status_list SET version = version + 1 WHERE tenant = $1 AND id = $2 RETURNING version`,

  eventByKey: `${EVENT} WHERE e.tenant = $1 AND e.idempotency_key = $2`,
  eventsOfCredential: `${EVENT} WHERE s.tenant = $1 AND s.credential_id = $2 ORDER BY e.seq`,
  lastEventOfSlot: `
    ${EVENT} WHERE e.tenant = $1 AND e.list_id = $2 AND e.idx = $3 ORDER BY e.slot_seq DESC LIMIT 1`,
  eventsOfList: `
    SELECT idx, to_status::float8 AS to_status FROM $schema.status_event WHERE tenant = $1 AND list_id = $2 ORDER BY seq`,
  insertEvent: `
    INSERT INTO $schema.status_event
      (tenant, list_id, idx, slot_seq, from_status, to_status, reason, actor, at, idempotency_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq::float8 AS seq`,

  lastPublication: `
    SELECT list_id, version, credential_text, credential_hash, valid_from, at FROM $schema.publication
    WHERE tenant = $1 AND list_id = $2 ORDER BY version DESC LIMIT 1`,
  forgetTexts: `
    UPDATE $schema.publication SET credential_text = NULL
    WHERE tenant = $1 AND list_id = $2 AND credential_text IS NOT NULL`,
  insertPublication: `
    INSERT INTO $schema.publication (tenant, list_id, version, credential_text, credential_hash, valid_from, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)`,
  setPublished: `
    UPDATE $schema.status_list SET published_version = $3
    WHERE tenant = $1 AND id = $2 AND published_version < $3 RETURNING published_version`
} as const

type Name = keyof typeof STATEMENTS
type Statement = (
  query: Query,
  ...values: Parameters<Query> extends [string, ...infer Values] ? Values : never
) => Promise<readonly unknown[]>

export type Statements = Readonly<Record<Name, Statement>>

/** The statements over the tables of one schema. */
export function statementsOf(schema: string): Statements {
  const name = quoteName(schema)
  const entries = Object.entries(STATEMENTS).map(([key, text]) => {
    const sql = text.replaceAll('$schema', () => name)
    const statement: Statement = (query, ...values) => query(sql, ...values)
    return [key, statement]
  })
  return Object.fromEntries(entries) as Statements
}
