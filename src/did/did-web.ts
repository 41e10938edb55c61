import { ResolutionError } from '../encoding/errors.js'

/** The parts of a `did:web`. */
export interface DidWeb {
  readonly did: string
  /** Lower-case host name. */
  readonly host: string
  /** A port other than 443. */
  readonly port: number | undefined
  readonly path: readonly string[]
  /**
   * Whether a label of the host name is written in Punycode (`xn--`): it stands for letters that may look like another
   * name, so show it with a warning.
   */
  readonly internationalized: boolean
}

const PREFIX = 'did:web:'
const MAX_LENGTH = 1000
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LAST_LABEL = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/
const PORT = /^[1-9][0-9]{0,4}$/
const SEGMENT = /^[A-Za-z0-9._-]{1,200}$/
/** Names that never belong to one party on the public internet (RFC 6761, 6762, 8375, and .internal by ICANN). */
export const PRIVATE_SUFFIXES: readonly string[] = ['localhost', 'local', 'internal', 'home.arpa']

/**
 * Reads a `did:web` strictly, before anything becomes a URL: a lower-case host name of at least two labels, perhaps a
 * port as `%3A` and digits, then path segments of letters, digits, `.`, `_` and `-`.
 *
 * Refused are IP addresses in any notation, names of private networks, a trailing dot, the default port, any other
 * percent-encoding, `.` and `..`, empty segments, and a path, query or fragment. Does not look the name up: whoever
 * connects has to refuse private addresses.
 *
 * Source: did:web method specification, section 2.
 *
 * @throws {ResolutionError} DID_INVALID
 *
 * @example
 * ```ts
 * parseDidWeb('did:web:academy.example%3A8443:issuers:7') // host 'academy.example', port 8443, path ['issuers', '7']
 * ```
 */
export function parseDidWeb(did: string): DidWeb {
  if (typeof did !== 'string' || !did.startsWith(PREFIX)) throw invalid('the text is not a did:web')
  if (did.length > MAX_LENGTH) throw invalid(`the did:web is longer than ${MAX_LENGTH} characters`)
  const [authority = '', ...path] = did.slice(PREFIX.length).split(':')
  const [host = '', portText, ...rest] = authority.split('%3A')
  if (rest.length > 0) throw invalid('the did:web names more than one port')
  checkHost(host)
  const port = portText === undefined ? undefined : readPort(portText)
  for (const segment of path) {
    if (!SEGMENT.test(segment) || segment === '.' || segment === '..') {
      throw invalid('a path segment of the did:web is empty or has other characters than it may', segment)
    }
  }
  return { did, host, port, path, internationalized: host.split('.').some((label) => label.startsWith('xn--')) }
}

/**
 * The https address of the DID document of a `did:web`.
 *
 * @throws {ResolutionError} DID_INVALID
 */
export function didWebToUrl(did: string): string {
  const { host, port } = parseDidWeb(did)
  return `https://${host}${port === undefined ? '' : `:${port}`}/${didWebToPath(did)}`
}

/**
 * Where the DID document of a `did:web` lies under the root of a static host: `.well-known/did.json`, or
 * `a/b/did.json` for a DID with a path.
 *
 * @throws {ResolutionError} DID_INVALID
 */
export function didWebToPath(did: string): string {
  const { path } = parseDidWeb(did)
  return path.length === 0 ? '.well-known/did.json' : `${path.join('/')}/did.json`
}

function checkHost(host: string): void {
  if (host.toLowerCase() !== host) throw invalid('the host name of the did:web is not in lower case', host)
  const labels = host.split('.')
  if (host.length > 253 || !labels.every((label) => LABEL.test(label)) || !LAST_LABEL.test(labels.at(-1) ?? '')) {
    throw invalid('the host of the did:web is not a host name', host)
  }
  const isPrivate = PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
  if (labels.length < 2 || isPrivate) throw invalid('the host of the did:web is not a public host name', host)
}

function readPort(text: string): number {
  const port = PORT.test(text) ? Number(text) : 0
  if (port === 443) throw invalid('the did:web names the default port', text)
  if (port < 1 || port > 65_535) throw invalid('the port of the did:web is not a port', text)
  return port
}

function invalid(message: string, got?: string): ResolutionError {
  return new ResolutionError({
    code: 'DID_INVALID',
    message,
    expected: 'did:web:host.example or did:web:host.example:path',
    ...(got === undefined ? {} : { got: JSON.stringify(got.slice(0, 100)) })
  })
}
