import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSvg } from '../../src/baking/image-kind.js'
import { unbakePng } from '../../src/baking/png.js'
import { bakeSvg, unbakeSvg } from '../../src/baking/svg.js'
import { BakingError, type Fault, InputError, KommaError, OptionError } from '../../src/encoding/errors.js'
import { describeShared, readSharedBytes, readSharedJson } from '../support/shared.js'
import { base, body, element, OPEN_BADGES, SVG, start, svg } from './svg-builder.js'

const plain = `<svg xmlns="${SVG}"><path d="M0 0h9v9z"/></svg>`
/** How the root starts once the namespace was added to it. */
const opened = `<svg xmlns:openbadges="${OPEN_BADGES}" xmlns="${SVG}"`
const entities = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY ${'abcdefghij'[index + 1]} "${`&${'abcdefghij'[index]};`.repeat(10)}">`
)

describe('unbakeSvg', () => {
  const readable: [string, string | Uint8Array][] = [
    ['a credential directly behind the start tag', base],
    ['the bytes of an image', new TextEncoder().encode(base)],
    ['an image with an XML declaration', `<?xml version="1.0" encoding="UTF-8"?>\r\n${base}`],
    ['185: another prefix that is bound to the same namespace', base.replaceAll('openbadges', 'ob')],
    [
      '185: a namespace that is declared on the element itself',
      base.replace(start, `<svg xmlns="${SVG}">`).replace('credential', `credential xmlns:openbadges="${OPEN_BADGES}"`)
    ],
    ['an element without end tag', svg('<openbadges:credential verify="aaa.bbb.ccc"/>')],
    ['white space in the element', svg(element.replace('></', '>\n  </'))],
    ['a title in front of the credential', svg('<title>Badge</title>', element)],
    ['a root with a prefix', `<s:svg xmlns:s="${SVG}" xmlns:openbadges="${OPEN_BADGES}">${element}</s:svg>`],
    ['188: an image that can run scripts', svg(element, '<script>alert(1)</script><g onload="x()"/>')],
    [
      'an image that also carries an Open Badges 2.0 assertion',
      svg('<a:assertion xmlns:a="http://openbadges.org"/>', element)
    ],
    ['185: an image that also has a credential of another namespace', svg('<credential verify="x.y.z"/>', element)]
  ]
  it.each(readable)('reads %s', (_, image) => {
    expect(unbakeSvg(image)).toBe('aaa.bbb.ccc')
  })

  const bodies: [string, string, string][] = [
    ['a CDATA section', '<![CDATA[ {"a":1} ]]>', ' {"a":1} '],
    ['187: CDATA that was split at ]]>', '<![CDATA[{"a":"]]]]><![CDATA[>"}]]>', '{"a":"]]>"}'],
    ['white space around the CDATA section, which is layout', '\n  <![CDATA[{}]]>\n', '{}'],
    ['white space between CDATA sections, which is not', '<![CDATA[{]]>&#13;\n<![CDATA[}]]>', '{\r\n}'],
    ['text without CDATA', '{&quot;a&quot;:&quot;&lt;b&gt;&quot;}', '{"a":"<b>"}'],
    ['text in front of a CDATA section', '{"a":<![CDATA[1]]>} ', '{"a":1} ']
  ]
  it.each(bodies)('reads %s, character for character', (_, content, credential) => {
    expect(unbakeSvg(svg(body(content)))).toBe(credential)
  })

  const refused: [string, string | Uint8Array, string][] = [
    ['177: two credentials', svg(element, element.replace('aaa', 'xxx')), 'BAKED_MULTIPLE'],
    ['177: two equal credentials', svg(element, element), 'BAKED_MULTIPLE'],
    ['177: a second credential deeper in the image', svg(element, `<g>${element}</g>`), 'BAKED_MULTIPLE'],
    ['177: a credential inside a credential', svg(body(element)), 'BAKED_MULTIPLE'],
    [
      '185: the prefix openbadges bound to another namespace',
      base.replace(OPEN_BADGES, 'https://evil.example/'),
      'BAKED_NOT_FOUND'
    ],
    [
      '185: a namespace that only starts like the right one',
      base.replace(OPEN_BADGES, `${OPEN_BADGES}/`),
      'BAKED_NOT_FOUND'
    ],
    ['185: a namespace in another case', base.replace(OPEN_BADGES, OPEN_BADGES.toUpperCase()), 'BAKED_NOT_FOUND'],
    ['185: an element name in another case', base.replaceAll(':credential', ':Credential'), 'BAKED_NOT_FOUND'],
    [
      '185: a prefix that was bound only on a sibling',
      `<svg xmlns="${SVG}"><g xmlns:openbadges="${OPEN_BADGES}"/>${element}</svg>`,
      'BAKED_MALFORMED'
    ],
    [
      '185: a prefix that a parent bound anew',
      svg(`<g xmlns:openbadges="urn:other">${element}</g>`),
      'BAKED_NOT_FOUND'
    ],
    ['186: a verify attribute and a body', svg(element.replace('></', '><![CDATA[{"a":1}]]></')), 'BAKED_MALFORMED'],
    [
      '186: an empty verify attribute and a body',
      svg(body('{"a":1}').replace('credential', 'credential verify=""')),
      'BAKED_MALFORMED'
    ],
    [
      '186: a verify attribute that has a namespace',
      svg(element.replace('verify', 'openbadges:verify')),
      'BAKED_MALFORMED'
    ],
    ['185: a credential inside a comment', svg(`<!-- ${element} -->`), 'BAKED_NOT_FOUND'],
    ['185: a credential inside CDATA', svg(`<desc><![CDATA[${element}]]></desc>`), 'BAKED_NOT_FOUND'],
    ['185: a credential inside a processing instruction', svg(`<?x ${element}?>`), 'BAKED_NOT_FOUND'],
    ['185: a credential inside an attribute', svg(`<g id='${element.replaceAll('<', '&lt;')}'/>`), 'BAKED_NOT_FOUND'],
    ['a plain image', plain, 'BAKED_NOT_FOUND'],
    [
      'an Open Badges 2.0 assertion',
      `<svg xmlns="${SVG}"><o:assertion xmlns:o="http://openbadges.org"/></svg>`,
      'BAKED_OPEN_BADGES_2'
    ],
    ['185: a credential inside a group', svg(`<g>${element}</g>`), 'BAKED_MISPLACED'],
    [
      '184: an external entity',
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg(body('&x;'))}`,
      'BAKED_MALFORMED'
    ],
    [
      '184: a parameter entity',
      `<!DOCTYPE svg [<!ENTITY % d SYSTEM "http://127.0.0.1:1/x.dtd">%d;]>${base}`,
      'BAKED_MALFORMED'
    ],
    [
      '184: a billion laughs',
      `<!DOCTYPE svg [<!ENTITY a "ha">${entities.join('')}]>${svg(body('&j;'))}`,
      'BAKED_MALFORMED'
    ],
    ['184: an entity that nobody defined', svg(body('&x;')), 'BAKED_MALFORMED'],
    ['184: an entity that is called like a member of every object', svg(body('&constructor;')), 'BAKED_MALFORMED'],
    [
      '189: a byte order mark and UTF-16',
      Uint8Array.of(0xff, 0xfe, ...Buffer.from(base, 'utf16le')),
      'BAKED_MALFORMED'
    ],
    ['189: UTF-16 without byte order mark', new Uint8Array(Buffer.from(base, 'utf16le')), 'BAKED_NOT_SVG'],
    ['189: a UTF-8 byte order mark', new TextEncoder().encode(`\uFEFF${base}`), 'BAKED_MALFORMED'],
    ['189: a byte order mark in text', `\uFEFF${base}`, 'BAKED_MALFORMED'],
    [
      '189: bytes that are not UTF-8',
      new Uint8Array(Buffer.from(svg('<desc>\xe6</desc>', element), 'latin1')),
      'BAKED_MALFORMED'
    ],
    ['189: half a surrogate pair', svg('<desc>\ud800</desc>', element), 'BAKED_MALFORMED'],
    ['189: a declared UTF-7', `<?xml version="1.0" encoding="UTF-7"?>${base}`, 'BAKED_MALFORMED'],
    ['189: a declared UTF-16 that is UTF-8', `<?xml version="1.0" encoding="UTF-16"?>${base}`, 'BAKED_MALFORMED'],
    ['189: XML 1.1', `<?xml version="1.1"?>${base}`, 'BAKED_MALFORMED'],
    [
      '189: a credential inside 100,000 groups',
      svg('<g>'.repeat(100_000), element, '</g>'.repeat(100_000)),
      'BAKED_LIMIT'
    ],
    [
      '189: 50,000 attributes',
      base.replace('>', `${Array.from({ length: 50_000 }, (_, n) => ` a${n}=""`).join('')}>`),
      'BAKED_LIMIT'
    ],
    ['189: 100,001 elements', svg(element, '<g/>'.repeat(100_000)), 'BAKED_LIMIT'],
    [
      '189: a verify attribute that is there twice',
      svg('<openbadges:credential verify="a.b.c" verify="a.b.c"/>'),
      'BAKED_MALFORMED'
    ],
    [
      '189: an attribute that is there twice by way of two prefixes',
      svg('<g xmlns:a="urn:x" xmlns:b="urn:x" a:c="" b:c=""/>', element),
      'BAKED_MALFORMED'
    ],
    ['a prefix that nobody bound', svg('<x:g/>', element), 'BAKED_MALFORMED'],
    ['a namespace with spaces around it', base.replace(OPEN_BADGES, ` ${OPEN_BADGES} `), 'BAKED_MALFORMED'],
    ['189: an image without its end', base.slice(0, -'</svg>'.length), 'BAKED_MALFORMED'],
    ['189: a second root', `${base}<svg xmlns="${SVG}"/>`, 'BAKED_MALFORMED'],
    ['text behind the root', `${base}aaa`, 'BAKED_MALFORMED'],
    ['nothing but a comment', '<!-- svg', 'BAKED_NOT_SVG'],
    ['nothing but the start of a DOCTYPE', '<!DOCTYPE svg ', 'BAKED_MALFORMED'],
    [
      '187: a verify attribute that closes the element',
      svg(`<openbadges:credential verify='x"/><script>'/>`),
      'BAKED_MALFORMED'
    ],
    [
      '187: an escaped verify attribute that closes the element',
      svg('<openbadges:credential verify="x&quot;/&gt;&lt;script&gt;"/>'),
      'BAKED_MALFORMED'
    ],
    [
      '187: a verify attribute with white space',
      svg('<openbadges:credential verify=" aaa.bbb&#10;.ccc "/>'),
      'BAKED_MALFORMED'
    ],
    ['a verify attribute without a signature', svg('<openbadges:credential verify="aaa.bbb."/>'), 'BAKED_MALFORMED'],
    ['an empty element', svg(body(' \n ')), 'BAKED_MALFORMED'],
    ['markup in the credential', svg(body('{"a":<b/>1}')), 'BAKED_MALFORMED'],
    ['a comment in the credential', svg(body('{"a":<!-- 2 -->1}')), 'BAKED_MALFORMED'],
    ['an instruction in the credential', svg(body('{"a":<?b c?>1}')), 'BAKED_MALFORMED'],
    ['189: an HTML page around the image', `<html>${base}</html>`, 'BAKED_NOT_SVG'],
    ['an svg without its namespace', `<svg xmlns:openbadges="${OPEN_BADGES}">${element}</svg>`, 'BAKED_NOT_SVG'],
    ['189: 50,000 starts of a comment', svg('<!--'.repeat(50_000), element), 'BAKED_MALFORMED'],
    ['JSON', '{}', 'BAKED_NOT_SVG'],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'BAKED_NOT_SVG'],
    ['nothing', '', 'BAKED_NOT_SVG']
  ]
  it.each(refused)('refuses %s', (_, image, code) => {
    expect(() => unbakeSvg(image)).toThrow(expect.objectContaining({ code, name: BakingError.name }))
  })

  it('184: names the DOCTYPE, and what to do about it', () => {
    const error = caught(() => unbakeSvg(`<!DOCTYPE svg>${base}`)) as BakingError
    expect(error.message).toContain('DOCTYPE')
    expect(error.hint).toContain('<!DOCTYPE')
  })

  it('says where the image is not well-formed, in one line of plain characters', () => {
    const error = caught(() => unbakeSvg(svg('\n<\u00e6\u202e/></g>'))) as BakingError
    expect(error.got).toMatch(/^[\x20-\x7e]{1,120}$/)
    expect(error.got).toContain('line 2')
  })

  it('185: explains that the namespace decides, not the prefix', () => {
    const error = caught(() => unbakeSvg(base.replace(OPEN_BADGES, 'https://evil.example/'))) as BakingError
    expect(error.hint).toContain(OPEN_BADGES)
  })

  it('177: reads the first of several credentials where the caller says so', () => {
    const second = element.replace('aaa', 'xxx')
    expect(unbakeSvg(svg(element, second), { multiple: 'first' })).toBe('aaa.bbb.ccc')
    const misplaced = expect.objectContaining({ code: 'BAKED_MISPLACED' })
    expect(() => unbakeSvg(svg(`<g>${element}</g>`, second), { multiple: 'first' })).toThrow(misplaced)
  })

  it('185: reads a credential deeper in the image only when lenient, and says so', () => {
    const warnings: Fault[] = []
    const warn = (warning: Fault) => warnings.push(warning)
    const image = svg(`<g>${element}</g>`)
    expect(unbakeSvg(image, { lenient: true, warn })).toBe('aaa.bbb.ccc')
    expect(warnings.map(({ code }) => code)).toEqual(['BAKED_MISPLACED'])
    expect(unbakeSvg(image, { lenient: true })).toBe('aaa.bbb.ccc')
    expect(unbakeSvg(base, { lenient: true, warn })).toBe('aaa.bbb.ccc')
    expect(warnings).toHaveLength(1)
  })

  it('lets lenient relax nothing else', () => {
    const lenient = { lenient: true } as const
    expect(() => unbakeSvg(svg(element, `<g>${element}</g>`), lenient)).toThrow(
      expect.objectContaining({ code: 'BAKED_MULTIPLE' })
    )
    expect(() => unbakeSvg(`<!DOCTYPE svg>${svg(`<g>${element}</g>`)}`, lenient)).toThrow(
      expect.objectContaining({ code: 'BAKED_MALFORMED' })
    )
    expect(() => unbakeSvg(svg(`<g>${element.replace('></', '>{}</')}</g>`), lenient)).toThrow(
      expect.objectContaining({ code: 'BAKED_MALFORMED' })
    )
  })

  it('189: holds every limit exactly', () => {
    const image = svg(element, '<desc>æ</desc>')
    const { length } = new TextEncoder().encode(image)
    const limits = { maxBytes: length, maxDepth: 2, maxElements: 3, maxAttributes: 2 }
    expect(unbakeSvg(image, limits)).toBe('aaa.bbb.ccc')
    const limit = expect.objectContaining({ code: 'BAKED_LIMIT' })
    for (const [name, value] of Object.entries(limits)) {
      expect(() => unbakeSvg(image, { ...limits, [name]: value - 1 })).toThrow(limit)
    }
    expect(() => unbakeSvg(new TextEncoder().encode(image), { maxBytes: length - 1 })).toThrow(limit)
    expect(() => unbakeSvg(new Uint8Array(8 * 1024 * 1024 + 1))).toThrow(limit)
  })

  it('names every option that is wrong', () => {
    const options = { maxBytes: 0, maxDepth: 1.5, multiple: 'last', lenient: 'yes', warn: 1 }
    const error = caught(() => unbakeSvg(base, options as unknown as { multiple: 'first' })) as OptionError
    expect(error).toBeInstanceOf(OptionError)
    expect(error.faults.map(({ code, path }) => [code, path])).toEqual([
      ['OPTION_INVALID', 'maxBytes'],
      ['OPTION_INVALID', 'maxDepth'],
      ['OPTION_INVALID', 'multiple'],
      ['OPTION_INVALID', 'lenient'],
      ['OPTION_INVALID', 'warn']
    ])
  })

  it('refuses what is neither text nor bytes', () => {
    const error = caught(() => unbakeSvg({ length: 3 } as unknown as string)) as InputError
    expect(error).toBeInstanceOf(InputError)
    expect(error.code).toBe('INPUT_TYPE')
  })

  it('throws nothing but its own errors, whatever bytes of an image become', () => {
    const image = new TextEncoder().encode(
      `<?xml version="1.0"?><!-- a -->${svg('<?b c?><g id="&lt;d">', '</g>', body('<![CDATA[{"a":"æ"}]]>'))}`
    )
    const edit = fc.tuple(
      fc.nat(image.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('<>&;"\'/:![]-?= \r')))
    )
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat(image.length), (edits, cut) => {
        const changed = image.slice(0, cut % 5 === 0 ? cut : image.length)
        for (const [index, byte] of edits) if (index < changed.length) changed[index] = byte
        for (const action of [() => unbakeSvg(changed), () => bakeSvg(changed, '{}')]) {
          const result = caught(action)
          if (result !== undefined) expect(result).toBeInstanceOf(KommaError)
        }
      }),
      { numRuns: 2000 }
    )
  })

  it('throws nothing but its own errors, however markup is put together', () => {
    const part = fc.constantFrom(
      ...['<', '>', '/>', '</', '<svg', '<g', 'xmlns="', SVG, '"', "'", '&', ';', '#x', '0', ' ', '=', '<!--', '-->'],
      ...[
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '<!DOCTYPE',
        '[',
        ']',
        'xml',
        'a',
        ':',
        '\r\n',
        '\u{1F600}',
        '\0',
        element,
        start
      ]
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        for (const image of [parts.join(''), svg(...parts)]) {
          const result = caught(() => unbakeSvg(image))
          if (result !== undefined) expect(result).toBeInstanceOf(BakingError)
        }
      }),
      { numRuns: 3000 }
    )
  })
})

describe('bakeSvg', () => {
  it('writes a JWS as an attribute, directly behind the start tag', () => {
    expect(bakeSvg(plain, 'aaa.bbb.ccc')).toBe(`${opened}>${element}<path d="M0 0h9v9z"/></svg>`)
  })

  it('187: writes JSON as CDATA, split where it would end the section', () => {
    expect(bakeSvg(plain, '{"a":"]]>"}')).toBe(
      `${opened}>${body('<![CDATA[{"a":"]]]]><![CDATA[>"}]]>')}<path d="M0 0h9v9z"/></svg>`
    )
  })

  it('187: lets no text of a credential become markup', () => {
    const credential = 'x"/><script>'
    const baked = bakeSvg(plain, credential)
    expect(baked).toContain(body(`<![CDATA[${credential}]]>`))
    expect(unbakeSvg(baked)).toBe(credential)
    expect(bakeSvg(baked, credential)).toBe(baked)
  })

  it('opens a root that closes itself', () => {
    expect(bakeSvg(`<svg xmlns="${SVG}" />`, 'aaa.bbb.ccc')).toBe(`${opened} >${element}</svg>`)
    expect(bakeSvg(`<s:svg xmlns:s="${SVG}"/>\n`, 'aaa.bbb.ccc')).toBe(
      `<s:svg xmlns:openbadges="${OPEN_BADGES}" xmlns:s="${SVG}">${element}</s:svg>\n`
    )
  })

  it('uses the prefix that the root has for the namespace', () => {
    const root = `<svg xmlns="${SVG}" xmlns:ob="${OPEN_BADGES}">`
    expect(bakeSvg(`${root}</svg>`, 'a.b.c')).toBe(`${root}<ob:credential verify="a.b.c"></ob:credential></svg>`)
  })

  it('takes another prefix where the usual one means something else', () => {
    const image = `<svg xmlns="${SVG}" xmlns:openbadges="urn:x" xmlns:openbadges2="urn:y"/>`
    const baked = bakeSvg(image, 'a.b.c')
    expect(baked).toContain('<openbadges3:credential verify="a.b.c">')
    expect(unbakeSvg(baked)).toBe('a.b.c')
    expect(bakeSvg(baked, 'a.b.c')).toBe(baked)
  })

  it('177: replaces every credential of the image, wherever it lies', () => {
    const image = svg('<g>', element, '</g>', body(element), 'a', body('<b/>'), '\n', element)
    expect(bakeSvg(image, 'aaa.bbb.ccc')).toBe(svg(element, '<g></g>a\n'))
  })

  it('177: refuses to bake over a credential where the caller says so', () => {
    const refusal = expect.objectContaining({ code: 'BAKED_EXISTS' })
    expect(() => bakeSvg(base, 'x.y.z', { existing: 'refuse' })).toThrow(refusal)
    expect(() => bakeSvg(svg(`<g>${element}</g>`), 'x.y.z', { existing: 'refuse' })).toThrow(refusal)
    expect(unbakeSvg(bakeSvg(plain, 'x.y.z', { existing: 'refuse' }))).toBe('x.y.z')
  })

  it('keeps everything around the root as it is', () => {
    const before = '<?xml version="1.0" encoding="utf-8"?>\r\n<!-- <svg> \u{1F600} -->\n<?a b?>'
    const root = `<svg\n\txmlns='${SVG}' aria-label="a > b"\r\n>`
    const after = '\r<!-- end -->\r\n\n'
    const declaration = ` xmlns:openbadges="${OPEN_BADGES}"`
    expect(bakeSvg(`${before}${root}\r\n</svg >${after}`, 'aaa.bbb.ccc')).toBe(
      `${before}${root.replace('<svg', `<svg${declaration}`)}${element}\r\n</svg >${after}`
    )
  })

  const texts: [string, string, string][] = [
    ['3: half a surrogate pair', '{"a":"\ud800"}', 'JSON_STRING_MALFORMED'],
    ['a NUL', '{"a":"\0"}', 'INPUT_TYPE'],
    ['a control character', '{"a":"\u001b"}', 'INPUT_TYPE'],
    ['a character that XML does not have', '{"a":"\ufffe"}', 'INPUT_TYPE'],
    ['nothing', '', 'INPUT_TYPE'],
    ['nothing but white space', ' \n', 'INPUT_TYPE'],
    ['an object', {} as unknown as string, 'INPUT_TYPE']
  ]
  it.each(texts)('refuses a credential that is or holds %s', (_, text, code) => {
    expect(() => bakeSvg(plain, text)).toThrow(expect.objectContaining({ code, path: 'credential' }))
  })

  const images: [string, string, string][] = [
    ['a page', '<html/>', 'BAKED_NOT_SVG'],
    ['a damaged image', plain.slice(0, -1), 'BAKED_MALFORMED'],
    ['184: an image with a DOCTYPE', `<!DOCTYPE svg>${plain}`, 'BAKED_MALFORMED']
  ]
  it.each(images)('refuses to bake into %s', (_, image, code) => {
    expect(() => bakeSvg(image, 'aaa.bbb.ccc')).toThrow(expect.objectContaining({ code }))
  })

  it('never writes an image that it would not read', () => {
    const baked = bakeSvg(plain, 'aaa.bbb.ccc')
    const limits = { maxBytes: baked.length, maxDepth: 2, maxElements: 3, maxAttributes: 2 }
    expect(bakeSvg(plain, 'aaa.bbb.ccc', limits)).toBe(baked)
    const limit = expect.objectContaining({ code: 'BAKED_LIMIT' })
    for (const [name, value] of Object.entries(limits)) {
      expect(() => bakeSvg(plain, 'aaa.bbb.ccc', { ...limits, [name]: value - 1 })).toThrow(limit)
    }
  })

  it('names every option that is wrong', () => {
    const options = { existing: 'keep', scripts: 'clean' } as unknown as { existing: 'refuse' }
    const error = caught(() => bakeSvg(plain, '{}', options)) as OptionError
    expect(error).toBeInstanceOf(OptionError)
    expect(error.faults.map(({ path }) => path)).toEqual(['existing', 'scripts'])
  })

  const character = fc.oneof(
    fc.constantFrom(
      ']]>',
      ']]',
      '>',
      '<![CDATA[',
      '"',
      "'",
      '&',
      '&#13;',
      '\r',
      '\r\n',
      '\n',
      '\t',
      '\u0085',
      '\u2028',
      '\u{1F600}',
      '\ufffd'
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 })
  )
  const xmlText = fc
    .array(character, { minLength: 1, maxLength: 30 })
    .map((parts) => parts.join('').replace(/[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''))
    .filter((text) => text.trim() !== '')
  const part = fc.constantFrom(
    ...['<g/>', '<g id="a">b</g>', '\r\n', ' ', '<!-- > -->', '<?a b?>', '<desc><![CDATA[<svg>]]></desc>', '\u{1F600}'],
    '<x:y xmlns:x="urn:x" x:z="&lt;"/>'
  )
  const parts = fc.array(part, { maxLength: 6 }).map((list) => list.join(''))
  const outside = fc.array(fc.constantFrom('\n', '\r', '<!-- \u{1F600} -->', '<?a b?>'), { maxLength: 3 })

  it('183: round trips any text through any image, byte-stable, with all else untouched', () => {
    fc.assert(
      fc.property(outside, parts, outside, xmlText, xmlText, (before, inside, after, first, second) => {
        const [head, tail] = [before.join(''), after.join('')]
        const image = `${head}<svg xmlns="${SVG}">${inside}</svg>${tail}`
        const baked = bakeSvg(image, first)
        expect(unbakeSvg(baked)).toBe(first)
        expect(unbakeSvg(new TextEncoder().encode(baked))).toBe(first)
        expect(bakeSvg(baked, first)).toBe(baked)
        expect(bakeSvg(bakeSvg(baked, second), first)).toBe(baked)
        expect(baked.startsWith(`${head}${opened}><openbadges:credential`)).toBe(true)
        expect(baked.endsWith(`</openbadges:credential>${inside}</svg>${tail}`)).toBe(true)
      })
    )
  })

  it('187: round trips any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        fc.pre(!/[\ufffe\uffff]/.test(json))
        expect(unbakeSvg(bakeSvg(plain, json))).toBe(json)
      })
    )
  })
})

describe('isSvg', () => {
  it.each([
    base,
    '<svg/>',
    `\uFEFF<?xml version="1.0"?>\n<!-- <html> -->\r\n<!DOCTYPE svg PUBLIC "a" "b"><svg>`,
    '<!DOCTYPE svg[',
    '<s:svg xmlns:s="x">'
  ])('knows an SVG image by its first element: %s', (text) => {
    expect(isSvg(text)).toBe(true)
    expect(isSvg(new TextEncoder().encode(text))).toBe(true)
  })

  it.each([
    '',
    ' ',
    '{}',
    'svg',
    '<html><svg/></html>',
    '<svgx/>',
    '<!-- <svg/>',
    '<?xml <svg>',
    '<!DOCTYPE html><svg/>',
    'a<svg/>'
  ])('takes nothing else for one: %s', (text) => {
    expect(isSvg(text)).toBe(false)
    expect(isSvg(new TextEncoder().encode(text))).toBe(false)
  })
})

describeShared('the sample of the official validator', () => {
  const read = () => readSharedBytes('fixtures/validator/simple-json.svg')

  it('184: is refused as it is, because it has a DOCTYPE', () => {
    expect(() => unbakeSvg(read())).toThrow(expect.objectContaining({ hint: expect.stringContaining('<!DOCTYPE') }))
  })

  it('is read without the DOCTYPE, holds the credential of the file, and can be baked anew', () => {
    const text = new TextDecoder().decode(read()).replace(/<!DOCTYPE[^>]*>/, '')
    const credential = unbakeSvg(text)
    expect(JSON.parse(credential)).toEqual(JSON.parse(unbakePng(readSharedBytes('fixtures/validator/simple-json.png'))))
    const { proof, ...unsigned } = JSON.parse(credential)
    const { proof: _, ...file } = readSharedJson('fixtures/validator/simple.json')
    expect(unsigned).toEqual(file)
    expect(proof).toHaveLength(1)
    const baked = bakeSvg(text, credential)
    expect(unbakeSvg(baked)).toBe(credential)
    expect(bakeSvg(baked, credential)).toBe(baked)
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
