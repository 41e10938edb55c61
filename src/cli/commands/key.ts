import type { Command } from 'commander'
import { dateFromInstant, parseDateTimeStamp } from '../../encoding/dates.js'
import type { KeyFile } from '../../keys/file.js'
import type { KeyInfo, SigningKeyAlgorithm } from '../../keys/key-store.js'
import { UsageError } from '../failure.js'
import { helpEnd } from '../help.js'
import { openKeys, readSettings } from '../issuer-folder.js'
import { printableJson, printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface RotateArgs {
  readonly algorithm?: SigningKeyAlgorithm
  readonly to?: string
  readonly wait?: boolean
}

/** `komma key list`, `rotate`, `retire` and `compromised` */
export function addKey(parent: Command, terminal: Terminal): void {
  const key = parent
    .command('key')
    .summary('list and change signing keys')
    .description('The signing keys of an issuer.')
  key
    .command('list')
    .summary('list the keys and their history')
    .description('Lists the keys of an issuer, oldest first: id, kind, when it was made, and where it stands.')
    .argument('<dir>', 'the folder of the issuer')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', helpEnd('komma key list academy'))
    .action((folder: string, { json = false }: { readonly json?: boolean }) => list(terminal, folder, json))
  key
    .command('rotate')
    .summary('let the next key sign')
    .description(
      'Makes a key that signs from now on, and retires the one that did. What that one signed verifies as before. To ' +
        'publish a key before it signs, make it with --wait, publish, and rotate --to it.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .option('--algorithm <kind>', 'Ed25519, P-256 or P-384 (default: the kind of the key before)')
    .option('--wait', 'only make the key; it does not sign yet')
    .option('--to <key>', 'a key that is there and waits')
    .addHelpText('after', helpEnd('komma key rotate academy'))
    .action((folder: string, options: RotateArgs) => rotate(terminal, folder, options))
  key
    .command('retire')
    .summary('end the time in which a key signs')
    .description('Sets when a key signs no more: now, unless told. What it signed before verifies as ever.')
    .argument('<dir>', 'the folder of the issuer')
    .argument('<key>', 'the id of the key, as komma key list shows it')
    .option('--at <time>', 'when, such as 2027-01-31T00:00:00Z')
    .option('--expires <time>', 'when verifiers shall refuse the key, also for what it signed before')
    .addHelpText('after', helpEnd('komma key retire academy key-1 --at 2027-01-31T00:00:00Z'))
    .action((folder: string, id: string, options: { readonly at?: string; readonly expires?: string }) =>
      change(terminal, folder, async (keys, now) =>
        keys.retire(id, {
          at: timeOf('--at', options.at) ?? now,
          ...optional('expires', timeOf('--expires', options.expires))
        })
      )
    )
  key
    .command('compromised')
    .summary('declare a key compromised, for ever')
    .description('Declares that somebody else may have a key. After the next publish nothing that it signed verifies.')
    .argument('<dir>', 'the folder of the issuer')
    .argument('<key>', 'the id of the key, as komma key list shows it')
    .option('--at <time>', 'since when, such as 2026-11-21T09:00:00Z (default: now)')
    .addHelpText('after', helpEnd('komma key compromised academy key-1'))
    .action((folder: string, id: string, { at }: { readonly at?: string }) =>
      change(terminal, folder, async (keys, now) => keys.compromise(id, { at: timeOf('--at', at) ?? now }))
    )
}

async function list(terminal: Terminal, folder: string, json: boolean): Promise<void> {
  await readSettings(folder)
  const keys = await (await openKeys(terminal, folder)).keys()
  const { stdout, now } = terminal
  if (json) {
    stdout.write(`${printableJson(keys.map(({ publicKey: _, ...key }) => key))}\n`)
    return
  }
  for (const key of keys) printLines(stdout, `${key.id}  ${key.algorithm}  made ${key.created}  ${standOf(key, now())}`)
}

async function rotate(terminal: Terminal, folder: string, { algorithm, to, wait }: RotateArgs): Promise<void> {
  if (to !== undefined && (wait === true || algorithm !== undefined)) {
    const message = '--to names a key that is there, so it goes with neither --wait nor --algorithm'
    throw new UsageError({ code: 'OPTION_INVALID', message })
  }
  const { profile } = await readSettings(folder)
  if (/^did:(key|jwk):/.test(profile.id)) {
    throw new UsageError({
      code: 'OPTION_INVALID',
      message: 'this issuer is its key, and with another key it would be another issuer',
      got: profile.id,
      hint: 'Make an issuer with an address on the web: komma issuer init DIR --id did:web:HOST'
    })
  }
  await change(terminal, folder, (keys, now) => {
    const options = { now, ...optional('algorithm', algorithm) }
    return wait === true ? makeWaiting(keys, options) : keys.rotate({ ...options, ...optional('to', to) })
  })
}

async function makeWaiting(
  keys: KeyFile,
  options: { readonly now: Date; readonly algorithm?: SigningKeyAlgorithm }
): Promise<KeyInfo> {
  const { algorithm } = await keys.signer()
  return keys.create({ algorithm, ...options, current: false })
}

async function change(
  terminal: Terminal,
  folder: string,
  make: (keys: KeyFile, now: Date) => Promise<KeyInfo>
): Promise<void> {
  await readSettings(folder)
  const keys = await openKeys(terminal, folder)
  const key = await make(keys, terminal.now())
  printLines(
    terminal.stdout,
    `${key.id}: ${standOf(key, terminal.now())}`,
    `Others see it after the next publish: komma publish ${folder} OUT`
  )
  if (key.current && (key.revoked !== undefined || isPast(key.signsUntil, terminal.now()))) {
    printLines(terminal.stdout, `Nothing is signed until another key does: komma key rotate ${folder}`)
  }
}

function standOf({ current, signsUntil, expires, revoked }: KeyInfo, now: Date): string {
  if (revoked !== undefined) return `compromised since ${revoked}`
  const over = isPast(signsUntil, now)
  const stand = over ? `retired since ${signsUntil}` : current ? 'signs' : 'waits'
  return [
    stand,
    ...(signsUntil === undefined || over ? [] : [`until ${signsUntil}`]),
    ...(expires === undefined ? [] : [`expires ${expires}`])
  ].join(', ')
}

function isPast(time: string | undefined, now: Date): boolean {
  return time !== undefined && dateFromInstant(parseDateTimeStamp(time)) <= now
}

function timeOf(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  try {
    return dateFromInstant(parseDateTimeStamp(text))
  } catch (cause) {
    const expected = 'a date and time with its zone, such as 2027-01-31T00:00:00Z'
    const fault = { code: 'OPTION_INVALID', message: `${option} is not a time`, expected, got: text } as const
    throw new UsageError(fault, { cause })
  }
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value }
}
