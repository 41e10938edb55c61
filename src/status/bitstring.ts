import { base64urlnopad } from '@scure/base'
import { OptionError, StatusError } from '../encoding/errors.js'
import { type GzipCodec, gunzipMember, gzipMember, webGzipCodec } from './gzip.js'
import { malformed, tooLarge } from './list-faults.js'

/** The fewest entries a list may have, so that one entry hides among many. Source: Bitstring Status List v1.0 §6.1. */
export const MIN_STATUS_ENTRIES = 131_072

/** The longest status, in bits. */
export const MAX_STATUS_SIZE = 32

const DEFAULT_MAX_BYTES = 8 * 1024 * 1024
const DEFAULT_MAX_TEXT_LENGTH = 4 * 1024 * 1024
const HEXADECIMAL = /^0x[0-9a-fA-F]{1,8}$/
const INDEX = /^(?:0|[1-9][0-9]{0,15})$/
/** A multiple of four letters, so that every piece but the last stands for whole bytes. */
const PIECE_LETTERS = 65_536

export interface DecodeListOptions {
  /** The longest unpacked list, in bytes. Default 8 MiB. */
  readonly maxBytes?: number
  /** The longest `encodedList`, in letters. Default 4 Mi. */
  readonly maxTextLength?: number
}

/**
 * Makes a bitstring in which every bit is 0, for `entries` entries of one bit, rounded up to whole bytes.
 *
 * @throws {StatusError} STATUS_LIST_LENGTH for fewer than 131,072 entries
 * @example
 * ```ts
 * const bits = createBitstring(131_072)
 * setBit(bits, 5, true)
 * bits[0] // 0b00000100: bit 0 is the left-most
 * ```
 */
export function createBitstring(entries: number): Uint8Array {
  if (!Number.isSafeInteger(entries)) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'The number of entries is not an integer',
      path: 'entries'
    })
  }
  requireLength(entries)
  return new Uint8Array(Math.ceil(entries / 8))
}

/** Reads one bit; bit 0 is the left-most bit of the first byte. Throws {@link StatusError} STATUS_RANGE. */
export function getBit(bytes: Uint8Array, index: number): boolean {
  return ((byteOf(bytes, index) >> (7 - (index % 8))) & 1) === 1
}

/** Sets one bit in place; bit 0 is the left-most bit of the first byte. Throws {@link StatusError} STATUS_RANGE. */
export function setBit(bytes: Uint8Array, index: number, value: boolean): void {
  const mask = 0x80 >> (index % 8)
  const byte = byteOf(bytes, index)
  bytes[Math.floor(index / 8)] = value ? byte | mask : byte & ~mask
}

/**
 * Turns a bitstring into the text of `encodedList`: `u`, then base64url without padding of the GZIP of the bytes.
 *
 * Equal bytes give equal text in one runtime; another runtime may compress differently.
 *
 * Source: Bitstring Status List v1.0 §3.3 (Bitstring Generation Algorithm).
 *
 * @throws {StatusError} STATUS_LIST_LENGTH for fewer than 131,072 bits
 */
export async function encodeList(bytes: Uint8Array, options: { readonly gzip?: GzipCodec } = {}): Promise<string> {
  requireLength(bytes.length * 8)
  const packed = await gzipMember(bytes, options.gzip ?? webGzipCodec())
  return `u${base64urlnopad.encode(packed)}`
}

/**
 * Reads the text of `encodedList` into the bitstring.
 *
 * Takes exactly what the standard describes: the multibase letter `u`, the base64url alphabet without padding and
 * without stray bits at the end, one GZIP member with a correct checksum and length, and nothing after it. A list that
 * would unpack to more than `maxBytes` is refused before or while unpacking, never afterwards.
 *
 * It does not check how many entries the list has: {@link readStatus} does, since that depends on `statusSize`.
 *
 * Source: Bitstring Status List v1.0 §3.4 (Bitstring Expansion Algorithm).
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED; INPUT_TOO_LARGE when a limit is passed
 * @example
 * ```ts
 * const bytes = decodeList(list.credentialSubject.encodedList)
 * readStatus(bytes, parseStatusListIndex(entry.statusListIndex)) // 0 or 1
 * ```
 */
export function decodeList(text: string, options: DecodeListOptions = {}): Uint8Array {
  checkText(text, options)
  if (!text.startsWith('u')) throw malformed('The encoded list does not start with the multibase letter u')
  return expand(text, 1, options)
}

/**
 * {@link decodeList} for the `encodedList` of a StatusList2021, which has no multibase letter.
 *
 * Source: W3C Status List 2021, First Public Working Draft of 2023-04-27, §3.4.
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED; INPUT_TOO_LARGE when a limit is passed
 */
export function decodeList2021(text: string, options: DecodeListOptions = {}): Uint8Array {
  checkText(text, options)
  return expand(text, 0, options)
}

function checkText(text: unknown, { maxTextLength = DEFAULT_MAX_TEXT_LENGTH }: DecodeListOptions): void {
  if (typeof text !== 'string') throw malformed('The encoded list is not a text')
  if (text.length > maxTextLength)
    throw tooLarge('The encoded list is too long', maxTextLength, `${text.length} letters`)
}

function expand(text: string, start: number, { maxBytes = DEFAULT_MAX_BYTES }: DecodeListOptions): Uint8Array {
  return gunzipMember(decodeBase64url(text, start), maxBytes)
}

/**
 * Reads the status at an index: a number of `statusSize` bits, most significant bit first.
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED for an impossible `statusSize`; STATUS_LIST_LENGTH when the list has
 * fewer than 131,072 entries; STATUS_RANGE when the index is not in the list
 * @example
 * ```ts
 * readStatus(bytes, 5) // 0, or 1 when bit 5 is set
 * readStatus(bytes, 5, { statusSize: 2 }) // bits 10 and 11, as a number from 0 to 3
 * ```
 */
export function readStatus(bytes: Uint8Array, index: number, options: { readonly statusSize?: number } = {}): number {
  const { statusSize = 1 } = options
  requireStatusSize(statusSize)
  const entries = Math.floor((bytes.length * 8) / statusSize)
  requireLength(entries)
  if (!Number.isSafeInteger(index) || index < 0 || index >= entries) throw outOfRange(index, entries)
  let status = 0
  for (let bit = 0; bit < statusSize; bit++) status = status * 2 + (getBit(bytes, index * statusSize + bit) ? 1 : 0)
  return status
}

/**
 * Writes the status at an index in place: a number of `statusSize` bits, most significant bit first.
 *
 * @throws {StatusError} STATUS_RANGE when the index is not in the list
 * @example
 * ```ts
 * writeStatus(bytes, 5, 3, { statusSize: 2 }) // sets bits 10 and 11
 * ```
 */
export function writeStatus(
  bytes: Uint8Array,
  index: number,
  status: number,
  options: { readonly statusSize?: number } = {}
): void {
  const { statusSize = 1 } = options
  for (let bit = 0; bit < statusSize; bit++)
    setBit(bytes, index * statusSize + bit, Math.floor(status / 2 ** (statusSize - 1 - bit)) % 2 === 1)
}

/**
 * Reads `statusListIndex`: a decimal text without sign, leading zero or space, or a non-negative integer number.
 *
 * The standard asks for the text; published Open Badges also carry the number. It does not check the list's length.
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED for anything else, and for values above 2^53−1
 * @example
 * ```ts
 * parseStatusListIndex('9713') // 9713
 * parseStatusListIndex('05') // throws
 * ```
 */
export function parseStatusListIndex(value: unknown): number {
  const isText = typeof value === 'string' && INDEX.test(value)
  const index = isText ? Number(value) : typeof value === 'number' && !Object.is(value, -0) ? value : Number.NaN
  if (Number.isSafeInteger(index) && index >= 0) return index
  throw new StatusError({
    code: 'STATUS_LIST_MALFORMED',
    message: 'The status list index is malformed',
    path: '/statusListIndex',
    expected: 'an integer from 0 to 2^53-1 in base 10'
  })
}

/**
 * Reads `statusSize` of a status entry, 1 where it is missing, and checks `statusMessage` against it: there is one
 * message for each possible value, and there must be messages when the size is above 1.
 *
 * It does not interpret the messages. Source: Bitstring Status List v1.0 §2.1.
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED
 * @example
 * ```ts
 * parseStatusSize(undefined, undefined) // 1
 * parseStatusSize(2, undefined) // throws: four messages are missing
 * ```
 */
export function parseStatusSize(statusSize: unknown, statusMessage: unknown): number {
  const size = statusSize === undefined ? 1 : statusSize
  requireStatusSize(size)
  if (statusMessage === undefined && size === 1) return size
  const messages = Array.isArray(statusMessage) ? (statusMessage as readonly unknown[]) : []
  const values = new Set(messages.map(statusValue).filter((value) => value !== undefined && value < 2 ** size))
  if (messages.length !== 2 ** size || values.size !== messages.length) {
    throw new StatusError({
      code: 'STATUS_LIST_MALFORMED',
      message: 'The status messages do not fit the status size',
      path: '/statusMessage',
      expected: `${2 ** size} messages, each with a status of its own from 0x0 and a message`,
      got: Array.isArray(statusMessage) ? `${messages.length} elements` : 'no array'
    })
  }
  return size
}

/**
 * The message for a value, by the `status` that stands beside it: the order of the messages is not signed.
 *
 * Takes messages that {@link parseStatusSize} let through. Source: Bitstring Status List v1.0 §2.1.
 *
 * @example
 * ```ts
 * findStatusMessage(1, [{ status: '0x1', message: 'accepted' }, { status: '0x0', message: 'pending' }]) // 'accepted'
 * ```
 */
export function findStatusMessage(value: number, statusMessage: unknown): string | undefined {
  const messages = Array.isArray(statusMessage) ? (statusMessage as readonly unknown[]) : []
  return (messages.find((one) => statusValue(one) === value) as { message: string } | undefined)?.message
}

/** The value that a message is about; undefined where it is not a message. */
function statusValue(statusMessage: unknown): number | undefined {
  if (typeof statusMessage !== 'object' || statusMessage === null) return undefined
  const { status, message } = statusMessage as { status?: unknown; message?: unknown }
  return typeof status === 'string' && HEXADECIMAL.test(status) && typeof message === 'string'
    ? Number(status)
    : undefined
}

function requireStatusSize(size: unknown): asserts size is number {
  if (Number.isSafeInteger(size) && (size as number) >= 1 && (size as number) <= MAX_STATUS_SIZE) return
  throw new StatusError({
    code: 'STATUS_LIST_MALFORMED',
    message: 'The status size is malformed',
    path: '/statusSize',
    expected: `an integer from 1 to ${MAX_STATUS_SIZE}`
  })
}

function requireLength(entries: number): void {
  if (entries >= MIN_STATUS_ENTRIES) return
  throw new StatusError({
    code: 'STATUS_LIST_LENGTH',
    message: 'The status list is too short',
    expected: `at least ${MIN_STATUS_ENTRIES} entries`,
    got: `${entries}`
  })
}

function byteOf(bytes: Uint8Array, index: number): number {
  const byte = Number.isSafeInteger(index) && index >= 0 ? bytes[Math.floor(index / 8)] : undefined
  if (byte === undefined) throw outOfRange(index, bytes.length * 8)
  return byte
}

function outOfRange(index: number, entries: number): StatusError {
  return new StatusError({
    code: 'STATUS_RANGE',
    message: 'The status index lies outside the list',
    expected: `0 to ${entries - 1}`,
    got: `${index}`
  })
}

/** Works in pieces: the codec makes a list of single letters, which for a long text needs many times its memory. */
function decodeBase64url(text: string, start: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((text.length - start) * 3) / 4))
  let length = 0
  for (let from = start; from < text.length; from += PIECE_LETTERS) {
    const piece = decodePiece(text.slice(from, from + PIECE_LETTERS))
    bytes.set(piece, length)
    length += piece.length
  }
  return bytes
}

function decodePiece(piece: string): Uint8Array {
  try {
    return base64urlnopad.decode(piece)
  } catch {
    // The codec's own message repeats the input, so it is not passed on.
    throw malformed('The encoded list is not base64url', 'base64url without padding')
  }
}
