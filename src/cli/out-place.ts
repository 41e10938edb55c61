import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import { KommaError } from '../encoding/errors.js'
import { UsageError } from './failure.js'
import { fileError, systemCode } from './files.js'
import { FILES } from './issuer-folder.js'

export interface OutPlace {
  /** The file to write. */
  readonly out: string
  /** The private folder of the issuer. */
  readonly folder: string
  /** Files that are read, by the option that names them. */
  readonly inputs: Readonly<Record<string, string | undefined>>
  /** Whether a file that lies there may be replaced. */
  readonly force: boolean
}

/**
 * Refuses a place for a badge where writing it would destroy something: the files of the issuer, what the command reads,
 * and without `force` anything that lies there. Places are compared by what they are on the disk, so that links and
 * other spellings are seen through.
 *
 * @throws {UsageError} OPTION_INVALID; {KommaError} FILE_EXISTS, FILE_IO
 */
export async function refusePlace({ out, folder, inputs, force }: OutPlace): Promise<void> {
  if (out === '' || /[/\\]$/.test(out)) throw refused('this names no file', 'Name a file, or - for standard output')
  if (await isPrivate(out, folder)) {
    throw refused('the badge would lie among the private files of the issuer', 'Name a file in another folder')
  }
  for (const [option, input] of Object.entries(inputs)) {
    if (input === undefined || !(await isSame(out, input))) continue
    throw refused(`the badge would replace the file of ${option}`, 'Name another file')
  }
  if ((await isThere(out)) && !force) {
    const hint = 'Name another file, or pass --force to replace it'
    throw new KommaError({ code: 'FILE_EXISTS', message: 'something lies in the place of the badge', path: out, hint })
  }
}

async function isPrivate(out: string, folder: string): Promise<boolean> {
  for (const name of Object.values(FILES)) if (await isSame(out, join(folder, name))) return true
  const place = resolve(out)
  return (await isBelow(dirname(place), folder)) || (await isBelow(place, folder))
}

/** Whether a path that is there is a folder, or lies in it at any depth. */
async function isBelow(path: string, folder: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return false
  const { root } = parse(real)
  for (let at = real; ; at = dirname(at)) {
    if (await isSame(at, folder)) return true
    if (at === root) return false
  }
}

/** Whether two paths lead to the same file, which is there. */
export async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path, { bigint: true }).catch(() => undefined)))
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return false
    throw fileError('cannot be written', path, cause)
  }
}

function refused(message: string, hint: string): UsageError {
  return new UsageError({ code: 'OPTION_INVALID', message, path: '--out', hint })
}
