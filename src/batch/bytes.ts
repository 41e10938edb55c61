import { open } from 'node:fs/promises'
import { InputError } from '../encoding/errors.js'
import { fileError } from '../encoding/node-files.js'

/** A file by its path, or what it holds, in pieces. */
export type ByteSource = string | AsyncIterable<Uint8Array | string>

/**
 * The text of a source, in pieces, without a byte order mark.
 *
 * @throws {InputError} INPUT_NOT_UTF8; {KommaError} FILE_NOT_FOUND, FILE_IO
 */
export async function* textOf(source: ByteSource): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  try {
    for await (const chunk of typeof source === 'string' ? readFile(source) : source) {
      if (typeof chunk === 'string') yield isFirst ? chunk.replace(/^\ufeff/, '') : chunk
      else if (chunk.length > 0) yield decoder.decode(chunk, { stream: true })
      isFirst = false
    }
    yield decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new InputError(
      {
        code: 'INPUT_NOT_UTF8',
        message: 'the bytes are not UTF-8',
        hint: 'Save the file as UTF-8; spreadsheets call it "CSV UTF-8"'
      },
      { cause }
    )
  }
}

async function* readFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const file = await open(path, 'r')
    try {
      yield* file.createReadStream({ autoClose: false })
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw fileError('cannot be read', path, cause)
  }
}
