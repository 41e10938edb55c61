import fc from 'fast-check'

/** Texts near to what a grammar allows: its own pieces in any order, good texts with a change, and anything at all. */
export function textsNear(good: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4, unit: 'binary' }))
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(piece, { maxLength: 10 }).map((parts) => parts.join('')) },
    { weight: 4, arbitrary: changed(fc.constantFrom(...good), piece) },
    { weight: 1, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }
  )
}

/** The same for bytes. */
export function bytesNear(good: readonly Uint8Array[], pieces: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.uint8Array({ maxLength: 4 }))
  const flip = fc
    .record({ bytes: fc.constantFrom(...good), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
    .map(({ bytes, at, mask }) => bytes.map((byte, index) => (index === at % bytes.length ? byte ^ mask : byte)))
  const cut = fc
    .record({ bytes: fc.constantFrom(...good), from: fc.nat(), length: fc.nat(8), piece })
    .map(({ bytes, from, length, piece }) => {
      const start = from % (bytes.length + 1)
      return Uint8Array.from([...bytes.subarray(0, start), ...piece, ...bytes.subarray(start + length)])
    })
  return fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
    flip,
    cut,
    fc.uint8Array({ maxLength: 64 })
  )
}

/** Text that is nearly JSON: every rule of RFC 8259, and what parsers are known to let pass. */
export const nearlyJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
  const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r', '\u00a0', '/**/', '\ufeff')
  const number = fc.oneof(
    fc.double().map(String),
    fc.constantFrom(
      '0',
      '-0',
      '01',
      '1.',
      '.5',
      '1e5',
      '1E+5',
      '1e',
      '-',
      '+1',
      '0x1',
      '1e999',
      '9007199254740993',
      'NaN'
    )
  )
  const inside = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => JSON.stringify(text).slice(1, -1)),
    fc.constantFrom(
      '\\u0000',
      '\\ud800',
      '\\udc00\\ud800',
      '\\x',
      '\\u12',
      '\u0000',
      '\n',
      '\\',
      '"',
      '__proto__',
      'constructor'
    )
  )
  const string = fc.oneof({ weight: 9, arbitrary: inside.map((text) => `"${text}"`) }, { weight: 1, arbitrary: inside })
  const comma = fc.constantFrom(',', ',', ',', ',,', '', ';')
  const member = fc
    .tuple(space, fc.oneof(string, fc.constant('"a"')), space, fc.constantFrom(':', ':', ':', '', '='), tie('value'))
    .map((parts) => parts.join(''))
  const list = (item: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.array(item, { maxLength: 4 }), comma, fc.constantFrom('', '', '', ','))
      .map(([items, by, end]) => items.join(by) + end)
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.oneof(number, string, fc.constantFrom('true', 'false', 'null', 'True', 'undefined', '')),
      list(member).map((members) => `{${members}}`),
      fc.tuple(list(tie('value')), fc.constantFrom(']', ']', ']', '}', '')).map(([items, end]) => `[${items}${end}`)
    )
  }
}).value

function changed(good: fc.Arbitrary<string>, piece: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.record({ text: good, from: fc.nat(), length: fc.nat(8), piece }).map(({ text, from, length, piece }) => {
    const start = from % (text.length + 1)
    return `${text.slice(0, start)}${piece}${text.slice(start + length)}`
  })
}
