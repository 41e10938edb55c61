import type { Command } from 'commander'
import { openFolderResolver } from '../../did/folder-resolver.js'
import { dateFromInstant, parseDateTimeStamp } from '../../encoding/dates.js'
import { IDENTITY_TYPES } from '../../issuing/identity.js'
import type { ExpectedRecipient } from '../../verifying/recipient.js'
import { verify } from '../../verifying/verify.js'
import { asUsage, UsageError } from '../failure.js'
import { gather, readAtMost } from '../files.js'
import { reportJson, reportText } from '../report-text.js'
import type { Terminal } from '../terminal.js'

interface VerifyCommandOptions {
  readonly json?: true
  readonly at?: string
  readonly offlineBundle?: string
  readonly recipient?: string
}

const MAX_BYTES = 8 * 1_048_576

/** `komma verify` */
export function addVerify(parent: Command, terminal: Terminal, exitWith: (code: 0 | 1) => void): void {
  parent
    .command('verify')
    .summary('check a badge')
    .description(
      'Checks a badge, JSON or PNG, and says how every check came out. Nothing is fetched.\n' +
        'Exit code 0: accepted. 1: not accepted. 2: could not run.'
    )
    .argument('<file>', 'the badge, or - for standard input')
    .option('--json', 'print the report as JSON')
    .option('--at <time>', 'check for another time, such as 2026-11-21T09:00:00Z')
    .option('--offline-bundle <dir>', 'the published folder of the issuer')
    .option('--recipient <who>', 'whom it should belong to: a DID or URI, an e-mail address, or TYPE=VALUE')
    .addHelpText('after', '\nExample:\n  komma verify badge.png --offline-bundle public --recipient kari@example.org')
    .action(async (file: string, options: VerifyCommandOptions) => {
      exitWith((await verifyFile(terminal, file, options)) ? 0 : 1)
    })
}

async function verifyFile(terminal: Terminal, file: string, options: VerifyCommandOptions): Promise<boolean> {
  const { at, offlineBundle, recipient } = options
  const now = at === undefined ? terminal.now() : await asUsage('--at', () => dateFromInstant(parseDateTimeStamp(at)))
  const expected = recipient === undefined ? undefined : readRecipient(recipient)
  const resolver =
    offlineBundle === undefined ? undefined : await asUsage('--offline-bundle', () => openFolderResolver(offlineBundle))
  const input = file === '-' ? await gather(terminal.stdin, MAX_BYTES) : await readAtMost(file, MAX_BYTES)
  const report = await verify(input, {
    now,
    ...(expected === undefined ? {} : { recipient: expected }),
    ...(resolver === undefined ? {} : { resolver })
  })
  const { stdout, env } = terminal
  const colour = stdout.isTTY === true && !env['NO_COLOR']
  stdout.write(options.json ? reportJson(report) : reportText(report, { colour, hasBundle: resolver !== undefined }))
  return report.accepted
}

function readRecipient(who: string): ExpectedRecipient {
  if (/^(?:did|urn|https?):/.test(who)) return { id: who }
  const [, identityType, identity] = /^([A-Za-z]+|ext:[A-Za-z0-9._-]+)=(.+)$/s.exec(who) ?? []
  if (identityType !== undefined && identity !== undefined) {
    if (IDENTITY_TYPES.includes(identityType) || identityType.startsWith('ext:')) return { identityType, identity }
  }
  if (/^[^@]+@[^@]+$/.test(who)) return { email: who }
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'nobody can be recognised by this',
    path: '--recipient',
    expected: `a DID or URI, an e-mail address, or TYPE=VALUE with TYPE one of ${IDENTITY_TYPES.join(', ')} or ext:NAME`
  })
}
