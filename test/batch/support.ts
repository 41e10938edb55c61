import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder that is gone when the tests of the file are over. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'komma-batch-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A text or bytes in pieces of so many characters or bytes. */
export async function* inPieces(content: string | Uint8Array, size = 7): AsyncGenerator<string | Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.slice(at, at + size)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
