import { askResolver } from '../did/resolver.js'
import { compareInstants } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isSameId } from '../model/equality.js'
import { idOf, objectsOf, textOf } from '../model/read.js'
import type { Settings } from './options.js'
import { readSecured } from './read-secured.js'
import { type Check, check } from './report.js'
import type { SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import { readPeriod } from './validity.js'

export interface Refreshed {
  readonly check: Check
  /** The newer copy, where there is one that holds; from then on it is the credential. */
  readonly newer?: SecuredResult & { readonly document: JsonObject }
}

/**
 * Open Badges 3.0 section 9.1 step 3: asks the refresh service once for a newer copy, after the proof of the one in hand
 * has held. The copy has to conform and to verify by itself, and to be the same credential: same issuer, same id, same
 * subject, a later start of validity, and a status where the original has one. Where anything of that fails, the
 * verification goes on with the original.
 */
export async function refresh(original: SecuredResult, settings: Settings): Promise<Refreshed> {
  const document = original.document as JsonObject
  const services = objectsOf(document['refreshService'])
  if (services.length === 0) return { check: check('REFRESH_NONE') }
  const service = services.find(({ type }) => [type].flat().includes('1EdTechCredentialRefresh'))
  const url = textOf(service?.['id'])
  if (url === undefined) return { check: check('REFRESH_TYPE_UNKNOWN') }
  if (!settings.refresh) return { check: check('REFRESH_NOT_ATTEMPTED') }
  try {
    return await readCopy(url, document, original, settings)
  } catch (error) {
    const reason = error instanceof KommaError ? error.message : 'the resolver failed'
    return { check: check('REFRESH_FAILED', { reason }) }
  }
}

async function readCopy(
  url: string,
  document: JsonObject,
  original: SecuredResult,
  settings: Settings
): Promise<Refreshed> {
  const failed = (reason: string) => ({ check: check('REFRESH_FAILED', { reason }) })
  if (settings.resolver === undefined) return failed('no resolver was given')
  const resolution = await askResolver(settings.resolver, { url, kind: 'credential' })
  if (resolution === undefined) return failed('the resolver does not know it')
  settings.room.copyText -= resolution.body.length
  if (settings.room.copyText < 0) return failed('the newer copies of this verification are too long in all')
  const copy = await verifySecured(readSecured(resolution.body, settings), settings.expect, settings)
  if (copy.document === undefined) {
    const stopper = copy.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
    return failed(stopper?.message ?? 'the copy could not be checked')
  }
  if (copy.issuer !== original.issuer) return failed('the copy is of another issuer')
  if (!isSameId(copy.document['id'], document['id'])) return failed('the copy is another credential')
  if (subjectOf(copy.document) !== subjectOf(document)) return failed('the copy is about somebody else')
  // A revocation of the credential in hand would be out of sight.
  if (document['credentialStatus'] !== undefined && copy.document['credentialStatus'] === undefined)
    return failed('the copy has no status, which the original has')
  if (isLegacy(copy) && !isLegacy(original)) return failed('nobody vouches for the key of the copy')
  return isNewer(copy.document, document)
    ? { check: check('REFRESHED', { from: startOf(copy.document) }), newer: { ...copy, document: copy.document } }
    : { check: check('REFRESH_CURRENT') }
}

function isLegacy({ proofs }: SecuredResult): boolean {
  return proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
}

function isNewer(copy: JsonObject, original: JsonObject): boolean {
  const [later, earlier] = [readPeriod(copy).from, readPeriod(original).from]
  return later !== undefined && earlier !== undefined && compareInstants(later, earlier) > 0
}

function startOf(document: JsonObject): string {
  return readPeriod(document).texts.from
}

/** The ids that a credential is about; a subject that has none is told by the identifiers it has. */
function subjectOf(document: JsonObject): string {
  return JSON.stringify(
    objectsOf(document['credentialSubject']).map((subject) => idOf(subject) ?? subject['identifier'] ?? null)
  )
}
