import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createIdentityObject, IDENTITY_TYPES } from '../../src/issuing/identity.js'
import { hashIdentity } from '../../src/model/identity-hash.js'

describe('the hash of an identity', () => {
  it.each([
    ['a@example.com', 'Kosher', 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'],
    [
      'jjefferson18@example.com',
      'FleurDeSel',
      'sha256$658625b25ab3d75d613ca97d9a5a77f70e2192feca5557f4ad09a4d4f121f5fc'
    ]
  ])('of %s is the published one', (identity, salt, hash) => {
    expect(hashIdentity(identity, salt)).toBe(hash)
  })

  it('folds no case', () => {
    expect(hashIdentity('A@Example.com', 'Kosher')).not.toBe(hashIdentity('a@example.com', 'Kosher'))
  })
})

describe('an identity object', () => {
  it('has a salt of 16 random bytes', () => {
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => 250 + index)
    const object = createIdentityObject({ identityType: 'emailAddress', identity: 'kari@example.org', random })
    expect(object.salt).toBe('-vv8_f7_AAECAwQFBgcICQ')
    expect(object.identityHash).toBe(hashIdentity('kari@example.org', '-vv8_f7_AAECAwQFBgcICQ'))
  })

  it.each([
    ['an unknown type', { identityType: 'employeeId', identity: 'e1' }, 'identityType'],
    ['an own type with more in front', { identityType: 'x ext:a', identity: 'e1' }, 'identityType'],
    ['an empty identity', { identityType: 'name', identity: '' }, 'identity'],
    ['half a surrogate pair', { identityType: 'name', identity: '\ud800' }, 'identity'],
    ['too little randomness', { identityType: 'name', identity: 'a', random: () => new Uint8Array(8) }, 'random'],
    ['no randomness', { identityType: 'name', identity: 'a', random: () => 'salt' as never }, 'random']
  ])('is refused for %s', (_, options, path) => {
    expect(() => createIdentityObject(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path }))
  })

  it('knows the same types as the format of an award', () => {
    const schema = readFileSync('schemas/award.schema.json', 'utf8')
    expect(schema).toContain(`"^(?:${IDENTITY_TYPES.join('|')}|ext:`)
  })
})
