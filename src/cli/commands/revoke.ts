import type { Command } from 'commander'
import { toWholeSeconds } from '../../encoding/dates.js'
import { KommaError } from '../../encoding/errors.js'
import { openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

/** `komma revoke` */
export function addRevoke(parent: Command, terminal: Terminal): void {
  parent
    .command('revoke')
    .summary('revoke a badge for ever')
    .description('Revokes a badge for ever. It counts for others after the next publish. Needs no password.')
    .argument('<dir>', 'the folder of the issuer')
    .argument('<credential-id>', 'the id of the badge')
    .requiredOption('--reason <text>', 'why; kept in the status store, not published')
    .addHelpText('after', '\nExample:\n  komma revoke academy urn:uuid:7e0c… --reason "Issued to the wrong person"')
    .action((folder: string, id: string, options: { readonly reason: string }) => revoke(terminal, folder, id, options))
}

async function revoke(
  { stdout, now }: Terminal,
  folder: string,
  credentialId: string,
  { reason }: { readonly reason: string }
): Promise<void> {
  const { profile } = await readSettings(folder)
  const status = await openStatus(folder)
  try {
    const record = await status.find(credentialId)
    if (record === undefined) throw unknownBadge(credentialId)
    const [before] = await status.history(credentialId)
    const idempotencyKey = `revoke/${credentialId}`
    const at = toWholeSeconds(now())
    const event = await status.revoke({ credentialId, reason, actor: profile.id, at, idempotencyKey })
    printLines(
      stdout,
      before === undefined ? `Revoked ${credentialId}` : `Was revoked already, at ${event.at}: ${credentialId}`,
      `It counts after the next publish: komma publish ${folder} OUT`
    )
  } finally {
    await status.close()
  }
}

function unknownBadge(credentialId: string): KommaError {
  return new KommaError({
    code: 'STATUS_UNKNOWN_CREDENTIAL',
    message: 'this issuer has issued no badge with this id',
    path: 'CREDENTIAL-ID',
    got: credentialId.slice(0, 200),
    hint: 'The id is the member "id" of the badge, and what komma issue prints'
  })
}
