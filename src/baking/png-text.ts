import { BakingError } from '../encoding/errors.js'
import type { PngChunk } from './png-chunks.js'

/** A keyword is 1 to 79 bytes, so its end lies within the first 80. */
const KEYWORD_LIMIT = 80

/** The keyword of a text chunk, or undefined where the chunk holds no text or no keyword of legal length. */
export function readTextKeyword(chunk: PngChunk): string | undefined {
  if (chunk.type !== 'iTXt' && chunk.type !== 'tEXt' && chunk.type !== 'zTXt') return undefined
  const head = chunk.data.subarray(0, KEYWORD_LIMIT)
  const end = head.indexOf(0)
  if (end === -1 && head.length === KEYWORD_LIMIT) return undefined
  return String.fromCharCode(...head.subarray(0, end === -1 ? head.length : end))
}

/**
 * The text of an uncompressed iTXt chunk. Language tag and translated keyword are skipped. Compressed text is refused
 * and never inflated. Source: PNG 3 §11.3.3.4.
 *
 * @throws BakingError BAKED_MALFORMED, BAKED_COMPRESSED
 */
export function readInternationalText(chunk: PngChunk): string {
  const { data } = chunk
  const keywordEnd = data.indexOf(0)
  const flag = keywordEnd === -1 ? undefined : data[keywordEnd + 1]
  if (flag === 1) {
    throw new BakingError({
      code: 'BAKED_COMPRESSED',
      message: 'The credential in the image is compressed',
      path: 'image',
      hint: 'Ask the issuer for the credential itself or for an image with an uncompressed iTXt chunk'
    })
  }
  const languageEnd = flag === 0 ? data.indexOf(0, keywordEnd + 3) : -1
  const translationEnd = languageEnd === -1 ? -1 : data.indexOf(0, languageEnd + 1)
  if (translationEnd === -1) throw malformedText('The iTXt chunk of the credential is incomplete')
  const text = data.subarray(translationEnd + 1)
  if (text.includes(0)) throw malformedText('The credential in the image contains a NUL')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)
  } catch {
    throw malformedText('The credential in the image is not UTF-8')
  }
}

/** The data of an uncompressed iTXt chunk with an empty language tag and an empty translated keyword. */
export function writeInternationalText(keyword: string, text: string): Uint8Array {
  return new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`)
}

function malformedText(message: string): BakingError {
  return new BakingError({ code: 'BAKED_MALFORMED', message, path: 'image' })
}
