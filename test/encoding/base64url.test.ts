import { base64urlnopad } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64urlCodec } from '../../src/encoding/base64url.js'

describe('base64url by what the runtime has built in', () => {
  it('writes and reads as a codec of another hand does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = base64urlnopad.encode(bytes)
        expect(base64urlCodec.encode(bytes)).toBe(text)
        expect(base64urlCodec.decode(text)).toEqual(bytes)
      })
    )
  })

  it.each([8191, 8192, 8193, 16_384, 100_001])('does so for %d bytes, whichever they are', (length) => {
    const bytes = new Uint8Array(length).map((_, at) => at * 197)
    expect(base64urlCodec.encode(bytes)).toBe(base64urlnopad.encode(bytes))
    expect(base64urlCodec.decode(base64urlnopad.encode(bytes))).toEqual(bytes)
  })
})
