import type { Resolver } from '../did/resolver.js'
import { askResolver } from '../did/resolver.js'
import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import { StatusError } from '../encoding/errors.js'
import { decodeUtf8 } from '../encoding/json.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { digestOfText } from './checked-store.js'
import { readSecuredText } from './secure.js'
import type { Workshop } from './workshop.js'

/**
 * Refuses a store that knows less than was published: an old backup of it was put back, and it would give indexes again
 * that are taken. Compares every list of the store with the one that is published, and looks for the next list of each
 * purpose.
 *
 * Takes the word of whoever serves the lists: a forged one stops the issuer, and no more.
 *
 * @throws {StatusError} STATUS_STORE_BEHIND
 * @throws {ResolutionError} where it could not be found out
 */
export async function refuseStoreBehind(workshop: Workshop, published: Resolver): Promise<void> {
  const { status, listUrl, statusEntries } = workshop
  const lists = await status.lists()
  for (const { id } of lists) {
    const text = await readList(published, id)
    if (text === undefined) continue
    const last = await status.publication(id)
    if (last?.digest === digestOfText(text)) continue
    if (last === undefined || isLater(text, last.validFrom)) throw behind(id)
  }
  for (const { purpose } of statusEntries) {
    const numbers = lists.filter((list) => list.purpose === purpose).map(({ number }) => number)
    const next = listUrl(Math.max(0, ...numbers) + 1, purpose)
    if ((await readList(published, next)) !== undefined) throw behind(next)
  }
}

/** The text of a published list; undefined where none is published under its address. */
export async function readList(published: Resolver, url: string): Promise<string | undefined> {
  const found = await askResolver(published, { url, kind: 'statusList' })
  if (found === undefined) return undefined
  return typeof found.body === 'string' ? found.body : decodeUtf8(found.body)
}

/** A list that cannot be read counts as a later one. */
function isLater(text: string, validFrom: string): boolean {
  try {
    const list = readSecuredText(text)
    const theirs = isJsonObject(list) ? list['validFrom'] : undefined
    return compareInstants(parseDateTimeStamp(String(theirs)), parseDateTimeStamp(validFrom)) > 0
  } catch {
    return true
  }
}

function behind(list: string): StatusError {
  return new StatusError({
    code: 'STATUS_STORE_BEHIND',
    message: 'what was published is newer than what the status store knows',
    path: list,
    hint: 'Where an old backup was put back, reconcile the store with what was published; nothing is issued before'
  })
}
