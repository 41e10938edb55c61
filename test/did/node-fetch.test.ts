import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAddressGuard } from '../../src/did/address-guard.js'
import { createGuardedFetch } from '../../src/did/node-fetch.js'
import { checkPeer, createGuardedLookup, type FoundAddress } from '../../src/did/node-lookup.js'
import { createWebResolver } from '../../src/did/web-resolver.js'

const notPublic = expect.objectContaining({
  name: 'ResolutionError',
  code: 'RESOLUTION_FAILED',
  message: expect.stringContaining('not of the public internet'),
  retryable: false
})
const HOST = 'issuer.example'
const found = (...addresses: string[]): FoundAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** A name server that gives another answer every time, and the last one for ever. */
function stub(...answers: readonly FoundAddress[][]) {
  const asked: string[] = []
  const lookup = async (host: string) => {
    asked.push(host)
    return answers[Math.min(asked.length, answers.length) - 1] ?? []
  }
  return { lookup, asked }
}

function ask(lookup: (host: string) => Promise<readonly FoundAddress[]>, all: boolean, allow: readonly string[] = []) {
  return new Promise<unknown>((resolve, reject) => {
    createGuardedLookup(lookup, createAddressGuard(allow))(HOST, { all }, (error, address, family) => {
      if (error) reject(error)
      else resolve(all ? address : { address, family })
    })
  })
}

describe('the lookup of a connection', () => {
  test('hands on what it found, in both forms that Node asks for', async () => {
    const { lookup } = stub(found('9.9.9.9', '2620:fe::fe'))
    expect(await ask(lookup, true)).toEqual(found('9.9.9.9', '2620:fe::fe'))
    expect(await ask(lookup, false)).toEqual({ address: '9.9.9.9', family: 4 })
  })

  test.each([
    ['private', '10.0.0.1'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '::1'],
    ['link-local', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['carrier', '100.64.0.1'],
    ['unique local', 'fd00:ec2::254'],
    ['NAT64', '64:ff9b::a00:1'],
    ['mapped', '::ffff:10.0.0.1'],
    ['6to4', '2002:a00:1::1'],
    ['this network', '0.0.0.0'],
    ['unspecified', '::'],
    ['broadcast', '255.255.255.255'],
    ['zone', 'fe80::1%lo'],
    ['nonsense', 'localhost']
  ])('134: a name that leads to a %s address, %s, is refused, alone or among others', async (_kind, address) => {
    for (const addresses of [[address], ['9.9.9.9', address], [address, '9.9.9.9']]) {
      await expect(ask(stub(found(...addresses)).lookup, true)).rejects.toEqual(notPublic)
      await expect(ask(stub(found(...addresses)).lookup, false)).rejects.toEqual(notPublic)
    }
  })

  test('135: a name that is public once and private the next time is refused the next time', async () => {
    const { lookup, asked } = stub(found('9.9.9.9'), found('127.0.0.1'), found('9.9.9.9'), found('::1'))
    expect(await ask(lookup, true)).toEqual(found('9.9.9.9'))
    await expect(ask(lookup, true)).rejects.toEqual(notPublic)
    expect(await ask(lookup, true)).toEqual(found('9.9.9.9'))
    await expect(ask(lookup, true)).rejects.toEqual(notPublic)
    expect(asked).toHaveLength(4)
  })

  test('a name without address, and a name server that fails, are errors', async () => {
    await expect(ask(stub([]).lookup, true)).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    const cause = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    await expect(ask(() => Promise.reject(cause), true)).rejects.toBe(cause)
    await expect(ask(() => Promise.reject('text'), false)).rejects.toMatchObject({ cause: 'text' })
  })

  test('what was allowed goes through', async () => {
    expect(await ask(stub(found('10.0.0.1')).lookup, true, ['10.0.0.0/8'])).toEqual(found('10.0.0.1'))
  })
})

describe('the connection itself', () => {
  const ended = (remoteAddress: string | undefined, allow: readonly string[] = []) => {
    const errors: unknown[] = []
    const socket = { remoteAddress, destroy: (error?: Error) => errors.push(error) }
    checkPeer(socket as never, HOST, createAddressGuard(allow))
    return errors
  }

  test('135: is ended where it leads inside after all, or does not say where', () => {
    expect(ended('9.9.9.9')).toEqual([])
    expect(ended('10.0.0.1', ['10.0.0.0/8'])).toEqual([])
    for (const address of ['127.0.0.1', '::ffff:9.9.9.9', '', undefined]) expect(ended(address)).toEqual([notPublic])
  })
})

describe('createGuardedFetch without a server', () => {
  test.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://0x7f.1/',
    'https://2130706433/'
  ])('133: the address %s is refused without a connection', async (url) => {
    await expect(createGuardedFetch()(url, {})).rejects.toEqual(notPublic)
  })

  test('134: what the system itself calls localhost is refused', async () => {
    await expect(createGuardedFetch()('https://localhost/', {})).rejects.toEqual(notPublic)
  })

  test('137: only https without a user name, and only GET', async () => {
    const fetch = createGuardedFetch({ lookup: stub().lookup })
    for (const url of ['http://issuer.example/', 'https://u:p@issuer.example/', 'file:///etc/passwd']) {
      await expect(fetch(url, {})).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    }
    await expect(fetch('https://issuer.example/', { method: 'POST' })).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
  })

  test('138: the deadline covers the lookup of the name', async () => {
    const controller = new AbortController()
    const fetch = createGuardedFetch({ lookup: () => new Promise(() => controller.abort(new Error('too late'))) })
    await expect(fetch('https://issuer.example/', { signal: controller.signal })).rejects.toThrow()
    const { lookup, asked } = stub(found('9.9.9.9'))
    const again = createGuardedFetch({ lookup })('https://issuer.example/', { signal: controller.signal })
    await expect(again).rejects.toThrow('too late')
    expect(asked).toEqual([])
  })

  test('an address that is none is refused as an option', () => {
    const create = () => createGuardedFetch({ allowAddresses: ['localhost'] })
    expect(create).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path: 'allowAddresses/0' }))
  })
})

interface Identity {
  readonly key: string
  readonly cert: string
}

const folder = mkdtempSync(join(tmpdir(), 'komma-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A certificate that is its own authority; `undefined` where there is no openssl (3 or later) to make one. */
function createIdentity(name: string, days: number): Identity | undefined {
  const [key, request, cert] = [join(folder, `${name}.key`), join(folder, `${name}.csr`), join(folder, `${name}.crt`)]
  const run = (...options: string[]) => execFileSync('openssl', options, { stdio: 'ignore' })
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  try {
    run('req', ...kind, '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-out', request)
    const life = ['-days', String(days), '-copy_extensions', 'copy']
    run('x509', '-req', '-in', request, '-signkey', key, ...life, '-out', cert)
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return undefined
  }
}

const good = createIdentity('good', 2)
if (good === undefined) console.warn('no openssl: the tests with a server are left out')

describe.skipIf(good === undefined)('createGuardedFetch with a server on loopback', () => {
  const { key, cert } = good ?? { key: '', cert: '' }
  const servers: Server[] = []
  const requests: IncomingMessage[] = []
  const sockets: Socket[] = []
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  let port = 0

  async function listen(identity: Identity): Promise<number> {
    const server = createServer(identity, (request, response) => {
      requests.push(request)
      answer(request, response)
    })
    server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => {})))
    server.on('tlsClientError', () => {})
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  beforeAll(async () => {
    port = await listen({ key, cert })
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers) server.close()
  })

  const here = stub(found('127.0.0.1')).lookup
  const inside = { lookup: here, allowAddresses: ['127.0.0.1'], ca: cert }
  const reply = (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200) => {
    answer = (_request, response) => response.writeHead(status, headers).end(body)
  }
  const at = (path: string, host = HOST) => `https://${host}:${port}${path}`

  test('brings an answer as fetch would', async () => {
    reply('{"a":1}', { 'content-type': 'application/json', etag: '"1"' })
    const response = await createGuardedFetch(inside)(at('/x?y=1'), { headers: { Accept: 'text/plain' } })
    expect(response).toMatchObject({ status: 200, redirected: false })
    expect(response.headers.get('etag')).toBe('"1"')
    expect(await response.json()).toEqual({ a: 1 })
    expect(requests.at(-1)?.url).toBe('/x?y=1')
  })

  test('150: sends the headers it is given and those that the connection needs', async () => {
    reply('x')
    const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity' }
    await (await createGuardedFetch(inside)(at('/'), { headers })).text()
    expect(requests.at(-1)?.headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      connection: 'close',
      host: `${HOST}:${port}`
    })
  })

  test.each([304, 204, 404, 500])('gives status %i back as it is', async (status) => {
    reply('', {}, status)
    const response = await createGuardedFetch(inside)(at('/'), {})
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  test('136: follows no redirect', async () => {
    reply('', { location: 'https://127.0.0.1/' }, 302)
    const response = await createGuardedFetch(inside)(at('/'), { redirect: 'follow' })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://127.0.0.1/'])
  })

  test('134: a server on loopback is not reached where that was not allowed', async () => {
    reply('x')
    const before = sockets.length
    for (const addresses of [found('127.0.0.1'), found('9.9.9.9', '127.0.0.1'), found('127.0.0.1', '10.0.0.1')]) {
      const { lookup } = stub(addresses)
      await expect(createGuardedFetch({ lookup, ca: cert })(at('/'), {})).rejects.toEqual(notPublic)
    }
    await expect(createGuardedFetch({ ca: cert })(at('/', '127.0.0.1'), {})).rejects.toEqual(notPublic)
    expect(sockets).toHaveLength(before)
  })

  test('135: each connection looks up once and goes to what it found', async () => {
    reply('x')
    const { lookup, asked } = stub(found('127.0.0.1'), found('10.0.0.1'), found('127.0.0.1'))
    const fetch = createGuardedFetch({ ...inside, lookup })
    expect((await fetch(at('/'), {})).status).toBe(200)
    expect(asked).toHaveLength(1)
    await expect(fetch(at('/'), {})).rejects.toEqual(notPublic)
    expect(asked).toHaveLength(2)
    expect((await fetch(at('/'), {})).status).toBe(200)
  })

  test('147: a certificate of an unknown authority is refused', async () => {
    const { lookup, allowAddresses } = inside
    const fetch = createGuardedFetch({ lookup, allowAddresses })
    await expect(fetch(at('/'), {})).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  test('147: the environment cannot switch the check off', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const { lookup, allowAddresses } = inside
      const fetch = createGuardedFetch({ lookup, allowAddresses })
      await expect(fetch(at('/'), {})).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  test('147: a certificate of another host is refused', async () => {
    const fetch = createGuardedFetch(inside)
    await expect(fetch(at('/', 'other.example'), {})).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  test('147: an expired certificate is refused', async () => {
    const expired = createIdentity('expired', -1)
    if (expired === undefined) throw new Error('openssl made no expired certificate')
    const other = await listen(expired)
    const fetch = createGuardedFetch({ ...inside, ca: expired.cert })
    await expect(fetch(`https://${HOST}:${other}/`, {})).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  })

  test('138: a compressed answer is refused, whatever it would become', async () => {
    reply(gzipSync(new Uint8Array(1_000_000)), { 'content-encoding': 'gzip' })
    await expect(createGuardedFetch(inside)(at('/'), {})).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED',
      got: 'gzip'
    })
  })

  test('138: endless headers end the connection', async () => {
    reply('x', { x: 'y'.repeat(17_000) })
    await expect(createGuardedFetch(inside)(at('/'), {})).rejects.toMatchObject({ code: 'HPE_HEADER_OVERFLOW' })
  })

  test('138: the deadline ends an answer that drips', async () => {
    const controller = new AbortController()
    answer = (_request, response) => {
      response.writeHead(200)
      response.write('{')
    }
    const response = await createGuardedFetch(inside)(at('/'), { signal: controller.signal })
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('{')
    const next = reader?.read()
    controller.abort()
    await expect(next).rejects.toThrow()
  })

  test('138: the deadline ends a server that says nothing', async () => {
    const controller = new AbortController()
    answer = () => controller.abort()
    await expect(createGuardedFetch(inside)(at('/'), { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError'
    })
  })

  test('138: who reads no further closes the connection', async () => {
    let closed: () => void = () => {}
    const gone = new Promise<void>((resolve) => {
      closed = resolve
    })
    answer = (request, response) => {
      request.socket.once('close', closed)
      response.writeHead(200)
      response.write('x')
    }
    const response = await createGuardedFetch(inside)(at('/'), {})
    await response.body?.cancel()
    await gone
  })

  describe('under a web resolver', () => {
    const web = (options: { maxBytes?: { statusList: number }; redirects?: number } = {}) =>
      createWebResolver({ fetch: createGuardedFetch(inside), ports: [port], maxEntries: 0, ...options })
    const list = () => ({ url: at('/status/1'), kind: 'statusList' }) as const
    const failed = (more: object = {}) => ({ code: 'RESOLUTION_FAILED', ...more })

    test('did:web and status lists are read', async () => {
      reply('{"id":"x"}', { 'content-type': 'application/did+json' })
      const did = `did:web:${HOST}%3A${port}`
      const document = await web().resolve({ url: did, kind: 'controllerDocument' })
      expect(new TextDecoder().decode(document?.body as Uint8Array)).toBe('{"id":"x"}')
      expect(requests.at(-1)?.url).toBe('/.well-known/did.json')
      expect(document?.mediaType).toBe('application/did+json')
      expect((await web().resolve(list()))?.body).toHaveLength(10)
    })

    test('138: an endless answer is left at the limit', async () => {
      answer = (_request, response) => {
        response.writeHead(200)
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536))) {}
        }
        response.on('drain', more)
        more()
      }
      await expect(web({ maxBytes: { statusList: 100_000 } }).resolve(list())).rejects.toMatchObject(
        failed({ expected: 'at most 100000 bytes' })
      )
    })

    test('138: an answer shorter than it said is an error, not a document', async () => {
      answer = (request, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{}')
        setImmediate(() => request.socket.destroy())
      }
      await expect(web().resolve(list())).rejects.toMatchObject(failed({ retryable: true }))
    })

    test('136: a redirect to a name that leads inside is refused at the connection', async () => {
      answer = (_request, response) => response.writeHead(302, { location: at('/', 'inside.example') }).end()
      const lookup = async (host: string) => found(host === HOST ? '127.0.0.1' : '10.0.0.1')
      const fetch = createGuardedFetch({ ...inside, lookup })
      const resolver = createWebResolver({ fetch, ports: [port], redirects: 3 })
      await expect(resolver.resolve(list())).rejects.toEqual(notPublic)
    })

    test('147, 166: a certificate that does not hold is named', async () => {
      const { lookup, allowAddresses } = inside
      const fetch = createGuardedFetch({ lookup, allowAddresses })
      await expect(createWebResolver({ fetch, ports: [port] }).resolve(list())).rejects.toMatchObject(
        failed({ got: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
      )
    })

    test('166: a connection that is refused can be tried again', async () => {
      const closed = createServer({ key, cert })
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
      const free = (closed.address() as AddressInfo).port
      await new Promise((resolve) => closed.close(resolve))
      const resolver = createWebResolver({ fetch: createGuardedFetch(inside), ports: [free] })
      const asked = { url: `https://${HOST}:${free}/`, kind: 'statusList' } as const
      await expect(resolver.resolve(asked)).rejects.toMatchObject(failed({ got: 'ECONNREFUSED', retryable: true }))
    })
  })
})
