import { crc32 } from '../encoding/crc32.js'
import { BakingError, InputError } from '../encoding/errors.js'
import { isPng, PNG_SIGNATURE } from './image-kind.js'

/** Length, type and CRC: what a chunk is beside its data. */
const FRAME = 12
const IHDR_LENGTH = 13
const MAX_CHUNK_LENGTH = 0x7fffffff

/** One chunk of an image. Both arrays are views into the image, not copies. */
export interface PngChunk {
  readonly type: string
  readonly data: Uint8Array
  /** The whole chunk, length and CRC included. */
  readonly bytes: Uint8Array
}

export interface PngLimits {
  readonly maxBytes: number
  readonly maxChunks: number
}

/**
 * Splits a PNG image into its chunks, IHDR first and IEND last, and checks the frame of each: length, type and CRC.
 * What follows IEND is not part of the image and is left out. Pixels are not decoded.
 *
 * @throws InputError INPUT_TYPE; BakingError BAKED_LIMIT, BAKED_NOT_PNG, BAKED_MALFORMED
 */
export function readPngChunks(image: Uint8Array, limits: PngLimits): PngChunk[] {
  if (!(image instanceof Uint8Array)) {
    throw new InputError({
      code: 'INPUT_TYPE',
      message: 'The image is not bytes',
      path: 'image',
      expected: 'Uint8Array'
    })
  }
  if (image.length > limits.maxBytes) throw limitExceeded('bytes', limits.maxBytes, image.length)
  if (!isPng(image)) {
    throw new BakingError({
      code: 'BAKED_NOT_PNG',
      message: 'The bytes do not start with the PNG signature',
      path: 'image',
      hint: 'Pass the image as it was issued, not a screenshot or a converted copy'
    })
  }
  const chunks: PngChunk[] = []
  let offset: number = PNG_SIGNATURE.length
  while (chunks.at(-1)?.type !== 'IEND') {
    if (chunks.length === limits.maxChunks) throw limitExceeded('chunks', limits.maxChunks)
    const chunk = readChunk(image, offset)
    checkPlace(chunk, chunks.length === 0, offset)
    chunks.push(chunk)
    offset += chunk.bytes.length
  }
  if (!chunks.some(({ type }) => type === 'IDAT')) throw malformed('The image has no IDAT chunk', offset)
  return chunks
}

/** The bytes of one chunk: length, type, data, CRC. */
export function writePngChunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + FRAME)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}

/** The image that consists of these chunks. */
export function joinPngChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const length = chunks.reduce<number>((sum, chunk) => sum + chunk.length, PNG_SIGNATURE.length)
  const image = new Uint8Array(length)
  image.set(PNG_SIGNATURE)
  let offset: number = PNG_SIGNATURE.length
  for (const chunk of chunks) {
    image.set(chunk, offset)
    offset += chunk.length
  }
  return image
}

export function limitExceeded(what: 'bytes' | 'chunks', limit: number, got?: number): BakingError {
  return new BakingError({
    code: 'BAKED_LIMIT',
    message: what === 'bytes' ? 'The image is too large' : 'The image has too many chunks',
    path: 'image',
    expected: `at most ${limit} ${what}`,
    ...(got === undefined ? {} : { got: `${got}` })
  })
}

function readChunk(image: Uint8Array, offset: number): PngChunk {
  const left = image.length - offset
  if (left < FRAME) throw malformed('The image ends before its IEND chunk', offset)
  const view = new DataView(image.buffer, image.byteOffset + offset, left)
  const length = view.getUint32(0)
  if (length > MAX_CHUNK_LENGTH || length > left - FRAME) {
    throw malformed('A chunk says it is longer than the rest of the image', offset, `${length} bytes`)
  }
  const typed = image.subarray(offset + 4, offset + 8 + length)
  const type = String.fromCharCode(...typed.subarray(0, 4))
  if (!/^[A-Za-z]{4}$/.test(type)) throw malformed('A chunk type is not four letters', offset)
  if (view.getUint32(length + 8) !== crc32(typed)) {
    throw malformed(`The CRC of chunk ${type} does not fit its content`, offset)
  }
  return { type, data: typed.subarray(4), bytes: image.subarray(offset, offset + length + FRAME) }
}

function checkPlace(chunk: PngChunk, first: boolean, offset: number): void {
  if (first !== (chunk.type === 'IHDR')) {
    throw malformed(first ? 'The first chunk is not IHDR' : 'The image has a second IHDR chunk', offset)
  }
  if (first && chunk.data.length !== IHDR_LENGTH) throw malformed('The IHDR chunk is not 13 bytes long', offset)
  if (chunk.type === 'IEND' && chunk.data.length !== 0) throw malformed('The IEND chunk is not empty', offset)
}

function malformed(message: string, offset: number, got?: string): BakingError {
  return new BakingError({
    code: 'BAKED_MALFORMED',
    message: `${message} (byte ${offset})`,
    path: 'image',
    ...(got === undefined ? {} : { got }),
    hint: 'The file is damaged; fetch it again from where it was issued'
  })
}
