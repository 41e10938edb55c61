import { readdirSync, readFileSync } from 'node:fs'
import { sha384 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCompetency } from '../../src/competency/compile.js'
import { canonicalJson } from '../../src/encoding/canonical-json.js'
import { DefinitionError, OptionError } from '../../src/encoding/errors.js'
import { openBadges } from '../../src/model/generated/open-badges-schema.js'
import { findSchemaErrors } from '../../src/model/json-schema.js'
import { minimal, translated } from './definitions.js'

const examples = readdirSync('examples').filter((name) => name.endsWith('.definition.json'))
const errorsOf = (achievement: unknown) => findSchemaErrors(openBadges, 'Achievement', achievement, 'first')

describe('a compiled competency', () => {
  it('is an Achievement with the words of the definition', () => {
    const { achievement, ...competency } = compileCompetency(minimal())
    expect(achievement).toEqual({
      id: 'https://nka.example/achievements/first-aid/v1',
      type: ['Achievement'],
      name: 'First aid at work',
      description: 'Acts safely until help arrives.',
      criteria: { narrative: 'Six hours of practice.' },
      inLanguage: 'en',
      version: '1'
    })
    expect(competency).toMatchObject({
      id: achievement.id,
      version: '1',
      language: 'en',
      languages: ['en'],
      evidence: []
    })
    expect(competency).not.toHaveProperty('validity')
  })

  it('names results and levels by fragments, low to high, with points and level', () => {
    const { achievement } = compileCompetency(translated())
    const [result] = achievement.resultDescription ?? []
    expect(result).toMatchObject({
      id: `${achievement.id}#practice`,
      requiredLevel: `${achievement.id}#practice-independent`,
      rubricCriterionLevel: [
        { id: `${achievement.id}#practice-beginner`, type: ['RubricCriterionLevel'], level: 'Begynder', points: '1' },
        { id: `${achievement.id}#practice-independent`, name: 'Selvstændig', level: 'Niveau 2', points: '10' }
      ]
    })
  })

  it('fills in the types of everything it holds', () => {
    const { achievement } = compileCompetency({
      ...minimal(),
      image: { id: 'https://nka.example/badge.png', caption: 'A badge' },
      creator: {
        id: 'https://nka.example/',
        image: { id: 'https://nka.example/logo.svg' },
        address: { addressCountryCode: 'DK' },
        parentOrg: { id: 'https://nka.example/group' },
        otherIdentifier: [{ identifier: '12345678', identifierType: 'ext:CVR' }]
      },
      otherIdentifier: [{ identifier: 'FA-1', identifierType: 'identifier' }]
    })
    expect(achievement.image).toEqual({ id: 'https://nka.example/badge.png', type: 'Image', caption: 'A badge' })
    expect(achievement.creator).toEqual({
      id: 'https://nka.example/',
      type: ['Profile'],
      image: { id: 'https://nka.example/logo.svg', type: 'Image' },
      address: { type: ['Address'], addressCountryCode: 'DK' },
      parentOrg: { id: 'https://nka.example/group', type: ['Profile'] },
      otherIdentifier: [{ type: 'IdentifierEntry', identifier: '12345678', identifierType: 'ext:CVR' }]
    })
    expect(errorsOf(achievement)).toEqual([])
  })

  it('says what an award has to present, with the defaults filled in', () => {
    const competency = compileCompetency({
      ...minimal(),
      validity: 'P3Y',
      evidence: [{ genre: 'WorkProduct' }, { genre: 'CPD', min: 2, digest: 'required' }]
    })
    expect(competency.validity).toBe('P3Y')
    expect(competency.evidence).toEqual([
      { genre: 'WorkProduct', min: 1, digest: 'optional' },
      { genre: 'CPD', min: 2, digest: 'required' }
    ])
  })

  it('is the same from an object, JSON text and UTF-8 bytes', () => {
    const text = JSON.stringify(translated())
    const fromObject = compileCompetency(translated())
    expect(compileCompetency(text)).toEqual(fromObject)
    expect(compileCompetency(new TextEncoder().encode(text))).toEqual(fromObject)
  })

  it('is frozen and does not follow later changes of the definition', () => {
    const definition = translated()
    const competency = compileCompetency(definition)
    definition.name = { da: 'Andet', sv: 'Annat' }
    expect(competency.achievement.name).toBe('Auditteknik')
    expect(() => Object.assign(competency.achievement, { name: 'Other' })).toThrow(TypeError)
    expect(() => Object.assign(competency.achievement.criteria, { narrative: 'Other' })).toThrow(TypeError)
  })

  it('14: never normalises a text', () => {
    const composed = compileCompetency({ ...minimal(), name: 'Caf\u00e9' })
    const decomposed = compileCompetency({ ...minimal(), name: 'Cafe\u0301' })
    expect(decomposed.achievement.name).toBe('Cafe\u0301')
    expect(decomposed.digest).not.toBe(composed.digest)
  })

  it('carries the SHA-384 multihash of its canonical JSON, whatever the order of members', () => {
    const definition = translated()
    const bytes = sha384(new TextEncoder().encode(canonicalJson(definition)))
    const digest = `u${base64urlnopad.encode(Uint8Array.of(0x20, 0x30, ...bytes))}`
    expect(compileCompetency(definition).digest).toBe(digest)
    const reversed = Object.fromEntries(Object.entries(definition).reverse())
    expect(compileCompetency(reversed)).toEqual(compileCompetency(definition))
    expect(compileCompetency({ ...definition, version: '3' }).digest).not.toBe(digest)
  })
})

describe('editions', () => {
  it('put the primary language first, and have its identifier for it alone', () => {
    const primary = compileCompetency(translated())
    const swedish = compileCompetency(translated(), { language: 'sv' })
    expect(primary).toMatchObject({ language: 'da-DK', languages: ['da-DK', 'sv'] })
    expect(swedish).toMatchObject({ id: `${primary.id}-sv`, language: 'sv', digest: primary.digest })
    expect(swedish.achievement).toMatchObject({
      name: 'Revisionsteknik',
      inLanguage: 'sv',
      tag: ['ISO 9001', 'revision']
    })
    expect(swedish.achievement.resultDescription?.[0]?.requiredLevel).toBe(`${primary.id}-sv#practice-independent`)
  })

  it('name each other and the earlier versions', () => {
    const primary = compileCompetency(translated()).achievement
    const swedish = compileCompetency(translated(), { language: 'sv' }).achievement
    const earlier = {
      id: 'https://nka.example/achievements/audit/v1',
      type: ['Related'],
      inLanguage: 'da-DK',
      version: '1'
    }
    expect(primary.related).toEqual([{ id: swedish.id, type: ['Related'], inLanguage: 'sv', version: '2' }, earlier])
    expect(swedish.related).toEqual([{ id: primary.id, type: ['Related'], inLanguage: 'da-DK', version: '2' }, earlier])
  })

  it('are asked for by the primary tag or its first part', () => {
    const primary = compileCompetency(translated())
    expect(compileCompetency(translated(), { language: 'da-DK' })).toEqual(primary)
    expect(compileCompetency(translated(), { language: 'da' })).toEqual(primary)
  })

  it('that do not exist are refused with a list of those that do', () => {
    expect(() => compileCompetency(translated(), { language: 'en' })).toThrow(OptionError)
    expect(() => compileCompetency(translated(), { language: 'en' })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', expected: 'one of da-DK, sv', got: 'en' })
    )
  })
})

describe('for any texts', () => {
  const line = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'abc æøå漢🎓"\\<>{}') })
  const definitions = fc.record({
    name: line,
    description: line,
    version: line,
    creditsAvailable: fc.double({ min: 0, max: 1000, noNaN: true }),
    tag: fc.uniqueArray(line, { minLength: 1, maxLength: 5 }),
    levels: fc.array(line, { minLength: 1, maxLength: 6 })
  })

  it('compiling gives the same every time, and a valid Achievement', () => {
    fc.assert(
      fc.property(definitions, ({ levels, ...members }) => {
        const definition = {
          ...minimal(),
          ...members,
          resultDescription: [
            {
              id: 'practice',
              name: 'Practice',
              resultType: 'RubricCriterionLevel',
              rubricCriterionLevel: levels.map((name, index) => ({ id: `l${index}`, name, points: String(index) }))
            }
          ]
        }
        const competency = compileCompetency(definition)
        expect(compileCompetency(JSON.stringify(definition))).toEqual(competency)
        expect(errorsOf(competency.achievement)).toEqual([])
      }),
      { numRuns: 60 }
    )
  })

  it('any JSON value is compiled or refused with a DefinitionError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.jsonValue().map((name) => ({ ...minimal(), name }))
        ),
        (value) => {
          let outcome: unknown
          try {
            outcome = errorsOf(compileCompetency(value).achievement).length === 0
          } catch (error) {
            outcome = error instanceof DefinitionError && error.faults.length > 0
          }
          expect(outcome).toBe(true)
        }
      )
    )
  })
})

describe('the examples', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
  })

  it.each(examples)('%s compiles in each of its languages to a valid Achievement', (name) => {
    const text = readFileSync(`examples/${name}`, 'utf8')
    for (const language of compileCompetency(text).languages) {
      const { achievement } = compileCompetency(text, { language })
      expect(errorsOf(achievement)).toEqual([])
    }
  })
})
