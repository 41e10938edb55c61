import { describe, expect, test } from 'vitest'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { didKeyFromMaterial, parseDidKey } from '../../src/did/did-key.js'
import { decodeHex, encodeHex, encodeMultibase } from '../../src/encoding/multibase.js'
import { EC_KINDS, exampleKey, MULTIKEYS } from '../support/public-keys.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const HEX = '4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5'
const VALUE = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi'
const DID = `did:key:${VALUE}`
const invalid = expect.objectContaining({ name: 'ResolutionError', code: 'DID_INVALID' })
const key = decodeHex(HEX)

describe('did:key', () => {
  test('goes there and back', () => {
    expect(didKeyFromMaterial({ algorithm: 'Ed25519', bytes: key })).toBe(DID)
    for (const text of [DID, `${DID}#${VALUE}`]) {
      const { did, material, verificationMethod } = parseDidKey(text)
      expect([did, verificationMethod]).toEqual([DID, `${DID}#${VALUE}`])
      expect(material.algorithm === 'Ed25519' && encodeHex(material.bytes)).toBe(HEX)
    }
  })

  test.each(EC_KINDS)('a %s key goes there and back', (kind) => {
    const did = didKeyFromMaterial(exampleKey(kind))
    expect(did).toBe(`did:key:${MULTIKEYS[kind]}`)
    expect(parseDidKey(did)).toEqual({
      method: 'did:key',
      did,
      material: exampleKey(kind),
      verificationMethod: `${did}#${MULTIKEYS[kind]}`,
      purposes: ['assertionMethod', 'authentication', 'capabilityInvocation', 'capabilityDelegation']
    })
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
  ])('143: %s is refused', (_name, text) => {
    expect(() => parseDidKey(text)).toThrow(invalid)
  })

  test('a key of another length has no DID', () => {
    const short = { algorithm: 'Ed25519', bytes: key.slice(1) } as const
    expect(() => didKeyFromMaterial(short)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
  })
})

describeShared('did:key vectors of the W3C', () => {
  test('those of Ed25519, P-256 and P-384 are read, the others refused', () => {
    const dids: string[] = readSharedJson('vectors/w3c/did-key/dids.json')
    const read = dids.filter((did) => {
      try {
        const { did: whole, material } = parseDidKey(did)
        return whole === did && multikeyOf(material) === did.slice('did:key:'.length)
      } catch (error) {
        expect(error).toEqual(invalid)
        return false
      }
    })
    expect(read).toEqual(dids.filter((did) => /^did:key:(?:z6Mk|zDn|z82)/.test(did)))
    expect(new Set(read.map((did) => parseDidKey(did).material.algorithm))).toEqual(new Set(EC_KINDS))
  })
})
