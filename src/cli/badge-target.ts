import { KommaError } from '../encoding/errors.js'
import { UsageError } from './failure.js'
import { fileError, stageFile } from './files.js'
import type { Output } from './terminal.js'

/** What names standard output in place of a file. */
export const STDOUT = '-'

/** Where a badge goes once it is issued. */
export interface BadgeTarget {
  /** Hands the badge over as a whole. */
  deliver(bytes: Uint8Array): Promise<void>
  /** Removes what was prepared. Does nothing after `deliver`. */
  discard(): Promise<void>
}

/** Prepares a file, so that a full disk is noticed before a badge is issued. */
export async function fileTarget(path: string, room: number): Promise<BadgeTarget> {
  const staged = await stageFile(path, room)
  return {
    deliver: async (bytes) => {
      await staged.fill(bytes)
      await staged.commit()
    },
    discard: () => staged.discard()
  }
}

/**
 * Writes to standard output.
 *
 * @throws {UsageError} OPTION_INVALID where an image would be written to a terminal
 */
export function stdoutTarget(stdout: Output, isImage: boolean): BadgeTarget {
  if (isImage && stdout.isTTY === true) {
    throw new UsageError({
      code: 'OPTION_INVALID',
      message: 'an image cannot be shown in a terminal',
      path: '--out',
      hint: 'Name a file, or pass the output on to another command'
    })
  }
  return {
    deliver: (bytes) =>
      new Promise((done, failed) => {
        stdout.write(bytes, (error) => {
          if (error == null) done()
          else failed(fileError('cannot be written', 'standard output', error))
        })
      }),
    discard: async () => {}
  }
}

/** Adds to what went wrong that the badge was issued nevertheless, and what to do with it. */
export async function afterIssuing(hint: string, deliver: () => Promise<void>): Promise<void> {
  try {
    await deliver()
  } catch (cause) {
    if (!(cause instanceof KommaError)) throw cause
    throw new KommaError(
      cause.faults.map((fault) => ({ ...fault, hint })),
      { cause }
    )
  }
}
