// How many slots a status store gives in a second: one call after the other, and many calls at once, which share their
// transactions.

import { join } from 'node:path'
import { createMemoryStatusStore } from 'komma'
import { openSqliteStatusStore } from 'komma/status/sqlite'

const AT_ONCE = 100

/** A table of rates. */
export async function reservationTable(folder, count) {
  const onDisk = await openSqliteStatusStore(join(folder, 'reservations.db'))
  const inMemory = createMemoryStatusStore()
  const rows = [
    ['SQLite, one after the other', await rateOf(onDisk, 'plain', count, 1)],
    [`SQLite, ${AT_ONCE} at once`, await rateOf(onDisk, 'grouped', count, AT_ONCE)],
    ['memory, one after the other', await rateOf(inMemory, 'plain', count, 1)]
  ]
  await onDisk.close()
  const lines = rows.map(([name, rate]) => `| ${name} | ${Math.round(rate).toLocaleString('en')} |`)
  return ['| reservations | per second |', '| --- | ---: |', ...lines].join('\n')
}

async function rateOf(store, name, count, atOnce) {
  const start = performance.now()
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, n) => store.reserve(requestFor(`${name} ${from + n}`))))
  }
  return (count * 1000) / (performance.now() - start)
}

function requestFor(name) {
  return {
    idempotencyKey: name,
    requestDigest: 'digest',
    credentialId: `urn:badge:${encodeURIComponent(name)}`,
    keyId: 'key-1',
    entries: [{ purpose: 'revocation' }],
    listUrl: (n) => `https://academy.example/status/revocation-${n}.json`,
    at: '2026-06-01T12:00:00Z'
  }
}
