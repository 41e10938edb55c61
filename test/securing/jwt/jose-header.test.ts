import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { type HeaderRules, JWT_ALGORITHMS, readJoseHeader } from '../../../src/securing/jwt/jose-header.js'

const RULES: HeaderRules = { expects: 'credential', lenient: false, algorithms: JWT_ALGORITHMS, hasIss: true }
const KID = 'did:web:academy.example#key-1'

const read = (header: JsonObject, rules: Partial<HeaderRules> = {}) =>
  readJoseHeader({ alg: 'EdDSA', kid: KID, ...header }, { ...RULES, ...rules })
const refused = (code: string, facts: Readonly<Record<string, string>>) => ({ refused: { code, facts } })
const becauseOf = (reason: string) => refused('JWT_HEADER_REFUSED', { reason })
const taken = expect.objectContaining({ algorithm: 'EdDSA' })

describe('a header that is taken', () => {
  it('says what the token is, how it is signed and by which key', () => {
    const jwk = { kty: 'OKP' }
    expect(read({})).toEqual({ format: 'JWT', algorithm: 'EdDSA', kid: KID, jwk: undefined, ignored: [] })
    expect(read({ typ: 'vc+jwt', jwk, x: 1 })).toEqual({
      format: 'vc+jwt',
      algorithm: 'EdDSA',
      kid: KID,
      jwk,
      ignored: ['x']
    })
  })

  it.each([
    ['vc+jwt', 'vc'],
    ['vc+jwt', 'application/VC'],
    ['vp+jwt', 'vp']
  ])('in a %s may say that its content is %s', (typ, cty) => {
    expect(read({ typ, cty }, { expects: typ === 'vp+jwt' ? 'presentation' : 'credential' })).toEqual(taken)
  })

  it('130: has a kid of up to 2,048 characters', () => {
    expect(read({ kid: 'k'.repeat(2_048) })).toEqual(taken)
    expect(read({ kid: 'k'.repeat(2_049) })).toEqual(becauseOf('kid is not the name of a key'))
  })
})

describe('a header that is refused', () => {
  it.each([
    [undefined, 'nothing'],
    [5, 'number'],
    [['JWT'], 'an array'],
    [{}, 'object'],
    ['x'.repeat(100), 'x'.repeat(80)]
  ])('122: says which typ %j it has, in a line', (typ, shown) => {
    expect(read({ typ: typ as never }, { expects: 'presentation' })).toEqual(
      refused('JWT_TYPE_REFUSED', { typ: shown })
    )
    const { alg: _, ...header } = { alg: 'EdDSA', kid: KID }
    const given = typ === undefined ? header : { ...header, alg: typ as never }
    expect(readJoseHeader(given, RULES)).toEqual(refused('JWT_ALGORITHM_REFUSED', { alg: shown }))
  })

  it.each([
    ['vc+jwt', 'presentation'],
    ['JWT', 'presentation'],
    ['vp+jwt', 'credential']
  ] as const)('122: is that of a %s where a %s is expected', (typ, expects) => {
    expect(read({ typ }, { expects })).toEqual(refused('JWT_TYPE_REFUSED', { typ }))
  })

  it.each(['vc+application/jwt', 'vc+jwt+application/', 'application/application/jwt'])('122: has typ %s', (typ) => {
    expect(read({ typ })).toEqual(refused('JWT_TYPE_REFUSED', { typ }))
  })

  it.each(['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc', 'epk', 'apu', 'apv', 'p2c', 'p2s'])(
    '113, 114, 115: has %s, which no form and no mode ignores',
    (name) => {
      for (const typ of ['JWT', 'vc+jwt'])
        for (const lenient of [false, true])
          expect(read({ typ, [name]: 'x' }, { lenient })).toEqual(becauseOf(`it has the header ${name}`))
    }
  )

  it('113: has a further one, named in a line, unless VC-JOSE-COSE or lenience lets it be ignored', () => {
    const name = 'n'.repeat(100)
    expect(read({ [name]: 1 })).toEqual(becauseOf(`it has the header ${'n'.repeat(80)}`))
    expect(read({ [name]: 1 }, { lenient: true })).toEqual(taken)
    expect(read({ [name]: 1, typ: 'vc+jwt' })).toEqual(taken)
  })

  it.each([
    ['JWT', 'JWT', 'JWT'],
    ['JWT', 'vc', 'vc'],
    ['JWT', 5, 'number'],
    ['vc+jwt', 'vp', 'vp'],
    ['vc+jwt', 5, 'number']
  ])('123: of a %s says that its content is %j', (typ, cty, shown) => {
    expect(read({ typ, cty })).toEqual(becauseOf(`its content is said to be ${shown}`))
  })

  it('names no key, or none that can be one', () => {
    expect(readJoseHeader({ alg: 'EdDSA' }, RULES)).toEqual(becauseOf('it names no key, neither in kid nor in jwk'))
    expect(read({ jwk: 'x' })).toEqual(becauseOf('jwk is not a key'))
    for (const kid of ['', 5]) expect(read({ kid })).toEqual(becauseOf('kid is not the name of a key'))
  })

  it('names a key by no URL where neither iss nor jwk says whose it is', () => {
    const reason = becauseOf('kid is no URL, and no claim iss says whose key it is')
    const alone = { typ: 'vc+jwt' } as const
    for (const kid of ['key-1', 'see did:example:1', 'did:example:1 x', '1:x'])
      expect(read({ ...alone, kid }, { hasIss: false })).toEqual(reason)
    expect(read(alone, { hasIss: false })).toEqual(taken)
    expect(read({ ...alone, kid: 'key-1' })).toEqual(taken)
    expect(read({ ...alone, kid: 'key-1', jwk: { kty: 'OKP' } }, { hasIss: false })).toEqual(taken)
    expect(read({ kid: 'key-1' }, { hasIss: false })).toEqual(taken)
  })
})
