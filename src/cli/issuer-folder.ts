import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KommaError, OptionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { createIssuer, type Issuer } from '../issuing/issuer.js'
import type { IssuerOptions, IssuerProfile } from '../issuing/issuer-options.js'
import type { StatusEntryOption } from '../issuing/status-entries.js'
import { type KeyFile, openKeyFile } from '../keys/file.js'
import { openSqliteStatusStore } from '../status/sqlite.js'
import type { StatusStore } from '../status/status-store.js'
import { inFile } from './failure.js'
import { fileError, readAtMost } from './files.js'
import { askPassword } from './password.js'
import type { Terminal } from './terminal.js'

/** The names of what an issuer's folder holds. */
export const FILES = { settings: 'issuer.json', keys: 'keys.jwe', status: 'status.db' } as const

const VERSION = 1
const MAX_BYTES = 1_048_576
const MEMBERS = ['version', 'profile', 'statusLists', 'statusEntries', 'severalStatusEntries']

/** What `issuer.json` says. */
export interface IssuerSettings {
  readonly profile: IssuerProfile & { readonly id: string }
  /** The https folder of the status lists, where it is another one than the issuer's own. */
  readonly statusLists?: string
  /** The status entries that badges get, where it is not one for revocation. */
  readonly statusEntries?: readonly StatusEntryOption[]
  readonly severalStatusEntries?: boolean
}

/** Writes `issuer.json`. */
export function writeSettings(given: IssuerSettings): string {
  const settings = { version: VERSION, ...given }
  return `${JSON.stringify(settings, null, 2)}\n`
}

/**
 * Reads `issuer.json` of a folder. The profile itself is checked when the issuer is created.
 *
 * @throws {KommaError} FILE_NOT_FOUND where the folder holds no issuer, FILE_IO, OPTION_INVALID, and the codes of
 *   unreadable JSON
 */
export async function readSettings(folder: string): Promise<IssuerSettings> {
  const path = join(folder, FILES.settings)
  const bytes = await readAtMost(path, MAX_BYTES).catch((error: unknown) => {
    if (!(error instanceof KommaError) || error.code !== 'FILE_NOT_FOUND') throw error
    const hint = 'Make one with komma issuer init'
    throw new KommaError(
      { code: 'FILE_NOT_FOUND', message: 'the folder holds no issuer', path, hint },
      { cause: error }
    )
  })
  return checkSettings(await inFile(path, () => parseJson(bytes)), path)
}

/**
 * Opens the status store of a folder. A store that is lost is not replaced by an empty one: it would give slots again
 * that are taken.
 *
 * @throws {KommaError} FILE_NOT_FOUND, FILE_IO, STATUS_STORE_IO, STATUS_STORE_UNSUPPORTED
 */
export async function openStatus(folder: string): Promise<StatusStore> {
  const path = join(folder, FILES.status)
  try {
    await stat(path)
  } catch (cause) {
    const { code, message } = fileError('cannot be read', path, cause)
    if (code !== 'FILE_NOT_FOUND') throw new KommaError({ code, message, path }, { cause })
    const hint = 'Restore it from a backup; without it nobody knows which slots are taken'
    throw new KommaError({ code, message: 'the status store of the issuer is missing', path, hint }, { cause })
  }
  return inFile(path, () => openSqliteStatusStore(path))
}

/** Asks for the password and opens the key file of a folder. */
export async function openKeys(terminal: Terminal, folder: string): Promise<KeyFile> {
  const password = await askPassword(terminal)
  const path = join(folder, FILES.keys)
  try {
    return await openKeyFile(path, { password })
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    const faults = error.faults.map((fault) => ({ ...fault, path: fault.path ?? path }))
    throw new KommaError(faults, { cause: error, retryable: error.retryable })
  }
}

/** The issuer of opened keys and status store. */
export function issuerOf(
  settings: IssuerSettings,
  parts: { readonly keys: KeyFile; readonly status: StatusStore; readonly now: () => Date },
  more: Pick<IssuerOptions, 'credentials' | 'contexts' | 'inlineContexts'> = {}
): Promise<Issuer> {
  const { keys, status, now: clock } = parts
  return createIssuer({ ...more, ...settings, keys, status, clock })
}

function checkSettings(settings: unknown, path: string): IssuerSettings {
  const given: JsonObject = isJsonObject(settings) ? settings : {}
  const { version, profile, statusLists, statusEntries, severalStatusEntries } = given
  if (!isJsonObject(settings)) throw invalid(path, 'it is not a JSON object', '')
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined)
    throw invalid(path, 'it has a member that is not known', `#/${unknown}`, MEMBERS.join(', '))
  if (version !== VERSION) throw invalid(path, 'it was written by another version', '#/version', `${VERSION}`)
  if (!isJsonObject(profile) || typeof profile['id'] !== 'string') {
    throw invalid(path, 'the profile of the issuer is missing or has no id', '#/profile')
  }
  if (statusLists !== undefined && typeof statusLists !== 'string') {
    throw invalid(path, 'the address of the status lists is not text', '#/statusLists')
  }
  // Two views of the same values; createIssuer checks the profile against its schema, and what the entries say.
  const checked = profile as unknown as IssuerSettings['profile']
  return {
    profile: checked,
    ...(statusLists === undefined ? {} : { statusLists }),
    ...(statusEntries === undefined ? {} : { statusEntries: statusEntries as unknown as StatusEntryOption[] }),
    ...(severalStatusEntries === undefined ? {} : { severalStatusEntries: severalStatusEntries as boolean })
  }
}

function invalid(path: string, reason: string, place: string, expected?: string): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: `the settings of the issuer cannot be used: ${reason}`,
    path: `${path}${place}`,
    ...(expected === undefined ? {} : { expected })
  })
}
