import { join } from 'node:path'
import type { Command } from 'commander'
import { openFolderResolver } from '../../did/folder-resolver.js'
import { decodeUtf8, parseJson } from '../../encoding/json.js'
import { isJsonObject } from '../../encoding/snapshot.js'
import { reconcileIssuer } from '../../issuing/issuer.js'
import { INDEX } from '../../publishing/placement.js'
import { inFile } from '../failure.js'
import { readAtMost } from '../files.js'
import { helpEnd } from '../help.js'
import { openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import { readBadge } from '../recorded-badge.js'
import type { Terminal } from '../terminal.js'

const MAX_BYTES = 8 * 1_048_576

/** `komma reconcile` */
export function addReconcile(parent: Command, terminal: Terminal): void {
  parent
    .command('reconcile')
    .summary('make the status store whole after an old backup was put back')
    .description(
      'Compares the status store with what was published, and with badges that others hold. Takes over what the store ' +
        'lost, and gives no further index of its open lists. Nothing is taken back.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .argument('[badges...]', 'files of badges that were issued since the backup')
    .requiredOption('--published <dir>', 'the published folder of the issuer')
    .addHelpText('after', helpEnd('komma reconcile academy --published public badge.png'))
    .action((folder: string, badges: readonly string[], { published }: { readonly published: string }) =>
      reconcile(terminal, folder, badges, published)
    )
}

async function reconcile(terminal: Terminal, folder: string, badges: readonly string[], out: string): Promise<void> {
  const settings = await readSettings(folder)
  const lists = await readLists(out)
  const credentials: string[] = []
  for (const badge of badges) credentials.push(await readBadge(badge))
  const keys = await openKeys(terminal, folder)
  const status = await openStatus(folder)
  try {
    const options = { ...settings, keys, status, clock: terminal.now }
    const done = await reconcileIssuer(options, { published: await openFolderResolver(out), lists, credentials })
    printLines(
      terminal.stdout,
      `Statuses carried over: ${done.carried}`,
      `Badges recorded: ${done.recorded.length}`,
      `Lists added: ${done.added.length}`,
      `Lists closed: ${done.closed.length}`,
      ...done.conflicts.map((id) => `Lies in the slot of another badge, so revoke it and issue it again: ${id}`),
      '',
      `Next: komma publish ${folder} ${out}`
    )
  } finally {
    await status.close()
  }
}

/** Every status list in a published folder, also those that the store does not know. */
async function readLists(out: string): Promise<string[]> {
  const path = join(out, INDEX)
  const index = await inFile(path, async () => parseJson(await readAtMost(path, MAX_BYTES)))
  const texts: string[] = []
  for (const place of isJsonObject(index) ? Object.values(index) : []) {
    const file = join(out, ...String(place).split('/'))
    const text = await inFile(file, async () => decodeUtf8(await readAtMost(file, MAX_BYTES)))
    if (text.includes('BitstringStatusListCredential')) texts.push(text)
  }
  return texts
}
