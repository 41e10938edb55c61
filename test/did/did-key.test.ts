import { describe, expect, test } from 'vitest'
import { didKeyFromPublicKey, parseDidKey } from '../../src/did/did-key.js'
import { decodeHex, encodeHex, encodeMultibase } from '../../src/encoding/multibase.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const HEX = '4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5'
const VALUE = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi'
const DID = `did:key:${VALUE}`
const invalid = expect.objectContaining({ name: 'ResolutionError', code: 'DID_INVALID' })
const key = decodeHex(HEX)

describe('did:key', () => {
  test('goes there and back', () => {
    expect(didKeyFromPublicKey(key)).toBe(DID)
    for (const text of [DID, `${DID}#${VALUE}`]) {
      const { did, publicKey, verificationMethod } = parseDidKey(text)
      expect([did, encodeHex(publicKey), verificationMethod]).toEqual([DID, HEX, `${DID}#${VALUE}`])
    }
  })

  test.each([
    ['a version', `did:key:1.1:${VALUE}`],
    ['an empty version', `did:key::${VALUE}`],
    ['base64url', `did:key:${encodeMultibase('base64url', Uint8Array.of(0xed, 1, ...key))}`],
    ['upper-case base', `did:key:Z${VALUE.slice(1)}`],
    ['a key for encryption', `did:key:${encodeMultibase('base58btc', Uint8Array.of(0xec, 1, ...key))}`],
    ['a code that is not minimal', `did:key:${encodeMultibase('base58btc', Uint8Array.of(0xed, 0x81, 0, ...key))}`],
    ['a byte too many', `did:key:${encodeMultibase('base58btc', Uint8Array.of(0xed, 1, ...key, 0))}`],
    ['10 kB', `did:key:z${'6'.repeat(10_000)}`],
    ['another fragment', `${DID}#key-1`],
    ['an empty fragment', `${DID}#`],
    ['two fragments', `${DID}#${VALUE}#${VALUE}`],
    ['a path', `${DID}/x`],
    ['a query', `${DID}?x=1#${VALUE}`],
    ['white space', `${DID} `],
    ['no value', 'did:key:'],
    ['another method', `did:web:${VALUE}`],
    ['an upper-case scheme', `DID:key:${VALUE}`],
    ['a number', 7 as never]
  ])('%s is refused', (_name, text) => {
    expect(() => parseDidKey(text)).toThrow(invalid)
  })

  test('a key of another length has no DID', () => {
    expect(() => didKeyFromPublicKey(key.slice(1))).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
  })
})

describeShared('did:key vectors of the W3C', () => {
  test('the Ed25519 ones are read, the others refused', () => {
    const dids: string[] = readSharedJson('vectors/w3c/did-key/dids.json')
    const read = dids.filter((did) => {
      try {
        return parseDidKey(did).did === did
      } catch (error) {
        expect(error).toEqual(invalid)
        return false
      }
    })
    expect(read).toEqual(dids.filter((did) => did.startsWith('did:key:z6Mk')))
    expect(read.length).toBeGreaterThan(0)
  })
})
