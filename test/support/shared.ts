import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'vitest'

/** Where the reference material lies: beside the repository, or where KOMMA_SHARED says. */
export const sharedFolder: string = resolve(process.env['KOMMA_SHARED'] ?? '../shared')

/**
 * Tests that read the reference material. Where it is missing, not even the code that lists them runs, and the runner
 * counts each block as one skipped test.
 */
export const describeShared: typeof describe = existsSync(sharedFolder) ? describe : skippedBlocks()

export function sharedPath(path: string): string {
  return resolve(sharedFolder, path)
}

export function readSharedText(path: string): string {
  return readFileSync(sharedPath(path), 'utf8')
}

export function readSharedBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(sharedPath(path)))
}

// biome-ignore lint/suspicious/noExplicitAny: reference files have any shape.
export function readSharedJson(path: string): any {
  return JSON.parse(readSharedText(path))
}

function skippedBlocks(): typeof describe {
  const skip = (name: string) => it.skip(name)
  return Object.assign(skip, { each: () => skip }) as unknown as typeof describe
}
