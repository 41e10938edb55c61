import { deflateSync } from 'node:zlib'
import { crc32 } from '../../src/encoding/crc32.js'

export interface ChunkFrame {
  readonly length?: number
  readonly crc?: number
}

export const signature: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** A chunk; `frame` states a length or CRC that lies. */
export function chunk(
  type: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
  frame: ChunkFrame = {}
): Uint8Array {
  const typed = concat(typeof type === 'string' ? latin1(type) : type, data)
  const bytes = Buffer.alloc(typed.length + 8)
  bytes.writeUInt32BE(frame.length ?? data.length, 0)
  bytes.set(typed, 4)
  bytes.writeUInt32BE(frame.crc ?? crc32(typed), typed.length + 4)
  return new Uint8Array(bytes)
}

export function ihdr(width = 1, height = 1): Uint8Array {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 2], 8)
  return chunk('IHDR', new Uint8Array(data))
}

export function textData(keyword: string, text: string | Uint8Array, flag = 0): Uint8Array {
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return concat(latin1(keyword), Uint8Array.of(0, flag, 0, 0, 0), body)
}

export function iTXt(keyword: string, text: string | Uint8Array, flag = 0): Uint8Array {
  return chunk('iTXt', textData(keyword, text, flag))
}

export const credentialChunk: Uint8Array = iTXt('openbadgecredential', 'aaa.bbb.ccc')
export const idat: Uint8Array = chunk('IDAT', new Uint8Array(deflateSync(Uint8Array.of(0, 255, 0, 0))))
export const iend: Uint8Array = chunk('IEND')

/** An image with these chunks between IHDR and the pixels. */
export function png(...chunks: readonly Uint8Array[]): Uint8Array {
  return concat(signature, ihdr(), ...chunks, idat, iend)
}
