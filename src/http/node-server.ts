import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerProblem } from './answer.js'
import { internalError } from './problem-of.js'
import { RequestRefused } from './refusals.js'
import type { VcApiHandler } from './vc-api.js'

export interface ServeOptions {
  /** The address to listen on. */
  readonly host: string
  /** 0 for one that is free. */
  readonly port: number
  /** The hosts that requests may name, such as `vc.example:8080`, besides the names of this machine to itself. */
  readonly names: readonly string[]
}

export interface RunningServer {
  readonly port: number
  /** Takes no more requests, waits for those that are under way, but no longer than some seconds. */
  close(): Promise<void>
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
/** Milliseconds. */
const HEADERS_TIMEOUT = 10_000
const REQUEST_TIMEOUT = 30_000
const GRACE = 5_000
const MAX_CONNECTIONS = 256

/**
 * Serves a handler over HTTP. A request that names another host is refused: a page on the web could otherwise have its
 * own name lead here, and so speak with a service that is meant for this machine alone (DNS rebinding).
 *
 * Does not speak TLS.
 */
export async function serveHttp(handle: VcApiHandler, options: ServeOptions): Promise<RunningServer> {
  const names = new Set<string>()
  const server = createServer((incoming, outgoing) => {
    answer(handle, names, incoming)
      .catch(() => answerProblem(internalError()))
      .then((response) => send(response, incoming, outgoing))
      .catch(() => outgoing.destroy())
  })
  server.headersTimeout = HEADERS_TIMEOUT
  server.requestTimeout = REQUEST_TIMEOUT
  server.maxConnections = MAX_CONNECTIONS
  const port = await listen(server, options)
  for (const name of LOOPBACK) names.add(`${name}:${port}`)
  for (const name of options.names) names.add(name.toLowerCase())
  return { port, close: () => close(server) }
}

async function answer(handle: VcApiHandler, names: ReadonlySet<string>, incoming: IncomingMessage): Promise<Response> {
  const { headers, method = '', url = '' } = incoming
  if (!names.has((headers.host ?? '').toLowerCase())) {
    return answerProblem(new RequestRefused('MISDIRECTED_REQUEST').problem)
  }
  const request = url.startsWith('/') ? toRequest(incoming, method, url) : undefined
  return request === undefined ? answerProblem(new RequestRefused('REQUEST_INVALID').problem) : handle(request)
}

/** `undefined` for what the web platform does not call a request, such as `TRACE`. */
function toRequest(incoming: IncomingMessage, method: string, path: string): Request | undefined {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headersDistinct))
    for (const one of value ?? []) headers.append(name, one)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? { body: bodyOf(incoming), duplex: 'half' } : {}
  try {
    // Host and scheme are settled by now; the path alone is asked for.
    return new Request(`http://localhost${path}`, { method, headers, ...body } as RequestInit)
  } catch {
    return undefined
  }
}

/** The body as it is asked for. Giving it up leaves the connection whole, for the answer. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = incoming.iterator({ destroyOnReturn: false })
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await pieces.return?.()
    }
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer())
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'Content-Length': body.length })
  outgoing.end(body)
  // What nobody read is taken and dropped, for as long as a request may take.
  incoming.resume()
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.off('error', failed)
      done((server.address() as AddressInfo).port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    const last = setTimeout(() => server.closeAllConnections(), GRACE)
    server.close(() => {
      clearTimeout(last)
      done()
    })
    server.closeIdleConnections()
  })
}
