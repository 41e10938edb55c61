import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { KommaError } from '../../src/encoding/errors.js'
import {
  compileCompetency,
  createIssuer,
  createMemoryKeyStore,
  didKeyOf,
  type Issuer,
  type KeyStore,
  type StatusPurpose,
  type StatusStore
} from '../../src/index.js'
import { FIRST_AID, KARI, NOW, testSeed } from '../support/issuer.js'
import { openStore, type StorePlace } from '../support/open-store.js'
import { say } from '../support/processes.js'
import type { Fact, Place } from './history.js'
import { createRandom, type Random } from './random.js'
import { entriesOf } from './read-list.js'

// A process that issues, revokes, suspends and publishes until it is killed, and says what was acknowledged to it. It
// waits for its orders in one line, so that starting it does not count.

export interface Orders {
  readonly place: StorePlace
  /** Where lists are written, by one process at a time. */
  readonly folder: string | undefined
  readonly seed: number
  /** Dies when it comes to this point for the `times`-th time. */
  readonly failPoint?: { readonly name: string; readonly times: number } | undefined
  /** Keys of issuances that others began. */
  readonly resume: readonly string[]
  /** Credentials of others that may be revoked. */
  readonly known: readonly string[]
  /** Does this much and ends, where it is not to be killed. */
  readonly steps?: number
}

export type Said =
  | Fact
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'dying'; readonly point: string }
  | { readonly kind: 'failed'; readonly what: string; readonly code: string; readonly message: string }

const CAPACITY = 48
const LISTS = 'https://academy.example/status/'
/** What may happen to a caller among others; it repeats the call. */
const USUAL = ['STATUS_STORE_IO', 'STATUS_CONFLICT']

const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
const profile = { id: await didKeyOf(keys), name: 'Example Academy' }
const competency = compileCompetency(FIRST_AID)
say({ kind: 'ready' } satisfies Said)
for await (const line of createInterface({ input: process.stdin })) {
  await work(JSON.parse(line) as Orders)
  break
}
process.exit()

async function work(orders: Orders): Promise<void> {
  const random = createRandom(orders.seed)
  const reach = failPoints(orders.failPoint)
  const store = await openStore(orders.place, { capacityForTests: CAPACITY, openLists: 1 + (orders.seed % 2) })
  say({ kind: 'opened' } satisfies Said)
  let doing = 'issue'
  const status = watched(store, reach, () => doing)
  // Clocks of machines differ, and are set back.
  let now = NOW.getTime() + (random.below(7_200) - 3_600) * 1000
  const clock = () => {
    now += random.below(2_000)
    return new Date(now)
  }
  const signing = { keys: () => keys.keys(), signer: (id) => watchedSigner(id, reach, () => doing) } satisfies KeyStore
  const issuer = await createIssuer({ profile, keys: signing, status, statusLists: LISTS, clock })
  const known = [...orders.known]
  const resume = [...orders.resume]
  let count = 0

  for (let step = 0; step < (orders.steps ?? Number.POSITIVE_INFINITY); step += 1) {
    const resumed = resume.pop()
    const dice = resumed === undefined ? random.below(100) : 0
    count += 1
    const key = resumed ?? `${dice < 40 ? 'badge' : 'pair'}-${orders.seed}-${count}`
    if (resumed?.startsWith('pair') || (dice >= 40 && dice < 52)) {
      doing = 'issue'
      await attempt('pair', () => issuePair(status, key, known))
    } else if (dice < 40) {
      doing = 'issue'
      await attempt('issue', () => issue(issuer, key, known))
    } else if (dice < 55) {
      await attempt('abandon', () => giveUp(store, `nothing-${orders.seed}-${count}`))
    } else if (dice < 78) {
      doing = 'change'
      await attempt('change', () => change(status, random, known, `${orders.seed}-${count}`))
    } else {
      doing = 'publish'
      await attempt('publish', () => publish(issuer, orders.folder, reach))
    }
  }
  await store.close()
}

async function attempt(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    if (!USUAL.includes(error.code))
      say({ kind: 'failed', what, code: error.code, message: error.message } satisfies Said)
  }
}

async function issue(issuer: Issuer, key: string, known: string[]): Promise<void> {
  const from = now()
  say({ kind: 'began', key, from } satisfies Said)
  const { id, text, status } = await issuer.issue(competency, { ...KARI, idempotencyKey: key })
  const places = [{ list: status.list, index: status.index }]
  say({ kind: 'issued', key, id, digest: digestOf(text), places, from, to: now() } satisfies Said)
  known.push(`${id} revocation`)
}

/** A credential with two entries, by the steps that an issuer takes. */
async function issuePair(store: StatusStore, key: string, known: string[]): Promise<void> {
  const from = now()
  say({ kind: 'began', key, from } satisfies Said)
  const at = NOW.toISOString()
  const entries = [{ purpose: 'revocation' }, { purpose: 'suspension' }] as const
  const listUrl = (n: number, purpose: StatusPurpose) => `${LISTS}${purpose}-${n}.json`
  const wish = { idempotencyKey: key, requestDigest: key, credentialId: `urn:pair:${key}`, keyId: 'key-1' }
  const { credentialId, slots, ...earlier } = await store.reserve({ ...wish, entries, listUrl, at })
  const text = earlier.text ?? JSON.stringify({ id: credentialId, slots, random: Math.random() })
  if (earlier.text === undefined) await store.record(credentialId, { text, digest: digestOf(text), at })
  await store.release(credentialId, at)
  const places: Place[] = slots.map(({ list, index }) => ({ list, index }))
  say({ kind: 'issued', key, id: credentialId, digest: digestOf(text), places, from, to: now() } satisfies Said)
  known.push(`${credentialId} revocation`, `${credentialId} suspension`)
}

async function giveUp(store: StatusStore, key: string): Promise<void> {
  const from = now()
  const at = NOW.toISOString()
  const listUrl = (n: number, purpose: StatusPurpose) => `${LISTS}${purpose}-${n}.json`
  const wish = { idempotencyKey: key, requestDigest: key, credentialId: `urn:nothing:${key}`, keyId: 'key-1' }
  const { credentialId } = await store.reserve({ ...wish, entries: [{ purpose: 'revocation' }], listUrl, at })
  await store.abandon(credentialId, at)
  say({ kind: 'abandoned', id: credentialId, from, to: now() } satisfies Said)
}

async function change(store: StatusStore, random: Random, known: readonly string[], key: string): Promise<void> {
  if (known.length === 0) return
  const [id = '', purpose] = (known[random.below(known.length)] ?? '').split(' ') as [string, StatusPurpose]
  const status = purpose === 'suspension' ? random.below(2) : 1
  const why = { reason: 'a test', actor: 'kari@academy.example', at: NOW.toISOString() }
  const from = now()
  const event = await store.setStatus({ credentialId: id, purpose, status, ...why, idempotencyKey: `change-${key}` })
  say({ kind: 'changed', id, purpose, status, sequence: event.sequence, from, to: now() } satisfies Said)
}

async function publish(issuer: Issuer, folder: string | undefined, reach: (point: string) => void): Promise<void> {
  const from = now()
  const published = (await issuer.publish()).filter(({ kind }) => kind === 'statusList')
  const to = now()
  const lists = published.map(({ id, text }) => ({ list: id, digest: digestOf(text), entries: entriesOf(text) }))
  say({ kind: 'published', lists, from, to } satisfies Said)
  if (folder === undefined) return
  for (const { id, text } of published) writeList(join(folder, id.slice(LISTS.length)), text, reach)
}

/** A reader sees the old file or the new one, whole. */
function writeList(file: string, text: string, reach: (point: string) => void): void {
  reach('publish: before write')
  const descriptor = openSync(`${file}.new`, 'w')
  const half = Math.floor(text.length / 2)
  writeSync(descriptor, text.slice(0, half))
  reach('publish: half written')
  writeSync(descriptor, text.slice(half))
  fsyncSync(descriptor)
  closeSync(descriptor)
  reach('publish: before rename')
  renameSync(`${file}.new`, file)
  reach('publish: after rename')
}

function failPoints(wanted: Orders['failPoint']): (point: string) => void {
  let times = 0
  return (point) => {
    if (point !== wanted?.name) return
    times += 1
    if (times < wanted.times) return
    say({ kind: 'dying', point } satisfies Said)
    process.kill(process.pid, 'SIGKILL')
  }
}

/** A store that passes the points around each call. */
function watched(store: StatusStore, reach: (point: string) => void, doing: () => string): StatusStore {
  return new Proxy(store, {
    get(target, name: keyof StatusStore) {
      const method = target[name] as (...args: unknown[]) => unknown
      return async (...args: unknown[]) => {
        reach(`${doing()}: before ${name}`)
        const answer = await method.apply(target, args)
        reach(`${doing()}: after ${name}`)
        return answer
      }
    }
  })
}

async function watchedSigner(
  id: string | undefined,
  reach: (point: string) => void,
  doing: () => string
): ReturnType<KeyStore['signer']> {
  const signer = await keys.signer(id)
  return {
    ...signer,
    async sign(data) {
      reach(`${doing()}: before sign`)
      const signature = await signer.sign(data)
      reach(`${doing()}: after sign`)
      return signature
    }
  }
}

/** One clock for all processes of a machine. */
function now(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
