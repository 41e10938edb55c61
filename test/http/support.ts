import type { JsonObject } from '../../src/encoding/json-types.js'
import { createVcApiHandler, type VcApiHandler, type VcApiOptions } from '../../src/http/vc-api.js'
import { NOW } from '../support/issuer.js'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
  readonly body: any
}

/** Every action that needs no authorisation. */
export const OPEN = ['verifyCredential', 'verifyPresentation', 'deriveCredential', 'resolveDid'] as const

/** A handler that lives at the time of the tests. */
export function handlerOf(options: VcApiOptions): VcApiHandler {
  return createVcApiHandler({ clock: () => NOW, ...options })
}

/** Posts JSON, or a body that is written out. */
export async function post(
  handle: VcApiHandler,
  path: string,
  body: JsonObject | string | Uint8Array | ReadableStream,
  headers: Readonly<Record<string, string>> = {}
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
  return send(handle, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: (isRaw ? body : JSON.stringify(body)) as BodyInit,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {})
  })
}

export function get(handle: VcApiHandler, path: string, accept?: string): Promise<Answer> {
  return send(handle, path, accept === undefined ? {} : { headers: { Accept: accept } })
}

export async function send(handle: VcApiHandler, path: string, init: RequestInit): Promise<Answer> {
  const response = await handle(new Request(`https://vc.example${path}`, init))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}
