import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { KommaError } from '../../encoding/errors.js'
import { createOfflineBundle } from '../../verifying/offline-bundle.js'
import { UsageError } from '../failure.js'
import { gather, readAtMost, stageFile } from '../files.js'
import { helpEnd } from '../help.js'
import { printLines } from '../print.js'
import { openSources } from '../sources.js'
import type { Terminal } from '../terminal.js'

interface BundleOptions {
  readonly from?: string
  readonly web?: true
  readonly out: string
  readonly force?: true
}

const MAX_BYTES = 8 * 1_048_576

/** `komma bundle` */
export function addBundle(parent: Command, terminal: Terminal, exitWith: (code: 0 | 1) => void): void {
  parent
    .command('bundle')
    .summary('put a badge and all it takes to verify it into one file')
    .description(
      'Verifies a badge and writes it into one file together with the keys and status lists that were read, so that ' +
        'it can be verified where there is no network.'
    )
    .argument('<file>', 'the badge, or - for standard input')
    .option('--from <dir>', 'the published folder of the issuer')
    .option('--web', 'read from the web what the folder does not have')
    .requiredOption('--out <file>', 'where to write the bundle')
    .option('--force', 'replace a file that lies there')
    .addHelpText(
      'after',
      helpEnd(
        'komma bundle badge.png --from public --out badge.bundle.json',
        '0 accepted and written, 1 written but not accepted, 2 could not run'
      )
    )
    .action(async (file: string, options: BundleOptions) => {
      exitWith((await bundle(terminal, file, options)) ? 0 : 1)
    })
}

/** A bundle that is made anew is newer, but it is for its owner to say that the old one may go. */
async function refuseTaken({ out, force }: BundleOptions): Promise<void> {
  const taken = await stat(out).catch(() => undefined)
  if (taken === undefined || force) return
  const hint = 'Name another file, or pass --force to replace it'
  throw new KommaError({ code: 'FILE_EXISTS', message: 'something lies in the place of the bundle', path: out, hint })
}

async function bundle({ stdin, stdout, now, fetch }: Terminal, file: string, options: BundleOptions): Promise<boolean> {
  const { resolver, contexts } = await openSources(options.from, options.web && fetch)
  if (resolver === undefined)
    throw new UsageError({
      code: 'OPTION_INVALID',
      message: 'there is nothing to read into the bundle',
      path: '--from',
      expected: 'the published folder of the issuer, or --web'
    })
  await refuseTaken(options)
  const badge = file === '-' ? await gather(stdin, MAX_BYTES) : await readAtMost(file, MAX_BYTES)
  const { text, report } = await createOfflineBundle(badge, { resolver, contexts, now: now() })
  const staged = await stageFile(options.out)
  try {
    await staged.fill(new TextEncoder().encode(text))
    await staged.commit()
  } finally {
    await staged.discard()
  }
  const open = report.checks.filter(
    ({ outcome, code }) => outcome !== 'pass' && outcome !== 'notApplicable' && code !== 'NOT_REACHED'
  )
  printLines(
    stdout,
    `Wrote ${options.out}`,
    ...(report.accepted ? [] : ['The badge in it is not accepted:', ...open.map(({ message }) => `  ${message}`)])
  )
  return report.accepted
}
