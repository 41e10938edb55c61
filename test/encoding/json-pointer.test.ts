import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPointerFaults, parsePointer, valueAt } from '../../src/encoding/json-pointer.js'
import { pointer } from '../../src/encoding/json-rules.js'
import type { JsonObject } from '../../src/encoding/json-types.js'

const document: JsonObject = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'm~n': 8,
  '~1': 9,
  '0': { nothing: null }
}
const read = (text: string) => valueAt(document, parsePointer(text) ?? ['not a pointer'])

describe('a JSON Pointer', () => {
  it('is read as section 5 of RFC 6901 has it', () => {
    expect(read('')).toEqual(document)
    expect(read('/foo')).toEqual(['bar', 'baz'])
    expect(read('/foo/0')).toBe('bar')
    expect(read('/')).toBe(0)
    expect(read('/a~1b')).toBe(1)
    expect(read('/m~0n')).toBe(8)
    expect(read('/~01')).toBe(9)
    expect(read('/0/nothing')).toBe(null)
  })

  it('comes back as the path that names it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 })), (tokens) => {
        expect(parsePointer(tokens.reduce<string>((path, token) => pointer(path, token), ''))).toEqual(tokens)
      })
    )
  })

  it.each(['foo', '#/foo', '/~', '/~2', '/a~', ' /foo', `/${'a'.repeat(1024)}`])('86: is not %s', (text) => {
    expect(parsePointer(text)).toBe(undefined)
  })

  it.each([
    '/__proto__',
    '/constructor',
    '/toString',
    '/foo/length',
    '/foo/-',
    '/foo/00',
    '/foo/01',
    '/foo/2',
    '/foo/1e0',
    '/foo/0/length',
    '/m~01n',
    '/missing'
  ])('86: leads nowhere: %s', (text) => {
    expect(read(text)).toBe(undefined)
  })

  it('86: that is bad is named by its place, each of them', () => {
    const faults = findPointerFaults(['/foo', '/__proto__', 'foo', '/foo/-'], document, 'reveal')
    expect(faults.map(({ code, path, got }) => [code, path, got])).toEqual([
      ['POINTER_INVALID', 'reveal/1', '"/__proto__"'],
      ['POINTER_INVALID', 'reveal/2', '"foo"'],
      ['POINTER_INVALID', 'reveal/3', '"/foo/-"']
    ])
  })
})
