import type { KommaErrorCode } from '../encoding/error-codes.js'
import { type Fault, KommaError, OptionError } from '../encoding/errors.js'

/** The command cannot do anything with how it was called, or with what it needs: exit code 2, whatever its code says. */
export class UsageError extends KommaError {
  override readonly name = 'UsageError'
}

/** What can be mended without touching a definition, an award or a badge. */
const COULD_NOT_RUN: readonly KommaErrorCode[] = [
  'OPTION_INVALID',
  'INTERNAL_ERROR',
  'PASSWORD_REQUIRED',
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'FILE_IO',
  'KEY_STORE_IO',
  'KEY_FILE_PERMISSIONS',
  'STATUS_STORE_IO',
  'STATUS_STORE_UNSUPPORTED',
  'BATCH_STOPPED',
  'PUBLICATION_IO',
  'PUBLICATION_UNFENCED'
]

/** 1 where content was refused, 2 where the command could not run. */
export function exitCodeOf(error: unknown): 1 | 2 {
  const refused = error instanceof KommaError && !(error instanceof UsageError) && !COULD_NOT_RUN.includes(error.code)
  return refused ? 1 : 2
}

/** Blames what goes wrong in `work` on an argument of the command. */
export async function asUsage<T>(argument: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    throw new UsageError(
      error.faults.map((fault) => ({ ...fault, path: argument })),
      { cause: error }
    )
  }
}

/** Whatever goes wrong in `work`, the command could not run or could not go on: exit code 2. */
export async function asCouldNotRun<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (exitCodeOf(error) === 2 || !(error instanceof KommaError)) throw error
    throw new UsageError(error.faults, { cause: error, retryable: error.retryable })
  }
}

/** Puts the name of a file before the place of every fault that is found in it. */
export async function inFile<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KommaError) || error instanceof OptionError) throw error
    throw new KommaError(
      error.faults.map((fault) => ({ ...fault, path: placeIn(file, fault) })),
      { cause: error, retryable: error.retryable }
    )
  }
}

// A JSON Pointer follows a file name as a fragment (RFC 6901 section 6).
function placeIn(file: string, { path }: Fault): string {
  if (path === undefined || path === '' || path === '/') return file
  return path.startsWith('/') ? `${file}#${path}` : `${file}, ${path}`
}
