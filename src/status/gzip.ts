import { crc32 } from '../encoding/crc32.js'
import { StatusError } from '../encoding/errors.js'

/**
 * Raw DEFLATE (RFC 1951), the one thing about GZIP that this library leaves to the runtime.
 *
 * The default is {@link webGzipCodec}. Where a runtime has no `CompressionStream('deflate-raw')`, pass another:
 *
 * ```ts
 * const codec: GzipCodec = {
 *   deflateRaw: async (bytes) => zlib.deflateRawSync(bytes),
 *   inflateRaw: async (bytes, maxBytes) => zlib.inflateRawSync(bytes, { maxOutputLength: maxBytes })
 * }
 * ```
 *
 * Header, checksum, length and what follows the end are checked outside, so a codec may ignore bytes after the last
 * block.
 */
export interface GzipCodec {
  /** Compresses. */
  deflateRaw(bytes: Uint8Array): Promise<Uint8Array>
  /** Decompresses; rejects when the data are incomplete or wrong, and as soon as more than `maxBytes` come out. */
  inflateRaw(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>
}

const HEADER_BYTES = 10
const TRAILER_BYTES = 8
const DEFLATE_METHOD = 8
const FLAG_HEADER_CHECKSUM = 2
const FLAG_EXTRA = 4
const FLAG_NAME = 8
const FLAG_COMMENT = 16
const RESERVED_FLAGS = 0xe0
/** A match of 258 bytes takes two bits at least. */
const MOST_BYTES_PER_BYTE = 1032
const MTIME_NONE_AND_OS_UNKNOWN = [0, 0, 0, 0, 0, 255] as const

/**
 * The codec of the runtime: `CompressionStream` and `DecompressionStream` with `deflate-raw`.
 *
 * @throws {StatusError} STATUS_STORE_UNSUPPORTED where the runtime has neither
 */
export function webGzipCodec(): GzipCodec {
  return { deflateRaw: webDeflateRaw, inflateRaw: webInflateRaw }
}

/**
 * Packs bytes as one GZIP member without name or time, so that equal input gives equal output.
 *
 * Source: RFC 1952.
 */
export async function gzipMember(bytes: Uint8Array, codec: GzipCodec): Promise<Uint8Array> {
  const body = await codec.deflateRaw(bytes)
  const packed = new Uint8Array(HEADER_BYTES + body.length + TRAILER_BYTES)
  packed.set([0x1f, 0x8b, DEFLATE_METHOD, 0, ...MTIME_NONE_AND_OS_UNKNOWN])
  packed.set(body, HEADER_BYTES)
  const trailer = new DataView(packed.buffer, HEADER_BYTES + body.length)
  trailer.setUint32(0, crc32(bytes), true)
  trailer.setUint32(4, bytes.length % 2 ** 32, true)
  return packed
}

/**
 * Unpacks exactly one GZIP member with nothing after it, of at most `maxBytes` unpacked bytes.
 *
 * Never unpacks more than the member says it holds. Source: RFC 1952 §2.3.
 *
 * @throws {StatusError} STATUS_LIST_MALFORMED, or INPUT_TOO_LARGE when the member says that it holds more
 */
export async function gunzipMember(packed: Uint8Array, maxBytes: number, codec: GzipCodec): Promise<Uint8Array> {
  const start = headerLength(packed)
  const end = packed.length - TRAILER_BYTES
  if (end <= start) throw malformed('The GZIP data are cut short')
  const trailer = new DataView(packed.buffer, packed.byteOffset + end, TRAILER_BYTES)
  const length = trailer.getUint32(4, true)
  if (length > (end - start) * MOST_BYTES_PER_BYTE) throw malformed('The GZIP data are shorter than they state')
  if (length > maxBytes) throw tooLarge('The unpacked list is too long', maxBytes, `${length} bytes`)

  const body = packed.subarray(start, end)
  const bytes = await inflate(body, length, codec)
  if (bytes.length !== length) throw malformed('The GZIP data have another length than they state')
  if (crc32(bytes) !== trailer.getUint32(0, true)) throw malformed('The GZIP checksum does not match')
  if (await inflates(body.subarray(0, -1), length, codec)) {
    throw malformed('Something follows the end of the GZIP data', 'one GZIP member and nothing else')
  }
  return bytes
}

export function malformed(message: string, expected?: string, cause?: unknown): StatusError {
  return new StatusError(
    { code: 'STATUS_LIST_MALFORMED', message, ...(expected === undefined ? {} : { expected }) },
    { cause }
  )
}

export function tooLarge(message: string, limit: number, got: string): StatusError {
  return new StatusError({ code: 'INPUT_TOO_LARGE', message, expected: `at most ${limit}`, got })
}

function headerLength(packed: Uint8Array): number {
  const flags = packed[3] ?? RESERVED_FLAGS
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b && packed[2] === DEFLATE_METHOD
  if (!isGzip || (flags & RESERVED_FLAGS) !== 0) throw malformed('The list is not GZIP data', 'GZIP (RFC 1952)')
  let position = HEADER_BYTES
  if (flags & FLAG_EXTRA) position += 2 + (packed[position] ?? 0) + 256 * (packed[position + 1] ?? 0)
  if (flags & FLAG_NAME) position = afterZero(packed, position)
  if (flags & FLAG_COMMENT) position = afterZero(packed, position)
  if (flags & FLAG_HEADER_CHECKSUM) {
    const stated = (packed[position] ?? 0) + 256 * (packed[position + 1] ?? 0)
    if (stated !== (crc32(packed.subarray(0, position)) & 0xffff))
      throw malformed('The GZIP header checksum does not match')
    position += 2
  }
  return position
}

function afterZero(packed: Uint8Array, from: number): number {
  const zero = packed.indexOf(0, from)
  return zero === -1 ? packed.length : zero + 1
}

async function inflate(body: Uint8Array, maxBytes: number, codec: GzipCodec): Promise<Uint8Array> {
  try {
    const bytes = await codec.inflateRaw(body, maxBytes)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  } catch (error) {
    if (error instanceof StatusError && error.code === 'STATUS_STORE_UNSUPPORTED') throw error
    throw malformed('The GZIP data cannot be unpacked', undefined, error)
  }
}

/**
 * Whether the data, one byte short, are still complete: then the byte was not part of them. Some runtimes stop quietly
 * at the last block and do not tell how much they read, so this is the only way to see what they left unread.
 */
async function inflates(bodyButOne: Uint8Array, maxBytes: number, codec: GzipCodec): Promise<boolean> {
  try {
    await codec.inflateRaw(bodyButOne, maxBytes)
    return true
  } catch {
    return false
  }
}

async function webDeflateRaw(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(streamOf(() => new CompressionStream('deflate-raw')))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function webInflateRaw(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const transform = streamOf(() => new DecompressionStream('deflate-raw'))
  const reader = new Blob([bytes.slice()]).stream().pipeThrough(transform).getReader()
  const result = new Uint8Array(maxBytes)
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return result.subarray(0, length)
    if (length + value.length > maxBytes) {
      await reader.cancel().catch(() => undefined)
      throw malformed('The GZIP data are longer than they state')
    }
    result.set(value, length)
    length += value.length
  }
}

function streamOf<T>(create: () => T): T {
  try {
    return create()
  } catch (error) {
    throw new StatusError(
      {
        code: 'STATUS_STORE_UNSUPPORTED',
        message: 'This runtime cannot compress or decompress',
        expected: 'CompressionStream and DecompressionStream with deflate-raw',
        hint: 'Pass a GzipCodec as the option gzip'
      },
      { cause: error }
    )
  }
}
