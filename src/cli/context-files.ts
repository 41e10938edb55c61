import { parseJson } from '../encoding/json.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { type ContextDocument, contextDigest } from '../model/contexts.js'
import { inFile, UsageError } from './failure.js'
import { readAtMost } from './files.js'

const MAX_BYTES = 1_048_576

/**
 * Reads contexts that are named as `URL=FILE`. Whoever names a file vouches for what is in it.
 *
 * @throws {UsageError} OPTION_INVALID; {KommaError} FILE_NOT_FOUND, FILE_IO, and the codes of unreadable JSON
 */
export async function readContexts(named: readonly string[]): Promise<readonly ContextDocument[]> {
  const contexts: ContextDocument[] = []
  for (const one of named) contexts.push(await readContext(one))
  return contexts
}

async function readContext(named: string): Promise<ContextDocument> {
  const [, url = '', file = ''] = /^(https?:\/\/[^=\s]+)=(.+)$/s.exec(named) ?? []
  if (file === '') throw wrong('this does not name a context', named, 'URL=FILE')
  const document = await inFile(file, async () => parseJson(await readAtMost(file, MAX_BYTES)))
  if (!isJsonObject(document)) throw wrong('the file is not a JSON-LD context', file, 'a JSON object')
  return { url, document, sha256: contextDigest(document) }
}

function wrong(message: string, got: string, expected: string): UsageError {
  return new UsageError({ code: 'OPTION_INVALID', message, path: '--context', expected, got: got.slice(0, 200) })
}
