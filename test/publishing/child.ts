import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'
import { createIssuer, createMemoryKeyStore, createPublisher, KommaError, type StatusStore } from '../../src/index.js'
import { openFolderSink } from '../../src/publishing/folder-sink.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { NOW, testSeed } from '../support/issuer.js'
import { WEB_ISSUER } from './support.js'

// A process of its own for folder-processes.test.ts: `node child.mjs MODE FOLDER COUNT`.

const [mode, folder = '', count = '0'] = process.argv.slice(2)
const STEPS = ['openSync', 'readFileSync', 'renameSync', 'readdirSync', 'fsyncSync', 'closeSync', 'rmSync'] as const
let left = Number(count)

/** Ends this process as a power cut would, before the step that was asked for. */
function step(): void {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

/** Counts a step before each call, which is after the one before. */
function counting<Call extends (...all: never[]) => unknown>(call: Call): Call {
  const counted = (...all: Parameters<Call>): unknown => {
    step()
    return call(...all)
  }
  return counted as Call
}

function countFileSteps(): void {
  for (const name of STEPS) Object.assign(fs, { [name]: counting(fs[name] as never) })
  const { open } = fsPromises
  const countingOpen = async (...all: Parameters<typeof open>) => {
    const file = await counting(open)(...all)
    file.writeFile = counting(file.writeFile.bind(file))
    file.sync = counting(file.sync.bind(file))
    return file
  }
  Object.assign(fsPromises, { open: countingOpen, unlink: counting(fsPromises.unlink) })
  syncBuiltinESMExports()
}

function countingStore(store: StatusStore): StatusStore {
  const { lists, snapshot, publication, publish, touch } = store
  return {
    ...store,
    lists: counting(lists),
    snapshot: counting(snapshot),
    publication: counting(publication),
    publish: counting(publish),
    touch: counting(touch)
  }
}

async function publishOnce(): Promise<void> {
  const status = await openSqliteStatusStore(`${folder}/status.db`, { busyTimeoutMs: 60_000 })
  const sink = await openFolderSink(`${folder}/site`)
  const isKilled = mode === 'killed'
  const issuer = await createIssuer({
    profile: { id: WEB_ISSUER, name: 'Example Academy' },
    keys: await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW }),
    status: isKilled ? countingStore(status) : status,
    clock: () => NOW
  })
  const publisher = createPublisher({ issuer, sink, clock: () => NOW })
  if (isKilled) {
    countFileSteps()
    await publisher.publish()
  } else {
    for (let n = 0; n < Number(count); n += 1) await publishAmongOthers(status, publisher)
  }
  await status.close()
}

/** One list has to be signed anew each time. */
async function publishAmongOthers(status: StatusStore, publisher: ReturnType<typeof createPublisher>): Promise<void> {
  for (const { id } of await status.lists()) await status.touch(id)
  try {
    await publisher.publish()
  } catch (error) {
    if (!(error instanceof KommaError) || !error.retryable) throw error
  }
}

await publishOnce()
process.stdout.write('done\n')
