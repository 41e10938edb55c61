import { ResolutionError } from '../encoding/errors.js'
import { isGlobalAddress } from './address-guard.js'
import { parseAddress } from './address-text.js'
import { PRIVATE_SUFFIXES } from './did-web.js'

const MAX_LENGTH = 2048
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * Checks a URL that a stranger named before anything is sent there: https, a public host name of at least two labels or a
 * global IP address, no user name or password, no fragment, port 443 or one that is allowed, and written as a URL parser
 * would write it, so that no reader sees another host in it.
 *
 * Does NOT look the name up: where it leads is checked when the connection is made.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED
 */
export function checkWebAddress(text: string, ports: readonly number[]): URL {
  if (text.length > MAX_LENGTH) throw refused('the URL is too long', text, `at most ${MAX_LENGTH} characters`)
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw refused('the URL is malformed', text, 'an absolute https URL', cause)
  }
  if (url.protocol !== 'https:') throw refused('the URL is not an https URL', text, 'https')
  if (url.username !== '' || url.password !== '') throw refused('the URL names a user', text, 'a URL without user name')
  if (url.href !== text && url.href !== `${text}/`) {
    throw refused('the URL is written in another way than the usual one', text, url.href)
  }
  if (text.includes('#')) throw refused('the URL has a fragment', text, 'a URL without fragment')
  if (!isPublicHost(url.hostname)) throw refused('the host is not one of the public internet', text, 'a public host')
  const port = url.port === '' ? 443 : Number(url.port)
  if (port !== 443 && !ports.includes(port)) {
    const expected = ['443', ...ports].join(', ')
    throw refused('the port is not one that may be connected to', text, expected)
  }
  return url
}

function isPublicHost(host: string): boolean {
  const literal = host.startsWith('[') ? host.slice(1, -1) : host
  if (host.startsWith('[') || parseAddress(literal) !== undefined) return isGlobalAddress(literal)
  const labels = host.split('.')
  if (labels.length < 2 || host.length > 253 || !labels.every((label) => LABEL.test(label))) return false
  return !PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
}

function refused(message: string, url: string, expected: string, cause?: unknown): ResolutionError {
  const fault = {
    code: 'RESOLUTION_FAILED',
    message,
    path: url.slice(0, 300),
    expected: expected.slice(0, 300)
  } as const
  return new ResolutionError(fault, { cause })
}
