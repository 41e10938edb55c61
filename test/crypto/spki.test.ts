import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { materialFromPem, materialFromSpki } from '../../src/crypto/spki.js'
import { createFakeKey } from '../keys/fakes/fake-key.js'

const KINDS = ['Ed25519', 'P-256', 'P-384'] as const

describe.each(KINDS)('a public key of kind %s', (algorithm) => {
  const { spki, pem, publicKey } = createFakeKey(algorithm)
  const material = { algorithm, bytes: publicKey }

  it('is read from what OpenSSL writes, in DER and in PEM', () => {
    for (let round = 0; round < 10; round += 1) {
      const key = createFakeKey(algorithm)
      expect(materialFromSpki(key.spki)).toEqual({ algorithm, bytes: key.publicKey })
      expect(materialFromPem(key.pem)).toEqual({ algorithm, bytes: key.publicKey })
    }
    expect(materialFromPem(pem.replaceAll('\n', '\r\n'))).toEqual(material)
    expect(materialFromPem(pem.trimEnd())).toEqual(material)
  })

  it('is refused where any byte before the key is another one, and with a byte more or less', () => {
    const head = spki.length - (algorithm === 'Ed25519' ? 32 : algorithm === 'P-256' ? 64 : 96)
    for (let at = 0; at < head; at += 1) {
      const changed = spki.map((byte, index) => (index === at ? byte ^ 1 : byte))
      expect(() => materialFromSpki(changed), `byte ${at}`).toThrow(
        expect.objectContaining({ code: 'KEY_UNSUPPORTED' })
      )
    }
    for (const bytes of [spki.subarray(1), spki.subarray(0, -1), Uint8Array.of(...spki, 0), new Uint8Array()]) {
      expect(() => materialFromSpki(bytes, 'key-1')).toThrow(
        expect.objectContaining({ code: 'KEY_UNSUPPORTED', path: 'key-1' })
      )
    }
  })

  it('is refused in PEM with anything beside it', () => {
    const bad = [
      `${pem}${pem}`,
      `comment\n${pem}`,
      `${pem}\n\n`,
      pem.replaceAll('PUBLIC', 'PRIVATE'),
      pem.replace('-----END PUBLIC KEY-----', ''),
      pem.replace(/\n[A-Za-z0-9+/=]/, '\n='),
      pem.replace('\nM', '\n M'),
      `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(5000)}\n-----END PUBLIC KEY-----\n`,
      ''
    ]
    for (const text of bad) {
      expect(() => materialFromPem(text), text).toThrow(expect.objectContaining({ code: 'ENCODING_INVALID' }))
    }
  })
})

describe('a public key', () => {
  it('is refused off its curve', () => {
    const { spki } = createFakeKey('P-256')
    const off = spki.map((byte, index) => (index === spki.length - 1 ? byte ^ 1 : byte))
    expect(() => materialFromSpki(off)).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }))
  })

  it.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['X25519', () => generateKeyPairSync('x25519')],
    ['Ed448', () => generateKeyPairSync('ed448')]
  ])('of kind %s is refused by name of those that sign', (_name, make) => {
    const spki = make().publicKey.export({ type: 'spki', format: 'der' })
    expect(() => materialFromSpki(spki)).toThrow(
      expect.objectContaining({ code: 'KEY_UNSUPPORTED', expected: 'Ed25519, P-256, P-384' })
    )
  })
})
