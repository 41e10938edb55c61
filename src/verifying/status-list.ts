import { askResolver } from '../did/resolver.js'
import { compareInstants, instantFromDate } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject } from '../encoding/snapshot.js'
import { idOf, listOf } from '../model/read.js'
import { decodeList } from '../status/bitstring.js'
import type { Settings } from './options.js'
import { type Check, check, type Warning, warn } from './report.js'
import { verifySecured } from './secured-document.js'
import { readPeriod } from './validity.js'
import type { ReadList, VerifiedList } from './verified-list.js'

const MAX_LIST_LENGTH = 4 * 1_048_576
/** Whose credential asks. */
export interface Owner {
  readonly issuer: string
  /** True where the credential's own key came from the legacy resolver; only then may the list's. */
  readonly legacy: boolean
}

/**
 * Reads the list at an address: it has to be the list that lives there, verify by itself with the key of its own
 * issuer, belong to the issuer of the credential, and serve the purpose asked for. Its own status is not followed.
 */
export async function readList(
  wanted: { readonly list: string; readonly purpose: string },
  owner: Owner,
  settings: Settings
): Promise<ReadList | { readonly failed: Check }> {
  const pending = settings.lists.get(wanted.list) ?? verifyList(wanted.list, settings)
  settings.lists.set(wanted.list, pending)
  const list = await pending
  if ('failed' in list) return list
  const issuer = idOf(list.document['issuer']) ?? ''
  if (issuer !== owner.issuer) return { failed: check('STATUS_LIST_FOREIGN', { issuer }) }
  if (list.legacy && !owner.legacy) return unverified('nobody vouches for its key')
  const subject = list.document['credentialSubject'] as JsonObject
  const serves = listOf(subject['statusPurpose']).includes(wanted.purpose)
  return serves ? list : { failed: check('STATUS_PURPOSE_MISMATCH') }
}

async function verifyList(url: string, settings: Settings): Promise<VerifiedList> {
  const answer = await fetchList(url, settings)
  if ('failed' in answer) return answer
  // A list that the caller accepts as of a later time has a proof of that time.
  const now = settings.statusSnapshot?.acceptedAsOf ?? settings.now
  const { document, checks, proofs, warnings } = await verifySecured(
    { form: 'embedded', document: answer.found },
    'BitstringStatusListCredential',
    { ...settings, now }
  )
  if (document === undefined) {
    return unverified(checks.find((one) => one.outcome !== 'pass')?.message ?? 'it could not be checked')
  }
  if (document['id'] !== url) return unverified('its id is not the address of the list')
  try {
    const { encodedList } = document['credentialSubject'] as JsonObject
    return {
      bits: decodeList(String(encodedList)),
      asOf: readPeriod(document).texts.from,
      document,
      warnings: document['credentialStatus'] === undefined ? warnings : [...warnings, warn('STATUS_LIST_STATUS')],
      legacy: proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
    }
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    return unverified(error.message)
  }
}

function unverified(reason: string): { readonly failed: Check } {
  return { failed: check('STATUS_LIST_UNVERIFIED', { reason }) }
}

async function fetchList(
  url: string,
  settings: Settings
): Promise<{ readonly found: JsonObject } | { readonly failed: Check }> {
  const unavailable = (reason: string) => ({ failed: check('STATUS_UNAVAILABLE', { reason }) })
  if (settings.resolver === undefined) return unavailable('no resolver was given')
  try {
    const resolution = await askResolver(settings.resolver, { url, kind: 'statusList' })
    if (resolution === undefined) return unavailable('the resolver does not know it')
    const document = parseJson(resolution.body, { ...settings.limits, maxLength: MAX_LIST_LENGTH })
    return isJsonObject(document) ? { found: deepFreeze(document) } : unavailable('it is not a JSON object')
  } catch (error) {
    return unavailable(error instanceof KommaError ? error.message : 'the resolver failed')
  }
}

/** Bitstring Status List 1.0 section 3.1: a list is good within its own period; `maxStatusAge` bounds it besides. */
export function checkFreshness(
  list: ReadList,
  settings: Settings
): { readonly check?: Check; readonly warning?: Warning } {
  const { statusSnapshot } = settings
  const at = statusSnapshot?.acceptedAsOf ?? settings.now
  const maxAge = statusSnapshot?.maxAge ?? settings.maxStatusAge
  const { from, until } = readPeriod(list.document)
  const { asOf } = list
  const now = instantFromDate(at)
  if (from === undefined) return { check: check('STATUS_LIST_STALE', { asOf: 'an unknown time' }) }
  if (compareInstants(from, instantFromDate(new Date(at.getTime() + settings.clockTolerance * 1000))) > 0) {
    return { check: check('STATUS_LIST_NOT_YET_VALID', { asOf }) }
  }
  const oldest = instantFromDate(new Date(Math.max(at.getTime() - maxAge * 1000, 0)))
  const stale = compareInstants(from, oldest) < 0 || (until !== undefined && compareInstants(now, until) > 0)
  if (stale) return { check: check('STATUS_LIST_STALE', { asOf }) }
  return statusSnapshot === undefined
    ? {}
    : {
        warning: warn('STATUS_SNAPSHOT_ACCEPTED', { asOf })
      }
}
