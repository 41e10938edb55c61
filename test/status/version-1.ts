import { APPLICATION_ID, MIGRATIONS } from '../../src/status/sqlite-schema.js'
import { AT, LATER, listUrl } from './contract-data.js'
import { openRawDatabase } from './raw-sqlite.js'

/** Writes a store as version 1 of the tables held it: three badges, the second revoked, the list published before that. */
export async function writeVersion1(path: string): Promise<void> {
  const raw = await openRawDatabase(path)
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON')
  for (const statement of MIGRATIONS[0] ?? []) raw.exec(statement)
  raw.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`)
  raw.exec(`
    INSERT INTO status_list (id, tenant, purpose, number, size, capacity, slot_key, next_slot, version, state, opened_at)
    VALUES ('${listUrl(1)}', 'default', 'revocation', 1, 1, 131072, x'${'07'.repeat(32)}', 3, 2, 'open', '${AT}');
    INSERT INTO issuance (tenant, credential_id, idempotency_key, request_digest, key_id, state, credential_text,
      credential_hash, reserved_at, recorded_at, released_at)
    VALUES
      ('default', 'urn:badge:a', 'key/a', 'digest/a', 'k', 'released', 'signed a', 'h', '${AT}', '${AT}', '${AT}'),
      ('default', 'urn:badge:b', 'key/b', 'digest/b', 'k', 'recorded', 'signed b', 'h', '${AT}', '${AT}', NULL),
      ('default', 'urn:badge:c', 'key/c', 'digest/c', 'k', 'intended', NULL, NULL, '${AT}', NULL, NULL);
    INSERT INTO status_slot (list_id, idx, tenant, purpose, credential_id)
    VALUES
      ('${listUrl(1)}', 7, 'default', 'revocation', 'urn:badge:a'),
      ('${listUrl(1)}', 9, 'default', 'revocation', 'urn:badge:b'),
      ('${listUrl(1)}', 11, 'default', 'revocation', 'urn:badge:c');
    INSERT INTO status_event (tenant, list_id, idx, slot_seq, from_state, to_state, reason, actor, at, idempotency_key)
    VALUES ('default', '${listUrl(1)}', 9, 1, 'valid', 'revoked', 'awarded by mistake', 'kari@academy.example',
      '${LATER}', 'revoke/b');
    INSERT INTO publication (list_id, version, credential_text, credential_hash, valid_from, at)
    VALUES ('${listUrl(1)}', 1, 'list 1', 'd1', '${AT}', '${AT}');
    UPDATE status_list SET published_version = 1;
  `)
  raw.close()
}
