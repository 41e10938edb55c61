import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** A running server of PostgreSQL. */
export interface PostgresServer {
  readonly url: string
  /** Stops a server that was started here, and removes its files; leaves any other alone. */
  stop(): Promise<void>
}

/** A cluster of one's own, or the server that KOMMA_POSTGRES_URL names. */
const given = process.env['KOMMA_POSTGRES_URL']
const programs = findPrograms()

/** Whether a server can be had. */
export function hasPostgres(): boolean {
  return given !== undefined || programs !== undefined
}

/** Whether a server with settings of its own can be had. */
export function canStartPostgres(): boolean {
  return given === undefined && programs !== undefined
}

/** Starts a cluster in a temporary folder, on a free port of the loopback address. Takes a second or two. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  if (given !== undefined) return { url: given, stop: async () => {} }
  if (programs === undefined) throw new Error('there is no PostgreSQL on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'komma-postgres-'))
  const owner = ownerOf()
  chmodSync(folder, 0o700)
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = [
    '-D',
    data,
    '-U',
    'komma',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions'
  ]
  const made = spawnSync(join(programs, 'initdb'), options, { ...owner, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const port = await freePort()
  const fixed = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    `port=${port}`,
    'max_connections=100'
  ]
  const args = ['-D', data, ...[...fixed, ...settings].flatMap((setting) => ['-c', setting])]
  const server = spawn(join(programs, 'postgres'), args, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000)
  })
  const ended = new Promise<void>((done) => {
    server.on('close', () => done())
  })
  const url = `postgres://komma@127.0.0.1:${port}/postgres`
  const stop = async () => {
    // An immediate stop: what is in the folder is thrown away.
    server.kill('SIGQUIT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(url, () => server.exitCode !== null)
  } catch (cause) {
    await stop()
    throw new Error(`the server did not start:\n${log}`, { cause })
  }
  return { url, stop }
}

/** Runs statements outside any store. */
export async function runSql(url: string, ...statements: readonly string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const results: pg.QueryResult[] = []
    for (const statement of statements) results.push(await client.query(statement))
    return results
  } finally {
    await client.end()
  }
}

async function untilReady(url: string, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    try {
      await runSql(url, 'SELECT 1')
      return
    } catch (error) {
      if (hasEnded()) throw error
      await pause(50)
    }
  }
}

/** Debian keeps the programs of each version in a folder of its own, outside PATH. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((left, right) => Number(right) - Number(left)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter)
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))))
}

/** The server refuses to run as root. */
function ownerOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout))
  return { uid: uid || 65_534, gid: gid || 65_534 }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
