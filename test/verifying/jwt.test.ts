import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type Report, type VerifyOptions, verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, segment, type TestJwtSigner, testJwtSigner } from '../support/jwt.js'
import { plainBadge, testSigner } from '../support/sign.js'

/** Nobody may be asked anything: a resolver that answers would hide a fetch. */
const noNetwork: VerifyOptions = {
  now: NOW,
  resolver: {
    resolve: async ({ url }) => {
      throw new Error(`asked for ${url}`)
    }
  }
}

let issuer: TestJwtSigner
let mallory: TestJwtSigner
let claims: JsonObject
let control: string

beforeAll(async () => {
  issuer = await testJwtSigner('issuer')
  mallory = await testJwtSigner('mallory')
  claims = badgeClaims(issuer.did)
  control = await issuer.sign(claims)
})

const codes = (report: Report) =>
  report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable').map(({ code }) => code)

/** What stopped a token: the first code that is not a check nobody got to. */
async function refusal(token: unknown, options: VerifyOptions = noNetwork): Promise<string> {
  const report = await verify(token as string, options)
  expect(report.accepted).toBe(false)
  expect(report.credential).toBeUndefined()
  const made = codes(report).filter((code) => code !== 'NOT_REACHED')
  expect(made).toHaveLength(1)
  return made[0] as string
}

const withHeader = (more: JsonObject): Promise<string> => issuer.sign(claims, { ...issuer.header, ...more })
const withClaims = (more: JsonObject): Promise<string> => issuer.sign({ ...claims, ...more })
const without = (name: string): JsonObject => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

describe('the control', () => {
  it('is accepted as text and as bytes, and said to be a JWT', async () => {
    for (const form of [control, new TextEncoder().encode(control)]) {
      const report = await verify(form, noNetwork)
      expect(codes(report)).toEqual([])
      expect(report.accepted).toBe(true)
      expect(report.checks[0]?.message).toBe('The input was read as a JWT.')
      expect(report.proofs).toEqual([
        expect.objectContaining({ type: 'JWT', algorithm: 'EdDSA', kid: issuer.kid, checked: true, holds: true })
      ])
    }
  })

  it('hands out the credential that was signed, without the claims of the token, frozen', async () => {
    const { credential } = await verify(control, noNetwork)
    expect(credential).toEqual(plainBadge(issuer.did))
    expect(Object.isFrozen(credential?.['credentialSubject'])).toBe(true)
  })
})

describe('the header', () => {
  it.each(['none', 'NoNe', undefined, ['ES256'], 'ES256K', 'EdDSA '])('108: refuses alg %s', async (alg) => {
    const header = JSON.parse(JSON.stringify({ ...issuer.header, alg }))
    expect(await refusal(await issuer.sign(claims, header))).toBe('JWT_ALGORITHM_REFUSED')
  })

  it('108: refuses a token without signature', async () => {
    const unsigned = `${segment({ alg: 'none' })}.${segment(claims)}.`
    expect(await refusal(unsigned)).toBe('JWS_MALFORMED')
  })

  it.each(['', 'did:example:public'])('109: refuses an HMAC keyed with "%s"', async (secret) => {
    const input = `${segment({ ...issuer.header, alg: 'HS256' })}.${segment(claims)}`
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    expect(await refusal(`${input}.${mac}`)).toBe('JWT_ALGORITHM_REFUSED')
  })

  it.each(['ES256', 'ES384', 'RS256', 'PS256'])('110: refuses %s with a key of another kind', async (alg) => {
    expect(await refusal(await withHeader({ alg }))).toBe('JWT_ALGORITHM_MISMATCH')
  })

  it('110: accepts only the algorithms that the caller names', async () => {
    expect(await refusal(control, { ...noNetwork, algorithms: ['ES256'] })).toBe('JWT_ALGORITHM_REFUSED')
    expect(await refusal(control, { ...noNetwork, algorithms: [] })).toBe('JWT_ALGORITHM_REFUSED')
  })

  it.each(['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip'])(
    '113–115, 123: refuses %s strictly and leniently, and fetches nothing',
    async (name) => {
      const token = await withHeader({ [name]: name === 'b64' ? false : 'https://evil.example/' })
      expect(await refusal(token)).toBe('JWT_HEADER_REFUSED')
      expect(await refusal(token, { ...noNetwork, lenient: true })).toBe('JWT_HEADER_REFUSED')
    }
  )

  it.each([
    { crit: ['x'], x: 1 },
    { crit: [] },
    { crit: ['exp'], exp: 1 },
    { crit: 'x' },
    { crit: ['b64'], b64: false }
  ])('114, 115: refuses %o', async (more) => {
    expect(await refusal(await withHeader(more as JsonObject))).toBe('JWT_HEADER_REFUSED')
  })

  it('113: refuses any other header, and in lenient mode ignores it and says so', async () => {
    const token = await withHeader({ nonce: 'x' })
    expect(await refusal(token)).toBe('JWT_HEADER_REFUSED')
    const report = await verify(token, { ...noNetwork, lenient: true })
    expect(report.accepted).toBe(true)
    expect(report.warnings).toEqual([
      expect.objectContaining({ code: 'JWT_HEADER_IGNORED', facts: { header: 'nonce' } })
    ])
  })

  it.each(['at+jwt', 'vp+jwt', 'statuslist+jwt', 'application/at+jwt', 'text/jwt', '', 5])(
    '122: refuses typ %s',
    async (typ) => {
      expect(await refusal(await withHeader({ typ }))).toBe('JWT_TYPE_REFUSED')
    }
  )

  it.each(['JWT', 'jwt', 'application/jwt', 'vc+jwt', 'VC+JWT', 'application/vc+jwt'])(
    '122: takes typ %s',
    async (typ) => {
      expect((await verify(await withHeader({ typ }), noNetwork)).accepted).toBe(true)
    }
  )

  it('122: takes a token without typ', async () => {
    const { typ: _, ...header } = issuer.header
    expect((await verify(await issuer.sign(claims, header), noNetwork)).accepted).toBe(true)
  })

  it('123: refuses a token in a token', async () => {
    expect(await refusal(await withHeader({ cty: 'JWT' }))).toBe('JWT_HEADER_REFUSED')
    expect(await refusal(await issuer.sign(control, { ...issuer.header, cty: 'JWT' }))).toBe('JSON_SYNTAX')
  })

  it.each<[string, JsonObject]>([
    ['an empty kid', { kid: '' }],
    ['a kid that is no text', { kid: 5 }],
    ['a kid of 3,000 characters', { kid: 'x'.repeat(3000) }],
    ['a jwk that is no object', { jwk: 'x' }]
  ])('130: refuses %s', async (_, more) => {
    expect(await refusal(await withHeader(more))).toBe('JWT_HEADER_REFUSED')
  })

  it('refuses a token that names no key', async () => {
    expect(await refusal(await issuer.sign(claims, { alg: 'EdDSA' }))).toBe('JWT_HEADER_REFUSED')
  })
})

describe('the form of the token', () => {
  it('115: refuses a detached payload, the JSON serialisation and an encrypted token', async () => {
    const [header, payload, signature] = control.split('.') as [string, string, string]
    expect(await refusal(`${header}..${signature}`)).toBe('JWS_MALFORMED')
    expect(await refusal({ payload, protected: header, signature })).toBe('JWS_MALFORMED')
    expect(await refusal({ payload, signatures: [{ protected: header, signature }] })).toBe('JWS_MALFORMED')
    expect(await refusal(`${header}.a.b.c.d`)).toBe('JWS_MALFORMED')
  })

  it.each<[string, (token: string) => string]>([
    ['a flipped trailing bit', flipTrailingBit],
    ['padding', (token) => `${token}==`],
    ['a line break', (token) => `${token.slice(0, -6)}\n${token.slice(-6)}`],
    ['a line break at the end', (token) => `${token}\n`],
    ['a space in front', (token) => ` ${token}`],
    ['the alphabet of base64', (token) => token.replace(/.(?=[^.]*$)/, '+')],
    ['a fourth segment', (token) => `${token}.x`],
    ['no signature', (token) => token.replace(/\.[^.]*$/, '')],
    ['an empty signature', (token) => token.replace(/\.[^.]*$/, '.')],
    ['an empty header', (token) => token.replace(/^[^.]*/, '')],
    ['six segments and more', (token) => `${token}...........`]
  ])('116: refuses %s', async (_, edit) => {
    expect(await refusal(edit(control))).toMatch(/^(JWS_MALFORMED|JSON_SYNTAX)$/)
    expect(await refusal(new TextEncoder().encode(edit(control)))).toMatch(/^(JWS_MALFORMED|JSON_SYNTAX)$/)
  })

  it('1, 117: refuses duplicate members in header and claims', async () => {
    const header = `{"alg":"none",${JSON.stringify(issuer.header).slice(1)}`
    expect(await refusal(await issuer.sign(claims, header))).toBe('JSON_DUPLICATE_MEMBER')
    const twice = `{"iss":"did:example:evil",${JSON.stringify(claims).slice(1)}`
    const report = await verify(await issuer.sign(twice), noNetwork)
    expect(codes(report)[0]).toBe('JSON_DUPLICATE_MEMBER')
    expect(report.checks[0]?.faults?.[0]?.path).toBe('payload/iss')
  })

  it('2: refuses a claim called __proto__', async () => {
    const polluted = `{"__proto__":{"admin":true},${JSON.stringify(claims).slice(1)}`
    expect(await refusal(await issuer.sign(polluted))).toBe('JSON_FORBIDDEN_MEMBER')
  })

  it('4, 5: refuses a byte order mark, and bytes that are not UTF-8', async () => {
    expect(await refusal(`\ufeff${control}`)).toBe('INPUT_NOT_UTF8')
    expect(await refusal(await issuer.sign(`\ufeff${JSON.stringify(claims)}`))).toBe('INPUT_NOT_UTF8')
    expect(await refusal(await issuer.sign(claims, `\ufeff${JSON.stringify(issuer.header)}`))).toBe('INPUT_NOT_UTF8')
    const bytes = new TextEncoder().encode(JSON.stringify(claims))
    bytes[bytes.indexOf(0x42)] = 0xff
    expect(await refusal(await issuer.sign(bytes))).toBe('INPUT_NOT_UTF8')
  })

  it('7: refuses claims that are nested too deep', async () => {
    const deep = JSON.stringify(claims).replace('"Badge"', `${'['.repeat(5000)}${']'.repeat(5000)}`)
    expect(await refusal(await issuer.sign(deep))).toBe('JSON_TOO_DEEP')
  })

  it.each(['[]', '"x"', 'hello', '5', 'null'])('121: refuses the payload %s', async (payload) => {
    expect(await refusal(await issuer.sign(payload))).toMatch(/^(INPUT_TYPE|JSON_SYNTAX)$/)
  })

  it('8, 130: refuses a token above the limit before it is decoded, and takes one at the limit', async () => {
    const long = `${segment({ ...issuer.header, kid: 'x'.repeat(1_048_576) })}.${segment(claims)}.AAAA`
    expect(await refusal(long)).toBe('INPUT_TOO_LARGE')
    expect(await refusal(new TextEncoder().encode(long))).toBe('INPUT_TOO_LARGE')
    const at = { ...noNetwork, limits: { maxLength: control.length } }
    expect((await verify(control, at)).accepted).toBe(true)
    expect(await refusal(control, { ...at, limits: { maxLength: control.length - 1 } })).toBe('INPUT_TOO_LARGE')
  })
})

describe('the key', () => {
  it('51, 112: refuses a token that somebody else signed in the name of the issuer', async () => {
    expect(await refusal(await mallory.sign(claims))).toBe('ISSUER_KEY_MISMATCH')
    expect(await refusal(await mallory.sign(claims, { ...mallory.header, kid: 'https://evil.example/key' }))).toMatch(
      /^ISSUER_KEY_(MISMATCH|INVALID)$/
    )
    expect(await refusal(await mallory.sign(claims, issuer.header))).toBe('SIGNATURE_INVALID')
  })

  it('refuses a token of which one byte was changed', async () => {
    const other = await withClaims({ name: 'Doctorate' })
    const spliced = [control.split('.')[0], other.split('.')[1], control.split('.')[2]].join('.')
    expect(await refusal(spliced)).toBe('SIGNATURE_INVALID')
  })
})

describe('the claims', () => {
  it.each([
    ['iss', 'did:example:mallory'],
    ['sub', 'did:example:other'],
    ['jti', 'urn:uuid:9'],
    ['nbf', 1],
    ['nbf', 1_704_067_201],
    ['sub', null],
    ['iss', { id: 'x' }]
  ])('118: refuses %s = %o, and names it', async (claim, value) => {
    const report = await verify(await withClaims({ [claim]: value }), noNetwork)
    expect(codes(report)).toContain('JWT_CLAIM_MISMATCH')
    expect(report.checks.find(({ code }) => code === 'JWT_CLAIM_MISMATCH')?.facts['claim']).toBe(claim)
  })

  it.each(['iss', 'jti', 'nbf'])('118: refuses a badge without %s', async (claim) => {
    expect(await refusal(await issuer.sign(without(claim)))).toBe('JWT_CLAIM_MISSING')
  })

  it('118: compares nbf with the whole second of validFrom', async () => {
    const token = await withClaims({ validFrom: '2024-01-01T01:00:00.999+01:00' })
    expect((await verify(token, noNetwork)).accepted).toBe(true)
  })

  it('118: refuses a badge without sub with a code of its own, and takes it where the caller allows that', async () => {
    const token = await issuer.sign(without('sub'))
    expect(await refusal(token)).toBe('JWT_SUBJECT_MISSING')
    expect(await refusal(token, { ...noNetwork, lenient: true, allowMissingSub: false })).toBe('JWT_SUBJECT_MISSING')
    for (const option of [{ allowMissingSub: true }, { lenient: true }]) {
      const report = await verify(token, { ...noNetwork, ...option })
      expect(report.accepted).toBe(true)
      expect(report.warnings.map(({ code }) => code)).toEqual(['JWT_SUB_MISSING'])
    }
  })

  it('118: refuses sub where the subject has no id', async () => {
    const { id: _, ...rest } = claims['credentialSubject'] as JsonObject
    const identifier = [{ type: 'IdentityObject', hashed: false, identityHash: 'x', identityType: 'name' }]
    expect(await refusal(await withClaims({ credentialSubject: { ...rest, identifier } }))).toBe('JWT_CLAIM_MISMATCH')
  })

  const end = { validUntil: '2025-01-01T00:00:00Z' }
  it.each([4_102_444_800, 1_000])('119: refuses exp %d beside another validUntil', async (exp) => {
    expect(await refusal(await withClaims({ ...end, exp }))).toBe('JWT_CLAIM_MISMATCH')
  })

  it.each(['4102444800', -1, 99999999999.5, 253_402_300_800, null, [1]])('119: refuses exp %o', async (exp) => {
    expect(await refusal(await withClaims({ exp: exp as number }))).toBe('JWT_CLAIM_INVALID')
    expect(await refusal(await withClaims({ ...end, exp: exp as number }))).toBe('JWT_CLAIM_INVALID')
  })

  it('119: refuses exp as a number that readers take differently', async () => {
    const infinite = JSON.stringify(claims).replace(/}$/, ',"exp":1e400}')
    expect(await refusal(await issuer.sign(infinite))).toBe('JSON_NUMBER_RANGE')
  })

  it('119: exp sets validUntil where there is none, and it counts', async () => {
    const late = await verify(await withClaims({ exp: 1_800_000_000 }), noNetwork)
    expect(late.accepted).toBe(true)
    expect(late.credential?.['validUntil']).toBe('2027-01-15T08:00:00Z')
    const early = await verify(await withClaims({ exp: 1_735_689_600 }), noNetwork)
    expect(codes(early)).toEqual(['EXPIRED'])
  })

  it('119: validUntil counts where exp is left out or says the same', async () => {
    for (const more of [end, { ...end, exp: 1_735_689_600 }]) {
      expect(codes(await verify(await withClaims(more), noNetwork))).toEqual(['EXPIRED'])
    }
  })

  it('refuses a token from the future', async () => {
    const iat = NOW.getTime() / 1000 + 61
    expect(await refusal(await withClaims({ iat }))).toBe('PROOF_CREATED_IN_FUTURE')
    expect((await verify(await withClaims({ iat: iat - 1 }), noNetwork)).accepted).toBe(true)
  })

  it('120: refuses a claim vc or vp beside the credential', async () => {
    const vc = plainBadge(mallory.did)
    expect(await refusal(await withClaims({ vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusal(await withClaims({ vp: vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusal(await issuer.sign({ ...claims, vc }, { ...issuer.header, typ: 'vc+jwt' }))).toBe(
      'JWT_FORM_MISMATCH'
    )
  })
})

describe('the data model 1.1', () => {
  const tokenClaims = (): JsonObject =>
    Object.fromEntries(['iss', 'sub', 'jti', 'nbf'].map((name) => [name, claims[name] ?? null]))
  const old = (): JsonObject => {
    const { validFrom, ...badge } = plainBadge(issuer.did)
    return {
      ...badge,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json'
      ],
      issuanceDate: validFrom ?? null
    }
  }

  it('120: reads the credential from the claim vc alone', async () => {
    const report = await verify(await issuer.sign({ ...tokenClaims(), vc: old() }), noNetwork)
    expect(codes(report)).toEqual([])
    expect(report.credential).toEqual(old())
  })

  it('120: exp sets expirationDate', async () => {
    const token = await issuer.sign({ ...tokenClaims(), exp: 1_735_689_600, vc: old() })
    expect(codes(await verify(token, noNetwork))).toEqual(['EXPIRED'])
  })

  it('120: refuses where the claims and vc, or vc and the context, disagree', async () => {
    const vc = old()
    expect(await refusal(await issuer.sign({ ...tokenClaims(), vc: { ...vc, id: 'urn:uuid:other' } }))).toBe(
      'JWT_CLAIM_MISMATCH'
    )
    expect(await refusal(await issuer.sign({ ...tokenClaims(), vc: plainBadge(issuer.did) }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusal(await issuer.sign({ ...tokenClaims(), ...vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusal(await issuer.sign({ ...tokenClaims(), vc: [vc] }))).toBe('JWT_FORM_MISMATCH')
  })

  it('120: refuses a member of the credential beside vc, which nobody would read', async () => {
    const token = await issuer.sign({ ...tokenClaims(), vc: old(), credentialStatus: { id: 'urn:x', type: 'x' } })
    expect(await refusal(token)).toBe('JWT_FORM_MISMATCH')
  })
})

describe('VC-JOSE-COSE', () => {
  const jose = (): JsonObject => ({ ...issuer.header, typ: 'vc+jwt' })

  it('asks for no claims, and compares those that are there', async () => {
    const bare = await verify(await issuer.sign(plainBadge(issuer.did), jose()), noNetwork)
    expect(bare.accepted).toBe(true)
    expect(bare.proofs[0]?.type).toBe('vc+jwt')
    const foreign = { ...plainBadge(issuer.did), iss: mallory.did }
    expect(await refusal(await issuer.sign(foreign, jose()))).toBe('JWT_CLAIM_MISMATCH')
  })

  it('ignores other headers and says so, and refuses a content type other than vc', async () => {
    const badge = plainBadge(issuer.did)
    const report = await verify(await issuer.sign(badge, { ...jose(), cty: 'vc', nonce: 'x' }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['JWT_HEADER_IGNORED'])
    expect(await refusal(await issuer.sign(badge, { ...jose(), cty: 'vp' }))).toBe('JWT_HEADER_REFUSED')
  })

  it('asks for the address of the key where no claim names the issuer', async () => {
    expect(await refusal(await issuer.sign(plainBadge(issuer.did), { ...jose(), kid: 'key-1' }))).toBe(
      'JWT_HEADER_REFUSED'
    )
  })

  it('reads exp and nbf as the times of the signature, which say nothing of the credential', async () => {
    const badge = plainBadge(issuer.did)
    const seconds = NOW.getTime() / 1000
    const at = async (more: JsonObject) => issuer.sign({ ...badge, ...more }, jose())
    const good = await verify(await at({ exp: seconds + 1, nbf: seconds, iat: seconds }), noNetwork)
    expect(good.accepted).toBe(true)
    expect(good.credential?.['validUntil']).toBeUndefined()
    expect(await refusal(await at({ exp: seconds }))).toBe('PROOF_EXPIRED')
    expect(await refusal(await at({ nbf: seconds + 61 }))).toBe('PROOF_NOT_YET_VALID')
  })

  it('reads a credential in its envelope, and nothing else of the envelope', async () => {
    const token = await issuer.sign(plainBadge(issuer.did), jose())
    const envelope = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${token}`,
      name: 'Doctorate'
    }
    const report = await verify(envelope, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.credential?.['name']).toBe('Badge')
  })
})

describe('a JWT around embedded proofs', () => {
  it('124: both verify, and both are reported', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did))
    const report = await verify(await withClaims({ proof: proof ?? null }), noNetwork)
    expect(codes(report)).toEqual([])
    expect(report.proofs.map(({ type }) => type)).toEqual(['JWT', 'DataIntegrityProof'])
    expect(report.checks.find(({ id }) => id === 'proof')?.facts).toEqual({ suites: 'EdDSA, eddsa-rdfc-2022' })
    expect(report.credential?.['proof']).toBeUndefined()
  })

  it('124: refuses where either does not verify', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did, { name: 'Other badge' }))
    const badInside = await verify(await withClaims({ proof: proof ?? null }), noNetwork)
    expect(codes(badInside)).toContain('SIGNATURE_INVALID')
    expect(badInside.proofs.map(({ type, holds }) => [type, holds])).toEqual([
      ['JWT', true],
      ['DataIntegrityProof', undefined]
    ])
    const good = await signer.sign(plainBadge(issuer.did))
    const badOutside = await mallory.sign({ ...claims, proof: good['proof'] ?? null }, issuer.header)
    const report = await verify(badOutside, noNetwork)
    expect(codes(report)).toContain('SIGNATURE_INVALID')
    expect(report.proofs[0]).toMatchObject({ type: 'JWT', holds: false })
    expect(report.credential).toBeUndefined()
  })

  it('62, 124: tells of an embedded proof in a suite it does not know, and refuses it where all were asked for', async () => {
    const proof = [{ type: 'RsaSignature2018', created: '2024-01-01T00:00:00Z', proofPurpose: 'assertionMethod' }]
    const token = await withClaims({ proof: proof as unknown as JsonObject })
    const report = await verify(token, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['PROOF_UNCHECKED'])
    expect(codes(await verify(token, { ...noNetwork, requireAllProofs: true }))).toContain('PROOF_SUITE_NOT_ACCEPTED')
  })

  it('119, 124: exp sets the end without breaking the embedded proof', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did))
    const report = await verify(await withClaims({ proof: proof ?? null, exp: 1_800_000_000 }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.credential?.['validUntil']).toBe('2027-01-15T08:00:00Z')
  })
})

describe('a cache of the caller', () => {
  it('125: a malleable twin of a token is refused as text, so that no store of texts can be fooled', async () => {
    expect(await refusal(flipTrailingBit(control))).toBe('JWS_MALFORMED')
    expect((await verify(control, noNetwork)).accepted).toBe(true)
  })
})

/** An Ed25519 signature of 64 bytes leaves four loose bits in its last character. */
function flipTrailingBit(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1]}`
}
