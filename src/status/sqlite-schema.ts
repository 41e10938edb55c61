/** `komm` in ASCII: tells a store of this library from any other SQLite file. */
export const APPLICATION_ID = 0x6b6f6d6d

/**
 * The first tables. Keys and triggers carry the promises of the store, whatever the code above them does: one
 * owner for each slot, nothing issued or changed without a row, nothing un-revoked, published versions only rising.
 */
const VERSION_1 = `
CREATE TABLE status_list (
  id                TEXT NOT NULL PRIMARY KEY,
  tenant            TEXT NOT NULL,
  purpose           TEXT NOT NULL,
  number            INTEGER NOT NULL,
  size              INTEGER NOT NULL,
  capacity          INTEGER NOT NULL CHECK (capacity > 0),
  slot_key          BLOB NOT NULL,
  next_slot         INTEGER NOT NULL DEFAULT 0 CHECK (next_slot BETWEEN 0 AND capacity),
  version           INTEGER NOT NULL DEFAULT 1,
  published_version INTEGER NOT NULL DEFAULT 0 CHECK (published_version <= version),
  state             TEXT NOT NULL CHECK (state IN ('open', 'full')),
  opened_at         TEXT NOT NULL,
  UNIQUE (tenant, purpose, number)
) STRICT;

CREATE TABLE issuance (
  seq             INTEGER PRIMARY KEY,
  tenant          TEXT NOT NULL,
  credential_id   TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_digest  TEXT NOT NULL,
  key_id          TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('intended', 'recorded', 'released', 'abandoned')),
  credential_text TEXT,
  credential_hash TEXT,
  reserved_at     TEXT NOT NULL,
  recorded_at     TEXT,
  released_at     TEXT,
  abandoned_at    TEXT,
  UNIQUE (tenant, credential_id),
  UNIQUE (tenant, idempotency_key),
  CHECK ((state IN ('recorded', 'released')) = (credential_hash IS NOT NULL))
) STRICT;

CREATE TABLE status_slot (
  list_id       TEXT NOT NULL REFERENCES status_list (id),
  idx           INTEGER NOT NULL CHECK (idx >= 0),
  tenant        TEXT NOT NULL,
  purpose       TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  PRIMARY KEY (list_id, idx),
  UNIQUE (tenant, credential_id, purpose),
  FOREIGN KEY (tenant, credential_id) REFERENCES issuance (tenant, credential_id)
) STRICT;

CREATE TABLE status_event (
  seq             INTEGER PRIMARY KEY,
  tenant          TEXT NOT NULL,
  list_id         TEXT NOT NULL,
  idx             INTEGER NOT NULL,
  slot_seq        INTEGER NOT NULL,
  from_state      TEXT NOT NULL,
  to_state        TEXT NOT NULL,
  reason          TEXT NOT NULL,
  actor           TEXT NOT NULL,
  at              TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  UNIQUE (tenant, idempotency_key),
  UNIQUE (list_id, idx, slot_seq),
  FOREIGN KEY (list_id, idx) REFERENCES status_slot (list_id, idx)
) STRICT;

CREATE TABLE publication (
  list_id         TEXT NOT NULL REFERENCES status_list (id),
  version         INTEGER NOT NULL,
  credential_text TEXT,
  credential_hash TEXT NOT NULL,
  valid_from      TEXT NOT NULL,
  at              TEXT NOT NULL,
  PRIMARY KEY (list_id, version)
) STRICT;

CREATE TRIGGER status_event_is_never_changed BEFORE UPDATE ON status_event
  BEGIN SELECT RAISE(ABORT, 'status events are append-only'); END;
CREATE TRIGGER status_event_is_never_deleted BEFORE DELETE ON status_event
  BEGIN SELECT RAISE(ABORT, 'status events are append-only'); END;
CREATE TRIGGER status_slot_is_never_changed BEFORE UPDATE ON status_slot
  BEGIN SELECT RAISE(ABORT, 'a slot is never given again'); END;
CREATE TRIGGER status_slot_is_never_deleted BEFORE DELETE ON status_slot
  BEGIN SELECT RAISE(ABORT, 'a slot is never given again'); END;
CREATE TRIGGER status_list_never_goes_back BEFORE UPDATE ON status_list
  WHEN NEW.next_slot < OLD.next_slot OR NEW.version < OLD.version OR NEW.published_version < OLD.published_version
    OR NEW.capacity <> OLD.capacity OR NEW.slot_key <> OLD.slot_key
  BEGIN SELECT RAISE(ABORT, 'a status list never goes back'); END;
`

const VERSION_2 = [
  'DROP TRIGGER status_event_is_never_changed',
  'DROP TRIGGER status_event_is_never_deleted',
  'ALTER TABLE status_event RENAME TO status_event_of_version_1',
  `CREATE TABLE status_event (
    seq             INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    list_id         TEXT NOT NULL,
    idx             INTEGER NOT NULL,
    slot_seq        INTEGER NOT NULL,
    from_status     INTEGER NOT NULL CHECK (from_status >= 0),
    to_status       INTEGER NOT NULL CHECK (to_status >= 0),
    reason          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    at              TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    UNIQUE (tenant, idempotency_key),
    UNIQUE (list_id, idx, slot_seq),
    FOREIGN KEY (list_id, idx) REFERENCES status_slot (list_id, idx)
  ) STRICT`,
  `INSERT INTO status_event
    SELECT seq, tenant, list_id, idx, slot_seq, from_state = 'revoked', to_state = 'revoked', reason, actor, at,
      idempotency_key
    FROM status_event_of_version_1 ORDER BY seq`,
  'DROP TABLE status_event_of_version_1',
  `CREATE TRIGGER status_event_is_never_changed BEFORE UPDATE ON status_event
    BEGIN SELECT RAISE(ABORT, 'status events are append-only'); END`,
  `CREATE TRIGGER status_event_is_never_deleted BEFORE DELETE ON status_event
    BEGIN SELECT RAISE(ABORT, 'status events are append-only'); END`,
  `CREATE TRIGGER status_event_never_takes_back BEFORE INSERT ON status_event
    WHEN NEW.to_status <> 1 AND EXISTS (
      SELECT 1 FROM status_list WHERE id = NEW.list_id AND purpose IN ('revocation', 'refresh')
    )
    BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END`
] as const

const VERSION_3 = [
  `CREATE TABLE carried_status (
    list_id TEXT NOT NULL REFERENCES status_list (id),
    idx     INTEGER NOT NULL CHECK (idx >= 0),
    status  INTEGER NOT NULL CHECK (status > 0),
    at      TEXT NOT NULL,
    PRIMARY KEY (list_id, idx)
  ) STRICT`,
  `CREATE TRIGGER carried_status_is_never_deleted BEFORE DELETE ON carried_status
    BEGIN SELECT RAISE(ABORT, 'what was carried over stays'); END`
] as const

/**
 * What makes each version of the tables out of the one before. An entry never changes once it was released: files that it
 * wrote are out there.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [[VERSION_1], VERSION_2, VERSION_3]

export const SCHEMA_VERSION = MIGRATIONS.length
