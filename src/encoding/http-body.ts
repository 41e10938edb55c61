import type { Deadline } from './http-deadline.js'

/** Reads a body, `undefined` once it is longer than `maxBytes`; what is counted are the decoded bytes. */
export async function readBody(
  { body: stream }: Pick<Response, 'body'>,
  maxBytes: number,
  deadline: Deadline
): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array()
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let complete = false
  try {
    for (;;) {
      const { done, value } = await deadline.wait(reader.read())
      if (done) break
      length += value.length
      if (length > maxBytes) return undefined
      chunks.push(value)
    }
    complete = true
  } finally {
    // Not awaited: a source that never ends may never say that it was cancelled.
    if (!complete) reader.cancel().catch(() => {})
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}

/** Lets go of a body that nobody reads. */
export function dropBody(response: Response): void {
  response.body?.cancel().catch(() => {})
}
