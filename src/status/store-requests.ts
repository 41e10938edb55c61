import { parseDateTimeStamp } from '../encoding/dates.js'
import { type Fault, KommaError, OptionError } from '../encoding/errors.js'
import { isWellFormed } from '../encoding/json-rules.js'
import { MAX_STATUS_SIZE } from './bitstring.js'
import type { ReconcileRequest, SeenCredential, SeenList } from './reconcile.js'
import type {
  Publication,
  ReserveRequest,
  SignedCredential,
  StatusChange,
  StatusEntryRequest,
  StatusPurpose
} from './status-store.js'

/** Every purpose, in the order in which a credential has its entries. */
const STATUS_PURPOSES: readonly StatusPurpose[] = ['revocation', 'suspension', 'refresh', 'message']

const LONGEST_NAME = 2048
const MAX_BITS = 2 ** 26
const LONGEST_REASON = 10_000
const LONGEST_TEXT = 16 * 1024 * 1024
// A database may cut a text at NUL, and then two names are one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/
const ABSOLUTE_URL_WITHOUT_FRAGMENT = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/

/** Checks the arguments of `reserve`, all of them at once. */
export function checkReserveRequest(request: ReserveRequest): void {
  const { idempotencyKey, requestDigest, credentialId, keyId, entries, listUrl, at } = request
  report([
    ...nameFaults({ idempotencyKey, requestDigest, credentialId, keyId }),
    ...entryFaults(entries),
    ...(typeof listUrl === 'function' ? [] : [fault('listUrl', 'a function')]),
    ...timeFaults({ at })
  ])
}

export function checkSigned(credentialId: string, { text, digest, at }: SignedCredential): void {
  report([...nameFaults({ credentialId, digest }), ...textFaults('text', text, LONGEST_TEXT), ...timeFaults({ at })])
}

export function checkMark(credentialId: string, at: string): void {
  report([...nameFaults({ credentialId }), ...timeFaults({ at })])
}

export function checkStatusChange(change: StatusChange): void {
  const { credentialId, purpose, status, actor, idempotencyKey, reason, at } = change
  report([
    ...nameFaults({ credentialId, actor, idempotencyKey }),
    ...purposeFaults('purpose', purpose),
    ...(isWithin(status, 0, 2 ** MAX_STATUS_SIZE - 1) ? [] : [fault('status', 'a whole number, 0 or more')]),
    ...textFaults('reason', reason, LONGEST_REASON),
    ...timeFaults({ at })
  ])
}

export function checkPublication({ listId, version, text, digest, validFrom, at }: Publication): void {
  report([
    ...nameFaults({ listId, digest }),
    ...(Number.isSafeInteger(version) && version >= 1 ? [] : [fault('version', 'a positive integer')]),
    ...textFaults('text', text, LONGEST_TEXT),
    ...timeFaults({ validFrom, at })
  ])
}

/** Checks the arguments of `reconcile`. */
export function checkReconcileRequest({ lists, credentials, reason, actor, at }: ReconcileRequest): void {
  report([
    ...nameFaults({ actor }),
    ...textFaults('reason', reason, LONGEST_REASON),
    ...timeFaults({ at }),
    ...lists.flatMap((list, n) => under(`lists/${n}`, seenListFaults(list))),
    ...credentials.flatMap((credential, n) => under(`credentials/${n}`, seenCredentialFaults(credential)))
  ])
}

function seenListFaults({ id, purpose, statusSize, capacity, statuses, publication }: SeenList): Fault[] {
  const most = 2 ** statusSize - 1
  const isGood = statuses.every(({ index, status }) => isWithin(index, 0, capacity - 1) && isWithin(status, 1, most))
  return [
    ...nameFaults({ id }),
    ...entryFaults([{ purpose, statusSize }]),
    ...(isWithin(capacity, 1, MAX_BITS) ? [] : [fault('capacity', 'a positive integer')]),
    ...(isGood ? [] : [fault('statuses', 'statuses that fit the list, none of them 0')]),
    ...(publication === undefined
      ? []
      : [
          ...nameFaults({ digest: publication.digest }),
          ...textFaults('text', publication.text, LONGEST_TEXT),
          ...timeFaults({ validFrom: publication.validFrom })
        ])
  ]
}

function seenCredentialFaults({ credentialId, text, digest, keyId, slots }: SeenCredential): Fault[] {
  return [
    ...nameFaults({ credentialId, digest, keyId }),
    ...textFaults('text', text, LONGEST_TEXT),
    ...entryFaults(slots),
    ...(slots.every(({ index }) => isWithin(index, 0, MAX_BITS)) ? [] : [fault('slots', 'indexes')])
  ]
}

function under(path: string, faults: readonly Fault[]): Fault[] {
  return faults.map((one) => ({ ...one, path: `${path}/${one.path ?? ''}` }))
}

/** Checks a name that is only looked up. */
export function checkName(path: string, name: string): void {
  report(nameFaults({ [path]: name }))
}

/** Asks the caller for the URL of a new list and checks what comes back. */
export function newListUrl(
  listUrl: ReserveRequest['listUrl'],
  n: number,
  purpose: StatusPurpose,
  isTaken: (url: string) => boolean
): string {
  const url = askForUrl(listUrl, n, purpose)
  report([
    ...nameFaults({ listUrl: url }),
    ...(ABSOLUTE_URL_WITHOUT_FRAGMENT.test(url) ? [] : [fault('listUrl', 'an absolute URL without fragment')])
  ])
  if (isTaken(url)) report([fault('listUrl', `another URL for each list; the one for ${purpose} list ${n} is in use`)])
  return url
}

/** The entries asked for, whole and in the order in which they are given. */
export function orderedEntries({ entries }: ReserveRequest): readonly Required<StatusEntryRequest>[] {
  return inOrderOfPurpose(entries).map(({ purpose, statusSize = 1 }) => ({ purpose, statusSize }))
}

export function inOrderOfPurpose<T extends { readonly purpose: StatusPurpose }>(items: readonly T[]): T[] {
  return STATUS_PURPOSES.flatMap((purpose) => items.filter((item) => item.purpose === purpose))
}

function entryFaults(entries: unknown): Fault[] {
  if (!Array.isArray(entries) || entries.length === 0) return [fault('entries', 'at least one status entry')]
  const purposes = new Set<unknown>()
  return (entries as readonly (StatusEntryRequest | null | undefined)[]).flatMap((entry, n) => {
    const { purpose, statusSize = 1 } = entry ?? {}
    const isSecond = purposes.has(purpose)
    purposes.add(purpose)
    const longest = purpose === 'message' ? MAX_STATUS_SIZE : 1
    return [
      ...purposeFaults(`entries/${n}/purpose`, purpose),
      ...(isSecond ? [fault(`entries/${n}/purpose`, 'one entry of each purpose')] : []),
      ...(isWithin(statusSize, 1, longest) ? [] : [fault(`entries/${n}/statusSize`, `an integer, 1 to ${longest}`)])
    ]
  })
}

function purposeFaults(path: string, purpose: unknown): Fault[] {
  return STATUS_PURPOSES.some((one) => one === purpose) ? [] : [fault(path, STATUS_PURPOSES.join(', '))]
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

function askForUrl(listUrl: ReserveRequest['listUrl'], n: number, purpose: StatusPurpose): string {
  try {
    return listUrl(n, purpose)
  } catch (error) {
    throw new OptionError(fault('listUrl', `a URL for list ${n}, but the function threw`), { cause: error })
  }
}

function nameFaults(names: Readonly<Record<string, unknown>>): Fault[] {
  return Object.entries(names)
    .filter(([, value]) => !isText(value, LONGEST_NAME) || CONTROL_CHARACTER.test(value))
    .map(([path]) => fault(path, `1 to ${LONGEST_NAME} characters without control characters`))
}

function textFaults(path: string, value: unknown, longest: number): Fault[] {
  const isGood = isText(value, longest) && !value.includes('\u0000')
  return isGood ? [] : [fault(path, `1 to ${longest} characters without NUL`)]
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= longest && isWellFormed(value)
}

function timeFaults(times: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(times).flatMap(([path, value]) => {
    try {
      parseDateTimeStamp(value, path)
      return []
    } catch (error) {
      if (error instanceof KommaError) return [...error.faults]
      throw error
    }
  })
}

function fault(path: string, expected: string): Fault {
  return { code: 'OPTION_INVALID', message: 'A parameter of the status store is not of the right form', path, expected }
}

function report(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new OptionError(faults)
}
