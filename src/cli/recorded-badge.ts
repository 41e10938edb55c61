import { isPng, isSvg } from '../baking/image-kind.js'
import { unbakePng } from '../baking/png.js'
import { unbakeSvg } from '../baking/svg.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import { KommaError } from '../encoding/errors.js'
import { decodeUtf8, parseJson } from '../encoding/json.js'
import { readSecuredText } from '../issuing/secure.js'
import { idOf } from '../model/read.js'
import { looksLikeJws } from '../securing/jwt/compact-jws.js'
import type { IssuanceRecord, StatusStore } from '../status/status-store.js'
import { inFile } from './failure.js'
import { readAtMost } from './files.js'

const MAX_BYTES = 8 * 1_048_576
// Two characters before the colon, so that a drive of Windows is no scheme.
const ID = /^[A-Za-z][A-Za-z0-9+.-]+:/

/**
 * Finds what the store knows of a badge, by its id or by its file: JSON, a JWT, PNG or SVG. The badge in a file has to be the very
 * one that was issued: with another content under the same id, somebody could have a badge revoked that is not theirs.
 *
 * @throws {KommaError} STATUS_UNKNOWN_CREDENTIAL, FILE_NOT_FOUND, FILE_IO, and the codes of unreadable JSON and images
 */
export async function findBadge(status: StatusStore, idOrFile: string): Promise<IssuanceRecord> {
  if (ID.test(idOrFile)) {
    const record = await status.find(idOrFile)
    if (record === undefined) throw unknown('CREDENTIAL-ID', idOrFile)
    return record
  }
  const text = await readBadge(idOrFile)
  const id = (await inFile(idOrFile, () => idOf(readSecuredText(text)))) ?? ''
  const record = id === '' ? undefined : await status.find(id)
  if (record === undefined) throw unknown(idOrFile, id)
  if (record.text !== undefined && isSame(record.text, text)) return record
  throw new KommaError({
    code: 'STATUS_UNKNOWN_CREDENTIAL',
    message: 'the badge in the file is not the one that was issued under its id',
    path: idOrFile,
    got: id.slice(0, 200),
    hint: 'Find the right badge with komma list, and pass its id'
  })
}

/** The text of a badge in a file. */
export async function readBadge(path: string): Promise<string> {
  const bytes = await readAtMost(path, MAX_BYTES)
  return inFile(path, () => (isPng(bytes) ? unbakePng(bytes) : isSvg(bytes) ? unbakeSvg(bytes) : decodeUtf8(bytes)))
}

/** White space and order of members are no difference between JSON texts; a JWT has one spelling. */
function isSame(recorded: string, text: string): boolean {
  if (looksLikeJws(recorded) || looksLikeJws(text)) return recorded === text
  return canonicalJson(parseJson(recorded)) === canonicalJson(parseJson(text))
}

function unknown(path: string, id: string): KommaError {
  return new KommaError({
    code: 'STATUS_UNKNOWN_CREDENTIAL',
    message: 'this issuer has issued no badge with this id',
    path,
    got: id.slice(0, 200),
    hint: 'The id is the member "id" of the badge; komma list shows all of them'
  })
}
