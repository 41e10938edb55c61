import type { Command } from 'commander'
import type { Competency } from '../../competency/compile.js'
import type { CheckedAward } from '../../issuing/award.js'
import { readAward, readDefinition } from '../definition-files.js'
import { helpEnd } from '../help.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface CheckOptions {
  readonly definition: string
  readonly award?: string
  readonly language?: string
}

/** `komma check` */
export function addCheck(parent: Command, terminal: Terminal): void {
  parent
    .command('check')
    .summary('check a definition and an award without issuing')
    .description('Checks a competency definition, and an award against it. Issues nothing, needs no issuer.')
    .requiredOption('--definition <file>', 'the competency definition, JSON')
    .option('--award <file>', 'who gets it, results and evidence, JSON')
    .option('--language <tag>', 'one of the languages of the definition (default: its first)')
    .addHelpText(
      'after',
      helpEnd(
        'komma check --definition first-badge.definition.json --award first-badge.award.json',
        '0 can be issued, 1 a file breaks a rule, 2 could not run'
      )
    )
    .action((options: CheckOptions) => check(terminal, options))
}

async function check({ stdout, now }: Terminal, { definition, award, language }: CheckOptions): Promise<void> {
  const competency = await readDefinition(definition, language)
  const checked = award === undefined ? undefined : (await readAward(award, competency, { now: now() })).checked
  printLines(stdout, ...describeCompetency(competency), ...(checked === undefined ? [] : describeAward(checked)))
}

function describeCompetency(competency: Competency): string[] {
  const { achievement, evidence, validity, language, languages } = competency
  const results = competency.definition.resultDescription ?? []
  return [
    `The definition is right: "${achievement.name}", version ${competency.version}`,
    `  id        ${competency.id}`,
    `  language  ${language}${languages.length > 1 ? ` (of ${languages.join(', ')})` : ''}`,
    `  holds     ${validity === undefined ? 'without end' : `for ${validity}`}`,
    ...results.map(({ id, resultType }) => `  result    ${id} (${resultType})`),
    ...evidence.map(
      ({ genre, min, digest }) => `  evidence  ${genre}: at least ${min}${digest === 'required' ? ', with digest' : ''}`
    ),
    `  digest    ${competency.digest}`
  ]
}

/** Names no person: what is printed may end up in a log. */
function describeAward({ award, dates }: CheckedAward): string[] {
  return [
    'The award fits it',
    `  results      ${award.results?.length ?? 0}`,
    `  evidence     ${award.evidence?.length ?? 0}`,
    `  valid from   ${dates.validFrom}`,
    `  valid until  ${dates.validUntil ?? 'no end'}`
  ]
}
