import type PgBoss from 'pg-boss'
import { KommaError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'
import type { BadgeFormat } from '../issuing/badge-format.js'
import type { IssuedText } from '../issuing/batch-result.js'
import { sleepOnTimer } from '../issuing/patience.js'
import { asking, type Parcel, type ParcelAnswer } from './queue.js'
import { fromWireError } from './wire-error.js'

interface Letter {
  readonly award: JsonValue
  readonly done: (issued: IssuedText) => void
  readonly failed: (error: unknown) => void
}

/** Sends awards to workers, several in one parcel, and waits for what becomes of them. */
export interface Post {
  issue(award: JsonValue): Promise<IssuedText>
  /** Everything that waits is rejected; parcels that no worker has taken are taken back. */
  giveUp(reason: unknown): void
}

export interface PostOptions {
  readonly queue: string
  readonly format: BadgeFormat
  readonly rowsPerJob: number
  readonly lostAfter: number
}

const LOOK_AGAIN_MS = 100
/** How long a parcel that is not full waits for more rows. */
const GATHER_MS = 10
/** A row is never given up because workers were lost with it. */
const RETRIES = 1_000_000

export function openPost(boss: PgBoss, { queue, format, rowsPerJob, lostAfter }: PostOptions): Post {
  let open: Letter[] = []
  let isLooking = false
  const sent = new Map<string, readonly Letter[]>()

  async function send(): Promise<void> {
    const letters = open
    open = []
    if (letters.length === 0) return
    const id = crypto.randomUUID()
    const data: Parcel = { format, awards: letters.map(({ award }) => award) }
    sent.set(id, letters)
    try {
      await asking(() => boss.insert([{ id, name: queue, data, expireInSeconds: lostAfter, retryLimit: RETRIES }]))
      void look()
    } catch (error) {
      sent.delete(id)
      for (const { failed } of letters) failed(error)
    }
  }

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (sent.size > 0) {
      await Promise.all([...sent].map(([id, letters]) => lookAt(id, letters)))
      if (sent.size > 0) await sleepOnTimer(LOOK_AGAIN_MS, undefined)
    }
    isLooking = false
  }

  async function lookAt(id: string, letters: readonly Letter[]): Promise<void> {
    try {
      const job = await asking(() => boss.getJobById(queue, id))
      // Inserted a moment ago, or given up.
      if (job === null || !sent.has(id)) return
      if (job.state === 'completed') settle(letters, job.output as ParcelAnswer)
      else if (job.state === 'failed' || job.state === 'cancelled') throw taken()
      else return
      sent.delete(id)
      // Awards are personal data, and no longer needed here.
      await boss.deleteJob(queue, id)
    } catch (error) {
      sent.delete(id)
      for (const { failed } of letters) failed(error)
    }
  }

  return {
    issue: (award) =>
      new Promise((done, failed) => {
        open.push({ award, done, failed })
        if (open.length >= rowsPerJob) void send()
        else if (open.length === 1) setTimeout(() => void send(), GATHER_MS)
      }),
    giveUp(reason) {
      const ids = [...sent.keys()]
      for (const { failed } of [...open, ...[...sent.values()].flat()]) failed(reason)
      open = []
      sent.clear()
      if (ids.length > 0) boss.cancel(queue, ids).catch(() => undefined)
    }
  }
}

function settle(letters: readonly Letter[], answer: ParcelAnswer): void {
  if ('stopped' in answer) throw fromWireError(answer.stopped)
  for (const [at, { done, failed }] of letters.entries()) {
    const row = answer.rows[at]
    if (row === undefined) failed(taken())
    else if ('error' in row) failed(fromWireError(row.error))
    else done(row.issued)
  }
}

function taken(): KommaError {
  return new KommaError({
    code: 'BATCH_QUEUE_IO',
    message: 'rows were taken out of the queue by somebody else',
    hint: 'Start the same batch again'
  })
}
