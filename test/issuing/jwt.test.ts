import { describe, expect, it } from 'vitest'
import { drawDefaultBadge } from '../../src/cli/default-image.js'
import { decodeBase64url } from '../../src/encoding/multibase.js'
import { bakePng, bakeSvg, createMemoryStatusStore, type Issued, type Signer, verify } from '../../src/index.js'
import { signJwt } from '../../src/securing/jwt/sign-jwt.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'
import { plainBadge } from '../support/sign.js'

const LEARNER = { ...KARI, recipient: { id: 'did:example:learner', email: 'kari@example.org' } }

function partsOf({ text }: Issued): [header: unknown, claims: Record<string, unknown>] {
  const [header = '', claims = ''] = text.split('.')
  const read = (segment: string) => JSON.parse(new TextDecoder().decode(decodeBase64url(segment)))
  return [read(header), read(claims)]
}

describe('a badge issued as a JWT of Open Badges 3.0', () => {
  it('has the three headers and the claims that the standard asks for, and nothing besides', async () => {
    const { issuer, competency } = await testHouse()
    const issued = await issuer.issue(competency, LEARNER, { format: 'jwt' })
    const [header, claims] = partsOf(issued)
    const { iss, sub, jti, nbf, exp, iat, ...credential } = claims
    expect(header).toEqual({ alg: 'EdDSA', kid: `${issuer.id}#${issuer.id.slice('did:key:'.length)}`, typ: 'JWT' })
    expect({ iss, sub, jti }).toEqual({ iss: issuer.id, sub: 'did:example:learner', jti: issued.id })
    const seconds = NOW.getTime() / 1000
    expect({ nbf, exp, iat }).toEqual({ nbf: seconds, exp: Date.UTC(2028, 5, 1, 12) / 1000, iat: seconds })
    expect(credential).toEqual(issued.credential)
    expect(issued.credential).toMatchObject({ id: issued.id, validFrom: '2026-06-01T12:00:00Z' })
    expect(issued.credential['proof']).toBeUndefined()
    expect(Object.isFrozen(issued.credential)).toBe(true)
  })

  it('verifies as text and baked into both kinds of image, until it is revoked', async () => {
    const { issuer, competency, publish } = await testHouse()
    const issued = await issuer.issue(competency, LEARNER, { format: 'jwt' })
    const resolver = await publish()
    const png = bakePng(drawDefaultBadge(), issued.text)
    const svg = bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', issued.text)
    for (const [form, words] of [
      [issued.text, 'a JWT'],
      [png, 'a JWT in a baked PNG, whose picture is not signed'],
      [svg, 'a JWT in a baked SVG, whose picture is not signed']
    ] as const) {
      const report = await verify(form, { now: NOW, resolver, recipient: { id: 'did:example:learner' } })
      expect(report.accepted).toBe(true)
      expect(report.credential).toEqual(issued.credential)
      expect(report.checks[0]?.facts).toEqual({ form: words })
    }
    await issuer.revoke(issued.id, { reason: 'test' })
    const revoked = await verify(issued.text, { now: NOW, resolver: await publish() })
    expect(revoked.checks.find(({ id }) => id === 'status')?.code).toBe('REVOKED')
  })

  it('is made once for an idempotency key, and another format is another request', async () => {
    const { issuer, competency } = await testHouse()
    const award = { ...LEARNER, idempotencyKey: 'course-42/kari' }
    const first = await issuer.issue(competency, award, { format: 'jwt' })
    const again = await issuer.issue(competency, award, { format: 'jwt' })
    expect(again).toEqual({ ...first, repeated: true })
    for (const format of ['json', 'vc+jwt'] as const) {
      await expect(issuer.issue(competency, award, { format })).rejects.toMatchObject({
        code: 'STATUS_IDEMPOTENCY_CONFLICT'
      })
    }
  })

  it('is refused for a recipient without id, together with every other fault, before a slot is taken', async () => {
    const status = createMemoryStatusStore()
    const { issuer, competency } = await testHouse({ status })
    const error = await issuer
      .issue(competency, { recipient: KARI.recipient }, { format: 'jwt' })
      .catch((caught) => caught)
    expect(error.faults.map(({ code, path }: { code: string; path: string }) => [code, path])).toEqual([
      ['AWARD_INCOMPLETE', '/results'],
      ['JWT_SUBJECT_REQUIRED', '/recipient/id']
    ])
    expect(await status.lists()).toEqual([])
    await expect(issuer.issue(competency, KARI, { format: 'vc+jwt' })).resolves.toMatchObject({ repeated: false })
  })

  it('is refused for a time that a NumericDate of whole seconds from 1970 cannot state', async () => {
    const { issuer, competency } = await testHouse()
    const early = { ...LEARNER, validFrom: '1969-12-31T23:59:59Z', awardedDate: '1969-12-31T23:59:59Z' }
    await expect(issuer.issue(competency, early, { format: 'jwt' })).rejects.toMatchObject({
      code: 'AWARD_INVALID',
      path: '/validFrom'
    })
    const first = { ...LEARNER, validFrom: '1970-01-01T00:00:00Z', awardedDate: '1970-01-01T00:00:00Z' }
    await expect(issuer.issue(competency, first, { format: 'jwt' })).resolves.toMatchObject({ repeated: false })
  })

  it('104: is not handed out where the signer made a fault', async () => {
    const status = createMemoryStatusStore()
    const house = await testHouse({ status })
    const faulty = async (): Promise<Signer> => {
      const signer = await house.keys.signer()
      const sign = async (data: Uint8Array) => (await signer.sign(data)).map((byte, at) => (at === 5 ? byte ^ 1 : byte))
      return { id: signer.id, algorithm: signer.algorithm, publicKey: signer.publicKey, sign }
    }
    const { issuer, competency } = await testHouse({ status, keys: { signer: faulty, keys: () => house.keys.keys() } })
    await expect(issuer.issue(competency, LEARNER, { format: 'jwt' })).rejects.toMatchObject({
      code: 'SIGNATURE_OWN_CHECK_FAILED'
    })
    for await (const { state } of status.issuances()) expect(state).toBe('abandoned')
    expect((await status.lists()).length).toBe(1)
  })

  it('is refused where verifiers would not read it, because it is too long', async () => {
    const signer = await (await testHouse()).keys.signer()
    let asked = 0
    const sign = async (data: Uint8Array) => {
      asked += 1
      return signer.sign(data)
    }
    const options = {
      signer: { ...signer, sign },
      kid: 'did:example:issuer#1',
      format: 'vc+jwt',
      created: '2026-06-01T12:00:00Z'
    } as const
    const long = { ...plainBadge('did:example:issuer'), name: 'x'.repeat(800_000) }
    await expect(signJwt(long, options)).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' })
    expect(asked).toBe(0)
  })
})

describe('a badge issued as vc+jwt', () => {
  it('is the credential and the time of its signature, and verifies', async () => {
    const { issuer, competency, publish } = await testHouse()
    const issued = await issuer.issue(competency, KARI, { format: 'vc+jwt' })
    const [header, { iat, ...credential }] = partsOf(issued)
    expect(header).toMatchObject({ typ: 'vc+jwt' })
    expect(iat).toBe(NOW.getTime() / 1000)
    expect(credential).toEqual(issued.credential)
    const report = await verify(issued.text, { now: NOW, resolver: await publish() })
    expect(report.accepted).toBe(true)
  })
})

describe('the options of issue', () => {
  it.each<[object, string]>([
    [{ format: 'JWT' }, 'format'],
    [{ form: 'jwt' }, 'form'],
    [null as never, 'options']
  ])('refuses %o', async (options, path) => {
    const { issuer, competency } = await testHouse()
    await expect(issuer.issue(competency, LEARNER, options)).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })
})
