import { BakingError, InputError } from '../encoding/errors.js'
import { isSvg } from './image-kind.js'
import { limitExceeded, malformed } from './xml.js'

/**
 * The text of an SVG image. A byte order mark is refused, as are all encodings but UTF-8.
 *
 * @throws InputError INPUT_TYPE; BakingError BAKED_LIMIT, BAKED_MALFORMED, BAKED_NOT_SVG
 */
export function readSvgText(image: string | Uint8Array, maxBytes: number): string {
  if (typeof image !== 'string' && !(image instanceof Uint8Array)) {
    const expected = 'string or Uint8Array'
    throw new InputError({
      code: 'INPUT_TYPE',
      message: 'The image is neither text nor bytes',
      path: 'image',
      expected
    })
  }
  checkSize(image, maxBytes)
  if (startsWithByteOrderMark(image)) throw malformed('The image starts with a byte order mark', 'UTF-8 without one')
  if (!isSvg(image)) {
    throw new BakingError({
      code: 'BAKED_NOT_SVG',
      message: 'The image is not an SVG image',
      path: 'image',
      expected: 'an XML document with the root element svg'
    })
  }
  const text = typeof image === 'string' ? image : decode(image)
  if (/\p{Surrogate}/u.test(text)) throw malformed('The image contains half a surrogate pair', 'whole characters')
  return text
}

function checkSize(image: string | Uint8Array, maxBytes: number): void {
  if (image.length > maxBytes) throw limitExceeded('bytes', maxBytes, image.length)
  if (typeof image !== 'string') return
  const { length } = new TextEncoder().encode(image)
  if (length > maxBytes) throw limitExceeded('bytes', maxBytes, length)
}

function decode(image: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(image)
  } catch (cause) {
    const fault = { message: 'The image is not UTF-8', path: 'image', expected: 'UTF-8' } as const
    throw new BakingError({ code: 'BAKED_MALFORMED', ...fault }, { cause })
  }
}

function startsWithByteOrderMark(image: string | Uint8Array): boolean {
  if (typeof image === 'string') return image.startsWith('\uFEFF')
  const [first, second, third] = image
  if (first === 0xef) return second === 0xbb && third === 0xbf
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
