import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from 'vitest'

/** Where the reference material lies: beside the repository, or where KOMMA_SHARED says. */
export const sharedFolder: string = resolve(process.env['KOMMA_SHARED'] ?? '../shared')

/** Tests that read the reference material; skipped, and counted by the runner, where it is missing. */
export const describeShared = describe.skipIf(!existsSync(sharedFolder))

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
