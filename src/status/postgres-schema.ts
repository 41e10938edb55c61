/**
 * The steps from an empty schema to the tables of this version, each run once and never changed again. `$schema` stands
 * for the quoted name of the schema.
 *
 * Keys and triggers carry the promises of the store, whatever the code above them does: one owner for each slot, nothing
 * issued or changed without a row, nothing un-revoked, published versions only rising.
 */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE $schema.status_list (
  id                text PRIMARY KEY,
  seq               bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant            text NOT NULL,
  purpose           text NOT NULL CHECK (purpose IN ('revocation', 'suspension', 'refresh', 'message')),
  number            integer NOT NULL CHECK (number >= 1),
  size              integer NOT NULL CHECK (size BETWEEN 1 AND 32),
  capacity          integer NOT NULL CHECK (capacity > 0),
  slot_key          bytea NOT NULL,
  next_slot         integer NOT NULL DEFAULT 0 CHECK (next_slot BETWEEN 0 AND capacity),
  version           integer NOT NULL DEFAULT 1,
  published_version integer NOT NULL DEFAULT 0 CHECK (published_version <= version),
  state             text NOT NULL CHECK (state IN ('open', 'full')),
  opened_at         text NOT NULL,
  UNIQUE (tenant, purpose, number),
  UNIQUE (tenant, id)
);

CREATE TABLE $schema.issuance (
  seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant          text NOT NULL,
  credential_id   text NOT NULL,
  idempotency_key text NOT NULL,
  request_digest  text NOT NULL,
  key_id          text NOT NULL,
  state           text NOT NULL CHECK (state IN ('intended', 'recorded', 'released', 'abandoned')),
  credential_text text,
  credential_hash text,
  reserved_at     text NOT NULL,
  recorded_at     text,
  released_at     text,
  abandoned_at    text,
  UNIQUE (tenant, credential_id),
  UNIQUE (tenant, idempotency_key),
  CHECK ((state IN ('recorded', 'released')) = (credential_hash IS NOT NULL))
);
CREATE INDEX issuance_in_order ON $schema.issuance (tenant, seq);

CREATE TABLE $schema.status_slot (
  list_id       text NOT NULL,
  idx           integer NOT NULL CHECK (idx >= 0),
  tenant        text NOT NULL,
  purpose       text NOT NULL,
  credential_id text NOT NULL,
  PRIMARY KEY (list_id, idx),
  UNIQUE (tenant, credential_id, purpose),
  UNIQUE (tenant, list_id, idx),
  FOREIGN KEY (tenant, list_id) REFERENCES $schema.status_list (tenant, id),
  FOREIGN KEY (tenant, credential_id) REFERENCES $schema.issuance (tenant, credential_id)
);

CREATE TABLE $schema.status_event (
  seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant          text NOT NULL,
  list_id         text NOT NULL,
  idx             integer NOT NULL,
  slot_seq        integer NOT NULL CHECK (slot_seq >= 1),
  from_status     bigint NOT NULL CHECK (from_status >= 0),
  to_status       bigint NOT NULL CHECK (to_status >= 0),
  reason          text NOT NULL,
  actor           text NOT NULL,
  at              text NOT NULL,
  idempotency_key text NOT NULL,
  UNIQUE (tenant, idempotency_key),
  UNIQUE (list_id, idx, slot_seq),
  FOREIGN KEY (tenant, list_id, idx) REFERENCES $schema.status_slot (tenant, list_id, idx)
);
CREATE INDEX status_event_in_order ON $schema.status_event (tenant, list_id, seq);

CREATE TABLE $schema.publication (
  tenant          text NOT NULL,
  list_id         text NOT NULL,
  version         integer NOT NULL,
  credential_text text,
  credential_hash text NOT NULL,
  valid_from      text NOT NULL,
  at              text NOT NULL,
  PRIMARY KEY (list_id, version),
  FOREIGN KEY (tenant, list_id) REFERENCES $schema.status_list (tenant, id)
);

CREATE FUNCTION $schema.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: what was written stays', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER is_never_changed BEFORE UPDATE OR DELETE ON $schema.status_event
  FOR EACH ROW EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_changed BEFORE UPDATE OR DELETE ON $schema.status_slot
  FOR EACH ROW EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_deleted BEFORE DELETE ON $schema.status_list
  FOR EACH ROW EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_deleted BEFORE DELETE ON $schema.issuance
  FOR EACH ROW EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_deleted BEFORE DELETE ON $schema.publication
  FOR EACH ROW EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER never_goes_back BEFORE UPDATE ON $schema.status_list
  FOR EACH ROW WHEN (
    NEW.next_slot < OLD.next_slot OR NEW.version < OLD.version OR NEW.published_version < OLD.published_version
    OR NEW.capacity <> OLD.capacity OR NEW.slot_key <> OLD.slot_key
    OR (NEW.id, NEW.tenant, NEW.purpose, NEW.number, NEW.size) <> (OLD.id, OLD.tenant, OLD.purpose, OLD.number, OLD.size)
  ) EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER keeps_what_was_signed BEFORE UPDATE ON $schema.issuance
  FOR EACH ROW WHEN (
    (NEW.tenant, NEW.credential_id, NEW.idempotency_key, NEW.request_digest)
      <> (OLD.tenant, OLD.credential_id, OLD.idempotency_key, OLD.request_digest)
    OR (OLD.credential_hash IS NOT NULL AND NEW.credential_hash IS DISTINCT FROM OLD.credential_hash)
    OR (OLD.credential_text IS NOT NULL AND NEW.credential_text <> OLD.credential_text)
    OR (OLD.state IN ('released', 'abandoned') AND NEW.state <> OLD.state)
  ) EXECUTE FUNCTION $schema.refuse();

CREATE FUNCTION $schema.keep_final() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.to_status <> 1 AND EXISTS (
    SELECT 1 FROM $schema.status_list WHERE id = NEW.list_id AND purpose IN ('revocation', 'refresh')
  ) THEN
    RAISE EXCEPTION 'a revocation is final' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER never_takes_back BEFORE INSERT ON $schema.status_event
  FOR EACH ROW EXECUTE FUNCTION $schema.keep_final();

CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON $schema.status_list EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON $schema.issuance EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON $schema.status_slot EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON $schema.status_event EXECUTE FUNCTION $schema.refuse();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON $schema.publication EXECUTE FUNCTION $schema.refuse();
`
]

/** The version that this library reads and writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length

/** What leads from one version to the current one, with the version that each step reaches. */
export function migrationsFrom(version: number, schema: string): readonly { version: number; sql: string }[] {
  return MIGRATIONS.slice(version).map((sql, index) => ({
    version: version + index + 1,
    sql: sql.replaceAll('$schema', () => schema)
  }))
}
