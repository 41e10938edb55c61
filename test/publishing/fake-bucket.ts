import { createHash } from 'node:crypto'
import type { FetchFunction } from '../../src/index.js'

export interface FakeBucket {
  readonly fetch: FetchFunction
  readonly objects: Map<string, { readonly text: string; readonly headers: Headers }>
  readonly requests: { readonly method: string; readonly url: string; readonly headers: Headers }[]
  /** What the next requests are answered with in place of an answer of the bucket. */
  readonly answers: (Response | Error | undefined)[]
}

/**
 * A bucket that answers as S3 does: strong ETags, 412 where a condition does not hold, 404 where the object that should
 * match is gone.
 *
 * @param honours which conditions it looks at
 */
export function fakeBucket(honours: readonly string[] = ['if-match', 'if-none-match']): FakeBucket {
  const objects: FakeBucket['objects'] = new Map()
  const requests: FakeBucket['requests'] = []
  const answers: FakeBucket['answers'] = []
  const tagOf = (text: string) => `"${createHash('md5').update(text).digest('hex')}"`
  return {
    objects,
    requests,
    answers,
    async fetch(url, { method = 'GET', headers: given, body }) {
      const headers = new Headers(given)
      requests.push({ method, url, headers })
      const scripted = answers.shift()
      if (scripted instanceof Error) throw scripted
      if (scripted !== undefined) return scripted
      const there = objects.get(url)
      if (method === 'GET') {
        return there === undefined
          ? new Response('<Code>NoSuchKey</Code>', { status: 404 })
          : new Response(there.text, { headers: { ETag: tagOf(there.text) } })
      }
      const match = honours.includes('if-match') ? headers.get('if-match') : null
      if (match !== null && there === undefined) return new Response(null, { status: 404 })
      if (match !== null && there !== undefined && tagOf(there.text) !== match)
        return new Response(null, { status: 412 })
      const isNew = honours.includes('if-none-match') && headers.get('if-none-match') === '*'
      if (isNew && there !== undefined) return new Response(null, { status: 412 })
      objects.set(url, { text: String(body), headers })
      return new Response(null, { status: 200, headers: { ETag: tagOf(String(body)) } })
    }
  }
}
