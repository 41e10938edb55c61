/** The bytes that every PNG image starts with. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const

const SPACE = [0x20, 0x09, 0x0a, 0x0d]
const LESS_THAN = 0x3c

/** True where the bytes start with the PNG signature. Says nothing about the rest of the image. */
export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)
}

/**
 * True where the first element, or the document type in front of it, is called `svg`. Looks at nothing else: says
 * neither that the image is well-formed nor that `svg` is in the namespace of SVG.
 */
export function isSvg(image: string | Uint8Array): boolean {
  if (typeof image === 'string') return startsWithSvg(image)
  return startsWithMarkup(image) && startsWithSvg(new TextDecoder().decode(image))
}

function startsWithMarkup(image: Uint8Array): boolean {
  let at = image[0] === 0xef && image[1] === 0xbb && image[2] === 0xbf ? 3 : 0
  while (SPACE.includes(image[at] ?? 0)) at++
  return image[at] === LESS_THAN
}

function startsWithSvg(text: string): boolean {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    if (SPACE.includes(text.charCodeAt(at))) at++
    else if (text.startsWith('<?', at)) at = skipTo(text, '?>', at + 2)
    else if (text.startsWith('<!--', at)) at = skipTo(text, '-->', at + 4)
    else break
  }
  const root = /<(?:!DOCTYPE[ \t\r\n]+)?(?:[^\s<>/:!?"'=]+:)?svg(?=[\s/>[])/y
  root.lastIndex = at
  return root.test(text)
}

function skipTo(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at < 0 ? text.length : at + end.length
}
