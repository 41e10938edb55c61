import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../../src/encoding/crc32c.js'
import { castagnoli } from '../keys/fakes/fake-google-kms.js'

describe('crc32c', () => {
  it('gives the values of RFC 3720', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
    expect(crc32c(new Uint8Array())).toBe(0)
  })

  it('agrees with the definition bit by bit', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32c(bytes) === castagnoli(bytes)))
  })
})
