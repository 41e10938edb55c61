import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/encoding/errors.js'
import { looksLikeJws, parseCompactJws } from '../../../src/securing/jwt/compact-jws.js'
import { segment } from '../../support/jwt.js'

const HEADER = segment({ alg: 'EdDSA' })
const CLAIMS = segment({ iss: 'did:example:a' })
const PLACES = ['header', 'payload', 'signature'] as const

function refusalOf(text: string, limits = {}): InputError {
  try {
    parseCompactJws(text, limits)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return error as InputError
  }
  throw new Error('it was taken')
}

const malformed = (reason: string) => ({ code: 'JWS_MALFORMED', message: expect.stringContaining(`JWT: ${reason}`) })
const tokenWith = (place: number, part: string) =>
  [HEADER, CLAIMS, 'AAAA'].map((own, at) => (at === place ? part : own)).join('.')

describe('a JWT that cannot be taken apart', () => {
  it.each([
    ['five segments', 'a.b.c.d.e', 'it has five segments', 'three segments'],
    ['two segments', 'a.b', 'it does not have three segments', 'header.payload.signature'],
    ['four segments', 'a.b.c.d', 'it does not have three segments', 'header.payload.signature'],
    ['six segments', 'a.b.c.d.e.f', 'it does not have three segments', 'header.payload.signature'],
    ['no payload', `${HEADER}..AAAA`, 'its payload is detached', 'a payload between the two dots'],
    ['an empty header', `.${CLAIMS}.AAAA`, 'a segment is empty', 'header.payload.signature'],
    ['an empty signature', `${HEADER}.${CLAIMS}.`, 'a segment is empty', 'header.payload.signature']
  ])('115, 116: with %s says so', (_what, text, reason, expected) => {
    const refusal = refusalOf(text)
    expect(refusal).toMatchObject({ ...malformed(reason), expected })
    expect(refusal.faults[0]).not.toHaveProperty('hint')
  })

  it('116: with a character that base64url does not have says so, wherever it stands', () => {
    for (const place of [0, 1, 2]) {
      for (const part of ['+AAA', 'AAA+', 'AA=='] as const) {
        const refusal = refusalOf(tokenWith(place, part))
        expect(refusal).toMatchObject(malformed('a segment has a character'))
        expect(refusal.faults[0]).not.toHaveProperty('hint')
      }
      expect(refusalOf(tokenWith(place, 'AAA\n')).hint).toBe('Remove the white space and line breaks')
    }
  })

  it('116: with loose bits says in which part', () => {
    for (const [place, name] of PLACES.entries())
      expect(refusalOf(tokenWith(place, 'AB'))).toMatchObject(malformed(`its ${name} is not the one`))
  })

  it('117: with bad JSON says in which part, and where there', () => {
    const twice = segment('{"iss":"a","iss":"b"}')
    for (const [place, part] of (['header', 'payload'] as const).entries()) {
      const refusal = refusalOf(tokenWith(place, twice))
      expect(refusal).toMatchObject({ code: 'JSON_DUPLICATE_MEMBER', path: `${part}/iss` })
      expect(refusal.message).toContain(`in the ${part} of the JWT`)
      expect(refusal.cause).toBeInstanceOf(InputError)
    }
    expect(refusalOf(tokenWith(1, segment('{"a":[}')))).toMatchObject({
      code: 'JSON_SYNTAX',
      path: expect.stringMatching(/^payload( \S.*)?$/)
    })
  })

  it.each(['[]', '"x"', '5', 'null'])('121: with %s for an object says in which part', (text) => {
    for (const [place, path] of (['header', 'payload'] as const).entries())
      expect(refusalOf(tokenWith(place, segment(text)))).toMatchObject({
        code: 'INPUT_TYPE',
        message: expect.stringContaining(`the ${path} of the JWT is not an object`),
        path
      })
  })

  it('8: is measured before, by the limit of the caller', () => {
    const text = tokenWith(2, 'AAAA')
    expect(refusalOf(text, { maxLength: text.length - 1 })).toMatchObject({ code: 'INPUT_TOO_LARGE' })
    expect(parseCompactJws(text, { maxLength: text.length }).claims).toEqual({ iss: 'did:example:a' })
  })
})

describe('a text that looks like a JWT', () => {
  it.each(['eyJhbGciOiJub25lIn0', ' \n eyJ', 'a.b.c', 'a..', 'ewog'])('is %j', (text) => {
    expect(looksLikeJws(text)).toBe(true)
  })

  it.each(['{}', 'did:web:a.b.c', 'www.academy.example/badge', 'a.b', 'e', '<svg/>', 'x eyJhbGciOiJub25lIn0'])(
    'is not %j',
    (text) => {
      expect(looksLikeJws(text)).toBe(false)
    }
  )
})
