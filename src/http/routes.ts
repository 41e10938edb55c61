import { deriveCredential } from './derive-credential.js'
import { issueCredential } from './issue-credential.js'
import { resolveIdentifier } from './resolve-identifier.js'
import type { Route, Service } from './service.js'
import { updateCredentialStatus } from './update-credential-status.js'
import type { VcApiAction } from './vc-api-options.js'
import { verifyCredential } from './verify-credential.js'
import { verifyPresentation } from './verify-presentation.js'

/** One address of the service. */
export interface RouteEntry {
  readonly method: 'GET' | 'POST'
  /** The whole path, or what a path begins with where it ends in a slash. */
  readonly path: string
  readonly action: VcApiAction
  readonly run: Route
  /** Whether the service has what the route takes. */
  readonly isServed: (service: Service) => boolean
}

const always = () => true

export const ROUTES: readonly RouteEntry[] = [
  {
    method: 'POST',
    path: '/credentials/issue',
    action: 'issueCredential',
    run: issueCredential,
    isServed: ({ issuer }) => issuer !== undefined
  },
  {
    method: 'POST',
    path: '/credentials/status',
    action: 'updateCredentialStatus',
    run: updateCredentialStatus,
    isServed: ({ issuer }) => issuer !== undefined
  },
  { method: 'POST', path: '/credentials/verify', action: 'verifyCredential', run: verifyCredential, isServed: always },
  {
    method: 'POST',
    path: '/credentials/derive',
    action: 'deriveCredential',
    run: deriveCredential,
    isServed: ({ derive }) => derive !== undefined
  },
  {
    method: 'POST',
    path: '/presentations/verify',
    action: 'verifyPresentation',
    run: verifyPresentation,
    isServed: always
  },
  { method: 'GET', path: '/1.0/identifiers/', action: 'resolveDid', run: resolveIdentifier, isServed: always }
]

/** The route of a path and what is left of the path. */
export function findRoute(
  routes: readonly RouteEntry[],
  path: string
): { readonly route: RouteEntry; readonly rest: string } | undefined {
  const route = routes.find((one) => (one.path.endsWith('/') ? path.startsWith(one.path) : path === one.path))
  return route && { route, rest: path.slice(route.path.length) }
}
