import type { Command } from 'commander'
import { dateFromInstant, parseDateTimeStamp } from '../../encoding/dates.js'
import { IDENTITY_TYPES } from '../../issuing/identity.js'
import { danish } from '../../model/words/da.js'
import type { ReportWords } from '../../model/words/report-words.js'
import { swedish } from '../../model/words/sv.js'
import { defaultPolicy, ob30Policy, type Policy } from '../../verifying/policy.js'
import type { ExpectedRecipient } from '../../verifying/recipient.js'
import { verify } from '../../verifying/verify.js'
import { asUsage, UsageError } from '../failure.js'
import { gather, readAtMost } from '../files.js'
import { helpEnd } from '../help.js'
import { reportJson, reportText } from '../report-text.js'
import { openSources } from '../sources.js'
import type { Terminal } from '../terminal.js'
import { verifyHint } from '../verify-hint.js'

interface VerifyCommandOptions {
  readonly json?: true
  readonly at?: string
  readonly maxStatusAge?: string
  readonly offlineBundle?: string
  readonly web?: true
  readonly policy: string
  readonly lenient?: true
  readonly language: string
  readonly recipient?: string
}

const MAX_BYTES = 8 * 1_048_576
const DEFAULT_STATUS_AGE = 86_400

/** `komma verify` */
export function addVerify(parent: Command, terminal: Terminal, exitWith: (code: 0 | 1) => void): void {
  parent
    .command('verify')
    .summary('check a badge')
    .description(
      'Checks a badge (JSON, JWT, PNG or SVG) and says how every check came out. Nothing is fetched without --web.'
    )
    .argument('[file]', 'the badge, or - for standard input; not needed where a bundle file holds it')
    .option('--json', 'print the report as JSON')
    .option('--at <time>', 'check for another time, such as 2026-11-21T09:00:00Z; needs the status list of that day')
    .option('--max-status-age <seconds>', 'how old a status list may be (default: 86400, which is a day)')
    .option('--offline-bundle <path>', 'the published folder of the issuer, or a file that komma bundle wrote')
    .option('--web', 'read from the web what is not at hand; private addresses are refused')
    .option('--policy <name>', 'default, or ob30 as the standard folds the checks', 'default')
    .option('--lenient', 'read forms that the standard forbids and that change no meaning; each is told')
    .option('--language <tag>', 'the language of the report: en, da or sv', 'en')
    .option('--recipient <who>', 'whom it should belong to: a DID or URI, an e-mail address, or TYPE=VALUE')
    .addHelpText(
      'after',
      helpEnd(
        'komma verify badge.png --offline-bundle public --recipient kari@example.org',
        '0 accepted, 1 not accepted, 2 could not run'
      )
    )
    .action(async (file: string | undefined, options: VerifyCommandOptions) => {
      exitWith((await verifyFile(terminal, file, options)) ? 0 : 1)
    })
}

async function verifyFile(
  terminal: Terminal,
  file: string | undefined,
  options: VerifyCommandOptions
): Promise<boolean> {
  const { at, offlineBundle, recipient } = options
  const maxStatusAge = options.maxStatusAge === undefined ? DEFAULT_STATUS_AGE : readSeconds(options.maxStatusAge)
  const now = at === undefined ? terminal.now() : await asUsage('--at', () => dateFromInstant(parseDateTimeStamp(at)))
  const expected = recipient === undefined ? undefined : readRecipient(recipient)
  const policy = readPolicy(options.policy)
  const words = readLanguage(options.language)
  const { resolver, contexts, credential } = await openSources(offlineBundle, options.web && terminal.fetch)
  const input = await readBadge(terminal, file, credential)
  const report = await verify(input, {
    now,
    maxStatusAge,
    policy,
    contexts,
    lenient: options.lenient === true,
    ...(expected === undefined ? {} : { recipient: expected }),
    ...(resolver === undefined ? {} : { resolver })
  })
  const { stdout, env } = terminal
  const colour = stdout.isTTY === true && !env['NO_COLOR']
  const circumstances = { input, hasBundle: resolver !== undefined, isOtherTime: at !== undefined, maxStatusAge }
  stdout.write(
    options.json ? reportJson(report) : reportText(report, { colour, words, hint: verifyHint(report, circumstances) })
  )
  return report.accepted
}

async function readBadge(
  { stdin }: Terminal,
  file: string | undefined,
  bundled: string | Uint8Array | undefined
): Promise<Uint8Array> {
  if (file === '-') return gather(stdin, MAX_BYTES)
  if (file !== undefined) return readAtMost(file, MAX_BYTES)
  if (bundled !== undefined) return typeof bundled === 'string' ? new TextEncoder().encode(bundled) : bundled
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'no badge was named',
    path: 'file',
    expected: 'the file of a badge, or --offline-bundle with a file that holds one'
  })
}

function readPolicy(name: string): Policy {
  const policy = [defaultPolicy, ob30Policy].find((one) => one.name === name)
  if (policy !== undefined) return policy
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'there is no such policy',
    path: '--policy',
    expected: 'default or ob30',
    got: name.slice(0, 40)
  })
}

function readLanguage(language: string): ReportWords | undefined {
  const words = [danish, swedish].find((one) => one.language === language)
  if (words !== undefined || language === 'en') return words
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'reports are not told in this language',
    path: '--language',
    expected: 'en, da or sv',
    got: language.slice(0, 40)
  })
}

function readSeconds(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'this is not a number of seconds',
    path: '--max-status-age',
    expected: 'whole seconds, such as 3600',
    got: text.slice(0, 40)
  })
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
