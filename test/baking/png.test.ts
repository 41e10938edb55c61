import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPng } from '../../src/baking/image-kind.js'
import { bakePng, unbakePng } from '../../src/baking/png.js'
import { BakingError, InputError, OptionError } from '../../src/encoding/errors.js'
import { describeShared, readSharedBytes } from '../support/shared.js'
import {
  chunk,
  concat,
  credentialChunk,
  idat,
  iend,
  ihdr,
  iTXt,
  latin1,
  png,
  signature,
  textData
} from './png-builder.js'

const KEYWORD = 'openbadgecredential'
const base = png(credentialChunk)
const plain = png()

describe('unbakePng', () => {
  const readable: [string, Uint8Array][] = [
    ['a credential before the pixels', base],
    ['a credential behind the pixels', concat(signature, ihdr(), idat, credentialChunk, iend)],
    [
      '180: an image that claims enormous dimensions',
      concat(signature, ihdr(0x7fffffff, 0x7fffffff), credentialChunk, idat, iend)
    ],
    ['182: an image with a ZIP archive behind it', concat(base, latin1('PK\x05\x06'), new Uint8Array(18))],
    ['179: an image with a second credential behind its end', concat(base, iTXt(KEYWORD, 'x.y.z'))],
    ['181: an image with a keyword of 80 characters', png(iTXt('k'.repeat(80), 'other'), credentialChunk)],
    ['181: an image that also carries an Open Badges 2.0 assertion', png(iTXt('openbadges', '{}'), credentialChunk)],
    [
      '181: an image that also has a tEXt chunk of that name',
      png(chunk('tEXt', latin1(`${KEYWORD}\0x`)), credentialChunk)
    ],
    [
      'a credential with a language tag and a translated keyword',
      png(chunk('iTXt', concat(latin1(`${KEYWORD}\0\0\0en\0credential\0aaa.bbb.ccc`))))
    ]
  ]
  it.each(readable)('reads %s', (_, image) => {
    expect(unbakePng(image)).toBe('aaa.bbb.ccc')
  })

  const many = new Uint8Array(Buffer.alloc(1_200_000, chunk('teSt')))
  const refused: [string, Uint8Array, string][] = [
    ['177: two credentials', png(credentialChunk, iTXt(KEYWORD, 'x.y.z')), 'BAKED_MULTIPLE'],
    ['177: two equal credentials', png(credentialChunk, credentialChunk), 'BAKED_MULTIPLE'],
    ['179: a credential behind the end of the image', concat(plain, credentialChunk), 'BAKED_NOT_FOUND'],
    [
      '178: a compressed credential',
      png(iTXt(KEYWORD, new Uint8Array(deflateSync('aaa.bbb.ccc')), 1)),
      'BAKED_COMPRESSED'
    ],
    ['181: a credential in a tEXt chunk', png(chunk('tEXt', latin1(`${KEYWORD}\0aaa.bbb.ccc`))), 'BAKED_NOT_FOUND'],
    ['181: a credential in a zTXt chunk', png(chunk('zTXt', latin1(`${KEYWORD}\0\0xyz`))), 'BAKED_NOT_FOUND'],
    ['181: an Open Badges 2.0 assertion', png(iTXt('openbadges', '{}')), 'BAKED_OPEN_BADGES_2'],
    ['181: the keyword in another case', png(iTXt('OpenBadgeCredential', 'aaa.bbb.ccc')), 'BAKED_NOT_FOUND'],
    ['181: a keyword of 80 characters', png(iTXt('k'.repeat(80), 'aaa.bbb.ccc')), 'BAKED_NOT_FOUND'],
    ['no text chunk at all', plain, 'BAKED_NOT_FOUND'],
    ['179: a wrong CRC', png(chunk('iTXt', textData(KEYWORD, 'aaa.bbb.ccc'), { crc: 1 })), 'BAKED_MALFORMED'],
    [
      '179: a wrong CRC of another chunk',
      png(credentialChunk, chunk('teSt', latin1('x'), { crc: 1 })),
      'BAKED_MALFORMED'
    ],
    [
      '179: a length of 2^31-1',
      png(chunk('iTXt', textData(KEYWORD, 'a.b.c'), { length: 0x7fffffff })),
      'BAKED_MALFORMED'
    ],
    [
      '179: a length of 2^32-1',
      png(chunk('iTXt', textData(KEYWORD, 'a.b.c'), { length: 0xffffffff })),
      'BAKED_MALFORMED'
    ],
    [
      '179: a length that is too short',
      png(chunk('iTXt', textData(KEYWORD, 'a.b.c'), { length: 5 })),
      'BAKED_MALFORMED'
    ],
    ['179: a file cut after 60 bytes', base.subarray(0, 60), 'BAKED_MALFORMED'],
    ['179: a file cut before IEND', base.subarray(0, base.length - 12), 'BAKED_MALFORMED'],
    ['179: only the signature', signature, 'BAKED_MALFORMED'],
    ['179: no bytes', new Uint8Array(), 'BAKED_NOT_PNG'],
    ['179: no IHDR', concat(signature, credentialChunk, iend), 'BAKED_MALFORMED'],
    ['179: IHDR in second place', concat(signature, credentialChunk, ihdr(), idat, iend), 'BAKED_MALFORMED'],
    ['179: a second IHDR', png(ihdr(), credentialChunk), 'BAKED_MALFORMED'],
    ['179: an IHDR of 12 bytes', concat(signature, chunk('IHDR', new Uint8Array(12)), idat, iend), 'BAKED_MALFORMED'],
    ['179: an IEND with content', concat(signature, ihdr(), idat, chunk('IEND', latin1('x'))), 'BAKED_MALFORMED'],
    ['179: no pixels', concat(signature, ihdr(), credentialChunk, iend), 'BAKED_MALFORMED'],
    [
      '182: a signature with translated line ends',
      concat(latin1('\x89PNG\n\n\x1a\n'), base.subarray(8)),
      'BAKED_NOT_PNG'
    ],
    ['181: a credential chunk that holds only the keyword', png(chunk('iTXt', latin1(KEYWORD))), 'BAKED_MALFORMED'],
    [
      '181: a credential chunk that ends behind the keyword',
      png(chunk('iTXt', latin1(`${KEYWORD}\0`))),
      'BAKED_MALFORMED'
    ],
    ['181: a credential chunk without its text', png(chunk('iTXt', latin1(`${KEYWORD}\0\0\0en\0`))), 'BAKED_MALFORMED'],
    ['178: an undefined compression flag', png(iTXt(KEYWORD, 'aaa.bbb.ccc', 2)), 'BAKED_MALFORMED'],
    ['181: a credential that is not UTF-8', png(iTXt(KEYWORD, Uint8Array.of(0xff, 0xfe))), 'BAKED_MALFORMED'],
    ['a credential with a NUL', png(iTXt(KEYWORD, 'aaa\0bbb')), 'BAKED_MALFORMED'],
    ['180: 100,000 empty chunks', png(many, credentialChunk), 'BAKED_LIMIT'],
    [
      '179: a chunk type that is not letters',
      png(chunk(Uint8Array.of(0x74, 0xf1, 0x53, 0x74)), credentialChunk),
      'BAKED_MALFORMED'
    ],
    ['182: a GIF in front of the image', concat(latin1('GIF89a'), base), 'BAKED_NOT_PNG']
  ]
  it.each(refused)('refuses %s', (_, image, code) => {
    expect(() => unbakePng(image)).toThrow(expect.objectContaining({ code, name: BakingError.name }))
  })

  it('178: says that a bomb is compressed without inflating it', () => {
    const bomb = png(iTXt(KEYWORD, new Uint8Array(deflateSync(Buffer.alloc(64 * 1024 * 1024, 'a'))), 1))
    const before = process.memoryUsage().arrayBuffers
    expect(() => unbakePng(bomb)).toThrow(expect.objectContaining({ code: 'BAKED_COMPRESSED' }))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024)
  })

  it('181: points to a text chunk of the wrong kind', () => {
    const image = png(chunk('tEXt', latin1(`${KEYWORD}\0aaa.bbb.ccc`)))
    expect(() => unbakePng(image)).toThrow(expect.objectContaining({ hint: expect.stringContaining('tEXt') }))
  })

  it('177: reads the first of several credentials where the caller says so', () => {
    const image = png(credentialChunk, iTXt(KEYWORD, 'x.y.z'))
    expect(unbakePng(image, { multiple: 'first' })).toBe('aaa.bbb.ccc')
  })

  it('keeps a byte order mark, so that the JSON reader sees it', () => {
    expect(unbakePng(png(iTXt(KEYWORD, '\uFEFF{}')))).toBe('\uFEFF{}')
  })

  it('180: holds the limits for bytes and chunks exactly', () => {
    expect(unbakePng(base, { maxBytes: base.length, maxChunks: 4 })).toBe('aaa.bbb.ccc')
    const limit = expect.objectContaining({ code: 'BAKED_LIMIT' })
    expect(() => unbakePng(base, { maxBytes: base.length - 1 })).toThrow(limit)
    expect(() => unbakePng(base, { maxChunks: 3 })).toThrow(limit)
    expect(() => unbakePng(new Uint8Array(8 * 1024 * 1024 + 1))).toThrow(limit)
  })

  it('reads an image that lies inside a larger buffer', () => {
    const buffer = concat(Uint8Array.of(1, 2, 3), base, Uint8Array.of(4))
    expect(unbakePng(buffer.subarray(3, 3 + base.length))).toBe('aaa.bbb.ccc')
  })

  it('names every option that is wrong', () => {
    const options = { maxBytes: 0, maxChunks: 1.5, multiple: 'last' } as unknown as { multiple: 'first' }
    const error = caught(() => unbakePng(base, options)) as OptionError
    expect(error).toBeInstanceOf(OptionError)
    expect(error.faults.map(({ code, path }) => [code, path])).toEqual([
      ['OPTION_INVALID', 'maxBytes'],
      ['OPTION_INVALID', 'maxChunks'],
      ['OPTION_INVALID', 'multiple']
    ])
  })

  it('refuses what is not bytes', () => {
    const error = caught(() => unbakePng('iVBORw0KGgo' as unknown as Uint8Array)) as InputError
    expect(error).toBeInstanceOf(InputError)
    expect(error.code).toBe('INPUT_TYPE')
  })

  it('throws nothing but its own errors, whatever one byte of an image becomes', () => {
    const edit = fc.tuple(fc.nat(base.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat(base.length), (edits, cut) => {
        const image = base.slice(0, cut % 5 === 0 ? cut : base.length)
        for (const [index, byte] of edits) if (index < image.length) image[index] = byte
        const result = caught(() => expect(unbakePng(image)).toBe('aaa.bbb.ccc'))
        if (result !== undefined) expect(result).toBeInstanceOf(BakingError)
      }),
      { numRuns: 2000 }
    )
  })
})

describe('bakePng', () => {
  it('writes one uncompressed iTXt chunk directly before the pixels', () => {
    const palette = chunk('PLTE', new Uint8Array(3))
    expect(bakePng(png(palette), 'aaa.bbb.ccc')).toEqual(png(palette, credentialChunk))
  })

  it('177: replaces every credential of the image, whatever chunk it lies in', () => {
    const old = iTXt(KEYWORD, 'x.y.z')
    const image = concat(
      signature,
      ihdr(),
      old,
      chunk('zTXt', latin1(`${KEYWORD}\0\0xyz`)),
      chunk('tEXt', latin1(`${KEYWORD}\0xyz`)),
      idat,
      iTXt(KEYWORD, 'compressed', 1),
      old,
      iend
    )
    expect(bakePng(image, 'aaa.bbb.ccc')).toEqual(base)
  })

  it('177: refuses to bake over a credential where the caller says so', () => {
    const refusal = expect.objectContaining({ code: 'BAKED_EXISTS' })
    expect(() => bakePng(base, 'x.y.z', { existing: 'refuse' })).toThrow(refusal)
    expect(bakePng(plain, 'aaa.bbb.ccc', { existing: 'refuse' })).toEqual(base)
  })

  it('182: drops bytes behind the image', () => {
    expect(bakePng(concat(plain, latin1('PK\x05\x06')), 'aaa.bbb.ccc')).toEqual(base)
  })

  it('leaves the image it was given as it was', () => {
    const image = png()
    bakePng(image, 'aaa.bbb.ccc')
    expect(image).toEqual(plain)
  })

  const texts: [string, string, string][] = [
    ['3: half a surrogate pair', '{"a":"\ud800"}', 'JSON_STRING_MALFORMED'],
    ['a NUL', '{"a":"\0"}', 'INPUT_TYPE'],
    ['nothing', '', 'INPUT_TYPE'],
    ['an object', {} as unknown as string, 'INPUT_TYPE']
  ]
  it.each(texts)('refuses a credential that is or holds %s', (_, text, code) => {
    expect(() => bakePng(plain, text)).toThrow(expect.objectContaining({ code, path: 'credential' }))
  })

  const images: [string, Uint8Array, string][] = [
    ['a GIF', latin1('GIF89a'), 'BAKED_NOT_PNG'],
    ['a damaged image', plain.subarray(0, plain.length - 1), 'BAKED_MALFORMED']
  ]
  it.each(images)('refuses to bake into %s', (_, image, code) => {
    expect(() => bakePng(image, 'aaa.bbb.ccc')).toThrow(expect.objectContaining({ code }))
  })

  it('never writes an image that it would not read', () => {
    const limit = expect.objectContaining({ code: 'BAKED_LIMIT' })
    expect(() => bakePng(plain, 'aaa.bbb.ccc', { maxBytes: base.length - 1 })).toThrow(limit)
    expect(() => bakePng(plain, 'aaa.bbb.ccc', { maxChunks: 3 })).toThrow(limit)
    expect(bakePng(plain, 'aaa.bbb.ccc', { maxBytes: base.length, maxChunks: 4 })).toEqual(base)
  })

  const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  const other = fc
    .record({ type: fc.string({ unit: letter, minLength: 4, maxLength: 4 }), data: fc.uint8Array({ maxLength: 100 }) })
    .filter(({ type }) => !['IHDR', 'IDAT', 'IEND', 'iTXt', 'tEXt', 'zTXt'].includes(type))
    .map(({ type, data }) => chunk(type, new Uint8Array(data)))
  const others = fc.array(other, { maxLength: 6 })
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((value) => !value.includes('\0'))

  it('183: round trips any text through any image, byte-stable, with all other chunks untouched', () => {
    fc.assert(
      fc.property(others, others, text, text, (before, after, first, second) => {
        const image = concat(signature, ihdr(), ...before, idat, ...after, iend)
        const baked = bakePng(image, first)
        expect(unbakePng(baked)).toBe(first)
        expect(bakePng(baked, first)).toEqual(baked)
        expect(bakePng(bakePng(baked, second), first)).toEqual(baked)
        expect(baked).toEqual(concat(signature, ihdr(), ...before, iTXt(KEYWORD, first), idat, ...after, iend))
      })
    )
  })
})

describe('isPng', () => {
  it('182: knows a PNG by its signature at the start', () => {
    expect(isPng(plain)).toBe(true)
    expect(isPng(plain.subarray(0, 7))).toBe(false)
    expect(isPng(concat(latin1('GIF89a'), plain))).toBe(false)
    expect(isPng(new Uint8Array())).toBe(false)
  })
})

describeShared('the samples of the official validator', () => {
  it.each(['simple-json', 'simple-jwt'])(
    '%s.png is read, and baking its credential again changes nothing inside',
    (name) => {
      const image = readSharedBytes(`fixtures/validator/${name}.png`)
      const credential = unbakePng(image)
      if (name === 'simple-json') expect(JSON.parse(credential).type).toContain('OpenBadgeCredential')
      else expect(credential.split('.')).toHaveLength(3)
      const baked = bakePng(image, credential)
      expect(baked.length).toBe(image.length)
      expect(unbakePng(baked)).toBe(credential)
      expect(bakePng(baked, credential)).toEqual(baked)
    }
  )
})

function caught(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
