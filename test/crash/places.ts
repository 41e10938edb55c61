import { join } from 'node:path'
import process from 'node:process'
import type { StorePlace } from '../support/open-store.js'

/** Stores that nobody used: files of their own, or schemas of their own where a server is named. */
export function newPlaceFor(url: string | undefined): (n: number, folder: string) => StorePlace {
  if (url === undefined) return (n, folder) => ({ sqlite: join(folder, `store-${n}.db`) })
  return (n) => ({ postgres: url, schema: `crash_${process.pid}_${n}` })
}
