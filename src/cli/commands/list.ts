import type { Command } from 'commander'
import { readSecuredText } from '../../issuing/secure.js'
import { lastChange } from '../../status/history.js'
import type { IssuanceRecord, IssuanceState, StatusStore } from '../../status/status-store.js'
import { badgeFacts } from '../badge-facts.js'
import { helpEnd } from '../help.js'
import { openStatus, readSettings } from '../issuer-folder.js'
import { plain, printableJson, printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface ListedBadge {
  readonly id: string
  readonly name: string | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  /** How far the issuance got, or what became of it since. */
  readonly state: IssuanceState | 'revoked' | 'suspended'
  /** When it was revoked, where it was. */
  readonly revokedAt: string | null
  /** Since when it is suspended, where it is. */
  readonly suspendedAt: string | null
}

/** `komma list` */
export function addList(parent: Command, terminal: Terminal): void {
  parent
    .command('list')
    .summary('list what was issued')
    .description(
      'Lists the badges of an issuer in the order in which they were issued: id, validity, state and name. ' +
        'Says nothing about whom they were awarded to. Needs no password.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', helpEnd('komma list academy'))
    .action((folder: string, { json = false }: { readonly json?: boolean }) => list(terminal, folder, json))
}

async function list({ stdout }: Terminal, folder: string, json: boolean): Promise<void> {
  await readSettings(folder)
  const status = await openStatus(folder)
  try {
    const badges: ListedBadge[] = []
    for await (const record of status.issuances()) badges.push(await describe(status, record))
    if (json) stdout.write(`${printableJson(badges)}\n`)
    else printLines(stdout, ...table(badges))
  } finally {
    await status.close()
  }
}

async function describe(status: StatusStore, record: IssuanceRecord): Promise<ListedBadge> {
  const { credentialId, text, state } = record
  const { name, validFrom, validUntil } = badgeFacts(text === undefined ? undefined : readSecuredText(text))
  const events = await status.history(credentialId)
  const revokedAt = lastChange(events, 'revocation')?.at ?? null
  const suspension = lastChange(events, 'suspension')
  const suspendedAt = suspension?.to === 1 ? suspension.at : null
  return {
    id: credentialId,
    name: name ?? null,
    validFrom: validFrom ?? null,
    validUntil: validUntil ?? null,
    state: revokedAt !== null ? 'revoked' : suspendedAt !== null ? 'suspended' : state,
    revokedAt,
    suspendedAt
  }
}

function table(badges: readonly ListedBadge[]): string[] {
  if (badges.length === 0) return ['No badge was issued yet']
  const rows = [
    ['id', 'valid from', 'valid until', 'state', 'name'],
    ...badges.map(({ id, name, validFrom, validUntil, state }) =>
      [id, validFrom ?? '–', validUntil ?? '–', state, name ?? '–'].map(plain)
    )
  ]
  const widths = [0, 1, 2, 3].map((at) => rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0))
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
}
