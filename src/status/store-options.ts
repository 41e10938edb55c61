import { OptionError } from '../encoding/errors.js'
import { MIN_STATUS_ENTRIES } from './bitstring.js'

/** What every store driver can be told. */
export interface StatusStoreOptions {
  /**
   * Entries of a new list: a multiple of 8, at least 131,072 (the default), at most 67,108,864. A list of statuses of
   * several bits gets fewer where it would take more than 8 MiB.
   */
  readonly capacity?: number
  /** A smaller capacity, so that a test can fill a list. Such a list is still published with 131,072 entries. */
  readonly capacityForTests?: number
  /** How many lists of one purpose may be opened. Default: any number. */
  readonly maxLists?: number
  /**
   * How many lists of one purpose are open at a time, 1 (the default) to 64. Reservations are spread over them, so a
   * badge hides among more, and a database that locks a list while it gives a slot has less to wait for.
   */
  readonly openLists?: number
  /** Source of randomness for the order of the slots. Default: WebCrypto. */
  readonly random?: (length: number) => Uint8Array
}

export interface StoreSettings {
  /** Entries of a new list whose statuses have so many bits. */
  capacityOf(statusSize: number): number
  readonly maxLists: number
  readonly openLists: number
  newSlotKey(): Uint8Array
}

const SLOT_KEY_BYTES = 32
/** What a verifier unpacks by default: 8 MiB. */
const MAX_BITS = 8 * 8 * 1024 * 1024
const MOST_OPEN_LISTS = 64

/** Reads the options of a driver. Throws {@link OptionError} OPTION_INVALID. */
export function readStoreOptions(options: StatusStoreOptions): StoreSettings {
  const { capacity = MIN_STATUS_ENTRIES, capacityForTests, maxLists = Number.MAX_SAFE_INTEGER } = options
  const { openLists = 1, random = webRandom } = options
  requireInteger('capacity', capacity, MIN_STATUS_ENTRIES, MAX_BITS)
  if (capacity % 8 !== 0) throw invalid('capacity', 'a multiple of 8')
  if (capacityForTests !== undefined) requireInteger('capacityForTests', capacityForTests, 1, MIN_STATUS_ENTRIES)
  requireInteger('maxLists', maxLists, 1, Number.MAX_SAFE_INTEGER)
  requireInteger('openLists', openLists, 1, MOST_OPEN_LISTS)
  return {
    capacityOf: (statusSize) => Math.min(capacityForTests ?? capacity, Math.floor(MAX_BITS / statusSize / 8) * 8),
    maxLists,
    openLists,
    newSlotKey: () => readKey(random)
  }
}

export function requireInteger(path: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(path, `an integer, ${least} to ${most}`)
}

function readKey(random: (length: number) => Uint8Array): Uint8Array {
  let key: Uint8Array
  try {
    key = random(SLOT_KEY_BYTES)
  } catch (error) {
    throw invalid('random', 'a function that gives bytes', error)
  }
  if (!(key instanceof Uint8Array) || key.length !== SLOT_KEY_BYTES) throw invalid('random', `${SLOT_KEY_BYTES} bytes`)
  return key.slice()
}

function webRandom(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

function invalid(path: string, expected: string, cause?: unknown): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'An option is out of bounds', path, expected }, { cause })
}
