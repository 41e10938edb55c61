import type { Command } from 'commander'
import { toWholeSeconds } from '../../encoding/dates.js'
import { helpEnd } from '../help.js'
import { openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import { findBadge } from '../recorded-badge.js'
import type { Terminal } from '../terminal.js'

/** `komma revoke` */
export function addRevoke(parent: Command, terminal: Terminal): void {
  parent
    .command('revoke')
    .summary('revoke a badge for ever')
    .description('Revokes a badge for ever. It counts for others after the next publish. Needs no password.')
    .argument('<dir>', 'the folder of the issuer')
    .argument('<credential-id-or-file>', 'the id of the badge, as komma list shows it, or its file')
    .requiredOption('--reason <text>', 'why; kept in the status store, not published')
    .addHelpText('after', helpEnd('komma revoke academy badge.png --reason "Issued to the wrong person"'))
    .action((folder: string, badge: string, options: { readonly reason: string }) =>
      revoke(terminal, folder, badge, options)
    )
}

async function revoke(
  { stdout, now }: Terminal,
  folder: string,
  badge: string,
  { reason }: { readonly reason: string }
): Promise<void> {
  const { profile } = await readSettings(folder)
  const status = await openStatus(folder)
  try {
    const { credentialId } = await findBadge(status, badge)
    const before = (await status.history(credentialId)).find(({ purpose }) => purpose === 'revocation')
    const idempotencyKey = `revoke/${credentialId}`
    const at = toWholeSeconds(now())
    const event = await status.setStatus({
      ...{ credentialId, purpose: 'revocation', status: 1 },
      ...{ reason, actor: profile.id, at, idempotencyKey }
    })
    printLines(
      stdout,
      before === undefined ? `Revoked ${credentialId}` : `Was revoked already, at ${event.at}: ${credentialId}`,
      `It counts after the next publish: komma publish ${folder} OUT`
    )
  } finally {
    await status.close()
  }
}
