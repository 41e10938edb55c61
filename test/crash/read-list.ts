import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Entries, PublishedList } from './history.js'

/** What a signed list with one bit for each entry says, read without the library. */
export function entriesOf(text: string): Entries {
  const { encodedList } = JSON.parse(text).credentialSubject as { encodedList: string }
  const bytes = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'))
  const set: [number, number][] = []
  for (const [at, byte] of bytes.entries()) {
    if (byte === 0) continue
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> (7 - bit)) & 1) set.push([at * 8 + bit, 1])
  }
  return { length: bytes.length * 8, set }
}

export function readPublished(list: string, text: string): PublishedList {
  return { list, digest: createHash('sha256').update(text).digest('hex'), entries: entriesOf(text) }
}
