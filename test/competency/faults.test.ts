import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileCompetency } from '../../src/competency/compile.js'
import { PATTERNS_IN_WORDS } from '../../src/competency/schema-faults.js'
import { DefinitionError, type Fault } from '../../src/encoding/errors.js'
import { minimal, translated } from './definitions.js'

function faultsOf(definition: unknown): readonly Fault[] {
  try {
    compileCompetency(definition)
  } catch (error) {
    if (error instanceof DefinitionError) return error.faults
    throw error
  }
  return []
}

const places = (faults: readonly Fault[]): string[] => faults.map(({ code, path }) => `${code} ${path ?? ''}`.trim())
const without = (name: string): unknown => {
  const { [name]: _, ...rest } = minimal()
  return rest
}
const withResult = (result: object): unknown => ({
  ...minimal(),
  resultDescription: [{ id: 'practice', name: 'Practice', resultType: 'RubricCriterionLevel', ...result }]
})
const withLevels = (...points: unknown[]): unknown =>
  withResult({
    rubricCriterionLevel: points.map((point, index) => ({ id: `l${index}`, name: `L${index}`, points: point }))
  })
const score = (members: object): unknown => withResult({ resultType: 'RawScore', ...members })
const esco = { targetName: 'audit techniques', targetUrl: 'http://data.europa.eu/esco/skill/6a536b36' }

const LEVELS = '/resultDescription/0/rubricCriterionLevel'

describe('a definition is refused at the place that is wrong', () => {
  it.each<[string, unknown, ...string[]]>([
    ['no id', without('id'), '/id'],
    ['no version', without('version'), '/version'],
    ['no language', without('inLanguage'), '/inLanguage'],
    ['no name', without('name'), '/name'],
    ['no description', without('description'), '/description'],
    ['no criteria', without('criteria'), '/criteria'],
    ['empty criteria', { ...minimal(), criteria: {} }, '/criteria'],
    ['an id that is no URI', { ...minimal(), id: 'first-aid' }, '/id'],
    ['an id with a fragment', { ...minimal(), id: 'https://nka.example/a#b' }, '/id'],
    ['an id with a space', { ...minimal(), id: 'https://nka.example/a b' }, '/id'],
    ['an empty name', { ...minimal(), name: '' }, '/name'],
    ['a name without any language', { ...minimal(), name: {} }, '/name'],
    ['a member nobody knows', { ...minimal(), colour: 'red' }, '/colour'],
    [
      'a member nobody knows, deep down',
      { ...minimal(), alignment: [{ ...esco, 'a/b~c': 1 }] },
      '/alignment/0/a~1b~0c'
    ],
    ['an underscore in the language', { ...minimal(), inLanguage: 'da_DK' }, '/inLanguage'],
    ['a capital language', { ...minimal(), inLanguage: 'DA' }, '/inLanguage'],
    ['a language variant', { ...minimal(), inLanguage: 'de-1996' }, '/inLanguage'],
    ['a private language', { ...minimal(), inLanguage: 'x-klingon' }, '/inLanguage'],
    ['a wrong language key', { ...minimal(), name: { en: 'A', da_DK: 'B' } }, '/name/da_DK'],
    ['an achievement type nobody knows', { ...minimal(), achievementType: 'Medal' }, '/achievementType'],
    ['an own type with a space', { ...minimal(), achievementType: 'ext: Medal' }, '/achievementType'],
    ['an own type after something else', { ...minimal(), achievementType: 'foo ext:Medal' }, '/achievementType'],
    [
      'a target type nobody knows',
      { ...minimal(), alignment: [{ ...esco, targetType: 'ESCO' }] },
      '/alignment/0/targetType'
    ],
    ['a result type nobody knows', score({ resultType: 'Points' }), '/resultDescription/0/resultType'],
    ['a credit as a string', { ...minimal(), creditsAvailable: '2.5' }, '/creditsAvailable'],
    ['a negative credit', { ...minimal(), creditsAvailable: -1 }, '/creditsAvailable'],
    ['an empty list', { ...minimal(), tag: [] }, '/tag'],
    ['an empty list of levels', withLevels(), LEVELS],
    ['the same tag twice', { ...minimal(), tag: ['audit', 'audit'] }, '/tag'],
    ['an image that is a script', { ...minimal(), image: { id: 'javascript:alert(1)' } }, '/image/id'],
    [
      'a country in words',
      { ...minimal(), creator: { id: 'urn:x:1', address: { addressCountryCode: 'DNK' } } },
      '/creator/address/addressCountryCode'
    ],
    ['a target twice', { ...minimal(), alignment: [esco, { ...esco, targetName: 'other' }] }, '/alignment/1/targetUrl'],
    ['a target twice in a result', score({ alignment: [esco, esco] }), '/resultDescription/0/alignment/1/targetUrl'],
    [
      'an earlier version that is this one',
      { ...minimal(), related: [{ id: minimal().id, version: '0' }] },
      '/related/0/id'
    ],
    [
      'an earlier version that is an edition',
      { ...translated(), related: [{ id: `${translated().id}-sv`, version: '1' }] },
      '/related/0/id'
    ],
    [
      'two rules for a genre',
      { ...minimal(), evidence: [{ genre: 'CPD' }, { genre: 'CPD', min: 2 }] },
      '/evidence/1/genre'
    ],
    ['evidence at least zero times', { ...minimal(), evidence: [{ genre: 'CPD', min: 0 }] }, '/evidence/0/min'],
    [
      'an unknown wish for digests',
      { ...minimal(), evidence: [{ genre: 'CPD', digest: 'yes' }] },
      '/evidence/0/digest'
    ],
    ['a certification without end', { ...minimal(), achievementType: 'Certification' }, '/validity'],
    ['an end and none', { ...minimal(), validity: 'P3Y', perpetual: true }, '/perpetual'],
    ['perpetual that is false', { ...minimal(), perpetual: false }, '/perpetual'],
    ['a result without a local name', score({ id: 'two words' }), '/resultDescription/0/id'],
    ['a result of levels without levels', withResult({}), LEVELS],
    [
      'a required level that is none',
      withResult({ requiredLevel: 'expert', rubricCriterionLevel: [{ id: 'a', name: 'A', points: '1' }] }),
      '/resultDescription/0/requiredLevel'
    ],
    ['a required level without levels', score({ requiredLevel: 'expert' }), '/resultDescription/0/requiredLevel'],
    ['a level without points', withResult({ rubricCriterionLevel: [{ id: 'a', name: 'A' }] }), `${LEVELS}/0/points`],
    ['points as a number', withLevels(1), `${LEVELS}/0/points`],
    ['points in words', withLevels('three'), `${LEVELS}/0/points`],
    ['points that fall', withLevels('2', '1'), `${LEVELS}/1/points`],
    ['points that stay', withLevels('1', '1'), `${LEVELS}/1/points`],
    ['points that rise only as text', withLevels('10', '9'), `${LEVELS}/1/points`],
    ['points against the order twice', withLevels('3', '1', '2'), `${LEVELS}/1/points`, `${LEVELS}/2/points`],
    ['bounds in the wrong order', score({ valueMin: '10', valueMax: '9' }), '/resultDescription/0/valueMax'],
    ['a bound that is a number', score({ valueMin: 1 }), '/resultDescription/0/valueMin'],
    [
      'a required value above the bounds',
      score({ valueMin: '0', valueMax: '9', requiredValue: '10' }),
      '/resultDescription/0/requiredValue'
    ],
    [
      'a required value below the bounds',
      score({ valueMin: '5', requiredValue: '4.5' }),
      '/resultDescription/0/requiredValue'
    ],
    ['a required value that cannot be ranked', score({ requiredValue: 'good' }), '/resultDescription/0/requiredValue'],
    [
      'a required value that is not allowed',
      score({ resultType: 'LetterGrade', allowedValue: ['F', 'C', 'A'], requiredValue: 'B' }),
      '/resultDescription/0/requiredValue'
    ],
    [
      'an allowed value out of bounds',
      score({ valueMax: '9', allowedValue: ['9', '10'] }),
      '/resultDescription/0/allowedValue/1'
    ],
    ['an allowed value twice', score({ allowedValue: ['A', 'A'] }), '/resultDescription/0/allowedValue'],
    [
      'a required status that is none',
      score({ resultType: 'Status', requiredValue: 'Done' }),
      '/resultDescription/0/requiredValue'
    ],
    ['a control character', { ...minimal(), name: 'First\u0007aid' }, '/name'],
    ['a line break in a name', { ...minimal(), name: 'First\naid' }, '/name'],
    ['a NUL in prose', { ...minimal(), description: 'a\u0000b' }, '/description'],
    ['an override that is not closed', { ...minimal(), name: 'abc\u202egpj.exe' }, '/name'],
    ['an isolate that is not closed', { ...minimal(), tag: ['ok', 'a\u2067b'] }, '/tag/1'],
    ['a closing mark without an opening one', { ...minimal(), name: 'a\u2069b' }, '/name'],
    ['marks that cross', { ...minimal(), name: '\u202b\u2067a\u202c\u2069' }, '/name']
  ])('%s', (_, definition, ...paths) => {
    expect(places(faultsOf(definition))).toEqual(paths.map((path) => `DEFINITION_INVALID ${path}`))
  })

  it.each(['3 years', 'P', 'P0D', 'PT', 'p3y', '-P3Y', ''])('validity %j is no duration', (validity) => {
    expect(places(faultsOf({ ...minimal(), validity }))).toEqual(['DURATION_INVALID /validity'])
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a number', 7]
  ])('%s is no definition', (_, definition) => {
    expect(places(faultsOf(definition))).toEqual(['DEFINITION_INVALID'])
  })

  it.each<[string, unknown, string]>([
    ['truncated text', '{"id": ', 'JSON_SYNTAX line 1, column 8'],
    ['the same member twice', '{"id":"a","id":"b"}', 'JSON_DUPLICATE_MEMBER /id'],
    ['a member called __proto__', '{"__proto__":{}}', 'JSON_FORBIDDEN_MEMBER /__proto__'],
    ['half a surrogate pair', { ...minimal(), name: 'a\ud83c' }, 'JSON_STRING_MALFORMED /name'],
    ['a Date', { ...minimal(), version: new Date(0) }, 'JSON_VALUE_TYPE /version'],
    ['undefined', { ...minimal(), version: undefined }, 'JSON_VALUE_TYPE /version']
  ])('%s cannot be read, and says so as a DefinitionError', (_, definition, place) => {
    expect(places(faultsOf(definition))).toEqual([place])
  })
})

describe('languages', () => {
  it('miss nothing: every text has the same ones', () => {
    const definition = { ...translated(), fieldOfStudy: { da: 'Kvalitet' }, specialization: { sv: 'Revision' } }
    expect(places(faultsOf(definition))).toEqual([
      'DEFINITION_INVALID /fieldOfStudy/sv',
      'DEFINITION_INVALID /specialization'
    ])
  })

  it('are looked for in every place a text can stand', () => {
    const one = { da: 'A' }
    const definition = {
      ...translated(),
      criteria: { narrative: one },
      image: { id: 'https://nka.example/a.png', caption: one },
      tag: [one],
      alignment: [{ ...esco, targetName: one, targetDescription: one }],
      resultDescription: [
        {
          id: 'practice',
          name: one,
          resultType: 'RubricCriterionLevel',
          alignment: [{ ...esco, targetName: one }],
          rubricCriterionLevel: [
            { id: 'a', name: one, description: one, level: one, points: '1', alignment: [{ ...esco, targetName: one }] }
          ]
        }
      ]
    }
    expect(faultsOf(definition).map(({ path }) => path)).toEqual([
      '/criteria/narrative/sv',
      '/image/caption/sv',
      '/tag/0/sv',
      '/alignment/0/targetName/sv',
      '/alignment/0/targetDescription/sv',
      '/resultDescription/0/name/sv',
      '/resultDescription/0/alignment/0/targetName/sv',
      '/resultDescription/0/rubricCriterionLevel/0/name/sv',
      '/resultDescription/0/rubricCriterionLevel/0/description/sv',
      '/resultDescription/0/rubricCriterionLevel/0/level/sv',
      '/resultDescription/0/rubricCriterionLevel/0/alignment/0/targetName/sv'
    ])
  })

  it('name the primary one once', () => {
    const definition = { ...translated(), description: { da: 'A', 'da-DK': 'B', sv: 'C' } }
    expect(places(faultsOf(definition))).toEqual(['DEFINITION_INVALID /description'])
  })
})

describe('local names', () => {
  const level = (id: string, points: string): object => ({ id, name: id, points })

  it('are unique among results and among the levels of a result', () => {
    const definition = {
      ...minimal(),
      resultDescription: [
        {
          id: 'a',
          name: 'A',
          resultType: 'RubricCriterionLevel',
          rubricCriterionLevel: [level('x', '1'), level('x', '2')]
        },
        { id: 'a', name: 'A', resultType: 'Percent' }
      ]
    }
    expect(places(faultsOf(definition))).toEqual([
      `DEFINITION_INVALID ${LEVELS}/1/id`,
      'DEFINITION_INVALID /resultDescription/1/id'
    ])
  })

  it('stay unique when a result and its level are put together', () => {
    const definition = {
      ...minimal(),
      resultDescription: [
        { id: 'a', name: 'A', resultType: 'RubricCriterionLevel', rubricCriterionLevel: [level('b', '1')] },
        { id: 'a-b', name: 'A', resultType: 'Percent' }
      ]
    }
    expect(places(faultsOf(definition))).toEqual(['DEFINITION_INVALID /resultDescription/1/id'])
  })
})

describe('what is fine', () => {
  it.each<[string, unknown]>([
    ['paired marks of direction', { ...minimal(), name: 'a \u2067\u05d0\u2069 \u202bb\u202c' }],
    ['line breaks and tabs in prose', { ...minimal(), description: 'a\n\n- b\r\n\tc' }],
    ['a certification that says it is perpetual', { ...minimal(), achievementType: 'Certification', perpetual: true }],
    ['a certification with an end', { ...minimal(), achievementType: 'Certification', validity: 'P3Y' }],
    ['a type of your own', { ...minimal(), achievementType: 'ext:Medal' }],
    ['negative points', withLevels('-1', '0', '0.5', '10')],
    ['grades low to high', score({ resultType: 'LetterGrade', allowedValue: ['F', 'C', 'A'], requiredValue: 'C' })],
    ['a required status', score({ resultType: 'Status', requiredValue: 'Completed' })],
    ['a name with a script tag, which is text', { ...minimal(), name: '<script>' }]
  ])('%s', (_, definition) => {
    expect(faultsOf(definition)).toEqual([])
  })
})

describe('an error', () => {
  it('lists faults of the format and of meaning together', () => {
    const definition = {
      ...minimal(),
      version: 2,
      inLanguage: 'da_DK',
      achievementType: 'Certification',
      creditsAvailable: '2',
      name: 'a\u0001',
      alignment: [esco, esco],
      resultDescription: [{ id: 'a', name: 'A', resultType: 'Percent', requiredLevel: 'x' }]
    }
    expect(
      faultsOf(definition)
        .map(({ path }) => path)
        .sort()
    ).toEqual([
      '/alignment/1/targetUrl',
      '/creditsAvailable',
      '/inLanguage',
      '/name',
      '/resultDescription/0/requiredLevel',
      '/validity',
      '/version'
    ])
  })

  it('lists 50 faults at most', () => {
    const members = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, index]))
    expect(faultsOf({ ...minimal(), ...members })).toHaveLength(50)
  })

  it('says what was expected, what it got and what to do', () => {
    expect(faultsOf({ ...minimal(), creditsAvailable: '2' })).toEqual([
      {
        code: 'DEFINITION_INVALID',
        message: 'a value has the wrong type',
        path: '/creditsAvailable',
        expected: 'a number',
        got: 'a text',
        hint: 'Write the number without quotes'
      }
    ])
    expect(faultsOf({ ...minimal(), achievementType: 'Medal' })[0]).toMatchObject({
      expected: expect.stringMatching(/^one of Achievement, .*, or a term of your own such as ext:name$/),
      got: '"Medal"'
    })
  })

  it('has words for every pattern of the formats', () => {
    for (const name of ['competency-definition', 'award']) {
      const schema = readFileSync(`schemas/${name}.schema.json`, 'utf8')
      JSON.parse(schema, (key, value) => {
        if (key === 'pattern' && !String(value).includes('|ext:'))
          expect(PATTERNS_IN_WORDS.has(value), value).toBe(true)
        return value
      })
    }
  })
})
