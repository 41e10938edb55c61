import {
  createMemoryStatusStore,
  createPublisher,
  type IssuerOptions,
  type KommaEvent,
  type PublicationSink,
  type Publisher,
  type PublisherOptions
} from '../../src/index.js'
import { KARI, NOW, type TestHouse, testHouse } from '../support/issuer.js'

export const WEB_ISSUER = 'did:web:academy.example'
export const LIST = 'status/revocation-1.json'

/** A clock and its timers, which stand still until they are moved. */
export interface FakeTime {
  readonly now: () => Date
  readonly after: (milliseconds: number, callback: () => void) => () => void
  /** Sets the clock, also back; no timer fires. */
  set(date: Date): void
  /** Moves the clock and fires what is due. */
  move(seconds: number): void
  readonly waiting: () => number
}

export function fakeTime(start = NOW): FakeTime {
  let time = start.getTime()
  let timers: { readonly at: number; readonly callback: () => void }[] = []
  return {
    now: () => new Date(time),
    after(milliseconds, callback) {
      const timer = { at: time + milliseconds, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    set(date) {
      time = date.getTime()
    },
    move(seconds) {
      time += seconds * 1000
      const due = timers.filter(({ at }) => at <= time)
      timers = timers.filter(({ at }) => at > time)
      for (const { callback } of due) callback()
    },
    waiting: () => timers.length
  }
}

export interface WebHouse extends TestHouse {
  readonly time: FakeTime
  readonly events: KommaEvent[]
  issue(): Promise<string>
  revoke(credentialId: string): Promise<void>
  publisher(sink: PublicationSink, options?: Partial<PublisherOptions>): Publisher
}

/** An issuer on the web, at a time of its own. */
export async function webHouse(options: Partial<IssuerOptions> = {}, time = fakeTime()): Promise<WebHouse> {
  const house = await testHouse({
    profile: { id: WEB_ISSUER, name: 'Example Academy' },
    clock: time.now,
    status: createMemoryStatusStore(),
    ...options
  })
  const events: KommaEvent[] = []
  return {
    ...house,
    time,
    events,
    issue: async () => (await house.issuer.issue(house.competency, KARI)).id,
    revoke: async (credentialId) => {
      await house.issuer.revoke(credentialId, { reason: 'test' })
    },
    publisher: (sink, more = {}) =>
      createPublisher({
        issuer: house.issuer,
        sink,
        clock: time.now,
        after: time.after,
        onEvent: (event) => events.push(event),
        ...more
      })
  }
}

/** Lets everything run that waits for nothing but its turn, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000; turn += 1) {
    if (isSo()) return
    await new Promise((done) => setImmediate(done))
  }
  throw new Error('it never came to that')
}

export function validFromOf(text: string | undefined): string {
  return String(JSON.parse(text ?? '{}').validFrom)
}

/** A place where somebody waits until they are let go. */
export function barrier(): { readonly reached: Promise<void>; pass(): Promise<void>; open(): void } {
  let [reach, open] = [() => {}, () => {}]
  const reached = new Promise<void>((done) => {
    reach = done
  })
  const opened = new Promise<void>((done) => {
    open = done
  })
  return {
    reached,
    pass: () => {
      reach()
      return opened
    },
    open: () => open()
  }
}
