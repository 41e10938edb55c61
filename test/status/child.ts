import { writeSync } from 'node:fs'
import process from 'node:process'
import { KommaError } from '../../src/encoding/errors.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { AT, listUrl, requestFor, revocationOf } from './contract-data.js'

// A process of its own for sqlite-processes.test.ts: `node child.mjs MODE FILE NAME COUNT`.

const NOBODY = 65_534
const [mode, path = '', name = '', count = '0'] = process.argv.slice(2)

/** Written at once, so that what was acknowledged is known even if the process is killed. */
function say(value: unknown): void {
  let rest: Uint8Array = Buffer.from(`${JSON.stringify(value)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // The pipe is full; whoever reads it is about to make room.
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error
    }
  }
}

function becomeNobody(): void {
  if (process.getuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}

async function reserveMany(): Promise<void> {
  const store = await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
  const names = Array.from({ length: Number(count) }, (_, n) => `${name}-${n}`)
  await Promise.all(names.map(async (each) => say((await store.reserve(requestFor(each))).slots[0])))
  await store.close()
}

/** The whole way of a badge, again and again; every second one is revoked, and the list is published now and then. */
async function issueUntilItFails(): Promise<void> {
  const store = await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
  say({ step: 'opened' })
  for (let n = 0; ; n++) {
    const each = `${name}-${n}`
    const { credentialId, slots } = await store.reserve(requestFor(each))
    const [{ list, index } = { list: '', index: -1 }] = slots
    say({ step: 'reserved', credentialId, list, index })
    await store.record(credentialId, { text: `${credentialId} `.repeat(40), digest: credentialId, at: AT })
    say({ step: 'recorded', credentialId })
    await store.release(credentialId, AT)
    say({ step: 'released', credentialId })
    if (n % 2 === 0) {
      await store.setStatus(revocationOf(each))
      say({ step: 'revoked', credentialId })
    }
    if (n % 5 === 0) {
      const { version, previousValidFrom = AT } = await store.snapshot(listUrl(1))
      const validFrom = new Date(Date.parse(previousValidFrom) + 1000).toISOString()
      const text = `list ${version}`
      if (await store.publish({ listId: listUrl(1), version, text, digest: text, validFrom, at: AT })) {
        say({ step: 'published', version, validFrom })
      }
    }
  }
}

if (mode === 'issueAsNobody') becomeNobody()
const run = mode === 'reserve' ? reserveMany : issueUntilItFails
try {
  await run()
} catch (error) {
  if (!(error instanceof KommaError)) throw error
  say({ step: 'failed', code: error.code, message: error.message })
}
