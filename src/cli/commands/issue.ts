import { type Command, Option } from 'commander'
import { bakePng } from '../../baking/png.js'
import { type Competency, compileCompetency } from '../../competency/compile.js'
import { KommaError } from '../../encoding/errors.js'
import { parseJson } from '../../encoding/json.js'
import { checkAward } from '../../issuing/award.js'
import type { Issued } from '../../issuing/issue.js'
import type { Award } from '../../model/competency-types.js'
import { drawDefaultBadge } from '../default-image.js'
import { inFile, UsageError } from '../failure.js'
import { readAtMost, type StagedFile, stageFile } from '../files.js'
import { issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface IssueOptions {
  readonly definition: string
  readonly award: string
  readonly format: 'json' | 'png'
  readonly out: string
  readonly image?: string
  readonly language?: string
}

const MAX_JSON = 1_048_576
/** A baked badge is read up to 8 MiB, and its credential up to 1 MiB. */
const MAX_IMAGE = 7 * 1_048_576

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
    .addOption(new Option('--format <format>', 'how to write the badge').choices(['json', 'png']).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file to write')
    .option('--image <file>', 'PNG image to bake the badge into (default: a plain one)')
    .option('--language <tag>', 'one of the languages of the definition (default: its first)')
    .addHelpText(
      'after',
      '\nExample:\n  komma issue academy --definition first-badge.definition.json --award first-badge.award.json ' +
        '--format png --out badge.png'
    )
    .action((folder: string, options: IssueOptions) => issue(terminal, folder, options))
}

async function issue(terminal: Terminal, folder: string, options: IssueOptions): Promise<void> {
  const { now, stdout } = terminal
  const settings = await readSettings(folder)
  const competency = await readDefinition(options)
  const award = await readAward(options.award, competency, now())
  const image = await readImage(options)
  const keys = await openKeys(terminal, folder)
  const out = await stageFile(options.out, MAX_JSON + (image?.length ?? 0))
  try {
    const status = await openStatus(folder)
    try {
      const issuer = await issuerOf(settings, { keys, status, now })
      const issued = await issuer.issue(competency, award)
      await hand(out, image === undefined ? issued.text : bakePng(image, issued.text), issued, award)
      printLines(
        stdout,
        `${issued.repeated ? 'Issued before' : 'Issued'} ${issued.id}`,
        `Written to ${options.out}`,
        `Others can verify it after: komma publish ${folder} OUT`
      )
    } finally {
      await status.close()
    }
  } finally {
    await out.discard()
  }
}

async function readDefinition({ definition, language }: IssueOptions): Promise<Competency> {
  const bytes = await readAtMost(definition, MAX_JSON)
  return inFile(definition, () => compileCompetency(bytes, language === undefined ? {} : { language }))
}

async function readAward(path: string, competency: Competency, now: Date): Promise<Award> {
  const bytes = await readAtMost(path, MAX_JSON)
  return inFile(path, () => {
    checkAward(competency, bytes, { now })
    // What is issued is what was written; the issuer checks it again and fills in the dates itself.
    return parseJson(bytes) as unknown as Award
  })
}

async function readImage({ format, image }: IssueOptions): Promise<Uint8Array | undefined> {
  if (format === 'json') {
    if (image === undefined) return undefined
    const fault = { code: 'OPTION_INVALID', path: '--image', message: 'a badge in JSON has no image' } as const
    throw new UsageError({ ...fault, hint: 'Leave --image out, or use --format png' })
  }
  if (image === undefined) return drawDefaultBadge()
  const bytes = await readAtMost(image, MAX_IMAGE)
  return inFile(image, () => {
    if (bytes.length > MAX_IMAGE) {
      const expected = `at most ${MAX_IMAGE} bytes`
      throw new KommaError({ code: 'INPUT_TOO_LARGE', message: 'the image is too large to carry a badge', expected })
    }
    bakePng(bytes, '{}')
    return bytes
  })
}

async function hand(out: StagedFile, badge: string | Uint8Array, issued: Issued, award: Award): Promise<void> {
  try {
    await out.fill(typeof badge === 'string' ? new TextEncoder().encode(badge) : badge)
    await out.commit()
  } catch (cause) {
    if (!(cause instanceof KommaError)) throw cause
    const hint =
      award.idempotencyKey === undefined
        ? `The badge ${issued.id} was issued, but its file was not written: revoke it, and issue another one`
        : `The badge ${issued.id} was issued: run the same command again to have its file written`
    throw new KommaError(
      cause.faults.map((fault) => ({ ...fault, hint })),
      { cause }
    )
  }
}
