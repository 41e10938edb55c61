import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/encoding/errors.js'
import { verify } from '../../../src/index.js'
import { parseCompactJws } from '../../../src/securing/jwt/compact-jws.js'
import { badgeClaims, ecdsaSigner, segment } from '../../support/jwt.js'
import { noNetwork } from '../../support/jwt-refusal.js'
import { plainBadge } from '../../support/sign.js'

const issuer = ecdsaSigner('issuer')
const claims = badgeClaims(issuer.did)
const control = await issuer.sign(claims)

const tokenText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[\w.=+/ -]{0,60}$/),
  fc.array(fc.oneof(fc.json(), fc.string()).map(segment), { maxLength: 5 }).map((parts) => parts.join('.')),
  fc
    .tuple(fc.nat(control.length), fc.nat(control.length), fc.stringMatching(/^[\w.=+/ -]{0,4}$/))
    .map(([from, length, text]) => control.slice(0, from) + text + control.slice(from + (length % 8)))
)

describe('any text', () => {
  it('is a JWT, or is refused with an error of ours', () => {
    fc.assert(
      fc.property(tokenText, (text) => {
        try {
          const { header, claims } = parseCompactJws(text)
          expect([typeof header, typeof claims]).toEqual(['object', 'object'])
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 2_000, seed: 116 }
    )
  })

  it('117: has one token: what is parsed is spelt in no other way', () => {
    fc.assert(
      fc.property(tokenText, (text) => {
        const parsed = attempt(() => parseCompactJws(text))
        if (parsed === undefined) return
        const { signingInput, signature } = parsed
        expect(`${new TextDecoder().decode(signingInput)}.${segment(signature)}`).toBe(text)
      }),
      { numRuns: 2_000, seed: 117 }
    )
  })

  it('is never accepted unless it is the control, and never fails inside', async () => {
    await fc.assert(
      fc.asyncProperty(tokenText, async (text) => {
        const report = await verify(text, noNetwork)
        expect(report.accepted).toBe(text === control)
        expect(report.checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
      }),
      { numRuns: 500, seed: 115 }
    )
  })
})

const memberName = fc.oneof(fc.constantFrom('alg', 'kid', 'jwk', 'typ', 'cty', 'crit', 'b64'), fc.string())
const claimName = fc.oneof(
  fc.constantFrom(...Object.keys(claims), 'exp', 'iat', 'aud', 'vc', 'vp', 'proof'),
  fc.string()
)

describe('a token that the issuer signed, whatever it holds', () => {
  it('is accepted only with the document that was signed, and never fails inside', async () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(1_704_067_200, issuer.did, 'JWT', 'vc+jwt'))
    const edits = (name: fc.Arbitrary<string>) =>
      fc.array(fc.tuple(name, value), { maxLength: 2 }).map(Object.fromEntries)
    await fc.assert(
      fc.asyncProperty(edits(claimName), edits(memberName), async (moreClaims, moreHeader) => {
        const signed = { ...claims, ...moreClaims }
        const report = await verify(await issuer.sign(signed, { ...issuer.header, ...moreHeader }), noNetwork)
        expect(report.checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
        if (report.credential === undefined) return
        const { iss, sub, jti, exp, aud: _, nbf: __, iat: ___, ...document } = JSON.parse(JSON.stringify(signed))
        const { validUntil, ...credential } = report.credential
        expect(credential).toEqual(
          document.validUntil === undefined ? document : { ...document, validUntil: undefined }
        )
        expect([sub, iss, jti]).toEqual([claims['sub'], claims['iss'], claims['jti']])
        if (exp === undefined) expect(validUntil).toBe(document.validUntil)
      }),
      { numRuns: 500, seed: 118 }
    )
  })

  it('is the control where nothing was edited', async () => {
    expect((await verify(control, noNetwork)).credential).toEqual(plainBadge(issuer.did))
  })
})

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
