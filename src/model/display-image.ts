/** Where a picture or page may be fetched from. */
export interface DisplayLink {
  readonly url: string
  /** False for what can run scripts where it is shown as a page, such as SVG; show it as an image only. */
  readonly isPassive: boolean
}

const PNG = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/
const SVG = /^data:image\/svg\+xml[;,]/i

/** The address of a picture: https, or a PNG or SVG that is written into the address; anything else is not shown. */
export function displayImage(url: unknown): DisplayLink | undefined {
  if (typeof url !== 'string') return undefined
  if (PNG.test(url)) return { url, isPassive: true }
  if (SVG.test(url)) return { url, isPassive: false }
  return displayLink(url)
}

/** The address of a page: https without a name and password in it; anything else, `javascript:` for one, is not shown. */
export function displayLink(url: unknown): DisplayLink | undefined {
  if (typeof url !== 'string' || !/^https:\/\/[^\s\\]+$/i.test(url)) return undefined
  try {
    const { protocol, username, password, href, pathname } = new URL(url)
    if (protocol !== 'https:' || username !== '' || password !== '') return undefined
    return { url: href, isPassive: !pathname.toLowerCase().endsWith('.svg') }
  } catch {
    return undefined
  }
}
