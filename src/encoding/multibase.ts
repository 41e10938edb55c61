import { base58, base64, hex } from '@scure/base'
import { base64urlCodec } from './base64url.js'
import { InputError } from './errors.js'

/** The two multibase encodings that Data Integrity and Controlled Identifiers use. */
export type MultibaseEncoding = 'base58btc' | 'base64url'

export interface DecodeOptions {
  /** Longest text to look at, in characters. 4,096 unless told: decoding base58 takes time quadratic in the length. */
  readonly maxLength?: number
  /** JSON Pointer or name that an error shall carry. */
  readonly path?: string
}

export interface DecodeMultibaseOptions extends DecodeOptions {
  /** Accept this encoding alone. Both are accepted unless told. */
  readonly encoding?: MultibaseEncoding
}

const DEFAULT_MAX_LENGTH = 4096

/**
 * Writes bytes as multibase: `z` and base58btc, or `u` and base64url without padding.
 *
 * Source: Controlled Identifiers 1.0, section 2.4.
 */
export function encodeMultibase(encoding: MultibaseEncoding, bytes: Uint8Array): string {
  return encoding === 'base58btc' ? `z${base58.encode(bytes)}` : `u${base64urlCodec.encode(bytes)}`
}

/**
 * Reads multibase text strictly: the one spelling that {@link encodeMultibase} would write for the same bytes, so that
 * white space, padding, other alphabets and loose trailing bits are refused.
 *
 * Does not check what the bytes mean or how many there are.
 *
 * @throws {InputError} ENCODING_INVALID
 *
 * @example
 * ```ts
 * decodeMultibase('z2Drjgb') // Uint8Array of the bytes that encodeMultibase('base58btc', …) was given
 * ```
 */
export function decodeMultibase(text: string, options: DecodeMultibaseOptions = {}): Uint8Array<ArrayBuffer> {
  const prefix = typeof text === 'string' ? text.charAt(0) : ''
  const encoding = prefix === 'z' ? 'base58btc' : prefix === 'u' ? 'base64url' : undefined
  if (encoding === undefined || (options.encoding !== undefined && options.encoding !== encoding)) {
    const wanted = options.encoding === undefined ? 'z or u' : options.encoding === 'base58btc' ? 'z' : 'u'
    throw invalid('the text is not multibase of an accepted encoding', options, `a text that starts with ${wanted}`)
  }
  const codec = encoding === 'base58btc' ? base58 : base64urlCodec
  return decodeExactly(codec, text.slice(1), encoding, options)
}

/** Writes bytes as base64url without padding (RFC 4648 section 5). */
export function encodeBase64url(bytes: Uint8Array): string {
  return base64urlCodec.encode(bytes)
}

/**
 * Reads base64url without padding, and nothing but the one spelling of its bytes.
 *
 * @throws {InputError} ENCODING_INVALID
 */
export function decodeBase64url(text: string, options: DecodeOptions = {}): Uint8Array<ArrayBuffer> {
  return decodeExactly(base64urlCodec, text, 'base64url', options)
}

/** Writes bytes as base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes)
}

/**
 * Reads base64 with padding, and nothing but the one spelling of its bytes.
 *
 * @throws {InputError} ENCODING_INVALID
 */
export function decodeBase64(text: string, options: DecodeOptions = {}): Uint8Array<ArrayBuffer> {
  return decodeExactly(base64, text, 'base64', options)
}

/** Writes bytes as lower-case hexadecimal digits. */
export function encodeHex(bytes: Uint8Array): string {
  return hex.encode(bytes)
}

/**
 * Reads lower-case hexadecimal digits.
 *
 * @throws {InputError} ENCODING_INVALID
 */
export function decodeHex(text: string, options: DecodeOptions = {}): Uint8Array<ArrayBuffer> {
  return decodeExactly(hex, text, 'hexadecimal', options)
}

interface Codec {
  encode(bytes: Uint8Array): string
  decode(text: string): Uint8Array
}

function decodeExactly(codec: Codec, text: string, name: string, options: DecodeOptions): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw invalid(`the ${name} value is not text`, options, 'a string')
  const maxLength = options.maxLength ?? DEFAULT_MAX_LENGTH
  if (text.length > maxLength) {
    throw invalid(`the ${name} text is too long`, options, `at most ${maxLength} characters`, `${text.length}`)
  }
  let bytes: Uint8Array
  try {
    bytes = codec.decode(text)
  } catch {
    throw invalid(`the text is not ${name}`, options)
  }
  if (codec.encode(bytes) !== text) throw invalid(`the ${name} text is not the usual spelling of its bytes`, options)
  return Uint8Array.from(bytes)
}

function invalid(message: string, options: DecodeOptions, expected?: string, got?: string): InputError {
  return new InputError({
    code: 'ENCODING_INVALID',
    message,
    ...(options.path === undefined ? {} : { path: options.path }),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got })
  })
}
