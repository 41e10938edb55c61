import { lookup as systemLookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { createAddressGuard } from './address-guard.js'
import { checkPeer, createGuardedLookup, type FoundAddress, notPublic, refused } from './node-lookup.js'
import type { FetchFunction } from './web-request.js'

export type { FoundAddress }

export interface GuardedFetchOptions {
  /** Finds every address of a host name. The system's own lookup unless told. */
  readonly lookup?: (host: string) => Promise<readonly FoundAddress[]>
  /** Addresses or blocks (`10.0.0.0/8`) that may be connected to besides those of the public internet. */
  readonly allowAddresses?: readonly string[]
  /** Certificates, as PEM, of the authorities to trust in place of those that Node brings. */
  readonly ca?: string | readonly string[]
}

const MAX_HEADER_BYTES = 16_384
const EMPTY_STATUSES = [204, 205, 304]

/**
 * A `fetch` for {@link createWebResolver} on a server: https GET, and connections to the public internet alone.
 *
 * Whatever a host name leads to is checked when the connection is made: all its addresses, of which not one may be
 * private, loopback, link-local or otherwise special ({@link isGlobalAddress}), and the connection goes to one of exactly
 * these, so that a second lookup has nothing to say. The certificate is always checked; there is no option against that,
 * and the environment cannot switch it off. Proxies of the environment are not used. Each request has its own connection.
 *
 * Follows no redirect and decodes no compression: the answer comes back as it is, and a compressed one is refused. Sends
 * the headers it is given and `Host`, nothing else. Has no deadline but `signal`, which covers everything from the lookup
 * to the last byte of the body.
 *
 * @throws {OptionError} OPTION_INVALID. Calling it throws ResolutionError, RESOLUTION_FAILED, for an address that may not
 *   be connected to, and what Node throws where the connection or the certificate fails
 *
 * @example
 * ```ts
 * import { createWebResolver } from 'komma'
 * import { createGuardedFetch } from 'komma/resolve/web-node'
 *
 * const resolver = createWebResolver({ fetch: createGuardedFetch() })
 * // Where issuers of your own organisation live at private addresses:
 * const inside = createWebResolver({ fetch: createGuardedFetch({ allowAddresses: ['10.20.0.0/16'] }) })
 * ```
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): FetchFunction {
  const { lookup = lookUpAll, allowAddresses, ca } = options
  const guard = createAddressGuard(allowAddresses)
  const guardedLookup = createGuardedLookup(lookup, guard)
  return async (address, { method = 'GET', headers, signal } = {}) => {
    const url = new URL(address)
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
      throw refused('only https without a user name is spoken here', url.origin, 'an https URL')
    }
    if (method !== 'GET') throw refused('only GET is spoken here', address, 'GET')
    signal?.throwIfAborted()
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    // Node looks up no address that is written out.
    if (isIP(host) !== 0 && !guard(host)) throw notPublic(host, host)
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpsRequest(url, {
        agent: new Agent({ keepAlive: false }),
        headers: Object.fromEntries(new Headers(headers)),
        lookup: guardedLookup,
        rejectUnauthorized: true,
        maxHeaderSize: MAX_HEADER_BYTES,
        ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
        ...(signal ? { signal } : {})
      })
      request.on('socket', (socket) => socket.once('connect', () => checkPeer(socket, host, guard)))
      request.once('response', resolve)
      request.on('error', reject)
      request.end()
    })
    return toResponse(message, address)
  }
}

async function lookUpAll(host: string): Promise<readonly FoundAddress[]> {
  return (await systemLookup(host, { all: true })) as FoundAddress[]
}

function toResponse(message: IncomingMessage, url: string): Response {
  const { statusCode: status = 0 } = message
  const headers = new Headers()
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    message.destroy()
    throw refused(
      'the answer is compressed, although that was not asked for',
      url,
      'Content-Encoding: identity',
      encoding
    )
  }
  if (status < 200 || status > 599) {
    message.destroy()
    throw refused('the answer has a status that HTTP does not know', url, '200 to 599', String(status))
  }
  if (!EMPTY_STATUSES.includes(status)) return new Response(streamOf(message), { status, headers })
  message.resume()
  return new Response(null, { status, headers })
}

function streamOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = message[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(new Uint8Array(value as Uint8Array))
      },
      cancel() {
        message.destroy()
      }
    },
    { highWaterMark: 0 }
  )
}
