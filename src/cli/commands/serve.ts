import type { Command } from 'commander'
import { randomBytes } from '../../crypto/digest.js'
import type { Resolver } from '../../did/resolver.js'
import type { KommaErrorCode } from '../../encoding/error-codes.js'
import { encodeBase64url } from '../../encoding/multibase.js'
import { createBearerAuthorization as bearer } from '../../http/bearer.js'
import { type RunningServer, serveHttp } from '../../http/node-server.js'
import { type Authorize, createVcApiHandler, type OpenAction, type VcApiHandler } from '../../http/vc-api.js'
import { deriveCredential } from '../../issuing/derive.js'
import type { Issuer } from '../../issuing/issuer.js'
import type { ContextDocument } from '../../model/contexts.js'
import { defaultSuites } from '../../securing/default-suites.js'
import { ecdsaSd2023 } from '../../securing/sd/ecdsa-sd-2023.js'
import { readContexts } from '../context-files.js'
import { asUsage, UsageError } from '../failure.js'
import { systemCode } from '../files.js'
import { helpEnd } from '../help.js'
import { issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { printError, printLines } from '../print.js'
import { openSources } from '../sources.js'
import type { Terminal } from '../terminal.js'

interface ServeCommandOptions {
  readonly port: string
  readonly host: string
  readonly allowRemote: readonly string[]
  readonly issuer?: string
  readonly offlineBundle?: string
  readonly web?: true
  readonly open?: true
  readonly withoutToken?: true
  readonly anyCredential?: true
  readonly context: readonly string[]
  readonly inlineContexts?: true
}

/** What is served, with everything opened. */
interface Office {
  readonly issuer: Issuer | undefined
  close(): Promise<void>
}

const TOKEN = 'KOMMA_TOKEN'
const LOOPBACK = ['127.0.0.1', '::1', 'localhost']
const READING: readonly OpenAction[] = ['verifyCredential', 'verifyPresentation', 'deriveCredential', 'resolveDid']
const NO_OFFICE: Office = { issuer: undefined, close: async () => {} }

/** `komma serve` */
export function addServe(parent: Command, terminal: Terminal): void {
  const gather = (value: string, before: readonly string[]) => [...before, value]
  parent
    .command('serve')
    .summary('answer the VC API on this machine')
    .description(
      'Answers the VC API over HTTP: verifies, derives, resolves DIDs, and with --issuer signs and revokes. Listens on this ' +
        `machine alone, and takes a token: that of ${TOKEN}, or one that is made and shown once. Runs until it is stopped.`
    )
    .option('--port <number>', 'the port, or 0 for one that is free', '8080')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option(
      '--allow-remote <host>',
      'listen beyond this machine, for requests to this host and port; repeat for more',
      gather,
      []
    )
    .option('--issuer <dir>', 'the folder of the issuer that signs')
    .option('--offline-bundle <path>', 'the published folder of an issuer, or a file that komma bundle wrote')
    .option('--web', 'read from the web what is not at hand; private addresses are refused')
    .option('--open', 'take no token for what signs and changes nothing')
    .option('--without-token', 'take no token at all, from this machine alone: for conformance suites')
    .option('--any-credential', 'take and sign any credential of VCDM 2.0 or 1.1, without a status entry of its own')
    .option('--context <url=file>', 'a JSON-LD context beyond the bundled ones; repeat for more', gather, [])
    .option('--inline-contexts', 'admit contexts that a credential writes inline; only with --any-credential')
    .addHelpText('after', helpEnd('komma serve --issuer academy --offline-bundle public'))
    .action((options: ServeCommandOptions) => serve(terminal, options, () => parent.opts()['debug'] === true))
}

async function serve(terminal: Terminal, options: ServeCommandOptions, isDebug: () => boolean): Promise<void> {
  checkOptions(options)
  const token = tokenOf(terminal, options)
  const authorize = await asUsage(TOKEN, (): Authorize => (token === undefined ? () => true : bearer(token)))
  const shared = await openShared(terminal, options)
  const office = await openOffice(terminal, options.issuer, shared)
  try {
    const onError = (error: unknown) => printError(terminal, error, isDebug())
    const server = await listen(handlerOf({ terminal, options, authorize, shared, office, onError }), options)
    const isOwn = token === undefined || terminal.env[TOKEN] !== undefined
    printLines(
      terminal.stdout,
      `Listening on ${addressOf(options.host, server)}`,
      ...(isOwn ? [] : [`Token: ${token}`])
    )
    await terminal.untilStopped().finally(() => server.close())
  } finally {
    await office.close()
  }
}

function tokenOf({ env }: Terminal, { withoutToken }: ServeCommandOptions): string | undefined {
  return withoutToken ? undefined : (env[TOKEN] ?? encodeBase64url(randomBytes(32)))
}

/** What signing and verifying have in common, and where to read from. */
interface Shared {
  readonly resolver: Resolver | undefined
  readonly contexts: readonly ContextDocument[]
  readonly credentials: 'badges' | 'any'
  readonly inlineContexts: boolean
}

async function openShared({ fetch }: Terminal, options: ServeCommandOptions): Promise<Shared> {
  const { resolver, contexts } = await openSources(options.offlineBundle, options.web && fetch)
  return {
    resolver,
    contexts: [...contexts, ...(await readContexts(options.context))],
    credentials: options.anyCredential ? 'any' : 'badges',
    inlineContexts: options.inlineContexts === true
  }
}

function handlerOf(parts: {
  readonly terminal: Terminal
  readonly options: ServeCommandOptions
  readonly authorize: Authorize
  readonly shared: Shared
  readonly office: Office
  readonly onError: (error: unknown) => void
}): VcApiHandler {
  const { terminal, options, authorize, shared, office, onError } = parts
  const { resolver, contexts, credentials, inlineContexts } = shared
  return createVcApiHandler({
    authorize,
    open: options.open ? READING : [],
    ...(office.issuer === undefined ? {} : { issuer: office.issuer }),
    ...(resolver === undefined ? {} : { resolver }),
    statusEntry: credentials === 'any' ? 'asGiven' : 'assigned',
    derive: deriveCredential,
    credentials,
    verify: { contexts, inlineContexts, suites: [...defaultSuites, ecdsaSd2023] },
    clock: terminal.now,
    onError
  })
}

async function openOffice(
  terminal: Terminal,
  folder: string | undefined,
  { contexts, credentials, inlineContexts }: Shared
): Promise<Office> {
  if (folder === undefined) return NO_OFFICE
  const settings = await readSettings(folder)
  const more = { contexts, credentials, inlineContexts }
  const keys = await openKeys(terminal, folder)
  const status = await openStatus(folder)
  try {
    const issuer = await issuerOf(settings, { keys, status, now: terminal.now }, more)
    return { issuer, close: () => status.close() }
  } catch (error) {
    await status.close()
    throw error
  }
}

async function listen(handle: VcApiHandler, { host, port, allowRemote }: ServeCommandOptions): Promise<RunningServer> {
  try {
    return await serveHttp(handle, { host, port: Number(port), names: allowRemote })
  } catch (cause) {
    const fault = { code: 'OPTION_INVALID', message: 'nobody can listen there', path: '--port, --host' } as const
    throw new UsageError({ ...fault, got: systemCode(cause) }, { cause })
  }
}

function addressOf(host: string, { port }: RunningServer): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function checkOptions({
  port,
  host,
  allowRemote,
  withoutToken,
  anyCredential,
  inlineContexts
}: ServeCommandOptions): void {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw wrong('this is not a port', '--port', '0 to 65535')
  if (!LOOPBACK.includes(host) && allowRemote.length === 0)
    throw wrong('others would reach this address', '--host', `${LOOPBACK.join(', ')}, or --allow-remote HOST:PORT`)
  if (withoutToken && allowRemote.length > 0)
    throw wrong('others would need no token', '--without-token', 'no --allow-remote')
  if (inlineContexts && !anyCredential)
    throw wrong('badges write no contexts inline', '--inline-contexts', '--any-credential')
}

function wrong(message: string, path: string, expected: string): UsageError {
  const code: KommaErrorCode = 'OPTION_INVALID'
  return new UsageError({ code, message, path, expected })
}
