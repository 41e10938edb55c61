import { chmod, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { randomBytes } from '../../crypto/digest.js'
import { didWebToUrl, parseDidWeb } from '../../did/did-web.js'
import { checkVerificationMethod } from '../../did/method-url.js'
import { didKeyOf } from '../../did/own-did.js'
import { KommaError } from '../../encoding/errors.js'
import { encodeHex } from '../../encoding/multibase.js'
import { statusListUrl } from '../../issuing/list-url.js'
import { type StatusEntryOption, settleStatusEntries } from '../../issuing/status-entries.js'
import { createKeyFile } from '../../keys/file.js'
import { openSqliteStatusStore } from '../../status/sqlite.js'
import { asUsage, UsageError } from '../failure.js'
import { fileError, flushFolder, systemCode } from '../files.js'
import { helpEnd } from '../help.js'
import { FILES, type IssuerSettings, issuerOf, writeSettings } from '../issuer-folder.js'
import { askNewPassword } from '../password.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface InitOptions {
  readonly id: string
  readonly name?: string
  readonly url?: string
  readonly statusLists?: string
  readonly statusEntry: readonly string[]
  readonly severalStatusEntries?: true
}

/** `komma issuer init` */
export function addIssuerInit(parent: Command, terminal: Terminal): void {
  parent
    .command('init')
    .summary('make the folder of a new issuer')
    .description('Makes a folder with a new issuer: its profile, an encrypted key file and an empty status store.')
    .argument('<dir>', 'the folder to make')
    .requiredOption('--id <id>', 'did:key, did:web:HOST or an https address')
    .option('--name <name>', 'name of the issuer')
    .option('--url <url>', 'website of the issuer')
    .option('--status-lists <url>', 'https folder of the status lists (default: beside the document of the issuer)')
    .option(
      '--status-entry <purpose>',
      'the status entry of each badge: revocation, suspension or refresh; repeat for more (default: revocation)',
      (value: string, before: readonly string[]) => [...before, value],
      []
    )
    .option('--several-status-entries', 'let badges have several, which validators of Open Badges 3.0 refuse')
    .addHelpText('after', helpEnd('komma issuer init academy --id did:web:academy.example --name "Example Academy"'))
    .action((folder: string, options: InitOptions) => initIssuer(terminal, folder, options))
}

async function initIssuer(terminal: Terminal, folder: string, options: InitOptions): Promise<void> {
  await asUsage('--id', () => checkId(options.id))
  await asUsage('--status-lists', () => statusListUrl(options.id, options.statusLists, () => ''))
  await asUsage('--status-entry', () => settleStatusEntries(...entriesOf(options)))
  await refuseTaken(folder)
  const password = await askNewPassword(terminal)
  const id = await build(terminal, folder, options, password)
  const host = rootOf(id)
  printLines(
    terminal.stdout,
    `Issuer ${id}`,
    `Folder ${folder} holds its profile, its encrypted key and its status store: keep it private.`,
    'To back it up, copy the whole folder while no command runs; nobody can restore a lost key or password.',
    ...(host === undefined && options.statusLists === undefined
      ? ['Its status lists have names but no web address: they can be read from a published folder only.']
      : []),
    '',
    'Next:',
    `  komma issue ${folder} --definition F --award F --format png --out badge.png`,
    `  komma publish ${folder} OUT${host === undefined ? '' : `   (then serve OUT as the root of ${host})`}`
  )
}

function checkId(id: string): void {
  if (id === 'did:key') return
  if (id.startsWith('did:web:')) {
    parseDidWeb(id)
    return
  }
  const fault = { code: 'OPTION_INVALID', got: id } as const
  if (id.startsWith('did:key:')) {
    throw new UsageError({ ...fault, message: 'a did:key is made from the new key', hint: 'Write --id did:key' })
  }
  try {
    // The id has to be one that a proof can name; a fragment is what a key adds to it.
    checkVerificationMethod(`${id}#key`)
  } catch (cause) {
    const expected = 'did:key, did:web:HOST, or an https address in its usual spelling without query and fragment'
    throw new UsageError({ ...fault, message: 'this cannot be the id of an issuer', expected }, { cause })
  }
}

async function refuseTaken(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: unknown): string[] => {
    if (systemCode(cause) === 'ENOENT') return []
    throw fileError('cannot be read', folder, cause)
  })
  if (names.length > 0) throw taken(folder, names.includes(FILES.settings))
}

/** Everything is made in a folder beside the place, which is moved there when it is complete. */
async function build(terminal: Terminal, folder: string, options: InitOptions, password: string): Promise<string> {
  const place = resolve(folder)
  const fresh = join(dirname(place), `.${basename(place).slice(0, 100)}.${encodeHex(randomBytes(8))}.tmp`)
  try {
    await mkdir(fresh, { mode: 0o700 })
    await chmod(fresh, 0o700)
    const id = await fill(fresh, terminal, options, password)
    await flushFolder(fresh)
    await putInPlace(fresh, place)
    return id
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true })
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(systemCode(cause))) throw taken(folder, false, cause)
    if (cause instanceof KommaError || systemCode(cause) === '') throw cause
    throw fileError('cannot be made', folder, cause)
  }
}

async function fill(fresh: string, { now }: Terminal, options: InitOptions, password: string): Promise<string> {
  const keys = await createKeyFile(join(fresh, FILES.keys), { password, now: now() })
  const id = options.id === 'did:key' ? await didKeyOf(keys) : options.id
  const { name, url, statusLists } = options
  const [statusEntries, severalStatusEntries] = entriesOf(options)
  const settings: IssuerSettings = {
    profile: { id, type: ['Profile'], ...(name === undefined ? {} : { name }), ...(url === undefined ? {} : { url }) },
    ...(statusLists === undefined ? {} : { statusLists }),
    ...(statusEntries === undefined ? {} : { statusEntries }),
    ...(severalStatusEntries === undefined ? {} : { severalStatusEntries })
  }
  const status = await openSqliteStatusStore(join(fresh, FILES.status))
  try {
    await issuerOf(settings, { keys, status, now })
  } finally {
    await status.close()
  }
  const file = await open(join(fresh, FILES.settings), 'wx', 0o600)
  try {
    await file.writeFile(writeSettings(settings))
    await file.sync()
  } finally {
    await file.close()
  }
  return id
}

function entriesOf({
  statusEntry,
  severalStatusEntries
}: InitOptions): [StatusEntryOption[] | undefined, true | undefined] {
  // What is none of the purposes is refused by whoever reads them.
  const entries = statusEntry.map((purpose) => ({ purpose: purpose as 'revocation' }))
  return [entries.length === 0 ? undefined : entries, severalStatusEntries]
}

async function putInPlace(fresh: string, place: string): Promise<void> {
  // Only an empty folder can be removed here, so nothing of anybody's is lost.
  await rmdir(place).catch((cause: unknown) => {
    if (systemCode(cause) !== 'ENOENT') throw cause
  })
  await rename(fresh, place)
  await flushFolder(dirname(place))
}

function rootOf(id: string): string | undefined {
  if (id.startsWith('did:key:')) return undefined
  return new URL('/', id.startsWith('did:web:') ? didWebToUrl(id) : id).href
}

function taken(path: string, isIssuer: boolean, cause?: unknown): KommaError {
  const message = isIssuer ? 'the folder holds an issuer already' : 'the place of the folder is taken by something else'
  return new KommaError(
    { code: 'FILE_EXISTS', message, path, hint: 'Name a folder that is empty or not there' },
    { cause }
  )
}
