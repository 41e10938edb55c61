import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { permute } from '../../src/status/permutation.js'
import type { StorePlace } from '../support/open-store.js'
import { bundleProgram, startProgram, type Talker } from '../support/processes.js'
import { ALL_FAIL_POINTS } from './fail-points.js'
import { checkHistory, type Fact, type ListFile, type PublishedList, type View, type Violation } from './history.js'
import { createRandom, type Random } from './random.js'
import { readPublished } from './read-list.js'
import { type Moment, readStore } from './read-store.js'
import type { Orders, Said } from './worker.js'

export interface CampaignOptions {
  readonly kills: number
  readonly seed: number
  /** A store that nobody used yet. */
  readonly newPlace: (n: number, folder: string) => StorePlace
  /** How many kills a store has to live through. Default 25. */
  readonly killsPerStore?: number
  /** How many stores are at work at once. Default 1. */
  readonly lanes?: number
  /** Where every process dies. Default: a point by chance for one half, and any moment for the other. */
  readonly failPoint?: Orders['failPoint']
  readonly onKill?: (tally: Tally) => void
}

/** What a campaign came to. */
export interface Tally {
  kills: number
  readonly byPoint: Map<string, number>
  issued: number
  changed: number
  published: number
  abandoned: number
  stores: number
  resumed: number
  readonly violations: string[]
}

const LISTS = 'https://academy.example/status/'
const WORKERS = 2
const MOST_WORDS = 16
const TOO_MANY_WORDS = 100
const LONGEST_DELAY_MS = 12
const SPARES_PER_LANE = 1

/**
 * Kills processes that issue, revoke, suspend and publish on one store, two at a time, again and again, and checks after
 * each kill that the invariants hold for all that was acknowledged.
 */
export async function runCampaign(options: CampaignOptions): Promise<Tally> {
  const { kills, seed, killsPerStore = 25, lanes = 1 } = options
  const folder = mkdtempSync(join(tmpdir(), 'komma-crash-'))
  const tally: Tally = {
    kills: 0,
    byPoint: new Map(),
    issued: 0,
    changed: 0,
    published: 0,
    abandoned: 0,
    stores: 0,
    resumed: 0,
    violations: []
  }
  const hands = new Hands(await bundleProgram('test/crash/worker.ts', join(folder, 'program')), lanes)
  const lane = async (): Promise<void> => {
    while (tally.stores * killsPerStore < kills && tally.violations.length === 0) {
      tally.stores += 1
      const number = tally.stores
      const share = Math.min(killsPerStore, kills - (number - 1) * killsPerStore)
      const place = options.newPlace(number, folder)
      await liveThrough(
        { folder, number, random: createRandom(seed + number * 7_919), tally, hands, options },
        place,
        share
      )
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, lane))
  } finally {
    await hands.dismiss()
    rmSync(folder, { recursive: true, force: true })
  }
  return tally
}

interface Campaign {
  readonly folder: string
  /** Of the store. */
  readonly number: number
  readonly random: Random
  readonly tally: Tally
  readonly hands: Hands
  readonly options: CampaignOptions
}

/** One store, from its first process to the check after the last. */
async function liveThrough(campaign: Campaign, place: StorePlace, kills: number): Promise<void> {
  const { random, tally, hands, number, options } = campaign
  const site = join(campaign.folder, `site-${number}`)
  mkdirSync(site)
  const book = new Book(place, site)
  // The first process writes the files; the second publishes too, without writing.
  const order = (n: number, more: Partial<Orders>): Orders => {
    const seed = random.below(2 ** 30)
    return {
      place,
      folder: n === 0 ? site : undefined,
      seed,
      resume: book.takeOpen(),
      known: book.known(random),
      ...more
    }
  }
  const alive = await Promise.all(
    Array.from({ length: WORKERS }, (_, n) => hands.send(order(n, fate(random, options.failPoint)), book))
  )
  for (let kill = 0; kill < kills && tally.violations.length === 0; kill += 1) {
    // Only the first comes to the points of writing files.
    const n = options.failPoint === undefined ? random.below(WORKERS) : 0
    const victim = alive[n] as Worker
    const point = await victim.die(random)
    tally.kills += 1
    tally.byPoint.set(point, (tally.byPoint.get(point) ?? 0) + 1)
    book.bury(victim)
    await note(campaign, book, n === 0)
    if (kill + 1 < kills) alive[n] = await hands.send(order(n, fate(random, options.failPoint)), book)
    options.onKill?.(tally)
  }
  for (const worker of alive) {
    if (!worker.isOver) await worker.die(random)
    book.bury(worker)
  }
  // What was begun is brought to its end, and what was published last has to hold everything.
  const resume = book.takeOpen()
  tally.resumed += resume.length
  const last = await hands.send(order(0, { resume, steps: resume.length + 6 }), book)
  await last.over
  book.bury(last)
  await note(campaign, book, true)
  if (book.takeOpen().length > 0) tally.violations.push('an issuance that was begun could not be brought to its end')
  for (const fact of book.facts) {
    if (fact.kind === 'issued') tally.issued += 1
    else if (fact.kind !== 'began') tally[fact.kind] += 1
  }
}

async function note({ tally, number }: Campaign, book: Book, isWriterDead: boolean): Promise<void> {
  const where = `store ${number}, kill ${tally.kills}`
  for (const { rule, text } of await book.check(isWriterDead)) tally.violations.push(`${where}: ${rule}: ${text}`)
  for (const one of book.takeFailures()) tally.violations.push(`${where}: ${one}`)
}

/** How a process is going to die: half of them at a named point, the others at any moment. */
function fate(random: Random, failPoint: Orders['failPoint']): Partial<Orders> {
  if (failPoint !== undefined) return { failPoint }
  if (random.below(2) === 0) return {}
  const name = ALL_FAIL_POINTS[random.below(ALL_FAIL_POINTS.length)] ?? ''
  return { failPoint: { name, times: 1 + random.below(3) } }
}

/** All that is known of one store from outside. */
class Book {
  readonly facts: Fact[] = []
  readonly #views: View[] = []
  readonly #files: ListFile[] = []
  readonly #seen = new Map<string, PublishedList>()
  readonly #open = new Set<string>()
  readonly #failures: string[] = []
  readonly #orders = new Map<string, readonly number[]>()
  readonly #site: string
  readonly #place: StorePlace

  constructor(place: StorePlace, site: string) {
    this.#place = place
    this.#site = site
  }

  hear(said: Said): void {
    if (said.kind === 'failed') this.#failures.push(`${said.what} failed with ${said.code}: ${said.message}`)
    else if (said.kind !== 'ready' && said.kind !== 'opened' && said.kind !== 'dying') this.facts.push(said)
  }

  /** What a process that is over had begun and not ended is open again. */
  bury({ said }: Worker): void {
    const ended = new Set(said.flatMap((one) => (one.kind === 'issued' ? [one.key] : [])))
    for (const one of said) if (one.kind === 'began' && !ended.has(one.key)) this.#open.add(one.key)
  }

  takeOpen(): string[] {
    const open = [...this.#open]
    this.#open.clear()
    return open
  }

  takeFailures(): string[] {
    return this.#failures.splice(0)
  }

  known(random: Random): string[] {
    const all = this.facts.flatMap((fact) => {
      if (fact.kind !== 'issued') return []
      const purposes = fact.places.length > 1 ? ['revocation', 'suspension'] : ['revocation']
      return purposes.map((purpose) => `${fact.id} ${purpose}`)
    })
    return Array.from({ length: Math.min(20, all.length) }, () => all[random.below(all.length)] ?? '')
  }

  async check(isWriterDead: boolean): Promise<Violation[]> {
    // What is heard later than this need not be in the tables that are read now.
    const facts = [...this.facts]
    if (isWriterDead) this.#readFiles()
    const moment = await readStore(this.#place)
    if (moment === undefined)
      return facts.some(({ kind }) => kind !== 'began') ? [{ rule: 'I2', text: 'the tables are gone' }] : []
    for (const { list, text } of moment.texts) {
      const one = readPublished(list, text)
      this.#seen.set(one.digest, one)
    }
    this.#views.push(moment.view)
    const views = this.#views.splice(0)
    this.#views.push(moment.view)
    const indexesOf = (list: string, used: number) => new Set(this.#orderOf(moment, list).slice(0, used))
    return checkHistory({ facts, views, files: this.#files, seen: [...this.#seen.values()], indexesOf })
  }

  #orderOf({ order }: Moment, list: string): readonly number[] {
    const { key, capacity } = order.get(list) ?? { key: new Uint8Array(), capacity: 0 }
    const known = this.#orders.get(list) ?? Array.from({ length: capacity }, (_, slot) => permute(key, capacity, slot))
    this.#orders.set(list, known)
    return known
  }

  #readFiles(): void {
    for (const name of readdirSync(this.#site).sort()) {
      if (name.endsWith('.new')) continue
      const text = readFileSync(join(this.#site, name), 'utf8')
      this.#files.push({ list: `${LISTS}${name}`, digest: isWhole(text) ? digestOf(text) : undefined })
    }
  }
}

/** A process, and what it said. */
class Worker {
  readonly over: Promise<void>
  readonly #talker: Talker<Said>
  readonly #orders: Orders
  isOver = false

  constructor(talker: Talker<Said>, orders: Orders) {
    this.#talker = talker
    this.#orders = orders
    this.over = talker.over.then(() => {
      this.isOver = true
    })
  }

  get said(): readonly Said[] {
    return this.#talker.said
  }

  /** Waits for its end: at its point, or some milliseconds after it has said some things. Says which. */
  async die(random: Random): Promise<string> {
    const hasPoint = this.#orders.failPoint !== undefined
    const words = hasPoint ? TOO_MANY_WORDS : 1 + random.below(MOST_WORDS)
    const delay = random.below(LONGEST_DELAY_MS)
    // Whoever does not come to its point, because it has other things to do, is killed like the others.
    await Promise.race([this.over, this.#talker.hasSaid(words)])
    if (!this.isOver) await pause(delay)
    this.#talker.process.kill('SIGKILL')
    await this.over
    const { signalCode, exitCode } = this.#talker.process
    if (signalCode !== 'SIGKILL') return `ended by itself with ${signalCode ?? exitCode}`
    const last = this.said.at(-1)
    return last?.kind === 'dying' ? last.point : 'at any moment'
  }
}

interface Hand {
  readonly talker: Talker<Said>
  readonly listeners: Set<(said: Said) => void>
}

/** Processes that are warm before they are needed. */
class Hands {
  readonly #program: string
  readonly #waiting: Hand[] = []

  readonly #spares: number

  constructor(program: string, lanes: number) {
    this.#program = program
    this.#spares = lanes * SPARES_PER_LANE
  }

  async send(orders: Orders, book: Book): Promise<Worker> {
    while (this.#waiting.length <= this.#spares) this.#waiting.push(this.#start())
    const { talker, listeners } = this.#waiting.shift() as Hand
    const opened = new Promise<void>((done) => {
      listeners.add((said) => {
        book.hear(said)
        // A point may come before the store is open; the death of the process is as good a sign.
        if (said.kind === 'opened') done()
      })
      talker.over.then(done)
    })
    talker.tell(orders)
    await opened
    return new Worker(talker, orders)
  }

  async dismiss(): Promise<void> {
    for (const { talker } of this.#waiting) talker.process.kill('SIGKILL')
    await Promise.all(this.#waiting.map(({ talker }) => talker.over))
  }

  #start(): Hand {
    const listeners = new Set<(said: Said) => void>()
    const talker = startProgram<Said>(this.#program, [], (said) => {
      for (const listener of listeners) listener(said)
    })
    return { talker, listeners }
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
