import { describe, expect, it } from 'vitest'
import { createMemorySink, type KommaEvent, type PublicationSink, type Publisher } from '../../src/index.js'
import { LIST, until, validFromOf, WEB_ISSUER, type WebHouse, webHouse } from './support.js'

const LIST_ID = `https://academy.example/${LIST}`

/** Moves the clock by the interval, and lets the round that starts then end. */
async function nextRound(house: WebHouse, publisher: Publisher, seconds = 15): Promise<void> {
  const { failed } = publisher.metrics()
  house.time.move(seconds)
  await until(() => publisher.metrics().lag < seconds || publisher.metrics().failed > failed)
}

async function running(
  house: WebHouse,
  sink: PublicationSink,
  work: (publisher: Publisher) => Promise<void>
): Promise<Publisher> {
  const publisher = house.publisher(sink)
  const stop = new AbortController()
  const run = publisher.run({ signal: stop.signal })
  await until(() => house.events.length > 0)
  await publisher.publish().catch(() => undefined)
  await work(publisher)
  stop.abort()
  await run
  return publisher
}

function toldOf(events: readonly KommaEvent[], type: KommaEvent['type']): readonly KommaEvent[] {
  return events.filter((event) => event.type === type)
}

/** A sink that can be out of reach. */
function brittleSink(): { sink: PublicationSink; memory: ReturnType<typeof createMemorySink>; isDown: boolean } {
  const memory = createMemorySink()
  const state = {
    isDown: false,
    memory,
    sink: {
      read: (place: string) => (state.isDown ? Promise.reject(new Error('down')) : memory.read(place)),
      write: (...all: Parameters<PublicationSink['write']>) => memory.write(...all)
    }
  }
  return state
}

describe('a publisher that runs', () => {
  it('publishes every change within the interval, and exports how long it took at most', async () => {
    const house = await webHouse()
    const ids = [await house.issue(), await house.issue(), await house.issue()]
    const sink = createMemorySink()
    const publisher = await running(house, sink, async (publisher) => {
      for (const [n, id] of ids.entries()) {
        house.time.move(n * 5)
        await house.revoke(id)
        const changedAt = house.time.now().getTime()
        const before = sink.entries().get(LIST)?.text
        await nextRound(house, publisher, 15 - n * 5)
        expect(sink.entries().get(LIST)?.text).not.toBe(before)
        const event = toldOf(house.events, 'published').at(-1)
        const waited = (house.time.now().getTime() - changedAt) / 1000
        expect(event).toMatchObject({ document: LIST_ID })
        const { delay } = event as { delay: number }
        expect(delay).toBeGreaterThanOrEqual(waited)
        expect(delay).toBeLessThanOrEqual(15)
      }
    })
    expect(publisher.metrics()).toMatchObject({ longestDelay: 15, late: 0, failed: 0 })
  })

  it('signs lists again long before they end, though nothing changed', async () => {
    const house = await webHouse()
    await house.issue()
    const sink = createMemorySink()
    await running(house, sink, async (publisher) => {
      const first = validFromOf(sink.entries().get(LIST)?.text)
      await nextRound(house, publisher, 1_800)
      expect(validFromOf(sink.entries().get(LIST)?.text)).toBe(first)
      await nextRound(house, publisher, 1_815)
      expect(validFromOf(sink.entries().get(LIST)?.text)).toBe('2026-06-01T13:00:15Z')
    })
    expect(toldOf(house.events, 'published').at(-1)).toMatchObject({ document: LIST_ID, delay: undefined })
  })

  it('tells once that it is late, each round that it failed, and makes up for it when it can', async () => {
    const house = await webHouse()
    const id = await house.issue()
    const place = brittleSink()
    const publisher = await running(house, place.sink, async (publisher) => {
      await house.revoke(id)
      place.isDown = true
      for (let n = 0; n < 6; n += 1) await nextRound(house, publisher)
      expect(publisher.metrics()).toMatchObject({ lag: 90, failed: 6, late: 1 })
      expect(toldOf(house.events, 'late')).toMatchObject([{ document: WEB_ISSUER, reason: 'change', delay: 75 }])
      expect(toldOf(house.events, 'failed').at(-1)).toMatchObject({ action: 'publish', code: 'PUBLICATION_IO' })
      place.isDown = false
      await nextRound(house, publisher)
      expect(toldOf(house.events, 'published').at(-1)).toMatchObject({ document: LIST_ID, delay: 105 })
      expect(toldOf(house.events, 'late').at(-1)).toMatchObject({ document: LIST_ID, reason: 'change', delay: 105 })
      place.isDown = true
      for (let n = 0; n < 6; n += 1) await nextRound(house, publisher)
    })
    expect(toldOf(house.events, 'late')).toHaveLength(3)
    expect(publisher.metrics()).toMatchObject({ longestDelay: 105, late: 3 })
  })

  it('tells that a list has lapsed, also while it cannot reach the place', async () => {
    const house = await webHouse()
    await house.issue()
    const place = brittleSink()
    await running(house, place.sink, async (publisher) => {
      place.isDown = true
      await nextRound(house, publisher, 7 * 86_400 + 10)
      await nextRound(house, publisher)
    })
    expect(
      toldOf(house.events, 'late').filter((event) => 'reason' in event && event.reason === 'lapsed')
    ).toMatchObject([{ document: LIST_ID, delay: 10 }])
  })

  it('tells that it is late while a round hangs', async () => {
    const house = await webHouse()
    await house.issue()
    let hangs = false
    const publisher = house.publisher(createMemorySink(), {
      documents: () => (hangs ? new Promise(() => {}) : Promise.resolve([]))
    })
    const stop = new AbortController()
    void publisher.run({ signal: stop.signal })
    await until(() => toldOf(house.events, 'published').length === 3)
    await publisher.publish()
    hangs = true
    for (let n = 0; n < 6; n += 1) {
      house.time.move(15)
      await new Promise((done) => setImmediate(done))
    }
    expect(toldOf(house.events, 'late')).toHaveLength(1)
    expect(publisher.metrics().lag).toBe(90)
    stop.abort()
  })

  it('stops when it is told, between two rounds and before the first', async () => {
    const house = await webHouse()
    const publisher = house.publisher(createMemorySink())
    await publisher.run({ signal: AbortSignal.abort() })
    expect(house.events).toEqual([])
    const stop = new AbortController()
    const run = publisher.run({ signal: stop.signal })
    await until(() => house.events.length === 2 && house.time.waiting() === 1)
    stop.abort()
    await run
    expect(house.time.waiting()).toBe(0)
    await expect(publisher.publish({ signal: stop.signal })).rejects.toThrow()
    expect(toldOf(house.events, 'failed')).toEqual([])
  })

  it('counts a change from the list that lies there where it is the first round of a process', async () => {
    const house = await webHouse()
    const id = await house.issue()
    const sink = createMemorySink()
    await house.publisher(sink).publish()
    house.time.move(600)
    await house.revoke(id)
    house.time.move(20)
    await house.publisher(sink).publish()
    expect(toldOf(house.events, 'published').at(-1)).toMatchObject({ document: LIST_ID, delay: 620 })
    expect(toldOf(house.events, 'late')).toMatchObject([{ document: LIST_ID, delay: 620 }])
  })
})
