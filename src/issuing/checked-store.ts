import { sha256 } from '../crypto/digest.js'
import { KommaError, OptionError, StatusError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { MAX_STATUS_SIZE } from '../status/bitstring.js'
import type {
  Reservation,
  ReserveRequest,
  StatusEntryRequest,
  StatusPurpose,
  StatusSlot,
  StatusStore
} from '../status/status-store.js'

/** What the write way asks of a store. */
export interface IssuingStore extends Omit<StatusStore, 'reserve' | 'issuances' | 'close'> {
  reserve(request: ReserveRequest): Promise<CheckedReservation>
}

/** The form that the schema asks of an id. */
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/

const LONGEST_ID = 2_000
// biome-ignore lint/suspicious/noControlCharactersInRegex: stores refuse them in names.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/

/** Whether every store takes a text as the id of a credential, with room for what goes before it in a key. */
export function isRecordableId(id: unknown): boolean {
  return typeof id === 'string' && id.length <= LONGEST_ID && ABSOLUTE_IRI.test(id) && !CONTROL_CHARACTER.test(id)
}

/** What a verifier reads: see the check `status`. */
const LIST_ADDRESS = /^(?:https:\/\/|urn:uuid:)[^\s<>"{}|\\^`#]+$/
const LAST_INDEX = 2 ** 26 - 1
const PURPOSES: readonly StatusPurpose[] = ['revocation', 'suspension', 'refresh', 'message']

/**
 * A store whose answers are looked at before they end up in a signed badge, and whose errors are always this library's.
 */
export function checkedStore(store: StatusStore): IssuingStore {
  return {
    reserve: async (request) => checkReservation(await ask(() => store.reserve(request)), request),
    record: (credentialId, signed) => ask(() => store.record(credentialId, signed)),
    release: (credentialId, at) => ask(() => store.release(credentialId, at)),
    abandon: (credentialId, at) => ask(() => store.abandon(credentialId, at)),
    find: (credentialId) => ask(() => store.find(credentialId)),
    setStatus: (change) => ask(() => store.setStatus(change)),
    history: (credentialId) => ask(() => store.history(credentialId)),
    lists: () => ask(() => store.lists()),
    snapshot: (listId) => ask(() => store.snapshot(listId)),
    publish: (publication) => ask(() => store.publish(publication)),
    publication: (listId) => ask(() => store.publication(listId)),
    touch: (listId) => ask(() => store.touch(listId))
  }
}

async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof StatusError || cause instanceof OptionError) throw cause
    throw new StatusError(
      { code: 'STATUS_STORE_IO', message: 'the status store failed', hint: 'See the cause, then repeat the call.' },
      { cause, retryable: cause instanceof KommaError && cause.retryable }
    )
  }
}

/** A reservation with one slot at least. */
export interface CheckedReservation extends Reservation {
  readonly slots: readonly [StatusSlot, ...StatusSlot[]]
}

/** Reads each member once: what is checked is what is signed. */
function checkReservation(answer: Reservation, { entries }: ReserveRequest): CheckedReservation {
  const { credentialId, slots: given, state, text, digest } = answer ?? {}
  if (typeof credentialId !== 'string' || !ABSOLUTE_IRI.test(credentialId))
    throw refused('credentialId', 'an absolute IRI')
  const [first, ...more] = Array.isArray(given) ? given.map((slot, n) => checkSlot(slot, credentialId, n)) : []
  if (first === undefined) throw refused('slots', 'at least one slot')
  const slots = [first, ...more] as const
  if (new Set(slots.map(({ purpose }) => purpose)).size < slots.length) throw refused('slots', 'one of each purpose')
  if (text === undefined) {
    if (state !== 'intended') throw refused('state', 'intended, where nothing was recorded')
    if (!areAsked(slots, entries)) throw refused('slots', 'one for each entry that was asked for')
    return { credentialId, slots, state }
  }
  if (typeof text !== 'string' || digest !== digestOfText(text)) throw refused('digest', 'the digest of the text')
  return { credentialId, slots, state, text, digest }
}

function areAsked(slots: readonly StatusSlot[], entries: readonly StatusEntryRequest[]): boolean {
  const isAsked = (slot: StatusSlot) =>
    entries.some(({ purpose, statusSize = 1 }) => purpose === slot.purpose && statusSize === slot.statusSize)
  return slots.length === entries.length && slots.every(isAsked)
}

function checkSlot(slot: StatusSlot, credentialId: string, n: number): StatusSlot {
  const { purpose, statusSize, list, index } = slot ?? {}
  const path = `slots/${n}`
  if (typeof list !== 'string' || !LIST_ADDRESS.test(list) || list === credentialId) {
    throw refused(`${path}/list`, 'an https or urn:uuid address of its own, without fragment')
  }
  if (!Number.isSafeInteger(index) || index < 0 || index > LAST_INDEX)
    throw refused(`${path}/index`, `a whole number from 0 to ${LAST_INDEX}`)
  if (credentialId === `${list}#${index}`) throw refused('credentialId', 'another id than the status entry has')
  if (!PURPOSES.includes(purpose)) throw refused(`${path}/purpose`, PURPOSES.join(', '))
  const longest = purpose === 'message' ? MAX_STATUS_SIZE : 1
  if (!Number.isSafeInteger(statusSize) || statusSize < 1 || statusSize > longest)
    throw refused(`${path}/statusSize`, `a whole number from 1 to ${longest}`)
  return { purpose, statusSize, list, index }
}

/** Hexadecimal SHA-256 of a text, as the store keeps it beside what was signed. */
export function digestOfText(text: string): string {
  return encodeHex(sha256(new TextEncoder().encode(text)))
}

function refused(path: string, expected: string): StatusError {
  return new StatusError({
    code: 'STATUS_STORE_ANSWER',
    message: 'the status store answered with something that is not a reservation',
    path,
    expected
  })
}
