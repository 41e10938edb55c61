import { sha256 } from '../crypto/digest.js'
import { encodeBase64url } from '../encoding/multibase.js'

/** A representation of a document, ready to be sent. */
export interface Representation {
  readonly text: string
  readonly mediaType: string
  readonly cacheControl: string
  /** What the answer depends on besides the address. */
  readonly vary: string
}

/**
 * Answers `GET` and `HEAD`, with 304 where the reader has the very same already.
 *
 * Source: RFC 9110 sections 8.8.3, 13.1.2 and 15.4.5. One tag for each media type, because a tag names a representation.
 */
export function answerRepresentation(
  { method, headers: asked }: Request,
  { text, mediaType, cacheControl, vary }: Representation,
  more: Readonly<Record<string, string>>
): Response {
  const bytes = new TextEncoder().encode(text)
  const etag = `"${encodeBase64url(sha256(new TextEncoder().encode(`${mediaType}\n${text}`)))}"`
  const headers = {
    'Cache-Control': cacheControl,
    ETag: etag,
    Vary: vary,
    'X-Content-Type-Options': 'nosniff',
    ...more
  }
  if (isKnown(asked.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  const whole = { ...headers, 'Content-Type': mediaType, 'Content-Length': String(bytes.length) }
  return new Response(method === 'HEAD' ? null : bytes, { headers: whole })
}

/** Whether `If-None-Match` names a tag; compared weakly, as the standard asks. */
function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false
  if (header.trim() === '*') return true
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}
