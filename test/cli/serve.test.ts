import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { plainBadge } from '../support/sign.js'
import { komma, PASSWORD, type World, workFolder } from './support.js'

const TOKEN = 'a-token-of-enough-characters'
const KEY = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const folder = workFolder()
const home = join(folder, 'academy')
const env = { KOMMA_PASSWORD: PASSWORD, KOMMA_TOKEN: TOKEN }
let issuer: string

beforeAll(async () => {
  const made = await komma(['issuer', 'init', home, '--id', 'did:key', '--name', 'Academy'])
  issuer = /did:key:\S+/.exec(made.out)?.[0] ?? ''
})

/** Runs the command on a free port, does something with the address that it prints, and stops it. */
async function served(args: readonly string[], work: (base: string, out: string) => Promise<void>, world: World = {}) {
  let failure: unknown = new Error('it did not start')
  const outcome = await komma(['serve', '--port', '0', ...args], {
    env,
    ...world,
    untilStopped: (out) =>
      work(/http:\/\/\S+/.exec(out)?.[0] ?? '', out).then(
        () => {
          failure = undefined
        },
        (error) => {
          failure = error
        }
      )
  })
  if (failure !== undefined) throw failure
  expect(outcome).toMatchObject({ code: 0, err: '' })
  return outcome
}

const bearer = { Authorization: `Bearer ${TOKEN}` }
async function post(base: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = bearer) {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body)
  }
  const response = await fetch(`${base}${path}`, init)
  return { status: response.status, body: await response.json() }
}

/** A request with headers that `fetch` does not let anybody set. */
function raw(base: string, path: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(base)
    request({ hostname, port, path, headers: { ...bearer, ...headers } }, (answer) => {
      answer.resume()
      done(answer.statusCode)
    })
      .on('error', failed)
      .end()
  })
}

describe('komma serve', () => {
  it('issues, verifies, revokes and resolves over a socket, and stops when it is asked', async () => {
    let address = ''
    await served(['--issuer', home], async (base) => {
      address = base
      const issued = await post(base, '/credentials/issue', { credential: plainBadge(issuer) })
      expect(issued.status).toBe(201)
      const { verifiableCredential }: { verifiableCredential: JsonObject } = issued.body
      const options = { checks: ['proof'] }
      expect((await post(base, '/credentials/verify', { verifiableCredential, options })).body.verified).toBe(true)
      const { id: credentialId, credentialStatus } = verifiableCredential
      expect((await post(base, '/credentials/status', { credentialId, credentialStatus, status: true })).status).toBe(
        200
      )
      const resolved = await fetch(`${base}/1.0/identifiers/${issuer}`, { headers: bearer })
      expect((await resolved.json()).didDocument.id).toBe(issuer)
    })
    await expect(fetch(address)).rejects.toThrow()
    expect((await komma(['list', home])).out).toContain('revoked')
  })

  it('reads what was published for its verifications', async () => {
    const out = join(folder, 'public')
    await served(['--issuer', home], async (base) => {
      const credential = { ...plainBadge(issuer), id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000c' }
      const { body } = await post(base, '/credentials/issue', { credential })
      writeFileSync(join(folder, 'issued.json'), JSON.stringify(body.verifiableCredential))
    })
    expect((await komma(['publish', home, out])).code).toBe(0)
    const verifiableCredential = JSON.parse(readFileSync(join(folder, 'issued.json'), 'utf8'))
    await served(['--offline-bundle', out], async (base) => {
      expect((await post(base, '/credentials/verify', { verifiableCredential })).status).toBe(200)
      expect((await post(base, '/credentials/issue', {})).status).toBe(404)
    })
    await served([], async (base) => {
      expect((await post(base, '/credentials/verify', { verifiableCredential })).body.title).toBe('STATUS_UNAVAILABLE')
    })
  })

  it('takes only its token, and shows one that it made itself', async () => {
    const { out } = await served([], async (base) => {
      for (const headers of [
        {},
        { Authorization: 'Bearer x' },
        { Authorization: TOKEN },
        { Authorization: `Basic ${TOKEN}` }
      ])
        expect((await post(base, '/credentials/verify', {}, headers as Record<string, string>)).status).toBe(401)
      expect((await post(base, '/credentials/verify', {})).status).toBe(400)
      expect((await post(base, '/credentials/verify', {}, { Authorization: `bearer  ${TOKEN}` })).status).toBe(400)
    })
    expect(out).not.toContain(TOKEN)
    const tokens: (string | undefined)[] = []
    for (let run = 0; run < 2; run += 1) {
      await served(
        [],
        async (base, shown) => {
          const token = /Token: (\S{43})\n/.exec(shown)?.[1]
          tokens.push(token)
          expect((await post(base, '/credentials/verify', {}, { Authorization: `Bearer ${token}` })).status).toBe(400)
        },
        { env: { KOMMA_PASSWORD: PASSWORD } }
      )
    }
    expect(new Set(tokens).size).toBe(2)
  })

  it('lets everybody on this machine verify where it is told so, but nobody sign', async () => {
    await served(['--open', '--issuer', home], async (base) => {
      expect((await post(base, '/credentials/verify', {}, {})).status).toBe(400)
      expect((await fetch(`${base}/1.0/identifiers/${KEY}`)).status).toBe(200)
      expect((await post(base, '/credentials/issue', {}, {})).status).toBe(401)
      expect((await post(base, '/credentials/status', {}, {})).status).toBe(401)
    })
    await served(['--without-token', '--issuer', home], async (base) => {
      expect((await post(base, '/credentials/issue', {}, {})).status).toBe(400)
    })
  })

  it('answers to no other name than its own, whoever leads a name here', async () => {
    await served([], async (base) => {
      const { port } = new URL(base)
      const path = `/1.0/identifiers/${KEY}`
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
        expect(await raw(base, path, { Host: host }), host).toBe(200)
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1',
        'localhost:1',
        `127.0.0.1:${port}.evil.example`
      ])
        expect(await raw(base, path, { Host: host }), host).toBe(421)
    })
    await served(['--allow-remote', 'vc.example:8443'], async (base) => {
      expect(await raw(base, '/', { Host: 'vc.example:8443' })).toBe(404)
      expect(await raw(base, '/', { Host: 'vc.example' })).toBe(421)
    })
  })

  it('signs any credential where it is told so, with contexts that are named', async () => {
    const vocab = join(folder, 'vocab.jsonld')
    writeFileSync(vocab, '{"@context":{"@vocab":"https://vocab.example/#"}}')
    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1'],
      type: ['VerifiableCredential'],
      issuer,
      credentialSubject: { shelf: 'fiction' }
    }
    const context = ['--context', `https://vocab.example/v1=${vocab}`]
    await served(['--issuer', home, '--any-credential', ...context], async (base) => {
      const { status, body } = await post(base, '/credentials/issue', { credential })
      expect(status).toBe(201)
      expect((await post(base, '/credentials/verify', body)).status).toBe(200)
    })
    const refused = await komma(['serve', '--port', '0', ...context], { env })
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('CONTEXT_UNSAFE') })
  })

  it('cuts off a body that is too long, and lives on', async () => {
    await served(['--open'], async (base) => {
      const { port } = new URL(base)
      const long = { verifiableCredential: { name: 'x'.repeat(2_000_000) } }
      expect((await post(base, '/credentials/verify', long)).status).toBe(413)
      const answer = await new Promise<string>((done) => {
        const socket = connect(Number(port), '127.0.0.1')
        let text = ''
        socket.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
          socket.destroy()
        })
        socket.on('close', () => done(text))
        const head = `POST /credentials/verify HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
        socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
        const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
        for (let sent = 0; sent < 20; sent += 1) socket.write(chunk)
      })
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect((await post(base, '/credentials/verify', {})).status).toBe(400)
    })
  })

  it('answers what is no request of the web with a problem', async () => {
    await served(['--open'], async (base) => {
      const { port } = new URL(base)
      const ask = (line: string) =>
        new Promise<string>((done) => {
          const socket = connect(Number(port), '127.0.0.1')
          let text = ''
          socket.setEncoding('utf8').on('data', (piece: string) => {
            text += piece
          })
          socket.on('close', () => done(text))
          socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
        })
      expect(await ask('TRACE /')).toMatch(/^HTTP\/1\.1 400 /)
      expect(await ask('GET http://evil.example/')).toMatch(/^HTTP\/1\.1 400 /)
      expect(await ask('GET //evil.example/')).toMatch(/^HTTP\/1\.1 404 /)
    })
  })

  it('tells the operator what it does not tell the caller', async () => {
    const outcome = await komma(['serve', '--port', '0', '--web', '--open'], {
      env,
      fetch: () => Promise.reject(new Error('the firewall says no')),
      untilStopped: async (out) => {
        const base = /http:\/\/\S+/.exec(out)?.[0] ?? ''
        const response = await fetch(`${base}/1.0/identifiers/did:web:academy.example`)
        expect(response.status).toBe(503)
        expect(await response.text()).not.toContain('firewall')
      }
    })
    expect(outcome.err).toContain('RESOLUTION_FAILED')
  })

  it.each<[string, readonly string[], string]>([
    ['a port that is none', ['--port', 'http'], '--port'],
    ['an address that others reach', ['--host', '0.0.0.0'], '--allow-remote'],
    ['no token for others', ['--without-token', '--allow-remote', 'vc.example'], '--without-token'],
    ['inline contexts for badges', ['--inline-contexts'], '--any-credential'],
    ['a context without a file', ['--context', 'https://x.example/'], 'URL=FILE'],
    ['a folder without an issuer', ['--issuer', 'nowhere'], 'FILE_NOT_FOUND'],
    [
      'an address that is not of this machine',
      ['--host', '192.0.2.1', '--allow-remote', 'vc.example'],
      'nobody can listen there'
    ]
  ])('does not start with %s', async (_, args, words) => {
    const outcome = await komma(['serve', '--port', '0', ...args], {
      env,
      untilStopped: () => Promise.reject(new Error('it started'))
    })
    expect(outcome.code).toBe(2)
    expect(outcome.err).toContain(words)
  })

  it('does not start with a token that is too short', async () => {
    const outcome = await komma(['serve', '--port', '0'], { env: { KOMMA_TOKEN: 'short' } })
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('KOMMA_TOKEN') })
    expect(outcome.err).not.toContain('short\n')
  })
})
