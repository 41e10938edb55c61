import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AWARD, DEFINITION, EXAMPLES, filesIn, komma, workFolder } from './support.js'

const folder = workFolder()
const world = { env: {} }

function changed(path: string, name: string, change: object): string {
  const place = join(folder, name)
  writeFileSync(place, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
  return place
}

describe('komma check', () => {
  it('says what a definition is, without issuer and password', async () => {
    const { code, out, err } = await komma(['check', '--definition', DEFINITION], world)
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      'The definition is right: "Meeting facilitation", version 1',
      '  id        https://nka.example/achievements/meeting-facilitation/v1',
      '  language  en',
      '  holds     without end',
      '  result    practice (RubricCriterionLevel)',
      expect.stringMatching(/^ {2}digest {4}u\S+$/),
      ''
    ])
  })

  it('checks an award, and names no person', async () => {
    const { code, out } = await komma(['check', '--definition', DEFINITION, '--award', AWARD], world)
    expect(code).toBe(0)
    expect(out.slice(out.indexOf('The award')).split('\n')).toEqual([
      'The award fits it',
      '  results      1',
      '  evidence     0',
      '  valid from   2026-06-01T12:00:00Z',
      '  valid until  no end',
      ''
    ])
    expect(out).not.toContain('kari')
  })

  it('says in which language, for how long, and with which evidence', async () => {
    const definition = join(EXAMPLES, 'iso9001-module-1.definition.json')
    const { code, out } = await komma(['check', '--definition', definition, '--language', 'sv'], world)
    const { validity, evidence } = JSON.parse(readFileSync(definition, 'utf8'))
    expect(code).toBe(0)
    expect(out).toMatch(/^ {2}language {2}sv\S* \(of .*,.*\)$/m)
    if (validity !== undefined) expect(out).toContain(`  holds     for ${validity}\n`)
    for (const { genre } of evidence ?? []) expect(out).toContain(`  evidence  ${genre}: at least`)
  })

  it.each<[string, () => string[], 1 | 2, string]>([
    ['a definition that breaks a rule', () => ['--definition', changed(DEFINITION, 'd', { name: 7 })], 1, 'DEFINITION'],
    [
      'an award that breaks a rule',
      () => ['--definition', DEFINITION, '--award', changed(AWARD, 'a', { results: [] })],
      1,
      'AWARD_'
    ],
    ['a language that it lacks', () => ['--definition', DEFINITION, '--language', 'fi'], 2, 'OPTION_INVALID'],
    ['a file that is not there', () => ['--definition', 'no.json'], 2, 'FILE_NOT_FOUND'],
    ['no definition', () => [], 2, 'OPTION_INVALID']
  ])('refuses %s', async (_, args, code, error) => {
    const refused = await komma(['check', ...args()], world)
    expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(`komma: ${error}`) })
  })

  it('writes nothing', async () => {
    const before = filesIn(folder)
    await komma(['check', '--definition', DEFINITION, '--award', AWARD], world)
    expect(filesIn(folder)).toEqual(before)
  })
})
