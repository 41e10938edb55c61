import { describe, expect, it } from 'vitest'
import { bakeSvg, unbakeSvg } from '../../src/baking/svg.js'
import { BakingError, type Fault } from '../../src/encoding/errors.js'
import { body, element, SVG, svg } from './svg-builder.js'

const XLINK = 'xmlns:x="http://www.w3.org/1999/xlink"'
const pixel = 'data:image/png;base64,iVBORw0KGgo='

describe('bakeSvg, asked to bake into an image that is more than a picture', () => {
  const active: [string, string][] = [
    ['a script', '<script>alert(1)</script>'],
    ['an empty script in another case', '<SCRIPT/>'],
    ['a script of HTML', '<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>'],
    ['an image of HTML', '<h:img xmlns:h="http://www.w3.org/1999/xhtml"/>'],
    ['a foreignObject', '<foreignObject/>'],
    ['a handler', '<handler type="application/ecmascript"/>'],
    ['an event attribute', '<g onload="x()"/>'],
    ['an event attribute in another case', '<g ONCLICK=""/>'],
    ['an event attribute with a prefix', '<g xmlns:e="urn:e" e:onload="x()"/>'],
    ['a javascript: link', '<a href="javascript:alert(1)"/>'],
    ['a javascript: link with white space inside', '<a href=" java&#10;script&#9;:alert(1)"/>'],
    ['a javascript: address in any attribute', '<g to="JavaScript:alert(1)"/>'],
    ['a javascript: address in a list of values', '<animate attributeName="x" values="#a;javascript:alert(1)"/>'],
    ['a vbscript: address', '<g to="vbscript:x"/>'],
    ['an animated link', '<set attributeName="href" to="#a"/>'],
    ['an animated link with a prefix', `<animate ${XLINK} attributeName=" x:href" to="#a"/>`],
    ['an animated event', '<set attributeName="onclick" to="x"/>'],
    ['a link to http', '<a href="http://evil.example/"/>'],
    ['a link to https', '<a href="https://evil.example/"/>'],
    ['a link without scheme', '<image href="//evil.example/x.png"/>'],
    ['a link to a neighbouring file', '<image href="x.png"/>'],
    ['an xlink:href', `<use ${XLINK} x:href="https://evil.example/#a"/>`],
    ['an src attribute', '<g src="https://evil.example/"/>'],
    ['a ping attribute', '<a href="#a" ping="https://evil.example/"/>'],
    ['embedded SVG', '<image href="data:image/svg+xml,&lt;svg/&gt;"/>'],
    ['an embedded page', '<a href="data:text/html,x"/>'],
    ['a media type that only starts like a picture', '<a href="data:image/pngx,x"/>'],
    ['a changed base', '<g xml:base="https://evil.example/"/>'],
    ['@import', '<style>@import "https://evil.example/x.css";</style>'],
    ['@import in CDATA and with an escape', '<style><![CDATA[@\\69mport "x";]]></style>'],
    ['@import in two pieces', '<style>@imp<!-- -->or<![CDATA[t "x"]]></style>'],
    ['@import around an element', '<style>@imp<g>a</g>ort "x"</style>'],
    ['url() in a style', '<style>a{fill:url(https://evil.example/)}</style>'],
    ['url() in a style of no namespace', '<style xmlns="">a{fill:url( "//evil.example/")}</style>'],
    ['url() in an attribute', `<g style="fill:url('http://evil.example/')"/>`],
    ['url() in a presentation attribute', '<g fill="url(http://evil.example/#a)"/>'],
    ['url() with an escape', '<g style="fill:\\75 rl(http://evil.example/)"/>'],
    ['url() with an escaped letter', '<g style="fill:ur\\l(http://evil.example/)"/>'],
    ['a second url()', '<g style="fill:url(#a);mask:URL(x.svg#b)"/>'],
    ['image-set()', `<g style="cursor:-webkit-image-set('x.png' 1x)"/>`],
    ['image()', `<g style='mask:image("x.png")'/>`],
    ['a stylesheet instruction', '<?xml-stylesheet href="x.css"?>']
  ]
  it.each(active)('188: refuses %s', (_, content) => {
    const refusal = expect.objectContaining({ code: 'BAKED_SCRIPTS', name: BakingError.name })
    expect(() => bakeSvg(svg(content), '{}')).toThrow(refusal)
    expect(unbakeSvg(svg(content, element))).toBe('aaa.bbb.ccc')
  })

  it('188: refuses them on the root and in front of it, too', () => {
    const refusal = expect.objectContaining({ code: 'BAKED_SCRIPTS' })
    expect(() => bakeSvg(`<svg xmlns="${SVG}" onload="x()"/>`, '{}')).toThrow(refusal)
    expect(() => bakeSvg(`<?xml-stylesheet href="x.xsl"?><svg xmlns="${SVG}"/>`, '{}')).toThrow(refusal)
  })

  const harmless: [string, string][] = [
    ['links inside the image', `<use href="#a"/><use ${XLINK} x:href=" #a"/>`],
    [
      'embedded pixels',
      `<image href="${pixel}"/><image href="data:image/JPEG,x"/><image href="data:image/webp;base64,"/>`
    ],
    ['paint of the image itself', '<g fill="url(#a)" style="mask:url( &quot;#b&quot; )"/>'],
    ['a style', '<style>@font-face{src:url(data:font/woff2;base64,AA==)} a:hover{fill:red}</style>'],
    ['an animation of the picture', '<animate attributeName="opacity" values="0;1" begin="a.click"/>'],
    ['names that only look alike', '<desc>javascript: @import url(http://a)</desc>'],
    ['metadata', '<metadata><r:a xmlns:r="urn:r" r:resource="https://example.org/"/></metadata>'],
    ['a label with brackets', '<g aria-label="image (1): a\\b" id="src(1)"/>'],
    ['a comment about scripts', '<!-- <script/> -->']
  ]
  it.each(harmless)('188: bakes into %s', (_, content) => {
    expect(bakeSvg(svg(content), 'aaa.bbb.ccc')).toBe(svg(element, content))
  })

  it('188: does not take the text of a credential for part of the picture', () => {
    const credential = '{"a":"<script>javascript:alert(1)</script>"}'
    const image = svg(body(`<![CDATA[${credential}]]>`))
    expect(bakeSvg(image, credential)).toBe(image)
  })

  it('188: names everything at once, with its line', () => {
    const error = caught(() => bakeSvg(svg('<script/>\n<g onload="x()" href="http://a"/>'), '{}')) as BakingError
    expect(error.faults.map(({ message }) => message.replace(/^.*: /, ''))).toEqual([
      'an element script (line 1)',
      'an event attribute on… (line 2)',
      'an attribute href that leads outside (line 2)'
    ])
    const many = caught(() => bakeSvg(svg('<script/>'.repeat(60)), '{}')) as BakingError
    expect(many.faults).toHaveLength(50)
  })

  it('188: keeps them where the caller says so, and tells what it kept', () => {
    const warnings: Fault[] = []
    const content = '<script/><foreignObject/>'
    const options = { scripts: 'keep', warn: (warning: Fault) => warnings.push(warning) } as const
    expect(bakeSvg(svg(content), 'aaa.bbb.ccc', options)).toBe(svg(element, content))
    expect(warnings.map(({ code }) => code)).toEqual(['BAKED_SCRIPTS', 'BAKED_SCRIPTS'])
    expect(bakeSvg(svg(content), 'aaa.bbb.ccc', { scripts: 'keep' })).toBe(svg(element, content))
    bakeSvg(svg(), 'aaa.bbb.ccc', options)
    expect(warnings).toHaveLength(2)
  })
})

function caught(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
