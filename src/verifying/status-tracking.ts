import type { JsonObject } from '../encoding/json-types.js'
import { idOf } from '../model/read.js'
import { type Warning, warn } from './report.js'

/** Shorter ends of an id are words that an address may have by chance. */
const SHORTEST_NAME = 8

/**
 * Warns of a list whose address tells its host which credential is being verified (security case 150): one with a query,
 * or one that contains the id of the credential, or the last part of that id where it has eight letters or more and a
 * digit among them.
 *
 * Cannot see that a host gives every credential a list of its own under addresses that look alike.
 */
export function warnOfTracking(list: string, credential: JsonObject): readonly Warning[] {
  const trackable = list.startsWith('https:') && (list.includes('?') || names(list, idOf(credential) ?? ''))
  return trackable ? [warn('STATUS_URL_TRACKABLE', { list: list.slice(0, 200) })] : []
}

function names(list: string, id: string): boolean {
  const last = id.split(/[/:#?]/).at(-1) as string
  return last.length >= SHORTEST_NAME && /[0-9]/.test(last) && plain(list).includes(plain(last))
}

function plain(text: string): string {
  return text.replaceAll('-', '').toLowerCase()
}
