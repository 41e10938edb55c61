import { canonicalJson } from '../encoding/canonical-json.js'
import { toWholeSeconds } from '../encoding/dates.js'
import { type Fault, InputError, OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { idOf, listOf, objectsOf } from '../model/read.js'
import { digestOfText, isRecordableId } from './checked-store.js'
import { checkUnsigned, refuseSharedIds } from './gate.js'
import { type GivenCredential, readGiven } from './given-credential.js'
import { issueDraft } from './issue-draft.js'
import { readSecuredText, secure } from './secure.js'
import { fillSlot, provisionalSlot } from './slot.js'
import type { Workshop } from './workshop.js'

/** Options of one credential that is issued as it is given. */
export interface IssueAsGivenOptions {
  /**
   * `assigned`, unless told: the status store gives the credential a slot and keeps a record of it, so that it can be
   * revoked. `asGiven`: the store is not asked, nobody keeps a record, and a status entry of the credential's own stays.
   */
  readonly status?: 'assigned' | 'asGiven'
  /** What no holder may leave out of this credential, besides what the issuer's suite says: `ecdsa-sd-2023` alone. */
  readonly mandatoryPointers?: readonly string[]
}

/** A credential that was issued as it was given. */
export interface IssuedAsGiven {
  /** Undefined where the credential has none. */
  readonly id: string | undefined
  /** The credential with its proof, frozen. */
  readonly credential: JsonObject
  /** The same as JSON text: store or send exactly this. */
  readonly text: string
  /** Where its status stands; undefined where no slot was assigned. */
  readonly status: { readonly list: string; readonly index: number } | undefined
  /** True where an earlier call with the same credential had issued it already. */
  readonly repeated: boolean
}

/** Signs a credential that somebody else wrote, after every check that the issuer's own badges pass. */
export async function issueAsGiven(
  workshop: Workshop,
  given: GivenCredential,
  options: IssueAsGivenOptions
): Promise<IssuedAsGiven> {
  const { status, mandatoryPointers } = readOptions(options)
  const credential = deepFreeze(readGiven(given))
  const faults = [
    ...findProofFaults(credential),
    ...findIssuerFaults(credential, workshop.profile.id),
    ...(status === 'assigned' ? findSlotFaults(credential) : [])
  ]
  if (faults.length > 0) throw new InputError(faults)
  const own = withMandatoryPointers(workshop, mandatoryPointers)
  const kind = kindOf(credential, workshop)
  if (status === 'asGiven') return issueUnrecorded(own, credential, kind)
  return issueRecorded(own, credential, kind, mandatoryPointers)
}

async function issueRecorded(
  workshop: Workshop,
  given: JsonObject,
  kind: CredentialKind,
  mandatoryPointers: readonly string[] | undefined
): Promise<IssuedAsGiven> {
  const request = { issuer: workshop.profile.id, credential: given, ...(mandatoryPointers && { mandatoryPointers }) }
  const id = idOf(given)
  const credentialId = id ?? `urn:uuid:${workshop.randomUuid()}`
  const credential = fillSlot(given, provisionalSlot(credentialId, workshop.statusEntries), workshop.statusEntries)
  return issueDraft(workshop, {
    credential,
    kind,
    expanded: await check(workshop, credential, kind),
    format: 'json',
    credentialId,
    // A credential that names itself can be asked for again after any failure.
    idempotencyKey: id === undefined ? undefined : `as-given/${id}`,
    requestDigest: digestOfText(canonicalJson(request))
  })
}

async function issueUnrecorded(
  workshop: Workshop,
  credential: JsonObject,
  kind: CredentialKind
): Promise<IssuedAsGiven> {
  const expanded = await check(workshop, credential, kind)
  await refuseOwnLists(workshop, credential)
  const created = toWholeSeconds(workshop.now())
  const text = await secure(workshop, await workshop.signer(), { credential, expanded, format: 'json', created })
  // What `secure` wrote is an object.
  const signed = deepFreeze(readSecuredText(text)) as JsonObject
  return Object.freeze({ id: idOf(credential), credential: signed, text, status: undefined, repeated: false })
}

async function check(
  workshop: Workshop,
  credential: JsonObject,
  kind: CredentialKind
): ReturnType<typeof checkUnsigned> {
  const expanded = await checkUnsigned(credential, kind, workshop)
  if (kind !== 'VerifiableCredential') refuseSharedIds(credential, kind)
  workshop.suite?.checkUnsigned?.(credential, workshop.contexts)
  return expanded
}

/** Where only badges are signed, the gate asks every credential to be one. */
function kindOf({ type }: JsonObject, { credentials }: Workshop): CredentialKind {
  if (credentials === 'any') return 'VerifiableCredential'
  return listOf(type).includes('EndorsementCredential') ? 'EndorsementCredential' : 'AchievementCredential'
}

function findProofFaults({ proof }: JsonObject): readonly Fault[] {
  if (proof === undefined) return []
  return [invalid('the credential has a proof already', '/proof', 'no proof')]
}

function findIssuerFaults({ issuer }: JsonObject, own: string): readonly Fault[] {
  if (idOf(issuer) === own) return []
  return [{ ...invalid('the credential names another issuer, or none', '/issuer', own), ...gotOf(idOf(issuer)) }]
}

function findSlotFaults({ id, credentialStatus }: JsonObject): readonly Fault[] {
  return [
    ...(id === undefined || isRecordableId(id)
      ? []
      : [invalid('the id cannot be recorded', '/id', 'one absolute IRI of at most 2,000 characters')]),
    ...(credentialStatus === undefined
      ? []
      : [invalid('the status entry is assigned when the credential is issued', '/credentialStatus', 'no status entry')])
  ]
}

/** An index of the issuer's own lists belongs to the credential that the store gave it to. */
async function refuseOwnLists({ status }: Workshop, { credentialStatus }: JsonObject): Promise<void> {
  const entries = objectsOf(credentialStatus)
  if (entries.length === 0) return
  const own = new Set((await status.lists()).map(({ id }) => id))
  if (!entries.some((entry) => own.has(String(entry['statusListCredential'])))) return
  throw new InputError(
    invalid('the status entry names a list whose entries the issuer assigns', '/credentialStatus', 'another list')
  )
}

/** @throws {OptionError} OPTION_INVALID, also where the suite of the issuer has no parts to leave out */
function withMandatoryPointers(workshop: Workshop, pointers: readonly string[] | undefined): Workshop {
  if (pointers === undefined) return workshop
  const suite = workshop.suite?.withMandatoryPointers?.(pointers)
  if (suite === undefined) throw wrongOption('mandatoryPointers', 'an issuer whose suite is ecdsa-sd-2023')
  return { ...workshop, suite }
}

function readOptions(options: IssueAsGivenOptions): {
  readonly status: 'assigned' | 'asGiven'
  readonly mandatoryPointers: readonly string[] | undefined
} {
  const given: Readonly<Record<string, unknown>> = { ...options }
  const unknown = Object.keys(given).find((name) => name !== 'status' && name !== 'mandatoryPointers')
  if (unknown !== undefined) throw wrongOption(unknown, 'status or mandatoryPointers')
  const { status = 'assigned', mandatoryPointers } = options
  if (status !== 'assigned' && status !== 'asGiven') throw wrongOption('status', 'assigned or asGiven')
  const isList = Array.isArray(mandatoryPointers) && mandatoryPointers.every((one) => typeof one === 'string')
  if (mandatoryPointers !== undefined && !isList) throw wrongOption('mandatoryPointers', 'a list of JSON Pointers')
  return { status, mandatoryPointers: mandatoryPointers && [...mandatoryPointers] }
}

function wrongOption(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}

function invalid(message: string, path: string, expected: string): Fault {
  return { code: 'CREDENTIAL_INVALID', message, path, expected }
}

function gotOf(got: string | undefined): Pick<Fault, 'got'> {
  return got === undefined ? {} : { got: got.slice(0, 200) }
}
