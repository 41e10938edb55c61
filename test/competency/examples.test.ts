import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileCompetency } from '../../src/competency/compile.js'
import { checkAward } from '../../src/issuing/award.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const now = new Date('2026-11-21T09:00:00Z')
const read = (name: string): string => readFileSync(`examples/${name}`, 'utf8')
const names = readdirSync('examples')
  .filter((name) => name.endsWith('.definition.json'))
  .map((name) => name.slice(0, -'.definition.json'.length))

describe('examples', () => {
  it.each(names)('%s comes as a pair that fits', (name) => {
    expect(existsSync(`examples/${name}.award.json`)).toBe(true)
    const competency = compileCompetency(read(`${name}.definition.json`))
    expect(checkAward(competency, read(`${name}.award.json`), { now }).dates.awardedDate).toBe('2026-11-21T09:00:00Z')
  })

  it('of the certificate end after three years and ask for modules, a mentor and two observed audits', () => {
    const competency = compileCompetency(read('iso9001-internal-auditor.definition.json'))
    const award = JSON.parse(read('iso9001-internal-auditor.award.json'))
    expect(competency.languages).toEqual(['da-DK', 'en', 'sv'])
    expect(checkAward(competency, award, { now }).dates.validUntil).toBe('2029-11-21T09:00:00Z')
    expect(() => checkAward(competency, { ...award, evidence: [] }, { now })).toThrow(
      expect.objectContaining({ code: 'AWARD_INVALID' })
    )
    const { evidence: _, ...bare } = award
    expect(() => checkAward(competency, bare, { now })).toThrow(
      expect.objectContaining({
        faults: ['PartCredential', 'MentorAttestation', 'ObservedPerformance'].map((genre) =>
          expect.objectContaining({ code: 'AWARD_INCOMPLETE', message: expect.stringContaining(genre) })
        )
      })
    )
  })
})

interface Aligned {
  readonly targetType?: string
  readonly targetUrl: string
  readonly targetCode?: string
}

describeShared('the scenario', () => {
  it.each([
    ['01-module-1.json', 'iso9001-module-1'],
    ['02-module-2.json', 'iso9001-module-2'],
    ['03-module-3.json', 'iso9001-module-3'],
    ['05-certificate-2022-initial.json', 'iso9001-internal-auditor']
  ])('%s has the facts of the example %s', (file, name) => {
    const expected = readSharedJson(`fixtures/scenario/${file}`).credentialSubject.achievement
    const { achievement } = compileCompetency(read(`${name}.definition.json`))
    for (const member of [
      'id',
      'achievementType',
      'name',
      'inLanguage',
      'version',
      'creditsAvailable',
      'fieldOfStudy'
    ]) {
      if (expected[member] !== undefined) expect(achievement[member], member).toEqual(expected[member])
    }
    const facts = (list: readonly Aligned[] = []): unknown[] =>
      list.map(({ targetType, targetUrl, targetCode }) => ({ targetType, targetUrl, targetCode }))
    expect(facts(achievement.alignment)).toEqual(expect.arrayContaining(facts(expected.alignment)))
    const [result] = achievement.resultDescription ?? []
    const [wanted] = expected.resultDescription
    const ranks = (list: readonly { readonly name: string; readonly points?: string }[] = []): unknown[] =>
      list.map((level) => [level.name, level.points])
    expect(ranks(result?.rubricCriterionLevel)).toEqual(ranks(wanted.rubricCriterionLevel))
    expect(facts(result?.alignment)).toEqual(facts(wanted.alignment))
    const required = (description: typeof wanted): string | undefined =>
      description.rubricCriterionLevel.find(({ id }: { id: string }) => id === description.requiredLevel)?.points
    expect(required(result)).toBe(required(wanted))
  })
})
