import pg from 'pg'
import { openRawDatabase } from '../status/raw-sqlite.js'
import type { StorePlace } from '../support/open-store.js'
import type { View } from './history.js'

/** A moment of a store, with what only its tables know. */
export interface Moment {
  readonly view: View
  /** Key and capacity of each list, by its id. */
  readonly order: ReadonlyMap<string, { readonly key: Uint8Array; readonly capacity: number }>
  /** The lists that were published last, as they are kept. */
  readonly texts: readonly { readonly list: string; readonly text: string }[]
}

type Rows = readonly Readonly<Record<string, unknown>>[]
type Ask = (sql: string) => Promise<Rows>

/** Reads the tables of a store at one moment, with SQL of its own. Undefined where they are not made yet. */
export async function readStore(place: StorePlace): Promise<Moment | undefined> {
  return 'sqlite' in place ? readSqlite(place.sqlite) : readPostgres(place.postgres, place.schema)
}

async function readSqlite(path: string): Promise<Moment | undefined> {
  const raw = await openRawDatabase(path)
  try {
    raw.exec('PRAGMA busy_timeout = 60000; BEGIN')
    const [found] = raw.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'publication'").all()
    if (found === undefined) return undefined
    return await readTables(async (sql) => raw.prepare(sql.replaceAll('$.', '')).all() as Rows)
  } finally {
    raw.close()
  }
}

async function readPostgres(url: string, schema: string): Promise<Moment | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query(`SELECT to_regclass('${schema}.publication') AS found`)
    if (rows[0].found === null) return undefined
    return await readTables(async (sql) => (await client.query(sql.replaceAll('$.', `${schema}.`))).rows)
  } finally {
    await client.end()
  }
}

async function readTables(ask: Ask): Promise<Moment> {
  const lists = await ask(
    'SELECT id, purpose, capacity, next_slot, version, published_version, slot_key FROM $.status_list'
  )
  const issuances = await ask(
    'SELECT credential_id, idempotency_key, key_id, state, credential_hash, reserved_at FROM $.issuance'
  )
  const slots = await ask('SELECT list_id, idx, purpose, credential_id FROM $.status_slot')
  const events = await ask(
    'SELECT seq, list_id, idx, slot_seq, from_status, to_status, idempotency_key FROM $.status_event'
  )
  const publications = await ask(
    'SELECT list_id, version, credential_hash, valid_from, credential_text FROM $.publication'
  )
  return {
    view: {
      lists: lists.map((row) => ({
        id: String(row['id']),
        purpose: String(row['purpose']),
        capacity: Number(row['capacity']),
        used: Number(row['next_slot']),
        version: Number(row['version']),
        publishedVersion: Number(row['published_version'])
      })),
      issuances: issuances.map((row) => ({
        id: String(row['credential_id']),
        key: String(row['idempotency_key']),
        keyId: String(row['key_id']),
        state: String(row['state']),
        digest: row['credential_hash'] === null ? null : String(row['credential_hash']),
        at: String(row['reserved_at'])
      })),
      slots: slots.map((row) => ({
        ...placeOf(row),
        id: String(row['credential_id']),
        purpose: String(row['purpose'])
      })),
      events: events.map((row) => ({
        ...placeOf(row),
        sequence: Number(row['seq']),
        order: Number(row['slot_seq']),
        before: Number(row['from_status']),
        after: Number(row['to_status']),
        key: String(row['idempotency_key'])
      })),
      publications: publications.map((row) => ({
        list: String(row['list_id']),
        version: Number(row['version']),
        digest: String(row['credential_hash']),
        validFrom: String(row['valid_from'])
      }))
    },
    order: new Map(
      lists.map((row) => [
        String(row['id']),
        { key: new Uint8Array(row['slot_key'] as Uint8Array), capacity: Number(row['capacity']) }
      ])
    ),
    texts: publications
      .filter((row) => row['credential_text'] !== null)
      .map((row) => ({ list: String(row['list_id']), text: String(row['credential_text']) }))
  }
}

function placeOf(row: Readonly<Record<string, unknown>>): { list: string; index: number } {
  return { list: String(row['list_id']), index: Number(row['idx']) }
}
