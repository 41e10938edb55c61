import { InputError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { comparableId } from '../model/equality.js'
import { idOf, listOf, textOf } from '../model/read.js'
import type { Settings } from './options.js'
import { type Check, check, type Warning, warn } from './report.js'
import { type Asker, type EntryAnswer, malformedEntry } from './status-entry.js'
import { fetchList, MAX_LIST_LENGTH, malformedList, mayIssueList, once, unverified } from './status-list.js'
import { judgeTiming, timesOfCopy } from './status-timing.js'
import { warnOfTracking } from './status-tracking.js'
import type { FetchedRevocations, JudgedTiming, RevocationList } from './verified-list.js'

/** A list names every revoked credential with up to three members. */
const MAX_LIST_ITEMS = 200_000
/** The first is the name that 1EdTech's validator reads today, the second the one it read before. */
const NAMES = ['revokedCredential', 'revokedCredentials'] as const

const NO_TIMES: JudgedTiming = {
  timing: { asOf: undefined, age: undefined, freshUntil: undefined, ttl: undefined },
  stale: undefined,
  warnings: []
}

/**
 * 1EdTech Revocation List Status Method 1.0: the list at the `id` of the entry names the credentials that are revoked.
 *
 * Such a list is not signed, so it is worth as much as the https of its address, which the credential does sign; the fact
 * says so, and a warning. It has to name that address and the issuer of the credential. It says nothing of its own time:
 * what is read counts as of now, unless the resolver says when it read its copy.
 */
export async function readRevocationEntry(entry: JsonObject, asker: Asker, settings: Settings): Promise<EntryAnswer> {
  const url = textOf(entry['id'])
  const id = idOf(asker.credential)
  if (url?.startsWith('https://') !== true) return malformedEntry('the address of the list is not https')
  if (id === undefined) return malformedEntry('the credential has no id that a list could name')
  const tracking = warnOfTracking(url, asker.credential)
  const list = await once(settings, 'revocations', url, () => fetchRevocations(url, settings))
  if ('failed' in list) return { check: list.failed, warnings: tracking }
  const warnings = [...tracking, warn('STATUS_LIST_UNSIGNED'), ...list.warnings]
  if (!mayIssueList(list.issuer, asker, settings))
    return { check: check('STATUS_LIST_FOREIGN', { issuer: list.issuer }), warnings }
  return judge(list, id, url, warnings)
}

function judge(list: RevocationList, id: string, url: string, warnings: readonly Warning[]): EntryAnswer {
  const found = list.revoked.get(comparableId(id))
  if (found === undefined && list.gap !== undefined) return { check: list.gap, warnings }
  const fact = {
    type: '1EdTechRevocationList' as const,
    purpose: 'revocation',
    value: found === undefined ? 0 : 1,
    message: found?.reason,
    list: url,
    issuer: list.issuer,
    index: undefined,
    signed: false,
    ...list.timing
  }
  const absent = list.stale ?? check('STATUS_NOT_LISTED')
  return { check: found === undefined ? absent : check('REVOKED'), fact, warnings }
}

async function fetchRevocations(url: string, settings: Settings): Promise<FetchedRevocations> {
  const answer = await fetchList(url, settings)
  if ('failed' in answer) return answer
  try {
    const limits = { ...settings.limits, maxLength: MAX_LIST_LENGTH, maxItems: MAX_LIST_ITEMS }
    const list = parseJson(answer.body, limits)
    const timing = answer.readAt === undefined ? NO_TIMES : judgeTiming(timesOfCopy(answer.readAt), settings)
    return parseRevocations(list, url, timing)
  } catch (error) {
    return malformedList(error)
  }
}

function parseRevocations(list: JsonValue, url: string, timing: JudgedTiming): FetchedRevocations {
  if (!isJsonObject(list)) throw malformed('it is not an object')
  if (list['id'] !== url) return unverified('its id is not the address of the list')
  const issuer = idOf(list['issuer'])
  if (issuer === undefined) throw malformed('it names no issuer')
  const named = NAMES.flatMap((name) => listOf(list[name]))
  return { ...timing, issuer, revoked: new Map(named.flatMap(revocationOf)), gap: findGap(list, named) }
}

/** What names nobody may be something else than a list; an empty one would say that it is empty. */
function findGap(list: JsonObject, named: readonly JsonValue[]): Check | undefined {
  const gap = (reason: string) => check('STATUS_LIST_MALFORMED', { reason })
  if (NAMES.every((name) => list[name] === undefined)) return gap('it has no revokedCredential')
  return named.every(isReadable) ? undefined : gap('an entry of it cannot be read')
}

function isReadable(named: JsonValue): boolean {
  if (!isJsonObject(named) || typeof named['id'] !== 'string') return false
  return named['revoked'] === undefined || typeof named['revoked'] === 'boolean'
}

/** Revoked is what is named without the member `revoked`, or with the value true. */
function revocationOf(named: JsonValue): readonly (readonly [id: string, { readonly reason: string | undefined }])[] {
  if (!isJsonObject(named) || !isReadable(named) || named['revoked'] === false) return []
  return [[comparableId(String(named['id'])), { reason: textOf(named['revocationReason']) }]]
}

function malformed(message: string): InputError {
  return new InputError({ code: 'INPUT_TYPE', message })
}
