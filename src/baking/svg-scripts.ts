import type { XmlElement } from './xml.js'

const XHTML = 'http://www.w3.org/1999/xhtml'
const XML = 'http://www.w3.org/XML/1998/namespace'
const ACTIVE_ELEMENTS = ['script', 'foreignobject', 'handler', 'listener']
const ANIMATIONS = ['set', 'animate', 'animatecolor', 'animatemotion', 'animatetransform']
const LOADING_ATTRIBUTES = ['href', 'src', 'ping']
/** What stays inside the file: a part of it, or a picture or font that has no parts of its own. */
const INSIDE = /^(?:#|data:(?:image\/(?:png|jpeg|gif|webp)|font\/[a-z0-9]+|application\/(?:x-)?font-[a-z0-9]+)[;,])/i

/**
 * What in an element and its attributes runs scripts, or loads or leads to anything outside the file; empty for a plain
 * picture. The content of `style` is judged by {@link describeActiveStyle}. Refuses too much rather than too little:
 * names count in any case and any namespace.
 */
export function describeActiveElement(element: XmlElement): string[] {
  const name = element.name.toLowerCase()
  const found: string[] = []
  if (ACTIVE_ELEMENTS.includes(name)) found.push(`an element ${name}`)
  else if (element.namespace === XHTML) found.push('an element of HTML')
  for (const attribute of element.attributes) {
    const key = attribute.name.toLowerCase()
    const { value } = attribute
    if (key.startsWith('on')) found.push('an event attribute on…')
    else if (attribute.namespace === XML && key === 'base') found.push('an attribute xml:base')
    else if (ANIMATIONS.includes(name) && key === 'attributename' && animatesLinkOrEvent(value)) {
      found.push('an animation of a link or event')
    } else if (LOADING_ATTRIBUTES.includes(key) && !isInside(value))
      found.push(`an attribute ${key} that leads outside`)
    else if (attribute.namespace === '') {
      const style = describeActiveValue(value)
      if (style !== undefined) found.push(style)
    }
  }
  return found
}

/** What in the text of a `style` element loads anything from outside the file. */
export function describeActiveStyle(css: string): string | undefined {
  return /@import/i.test(resolveEscapes(css)) ? 'a style with @import' : describeActiveValue(css)
}

/** The processing instructions that have an effect on a picture. */
export function describeActiveInstruction(target: string): string | undefined {
  return target.toLowerCase() === 'xml-stylesheet' ? 'an instruction xml-stylesheet' : undefined
}

function describeActiveValue(value: string): string | undefined {
  if (!/[(:]/.test(value)) return undefined
  if (/(?:java|vb)script:/i.test(value.replace(/[\p{Cc}\s]/gu, ''))) return 'a javascript: address'
  const css = resolveEscapes(value)
  if (/image-set\(|(?:^|[^\w-])(?:image|src)\(\s*["']/i.test(css)) return 'a style that loads an image'
  for (const { index, 0: opening } of css.matchAll(/url\(\s*["']?/gi)) {
    const from = index + opening.length
    if (!isInside(css.slice(from, from + 100))) return 'a style with a url() that leads outside'
  }
  return undefined
}

function animatesLinkOrEvent(attributeName: string): boolean {
  const local = attributeName.trim().toLowerCase().replace(/^.*:/s, '')
  return local.startsWith('on') || LOADING_ATTRIBUTES.includes(local)
}

function isInside(address: string): boolean {
  return INSIDE.test(address.trim())
}

/** CSS lets any character of a keyword be written as an escape. */
function resolveEscapes(css: string): string {
  if (!css.includes('\\')) return css
  return css.replace(/\\(?:([0-9a-f]{1,6})\s?|(.))/gis, (_, hex: string | undefined, character: string | undefined) => {
    const code = Number.parseInt(hex ?? '', 16)
    if (Number.isNaN(code)) return character ?? ''
    return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code)
  })
}
