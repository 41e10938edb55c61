import { crc32 } from '../encoding/crc32.js'
import { StatusError } from '../encoding/errors.js'
import { inflateRaw } from './inflate.js'
import { malformed, tooLarge } from './list-faults.js'

/**
 * Makes raw DEFLATE (RFC 1951), the one thing about GZIP that this library leaves to the runtime. Reading is its own.
 *
 * The default is {@link webGzipCodec}. Where a runtime has no `CompressionStream('deflate-raw')`, pass another:
 *
 * ```ts
 * const codec: GzipCodec = { deflateRaw: async (bytes) => zlib.deflateRawSync(bytes) }
 * ```
 */
export interface GzipCodec {
  /** Compresses. */
  deflateRaw(bytes: Uint8Array): Promise<Uint8Array>
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
 * The codec of the runtime: `CompressionStream` with `deflate-raw`.
 *
 * @throws {StatusError} when it is used: STATUS_STORE_UNSUPPORTED where the runtime has none
 */
export function webGzipCodec(): GzipCodec {
  return { deflateRaw: webDeflateRaw }
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
export function gunzipMember(packed: Uint8Array, maxBytes: number): Uint8Array {
  const start = headerLength(packed)
  const end = packed.length - TRAILER_BYTES
  if (end <= start) throw malformed('The GZIP data are cut short')
  const trailer = new DataView(packed.buffer, packed.byteOffset + end, TRAILER_BYTES)
  const length = trailer.getUint32(4, true)
  if (length > (end - start) * MOST_BYTES_PER_BYTE) throw malformed('The GZIP data are shorter than they state')
  if (length > maxBytes) throw tooLarge('The unpacked list is too long', maxBytes, `${length} bytes`)

  const bytes = new Uint8Array(length)
  const { written, read } = inflateRaw(packed.subarray(start, end), bytes)
  if (written !== length) throw malformed('The GZIP data are shorter than they state')
  if (crc32(bytes) !== trailer.getUint32(0, true)) throw malformed('The GZIP checksum does not match')
  if (read !== end - start) {
    throw malformed('Something follows the end of the GZIP data', 'one GZIP member and nothing else')
  }
  return bytes
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

async function webDeflateRaw(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(compression())
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function compression(): CompressionStream {
  try {
    return new CompressionStream('deflate-raw')
  } catch (error) {
    throw new StatusError(
      {
        code: 'STATUS_STORE_UNSUPPORTED',
        message: 'This runtime cannot compress',
        expected: 'CompressionStream with deflate-raw',
        hint: 'Pass a GzipCodec as the option gzip'
      },
      { cause: error }
    )
  }
}
