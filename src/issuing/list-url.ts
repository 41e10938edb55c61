import { didWebToUrl } from '../did/did-web.js'
import { OptionError } from '../encoding/errors.js'
import type { StatusPurpose } from '../status/status-store.js'

/** Names the `n`-th status list of a purpose. */
export type ListUrl = (n: number, purpose: StatusPurpose) => string

/**
 * Where the status lists of an issuer are published unless it says otherwise: beside its own document on the web. An
 * issuer without an address on the web gets `urn:uuid:` names, which can be read from a published folder only.
 *
 * @param base an https folder, such as `https://academy.example/status/`
 */
export function statusListUrl(issuer: string, base: string | undefined, randomUuid: () => string): ListUrl {
  const folder = base ?? folderOf(issuer)
  if (folder === undefined) return () => `urn:uuid:${randomUuid()}`
  const url = parseFolder(folder)
  return (n, purpose) => new URL(`${purpose}-${n}.json`, url).href
}

function folderOf(issuer: string): string | undefined {
  if (issuer.startsWith('did:web:')) {
    const document = new URL(didWebToUrl(issuer))
    return new URL(document.pathname === '/.well-known/did.json' ? '/status/' : 'status/', document).href
  }
  return issuer.startsWith('https://') ? new URL('/status/', issuer).href : undefined
}

function parseFolder(folder: string): URL {
  const url = URL.canParse(folder) ? new URL(folder) : undefined
  if (url?.protocol === 'https:' && !url.search && !url.hash && !url.username && !url.password) {
    return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`)
  }
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the address of the status lists is not usable',
    path: 'statusLists',
    expected: 'an https URL of a folder',
    got: folder
  })
}
