import { bakePng, bakeSvg } from '../../../src/index.js'
import { chunk, iTXt, png } from '../../baking/png-builder.js'
import { body, svg } from '../../baking/svg-builder.js'
import { plainBadge } from '../../support/sign.js'
import type { BadgeCase, CaseInput, ImageCase } from '../case.js'
import { accepted, refused } from './badges.js'
import { FORMATS, textOf } from './formats.js'
import { base64Of } from './hostile.js'

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><title>Åæø \u{1f393}</title></svg>'

/** Badges in images, and images that are broken or lie. */
export async function imageCases(): Promise<readonly (BadgeCase | ImageCase)[]> {
  const baked = await Promise.all(FORMATS.map(bakedCases))
  return [...baked.flat(), ...pngCases(), ...svgCases()]
}

async function bakedCases(format: (typeof FORMATS)[number]): Promise<BadgeCase[]> {
  const issuer = await format.signer('issuer')
  const text = textOf(await issuer.sign(plainBadge(issuer.did, { name: 'Åæø \u{1f393}' })))
  const picture = bakePng(png(), text)
  const drawing = bakeSvg(PICTURE, text)
  const cut = picture.slice(0, picture.length - 20)
  return [
    accepted(`${format.name}: in a PNG`, { base64: base64Of(picture) }),
    accepted(`${format.name}: in an SVG`, { text: drawing }),
    accepted(`${format.name}: in an SVG as bytes`, { base64: base64Of(new TextEncoder().encode(drawing)) }),
    refused(`${format.name}: in a PNG that is cut short`, { base64: base64Of(cut) }),
    refused(`${format.name}: in an SVG that is cut short`, { text: drawing.slice(0, -20) })
  ]
}

function pngCases(): ImageCase[] {
  const twice = png(iTXt('openbadgecredential', '{}'), iTXt('openbadgecredential', '{}'))
  const files: Readonly<Record<string, Uint8Array>> = {
    'without a badge': png(),
    'with two badges': twice,
    'with a wrong checksum': png(chunk('iTXt', new Uint8Array(4), { crc: 1 })),
    'with a chunk longer than the file': png(chunk('iTXt', new Uint8Array(4), { length: 0x7fffffff })),
    'with a badge that is not UTF-8': png(iTXt('openbadgecredential', Uint8Array.of(0xff, 0xfe))),
    'with a compressed badge': png(iTXt('openbadgecredential', Uint8Array.of(1, 2, 3), 1))
  }
  const good = image('PNG with a text', 'accepted', { base64: base64Of(png(iTXt('openbadgecredential', '{}'))) })
  const bad = Object.entries(files).map(([name, file]) => image(`PNG ${name}`, 'refused', { base64: base64Of(file) }))
  return [good, ...bad]
}

function svgCases(): ImageCase[] {
  const files: Readonly<Record<string, string>> = {
    'without a badge': PICTURE,
    'with two badges': svg(body('{}'), body('{}')),
    'with a document type': `<!DOCTYPE svg [<!ENTITY a "b">]>${svg(body('{}'))}`,
    'with an unknown entity': svg(body('&a;')),
    'that is not closed': svg(body('{}')).replace('</svg>', ''),
    'with the badge in a comment': svg(`<!--${body('{}')}-->`)
  }
  const good = image('SVG with a text', 'accepted', { text: svg(body('<![CDATA[{"a":"\u{1f393}"}]]>')) })
  return [good, ...Object.entries(files).map(([name, text]) => image(`SVG ${name}`, 'refused', { text }))]
}

function image(name: string, expected: ImageCase['expected'], input: CaseInput): ImageCase {
  return { kind: 'image', name, expected, input }
}
