import type { Command } from 'commander'
import { randomBytes } from '../../crypto/digest.js'
import { toWholeSeconds } from '../../encoding/dates.js'
import { KommaError } from '../../encoding/errors.js'
import { encodeHex } from '../../encoding/multibase.js'
import { lastChange } from '../../status/history.js'
import { helpEnd } from '../help.js'
import { openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import { findBadge } from '../recorded-badge.js'
import type { Terminal } from '../terminal.js'

/** A command that changes the status of a badge. */
interface ChangeCommand {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly purpose: 'revocation' | 'suspension'
  readonly status: 0 | 1
  readonly done: string
  readonly before: (at: string | undefined) => string
  readonly example: string
}

const AFTERWARDS = 'It counts for others after the next publish. Needs no password.'
const COMMANDS: readonly ChangeCommand[] = [
  {
    name: 'revoke',
    summary: 'revoke a badge for ever',
    description: `Revokes a badge for ever. ${AFTERWARDS}`,
    purpose: 'revocation',
    status: 1,
    done: 'Revoked',
    before: (at) => `Was revoked already, at ${at}:`,
    example: 'komma revoke academy badge.png --reason "Issued to the wrong person"'
  },
  {
    name: 'suspend',
    summary: 'suspend a badge until it is lifted',
    description: `Suspends a badge that was issued with an entry for suspension. ${AFTERWARDS}`,
    purpose: 'suspension',
    status: 1,
    done: 'Suspended',
    before: (at) => `Was suspended already, since ${at}:`,
    example: 'komma suspend academy badge.png --reason "The drill is being looked into"'
  },
  {
    name: 'lift',
    summary: 'lift the suspension of a badge',
    description: `Lifts the suspension of a badge. ${AFTERWARDS}`,
    purpose: 'suspension',
    status: 0,
    done: 'Lifted the suspension of',
    before: () => 'Was not suspended:',
    example: 'komma lift academy badge.png --reason "The drill was in order"'
  }
]

/** `komma revoke`, `komma suspend` and `komma lift` */
export function addChangesOfStatus(parent: Command, terminal: Terminal): void {
  for (const command of COMMANDS) {
    parent
      .command(command.name)
      .summary(command.summary)
      .description(command.description)
      .argument('<dir>', 'the folder of the issuer')
      .argument('<credential-id-or-file>', 'the id of the badge, as komma list shows it, or its file')
      .requiredOption('--reason <text>', 'why; kept in the status store, not published')
      .addHelpText('after', helpEnd(command.example))
      .action((folder: string, badge: string, options: { readonly reason: string }) =>
        change(terminal, command, folder, badge, options)
      )
  }
}

async function change(
  { stdout, now }: Terminal,
  { purpose, status, done, before }: ChangeCommand,
  folder: string,
  badge: string,
  { reason }: { readonly reason: string }
): Promise<void> {
  const { profile } = await readSettings(folder)
  const store = await openStatus(folder)
  try {
    const { credentialId } = await findBadge(store, badge)
    const last = lastChange(await store.history(credentialId), purpose)
    const isSo = (last?.to ?? 0) === status
    const key = purpose === 'revocation' ? `revoke/${credentialId}` : `${purpose}/${encodeHex(randomBytes(16))}`
    const what = { credentialId, purpose, status, reason, actor: profile.id } as const
    await store.setStatus({ ...what, at: toWholeSeconds(now()), idempotencyKey: key }).catch(sayWhereEntriesComeFrom)
    printLines(
      stdout,
      `${isSo ? before(last?.at) : done} ${credentialId}`,
      `It counts after the next publish: komma publish ${folder} OUT`
    )
  } finally {
    await store.close()
  }
}

function sayWhereEntriesComeFrom(error: unknown): never {
  if (!(error instanceof KommaError) || error.code !== 'STATUS_NO_ENTRY') throw error
  const hint =
    'A badge has the status entries that were chosen when the issuer was made (komma issuer init --status-entry), and gets no others later'
  throw new KommaError(
    error.faults.map((fault) => ({ ...fault, hint })),
    { cause: error, retryable: error.retryable }
  )
}
