import process from 'node:process'
import { createInterface } from 'node:readline'
import { openStore, type StorePlace } from '../support/open-store.js'
import { say } from '../support/processes.js'
import { requestFor } from './contract-data.js'

// A process of its own for reservations.test.ts: it reserves what it is told to in one line, and says every slot.

export interface ReserveOrders {
  readonly place: StorePlace
  readonly name: string
  readonly count: number
}

export interface Reserved {
  readonly list: string
  readonly index: number
}

/** Calls under way at once. */
const AT_ONCE = 4

for await (const line of createInterface({ input: process.stdin })) {
  const { place, name, count } = JSON.parse(line) as ReserveOrders
  const store = await openStore(place)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const request = requestFor(`${name}-${next}`)
      next += 1
      const [slot] = (await store.reserve(request)).slots
      if (slot !== undefined) say({ list: slot.list, index: slot.index } satisfies Reserved)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  await store.close()
  break
}
process.exit()
