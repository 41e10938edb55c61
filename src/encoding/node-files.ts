import { open } from 'node:fs/promises'
import process from 'node:process'
import type { KommaErrorCode } from './error-codes.js'
import { KommaError } from './errors.js'

/** The error of a file or folder that the system did not let us use. */
export function fileError(message: string, path: string, cause: unknown): KommaError {
  if (cause instanceof KommaError) return cause
  const got = systemCode(cause)
  const code: KommaErrorCode = got === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_IO'
  const words = got === 'ENOENT' ? 'is not there, or its folder is not' : message
  return new KommaError({ code, message: `a file or folder ${words}`, path, ...(got === '' ? {} : { got }) }, { cause })
}

/** The code of an error of the system, such as ENOENT; empty for any other error. */
export function systemCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

/** Makes the names in a folder survive a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network file systems cannot flush a folder and say so with EINVAL.
    if (systemCode(error) !== 'EINVAL') throw error
  } finally {
    await handle.close()
  }
}
