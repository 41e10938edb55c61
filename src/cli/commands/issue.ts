import { type Command, Option } from 'commander'
import type { Issued } from '../../issuing/issue.js'
import type { Award } from '../../model/competency-types.js'
import { type BadgeCarrier, type CarrierOptions, FILE_FORMATS, openCarrier } from '../badge-carrier.js'
import { afterIssuing, type BadgeTarget, fileTarget, STDOUT, stdoutTarget } from '../badge-target.js'
import { MAX_JSON, readAward, readDefinition } from '../definition-files.js'
import { helpEnd } from '../help.js'
import { issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { refusePlace } from '../out-place.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface IssueOptions extends CarrierOptions {
  readonly definition: string
  readonly award: string
  readonly out: string
  readonly force?: true
  readonly language?: string
}

/** `komma issue` */
export function addIssue(parent: Command, terminal: Terminal): void {
  parent
    .command('issue')
    .summary('award a competency and write the badge')
    .description(
      'Awards a competency: checks definition and award, signs a badge, records it, and writes it to a file.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .requiredOption('--definition <file>', 'the competency definition, JSON')
    .requiredOption('--award <file>', 'who gets it, results and evidence, JSON')
    .addOption(new Option('--format <format>', 'how to write the badge').choices(FILE_FORMATS).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file to write, or - for standard output')
    .option('--force', 'replace the file where it is there already')
    .option('--image <file>', 'PNG or SVG image to bake the badge into (default: a plain one)')
    .option('--jwt', 'with png or svg: secure the badge as a JWT')
    .option('--language <tag>', 'one of the languages of the definition (default: its first)')
    .addHelpText(
      'after',
      helpEnd(
        'komma issue academy --definition first-badge.definition.json --award first-badge.award.json ' +
          '--format png --out badge.png'
      )
    )
    .action((folder: string, options: IssueOptions) => issue(terminal, folder, options))
}

async function issue(terminal: Terminal, folder: string, options: IssueOptions): Promise<void> {
  const { now } = terminal
  const settings = await readSettings(folder)
  await checkPlace(folder, options)
  const competency = await readDefinition(options.definition, options.language)
  const carrier = await openCarrier(options)
  const { award } = await readAward(options.award, competency, { now: now(), format: carrier.secured })
  const keys = await openKeys(terminal, folder)
  const target = await openTarget(terminal, options, carrier)
  try {
    const status = await openStatus(folder)
    try {
      const issuer = await issuerOf(settings, { keys, status, now })
      const issued = await issuer.issue(competency, award, { format: carrier.secured })
      await afterIssuing(afterFailure(issued, award), () => target.deliver(carrier.write(issued.text)))
      tell(terminal, folder, options, issued)
    } finally {
      await status.close()
    }
  } finally {
    await target.discard()
  }
}

async function checkPlace(
  folder: string,
  { out, definition, award, image, force = false }: Omit<IssueOptions, 'force'> & { readonly force?: boolean }
): Promise<void> {
  if (out === STDOUT) return
  const inputs = { '--definition': definition, '--award': award, '--image': image }
  await refusePlace({ out, folder, inputs, force })
}

async function openTarget(
  { stdout }: Terminal,
  { out }: IssueOptions,
  { isImage, size }: BadgeCarrier
): Promise<BadgeTarget> {
  return out === STDOUT ? stdoutTarget(stdout, isImage) : fileTarget(out, MAX_JSON + size)
}

function afterFailure({ id }: Issued, { idempotencyKey }: Award): string {
  return idempotencyKey === undefined
    ? `The badge ${id} was issued, but its file was not written: revoke it, and issue another one`
    : `The badge ${id} was issued: run the same command again to have its file written`
}

/** On standard output the badge stands alone. */
function tell({ stdout, stderr }: Terminal, folder: string, { out }: IssueOptions, { id, repeated }: Issued): void {
  printLines(
    out === STDOUT ? stderr : stdout,
    `${repeated ? 'Issued before' : 'Issued'} ${id}`,
    `Written to ${out === STDOUT ? 'standard output' : out}`,
    `Others can verify it after: komma publish ${folder} OUT`
  )
}
