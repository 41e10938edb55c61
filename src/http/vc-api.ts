import { KommaError } from '../encoding/errors.js'
import { answerProblem } from './answer.js'
import { problemOf } from './problem-of.js'
import { RequestRefused } from './refusals.js'
import { findRoute, ROUTES, type RouteEntry } from './routes.js'
import type { Service } from './service.js'
import {
  type Authorization,
  type Authorize,
  settleService,
  type VcApiAction,
  type VcApiOptions
} from './vc-api-options.js'

export { createBearerAuthorization } from './bearer.js'
export type { DeriveFunction, ServiceVerifyOptions } from './service.js'
export type { Authorization, Authorize, OpenAction, VcApiAction, VcApiOptions } from './vc-api-options.js'

/** Answers one request. It never rejects. */
export type VcApiHandler = (request: Request) => Promise<Response>

/**
 * Makes a handler for the routes of the VC API (VCALM) and for DID resolution, with the requests and responses of the web
 * platform, so that it runs in any server, worker or test.
 *
 * | route | action | exists |
 * | --- | --- | --- |
 * | `POST /credentials/issue` | `issueCredential` | with `issuer` and `authorize` |
 * | `POST /credentials/status` | `updateCredentialStatus` | with `issuer` and `authorize` |
 * | `POST /credentials/verify` | `verifyCredential` | with `authorize`, or in `open` |
 * | `POST /presentations/verify` | `verifyPresentation` | with `authorize`, or in `open` |
 * | `POST /credentials/derive` | `deriveCredential` | with `derive`, and `authorize` or in `open` |
 * | `GET /1.0/identifiers/{did}` | `resolveDid` | with `authorize`, or in `open` |
 *
 * A document that is not verified is answered with 400, not with 200 and a word in the body. Answers never hold what a
 * driver threw; `onError` gets it.
 *
 * Does not limit how often somebody asks, does not log, and sends no CORS headers.
 *
 * @throws {OptionError} OPTION_INVALID, also where there is an `issuer` and nobody to ask for authorisation
 * @see Verifiable Credential API for Lifecycle Management (W3C); DID Resolution 1.0 section 12.1; RFC 9457
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { createVcApiHandler } from 'komma/http'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const handle = createVcApiHandler({ open: ['verifyCredential'], resolver: await openFolderResolver('published') })
 * const badge = JSON.parse(await readFile('badge.json', 'utf8'))
 * const answer = await handle(
 *   new Request('https://vc.example/credentials/verify', {
 *     method: 'POST',
 *     headers: { 'Content-Type': 'application/json' },
 *     body: JSON.stringify({ verifiableCredential: badge })
 *   })
 * )
 * console.log(answer.status, (await answer.json()).verified) // => 200 true
 * ```
 */
export function createVcApiHandler(options: VcApiOptions): VcApiHandler {
  const service = settleService(options)
  const { authorize, basePath = '' } = options
  const open = new Set<string>(options.open)
  const routes = ROUTES.filter(
    ({ action, isServed }) => isServed(service) && (authorize !== undefined || open.has(action))
  )
  return async (request) => {
    try {
      const { pathname } = new URL(request.url)
      const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : ''
      const { route, rest } = routeOf(routes, path, request.method)
      const actor = open.has(route.action) ? undefined : await admit(request, route, authorize)
      return await route.run({ request, service, actor, rest })
    } catch (error) {
      return answerError(error, service)
    }
  }
}

function routeOf(
  routes: readonly RouteEntry[],
  path: string,
  method: string
): NonNullable<ReturnType<typeof findRoute>> {
  const found = findRoute(routes, path)
  if (found === undefined) throw new RequestRefused('NOT_FOUND')
  const allowed = found.route.method
  if (method !== allowed) throw new RequestRefused('METHOD_NOT_ALLOWED', { headers: { Allow: allowed } })
  return found
}

/** @returns who makes the request, where the authorisation says so */
async function admit(
  request: Request,
  { action }: RouteEntry,
  authorize: Authorize | undefined
): Promise<string | undefined> {
  const decision = await ask(request, action, authorize)
  if (decision === 'unauthenticated')
    throw new RequestRefused('UNAUTHENTICATED', { headers: { 'WWW-Authenticate': 'Bearer' } })
  if (decision === true) return undefined
  const { actor } = typeof decision === 'object' && decision !== null ? decision : {}
  if (typeof actor === 'string') return actor
  throw new RequestRefused('FORBIDDEN')
}

/** What the hook throws is an error of the service, whatever it looks like. */
async function ask(
  request: Request,
  action: VcApiAction,
  authorize: Authorize | undefined
): Promise<Authorization | undefined> {
  try {
    return await authorize?.(request, action)
  } catch (cause) {
    const retryable = cause instanceof KommaError && cause.retryable
    throw new KommaError({ code: 'INTERNAL_ERROR', message: 'the authorisation failed' }, { cause, retryable })
  }
}

function answerError(error: unknown, { report }: Service): Response {
  const problem = problemOf(error)
  if (problem.status >= 500) report(error)
  return answerProblem(problem)
}
