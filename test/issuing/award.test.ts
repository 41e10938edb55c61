import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Competency, compileCompetency } from '../../src/competency/compile.js'
import { AwardError, type Fault, OptionError } from '../../src/encoding/errors.js'
import { buildSubject, checkAward } from '../../src/issuing/award.js'
import { hashIdentity } from '../../src/model/identity-hash.js'

const now = new Date('2026-11-21T09:00:00.750Z')
const DIGEST = 'uIDC2PqWfmFyWM35YZ29thECcBjIuv0Fl4hNRpvnAORPW38gPnxHZ17nhHzy8CYKIY5E'
const OTHER_DIGEST = 'uEiDyLlxWsbeB9rHeRlVMyaaVkmVJDp4U0BNJxIomaqmEaA'
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7)

const base = {
  id: 'https://nka.example/achievements/audit/v1',
  version: '1',
  inLanguage: 'en',
  name: 'Auditing',
  description: 'Can audit.',
  criteria: { narrative: 'An audit.' }
}
const levels = [
  { id: 'beginner', name: 'Beginner', points: '1' },
  { id: 'independent', name: 'Independent', points: '9' },
  { id: 'supervisor', name: 'Supervisor', points: '10' }
]
const practice = {
  id: 'practice',
  name: 'Practice',
  resultType: 'RubricCriterionLevel',
  requiredLevel: 'independent',
  rubricCriterionLevel: levels
}
const recipient = { email: 'kari@example.org' }
const results = [{ resultDescription: 'practice', achievedLevel: 'independent' }]

const plain = compileCompetency(base)
const audit = compileCompetency({
  ...base,
  creditsAvailable: 6,
  validity: 'P3Y',
  resultDescription: [
    practice,
    { id: 'exam', name: 'Exam', resultType: 'RawScore', valueMin: '0', valueMax: '10' },
    { id: 'attendance', name: 'Attendance', resultType: 'Status' }
  ],
  evidence: [{ genre: 'WorkProduct', min: 2, digest: 'required' }, { genre: 'MentorAttestation' }]
})
const evidence = [
  { id: 'urn:uuid:1', genre: 'WorkProduct', digestMultibase: DIGEST },
  { id: 'urn:uuid:2', genre: 'WorkProduct', digestMultibase: OTHER_DIGEST },
  { id: 'urn:uuid:3', genre: 'MentorAttestation', narrative: 'Works on her own.' }
]
const complete = { recipient, results, evidence }

function faultsOf(competency: Competency, award: unknown): readonly Fault[] {
  try {
    checkAward(competency, award, { now })
  } catch (error) {
    if (error instanceof AwardError) return error.faults
    throw error
  }
  return []
}
const places = (faults: readonly Fault[]): string[] => faults.map(({ code, path }) => `${code} ${path ?? ''}`.trim())
const scored = (members: object): Competency =>
  compileCompetency({
    ...base,
    resultDescription: [{ id: 'practice', name: 'Score', resultType: 'RawScore', ...members }]
  })
const scoring = (members: object): unknown => ({ recipient, results: [{ resultDescription: 'practice', ...members }] })

describe('an award that lacks something is refused with a list of all of it', () => {
  it.each<[string, Competency, unknown, string[]]>([
    ['everything', audit, {}, ['/recipient', '/results', '/evidence', '/evidence']],
    ['a recipient', plain, {}, ['/recipient']],
    ['who the recipient is', plain, { recipient: {} }, ['/recipient']],
    [
      'the identity of an identifier',
      plain,
      { recipient: { identifier: [{ identityType: 'name' }] } },
      ['/recipient/identifier/0/identity']
    ],
    ['a required result', audit, { ...complete, results: [{ resultDescription: 'exam', value: '1' }] }, ['/results']],
    [
      'the level of a required result',
      audit,
      { ...complete, results: [{ resultDescription: 'practice' }] },
      ['/results/0/achievedLevel']
    ],
    ['the value of a required result', scored({ requiredValue: '5' }), scoring({}), ['/results/0/value']],
    [
      'the status of a result of that type',
      audit,
      { ...complete, results: [...results, { resultDescription: 'attendance' }] },
      ['/results/1/status']
    ],
    ['evidence of a genre', audit, { ...complete, evidence: evidence.slice(0, 2) }, ['/evidence']],
    ['enough evidence of a genre', audit, { ...complete, evidence: evidence.slice(1) }, ['/evidence']],
    [
      'a digest',
      audit,
      { ...complete, evidence: [...evidence, { genre: 'WorkProduct' }] },
      ['/evidence/3/digestMultibase']
    ]
  ])('%s', (_, competency, award, paths) => {
    expect(places(faultsOf(competency, award))).toEqual(paths.map((path) => `AWARD_INCOMPLETE ${path}`))
  })

  it('says how much is expected and how much there is', () => {
    expect(faultsOf(audit, { ...complete, evidence: evidence.slice(1) })).toEqual([
      {
        code: 'AWARD_INCOMPLETE',
        message: 'evidence of the genre WorkProduct is missing',
        path: '/evidence',
        expected: '2 or more',
        got: '1'
      }
    ])
    expect(faultsOf(audit, { ...complete, results: undefined, recipient } as never)).toHaveLength(1)
    expect(faultsOf(audit, { recipient, evidence })[0]?.expected).toBe('practice with level independent or higher')
  })
})

describe('an award is refused at the place that is wrong', () => {
  const withResult = (...list: object[]): unknown => ({ ...complete, results: list })
  const withEvidence = (...list: object[]): unknown => ({ recipient, evidence: list })
  it.each<[string, Competency, unknown, string]>([
    ['an unknown member', plain, { recipient, colour: 'red' }, '/colour'],
    ['an unknown member of a result', audit, withResult({ ...results[0], level: 'x' }), '/results/0/level'],
    [
      'a result the definition lacks',
      audit,
      withResult(...results, { resultDescription: 'theory' }),
      '/results/1/resultDescription'
    ],
    ['a result where there are none', plain, { recipient, results }, '/results/0/resultDescription'],
    ['a result twice', audit, withResult(...results, ...results), '/results/1/resultDescription'],
    [
      'a level the result lacks',
      audit,
      withResult({ resultDescription: 'practice', achievedLevel: 'expert' }),
      '/results/0/achievedLevel'
    ],
    [
      'a level where there are none',
      audit,
      withResult(...results, { resultDescription: 'exam', achievedLevel: 'independent' }),
      '/results/1/achievedLevel'
    ],
    [
      'a level below the required one',
      audit,
      withResult({ resultDescription: 'practice', achievedLevel: 'beginner' }),
      '/results/0/achievedLevel'
    ],
    ['a status that undoes the result', audit, withResult({ ...results[0], status: 'Failed' }), '/results/0/status'],
    ['a required result in progress', audit, withResult({ ...results[0], status: 'InProgress' }), '/results/0/status'],
    ['a status nobody knows', audit, withResult({ ...results[0], status: 'Passed' }), '/results/0/status'],
    [
      'an optional result that was lost',
      audit,
      withResult(...results, { resultDescription: 'attendance', status: 'Withdrew' }),
      '/results/1/status'
    ],
    [
      'a value above the bounds',
      audit,
      withResult(...results, { resultDescription: 'exam', value: '11' }),
      '/results/1/value'
    ],
    [
      'a value below the bounds',
      audit,
      withResult(...results, { resultDescription: 'exam', value: '-1' }),
      '/results/1/value'
    ],
    [
      'a value in words',
      audit,
      withResult(...results, { resultDescription: 'exam', value: 'nine' }),
      '/results/1/value'
    ],
    ['a value as a number', audit, withResult(...results, { resultDescription: 'exam', value: 9 }), '/results/1/value'],
    [
      'a value below the required one, as a number',
      scored({ requiredValue: '10' }),
      scoring({ value: '9' }),
      '/results/0/value'
    ],
    ['a value that is not allowed', scored({ allowedValue: ['F', 'A'] }), scoring({ value: 'B' }), '/results/0/value'],
    [
      'a value that ranks too low',
      scored({ allowedValue: ['F', 'C', 'A'], requiredValue: 'C' }),
      scoring({ value: 'F' }),
      '/results/0/value'
    ],
    [
      'another status than the required one',
      scored({ resultType: 'Status', requiredValue: 'Completed' }),
      scoring({ status: 'Provisional' }),
      '/results/0/status'
    ],
    ['evidence that is its own content', plain, withEvidence({ id: 'DATA:text/plain,hello' }), '/evidence/0/id'],
    ['evidence that is named by a relative link', plain, withEvidence({ id: '../report.pdf' }), '/evidence/0/id'],
    ['the same evidence twice', plain, withEvidence({ id: 'urn:x:1' }, { id: 'urn:x:1' }), '/evidence/1/id'],
    [
      'the same bytes twice',
      plain,
      withEvidence({ digestMultibase: DIGEST }, { digestMultibase: DIGEST }),
      '/evidence/1/digestMultibase'
    ],
    ['a digest in hexadecimal', plain, withEvidence({ digestMultibase: 'ab12' }), '/evidence/0/digestMultibase'],
    [
      'a digest cut short',
      plain,
      withEvidence({ digestMultibase: DIGEST.slice(0, -2) }),
      '/evidence/0/digestMultibase'
    ],
    [
      'a digest of an unknown kind',
      plain,
      withEvidence({ digestMultibase: `uAAA${DIGEST.slice(4)}` }),
      '/evidence/0/digestMultibase'
    ],
    [
      'a date of evidence, which Open Badges lacks',
      plain,
      withEvidence({ dateIssued: '2026-01-01T00:00:00Z' }),
      '/evidence/0/dateIssued'
    ],
    ['more credits than there are', audit, { ...complete, creditsEarned: 6.5 }, '/creditsEarned'],
    ['credits as a string', audit, { ...complete, creditsEarned: '6' }, '/creditsEarned'],
    [
      'a date of award after the start',
      plain,
      { recipient, awardedDate: '2026-11-22T00:00:00Z', validFrom: '2026-11-21T00:00:00Z' },
      '/awardedDate'
    ],
    [
      'an activity that ends before it starts',
      plain,
      { recipient, activityStartDate: '2026-02-01T00:00:00Z', activityEndDate: '2026-01-31T00:00:00Z' },
      '/activityEndDate'
    ],
    [
      'a longer validity than the definition has',
      audit,
      { ...complete, validFrom: '2026-11-21T00:00:00Z', validUntil: '2029-11-21T00:00:01Z' },
      '/validUntil'
    ],
    ['a validity that never ends', audit, { ...complete, validFrom: '9998-01-01T00:00:00Z' }, '/validFrom'],
    [
      'an identifier type nobody knows',
      plain,
      { recipient: { identifier: [{ identityType: 'employeeId', identity: '1' }] } },
      '/recipient/identifier/0/identityType'
    ],
    ['an e-mail address without @', plain, { recipient: { email: 'kari' } }, '/recipient/email'],
    ['an id that is no URI', plain, { recipient: { id: 'kari' } }, '/recipient/id'],
    ['a control character', plain, { recipient, role: 'Audi\u0000tor' }, '/role'],
    [
      '15: a direction that is not closed',
      plain,
      { recipient: { ...recipient, name: 'Kari\u202e' } },
      '/recipient/name'
    ]
  ])('%s', (_, competency, award, path) => {
    expect(places(faultsOf(competency, award))).toEqual([`AWARD_INVALID ${path}`])
  })

  it.each([
    ['validUntil at the start', { validFrom: '2026-11-21T00:00:00Z', validUntil: '2026-11-21T00:00:00Z' }],
    ['validUntil before the start', { validFrom: '2026-11-21T00:00:00Z', validUntil: '2026-11-20T00:00:00Z' }],
    [
      'validUntil within the second of the start',
      { validFrom: '2026-11-21T00:00:00Z', validUntil: '2026-11-21T00:00:00.9Z' }
    ],
    ['validUntil before now, where nothing else is said', { validUntil: '2026-11-21T08:59:59Z' }]
  ])('173: %s', (_, dates) => {
    expect(places(faultsOf(plain, { recipient, ...dates }))).toEqual(['VALIDITY_ORDER /validUntil'])
  })

  it.each(['awardedDate', 'validFrom', 'validUntil', 'activityStartDate', 'activityEndDate'])(
    '170, 171: %s without a zone, or no date',
    (name) => {
      expect(places(faultsOf(plain, { recipient, [name]: '2027-01-01T00:00:00' }))).toEqual([`DATE_NO_OFFSET /${name}`])
      expect(places(faultsOf(plain, { recipient, [name]: '2027-02-30T00:00:00Z' }))).toEqual([`DATE_INVALID /${name}`])
      expect(places(faultsOf(plain, { recipient, [name]: '12027-01-01T00:00:00Z' }))).toEqual([`DATE_INVALID /${name}`])
    }
  )

  it.each<[string, unknown, string]>([
    ['truncated text', '{"recipient":', 'JSON_SYNTAX line 1, column 14'],
    ['3: half a surrogate pair', { recipient, role: '\udc00' }, 'JSON_STRING_MALFORMED /role'],
    ['10: a Date', { recipient, validFrom: now }, 'JSON_VALUE_TYPE /validFrom'],
    ['a list', [], 'AWARD_INVALID']
  ])('%s', (_, award, place) => {
    expect(places(faultsOf(plain, award))).toEqual([place])
  })

  it('names the levels and results that exist', () => {
    const [level] = faultsOf(audit, withResult({ resultDescription: 'practice', achievedLevel: 'expert' }))
    expect(level).toMatchObject({ expected: 'one of beginner, independent, supervisor', got: 'expert' })
    const [result] = faultsOf(audit, withResult(...results, { resultDescription: 'theory' }))
    expect(result).toMatchObject({ expected: 'one of practice, exam, attendance', got: 'theory' })
  })

  it('keeps what identifies the recipient out of the message', () => {
    const award = {
      recipient: {
        email: 'kari at example',
        id: 'kari',
        name: 7,
        identifier: [{ identityType: 'cpr', identity: '010190\u0000' }]
      }
    }
    const faults = faultsOf(plain, award)
    expect(faults).toHaveLength(5)
    expect(JSON.stringify(faults)).not.toMatch(/kari|010190/)
  })
})

describe('faults of every kind', () => {
  it('come together, 50 at most', () => {
    const award = {
      recipient: {},
      results: [{ resultDescription: 'practice', achievedLevel: 'beginner' }],
      evidence: [{ id: 'data:,x', genre: 'WorkProduct' }],
      validFrom: '2026-11-21T00:00:00',
      validUntil: '2020-01-01T00:00:00Z',
      colour: 'red'
    }
    expect(places(faultsOf(audit, award)).sort()).toEqual([
      'AWARD_INCOMPLETE /evidence',
      'AWARD_INCOMPLETE /evidence',
      'AWARD_INCOMPLETE /evidence/0/digestMultibase',
      'AWARD_INCOMPLETE /recipient',
      'AWARD_INVALID /colour',
      'AWARD_INVALID /evidence/0/id',
      'AWARD_INVALID /results/0/achievedLevel',
      'DATE_NO_OFFSET /validFrom',
      'VALIDITY_ORDER /validUntil'
    ])
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, 1]))
    expect(faultsOf(plain, { recipient, ...many })).toHaveLength(50)
  })

  it('are AwardErrors, whatever JSON is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(faultsOf(audit, value).length).toBeGreaterThan(0)
      })
    )
  })
})

describe('a caller who is wrong', () => {
  it('about the competency is told so', () => {
    expect(() => checkAward(base as never, { recipient }, { now })).toThrow(OptionError)
    expect(() => checkAward(undefined as never, { recipient }, { now })).toThrow(OptionError)
  })

  it.each([new Date(Number.NaN), new Date('+010000-01-01T00:00:00Z'), '2026-11-21T09:00:00Z'])(
    'about the time is told so',
    (time) => {
      expect(() => checkAward(plain, { recipient }, { now: time as Date })).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID', path: 'now' })
      )
    }
  )
})

describe('the dates of an award', () => {
  const datesOf = (competency: Competency, dates: object): unknown =>
    checkAward(competency, competency === plain ? { recipient, ...dates } : { ...complete, ...dates }, { now }).dates

  it('are those of the clock, in whole seconds, where the award has none', () => {
    expect(datesOf(plain, {})).toEqual({ awardedDate: '2026-11-21T09:00:00Z', validFrom: '2026-11-21T09:00:00Z' })
  })

  it('end with the validity of the definition, clamped to the end of the month', () => {
    expect(datesOf(audit, {})).toMatchObject({ validUntil: '2029-11-21T09:00:00Z' })
    expect(datesOf(audit, { validFrom: '2024-02-29T00:00:00Z' })).toMatchObject({ validUntil: '2027-02-28T00:00:00Z' })
  })

  it('can end early, and just in time', () => {
    expect(datesOf(audit, { validUntil: '2027-01-01T00:00:00Z' })).toMatchObject({ validUntil: '2027-01-01T00:00:00Z' })
    expect(datesOf(audit, { validUntil: '2029-11-21T10:00:00+01:00' })).toMatchObject({
      validUntil: '2029-11-21T09:00:00Z'
    })
    expect(datesOf(plain, { validUntil: '2099-01-01T00:00:00Z' })).toMatchObject({ validUntil: '2099-01-01T00:00:00Z' })
  })

  it('start with the award, and remember it where they start later', () => {
    expect(datesOf(plain, { awardedDate: '2022-11-21T00:00:00Z' })).toEqual({
      awardedDate: '2022-11-21T00:00:00Z',
      validFrom: '2022-11-21T00:00:00Z'
    })
    expect(datesOf(plain, { validFrom: '2027-01-01T00:00:00Z' })).toEqual({
      awardedDate: '2026-11-21T09:00:00Z',
      validFrom: '2027-01-01T00:00:00Z'
    })
    expect(datesOf(plain, { validFrom: '2022-11-21T00:00:00Z' })).toEqual({
      awardedDate: '2022-11-21T00:00:00Z',
      validFrom: '2022-11-21T00:00:00Z'
    })
  })

  it('are written in UTC and whole seconds', () => {
    expect(
      datesOf(plain, { validFrom: '2026-12-31T24:00:00+01:00', activityEndDate: '2026-06-01T10:00:00.9999+02:00' })
    ).toEqual({
      awardedDate: '2026-11-21T09:00:00Z',
      validFrom: '2026-12-31T23:00:00Z',
      activityEndDate: '2026-06-01T08:00:00Z'
    })
  })
})

describe('a checked award', () => {
  it('is frozen and does not follow later changes', () => {
    const award = structuredClone(complete)
    const checked = checkAward(audit, award, { now })
    award.recipient.email = 'other@example.org'
    expect(checked.award.recipient.email).toBe('kari@example.org')
    expect(() => Object.assign(checked.award.recipient, { email: 'x' })).toThrow(TypeError)
  })

  it('accepts a higher level, and an optional result in progress', () => {
    const list = [
      { resultDescription: 'practice', achievedLevel: 'supervisor', status: 'Completed' },
      { resultDescription: 'attendance', status: 'InProgress' },
      { resultDescription: 'exam', value: '10' }
    ]
    expect(faultsOf(audit, { ...complete, results: list })).toEqual([])
  })
})

describe('the subject of a credential', () => {
  it('carries what the award says, in the words of Open Badges', () => {
    const award = {
      ...complete,
      recipient: { id: 'did:example:kari' },
      results: [{ ...results[0], value: '9', status: 'Completed' }],
      creditsEarned: 6,
      role: 'Auditor',
      licenseNumber: 'A-1',
      term: 'Autumn',
      narrative: 'Audited.',
      activityStartDate: '2026-01-01T00:00:00Z',
      activityEndDate: '2026-02-01T00:00:00Z',
      source: { id: 'did:web:nordvaerk.example', name: 'Nordværk A/S' },
      idempotencyKey: 'k'
    }
    const parts = buildSubject(audit, checkAward(audit, award, { now }), { random })
    expect(parts.credentialSubject).toEqual({
      id: 'did:example:kari',
      type: ['AchievementSubject'],
      activityStartDate: '2026-01-01T00:00:00Z',
      activityEndDate: '2026-02-01T00:00:00Z',
      creditsEarned: 6,
      role: 'Auditor',
      licenseNumber: 'A-1',
      term: 'Autumn',
      narrative: 'Audited.',
      source: { id: 'did:web:nordvaerk.example', type: ['Profile'], name: 'Nordværk A/S' },
      achievement: audit.achievement,
      result: [
        {
          type: ['Result'],
          resultDescription: `${base.id}#practice`,
          achievedLevel: `${base.id}#practice-independent`,
          value: '9',
          status: 'Completed'
        }
      ]
    })
    expect(parts.evidence?.[0]).toEqual({ ...evidence[0], type: ['Evidence'] })
  })

  it('hashes identifiers with a salt, and writes them readably only when told', () => {
    const award = {
      recipient: {
        email: 'kari@example.org',
        name: 'Kari',
        identifier: [
          { identityType: 'ext:employeeId', identity: 'e0417' },
          { identityType: 'systemId', identity: 'u1', hashed: false }
        ]
      }
    }
    const { credentialSubject, evidence: none } = buildSubject(plain, checkAward(plain, award, { now }), { random })
    const salt = 'BwcHBwcHBwcHBwcHBwcHBw'
    const hashed = { type: 'IdentityObject', hashed: true, salt }
    expect(credentialSubject).not.toHaveProperty('id')
    expect(none).toBeUndefined()
    expect(credentialSubject.identifier).toEqual([
      { ...hashed, identityType: 'emailAddress', identityHash: hashIdentity('kari@example.org', salt) },
      { ...hashed, identityType: 'name', identityHash: hashIdentity('Kari', salt) },
      { ...hashed, identityType: 'ext:employeeId', identityHash: hashIdentity('e0417', salt) },
      { type: 'IdentityObject', hashed: false, identityType: 'systemId', identityHash: 'u1' }
    ])
  })

  it('has another salt for every identifier and every badge', () => {
    const checked = checkAward(plain, { recipient: { email: 'a@b', name: 'a' } }, { now })
    const salts = [buildSubject(plain, checked), buildSubject(plain, checked)].flatMap(({ credentialSubject }) =>
      (credentialSubject.identifier ?? []).map(({ salt }) => salt)
    )
    expect(new Set(salts).size).toBe(4)
  })

  it('refers to the results of the edition that was awarded', () => {
    const text = readFileSync('examples/iso9001-module-2.definition.json', 'utf8')
    const swedish = compileCompetency(text, { language: 'sv' })
    const award = readFileSync('examples/iso9001-module-2.award.json', 'utf8')
    const { credentialSubject } = buildSubject(swedish, checkAward(swedish, award, { now }), { random })
    expect(credentialSubject.result?.[0]?.achievedLevel).toBe(`${swedish.id}#practice-independent`)
    expect(swedish.id).toMatch(/-sv$/)
  })
})
