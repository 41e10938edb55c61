import { expect, it } from 'vitest'
import { bakeSvg, createLegacyFragmentResolver, type Report, unbakePng, verify } from '../../src/index.js'
import { describeShared, readSharedBytes } from '../support/shared.js'

const now = new Date('2026-06-01T12:00:00Z')
const legacy = createLegacyFragmentResolver()
const fixture = (name: string) => readSharedBytes(`fixtures/validator/${name}`)
const failed = (report: Report) => report.checks.filter(({ outcome }) => outcome === 'fail').map(({ code }) => code)
const outcomeOf = (report: Report, id: string) => report.checks.find((check) => check.id === id)

describeShared('the samples of the official validator', () => {
  it.each(['simple.json', 'simple.1ob', 'simple-json.png'])(
    '%s: refused by default, because nobody publishes its key; accepted with the legacy resolver, and said so',
    async (name) => {
      const strict = await verify(fixture(name), { now })
      expect(strict.accepted).toBe(false)
      expect(outcomeOf(strict, 'issuer')).toMatchObject({ outcome: 'unknown', code: 'ISSUER_KEY_UNRESOLVED' })
      expect(strict.credential).toBeUndefined()

      const lenient = await verify(fixture(name), { now, resolver: legacy })
      expect(failed(lenient)).toEqual([])
      expect(lenient.accepted).toBe(true)
      expect(lenient.credential?.['name']).toBe('Teamwork Badge')
      expect(lenient.warnings.map(({ code }) => code)).toContain('LEGACY_FRAGMENT_KEY')
    }
  )

  it('simple_v1.json: a badge of VCDM 1.1 with an Ed25519Signature2020', async () => {
    const report = await verify(fixture('simple_v1.json'), { now, resolver: legacy })
    expect([report.accepted, failed(report)]).toEqual([true, []])
    expect(report.proofs).toMatchObject([{ type: 'Ed25519Signature2020', cryptosuite: undefined, checked: true }])
    const { proof, ...rest } = JSON.parse(new TextDecoder().decode(fixture('simple_v1.json')))
    const labelled = { ...rest, proof: [{ ...proof[0], cryptosuite: 'Ed25519Signature2020' }] }
    expect(failed(await verify(labelled, { now, resolver: legacy }))).toContain('PROOF_SUITE_NOT_ACCEPTED')
  })

  it('a badge reads alike as JSON and from an SVG, as text and as bytes', async () => {
    const badge = bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', unbakePng(fixture('simple-json.png')))
    for (const form of [badge, new TextEncoder().encode(badge)]) {
      const report = await verify(form, { now, resolver: legacy })
      expect(report.checks[0]?.message).toContain('SVG')
      expect(report.accepted).toBe(true)
    }
  })

  it('simple-json.svg: is refused for its DOCTYPE, which could name other files', async () => {
    const report = await verify(fixture('simple-json.svg'), { now, resolver: legacy })
    expect(outcomeOf(report, 'input')).toMatchObject({ outcome: 'fail', code: 'BAKED_MALFORMED' })
  })

  it('simple-jwt.png: refused strictly, because it lacks sub; unknown where that is allowed, because its key is not published', async () => {
    const strict = await verify(fixture('simple-jwt.png'), { now })
    expect(outcomeOf(strict, 'input')?.message).toBe(
      'The input was read as a JWT in a baked PNG, whose picture is not signed.'
    )
    expect(failed(strict)).toEqual(['JWT_SUBJECT_MISSING'])
    const lenient = await verify(fixture('simple-jwt.png'), { now, allowMissingSub: true })
    expect(outcomeOf(lenient, 'issuer')).toMatchObject({ outcome: 'unknown', code: 'ISSUER_KEY_UNRESOLVED' })
    expect(lenient.warnings.map(({ code }) => code)).toEqual(['JWT_SUB_MISSING', 'JWT_AUDIENCE'])
  })

  it('endorsement-valid.json: good as an endorsement, refused as a badge', async () => {
    const endorsement = await verify(fixture('endorsement-valid.json'), {
      now,
      resolver: legacy,
      expect: 'EndorsementCredential'
    })
    expect(endorsement.accepted).toBe(true)
    const badge = await verify(fixture('endorsement-valid.json'), { now, resolver: legacy })
    expect(badge.accepted).toBe(false)
    expect(outcomeOf(badge, 'shape')).toMatchObject({ outcome: 'fail', code: 'TYPE_NOT_EXPECTED' })
  })

  it('simple-err-expired.json: the signature holds, the badge has expired', async () => {
    const report = await verify(fixture('simple-err-expired.json'), { now, resolver: legacy })
    expect(report.accepted).toBe(false)
    expect(outcomeOf(report, 'proof')).toMatchObject({ outcome: 'pass' })
    expect(failed(report)).toEqual(['EXPIRED'])
  })

  it('simple-err-proof-value.json: the signature does not fit', async () => {
    const report = await verify(fixture('simple-err-proof-value.json'), { now, resolver: legacy })
    expect(report.accepted).toBe(false)
    expect(failed(report)).toContain('SIGNATURE_INVALID')
    expect(report.credential).toBeUndefined()
  })

  it('simple-noproof.json: has no proof, and does not conform either', async () => {
    const report = await verify(fixture('simple-noproof.json'), { now, resolver: legacy })
    expect(report.accepted).toBe(false)
    expect(failed(report)).toEqual(expect.arrayContaining(['SCHEMA_INVALID', 'PROOF_MISSING']))
  })
})
