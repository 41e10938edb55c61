export const SVG = 'http://www.w3.org/2000/svg'
export const OPEN_BADGES = 'https://purl.imsglobal.org/ob/v3p0'

export const start = `<svg xmlns="${SVG}" xmlns:openbadges="${OPEN_BADGES}">`
export const element = '<openbadges:credential verify="aaa.bbb.ccc"></openbadges:credential>'

/** An image that declares the namespace of Open Badges, with this content. */
export function svg(...content: string[]): string {
  return `${start}${content.join('')}</svg>`
}

/** A credential element with this body. */
export function body(content: string): string {
  return `<openbadges:credential>${content}</openbadges:credential>`
}

export const base = svg(element)
