import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireAnswer, WireRequest } from './fake-service.js'

/** A fake behind a real server on loopback, until `close`. */
export async function serve(
  answer: (request: WireRequest) => WireAnswer
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
    )
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
    const {
      status,
      json,
      headers: more
    } = answer({
      method: incoming.method ?? '',
      url,
      headers,
      text,
      json: text === '' ? {} : JSON.parse(text)
    })
    outgoing.writeHead(status, { 'content-type': 'application/json', ...more })
    outgoing.end(JSON.stringify(json))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(() => done()))
  }
}
