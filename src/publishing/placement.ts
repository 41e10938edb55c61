import { sha256 } from '../crypto/digest.js'
import { didWebToPath, didWebToUrl } from '../did/did-web.js'
import { encodeHex } from '../encoding/multibase.js'

/** A document that is going to be published. */
export interface PublicDocument {
  readonly id: string
  readonly kind: 'controllerDocument' | 'jwks' | 'statusList' | 'achievement'
  readonly text: string
}

/** The list of what a published folder holds. */
export const INDEX = 'index.json'

const SEGMENT = /^(?:\.well-known|[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,150})$/
const MAX_SEGMENTS = 20
const FOLDERS = { controllerDocument: '', jwks: '', statusList: 'status/', achievement: 'achievements/' } as const

/**
 * Decides where each document lies in a folder that is served as the root of the issuer's host: where its own address
 * leads, and otherwise in a folder of its kind. Every file ends in `.json`, and no two documents share one.
 *
 * @param hosts the hosts that serve the folder
 * @returns paths with `/`, in the order of the documents
 *
 * @example
 * ```ts
 * import { placeDocuments } from 'komma'
 *
 * const documents = [{ id: 'did:web:academy.example', kind: 'controllerDocument', text: '{}' }] as const
 * console.log(placeDocuments(documents, ['academy.example'])) // => [ '.well-known/did.json' ]
 * ```
 */
export function placeDocuments(documents: readonly PublicDocument[], hosts: readonly string[]): readonly string[] {
  // Some file systems do not tell capital letters from small ones.
  const files = new Set([INDEX])
  const folders = new Set<string>()
  return documents.map((document) => {
    const wanted = ownPlace(document, hosts)
    const isFree = wanted !== undefined && fits(wanted.toLowerCase(), files, folders)
    const path = isFree ? wanted : otherPlace(document)
    files.add(path.toLowerCase())
    for (const parent of parents(path.toLowerCase())) folders.add(parent)
    return path
  })
}

/** The host that an issuer, or a folder of status lists, belongs to. */
export function hostOf(address: string | undefined): string | undefined {
  if (address?.startsWith('did:web:')) return new URL(didWebToUrl(address)).host
  return address?.startsWith('https://') ? new URL(address).host : undefined
}

function ownPlace({ id, kind }: PublicDocument, hosts: readonly string[]): string | undefined {
  if (kind === 'controllerDocument' && id.startsWith('did:web:')) return didWebToPath(id)
  if (!id.startsWith('https://') || !URL.canParse(id)) return undefined
  const { host, pathname, search, hash } = new URL(id)
  if (!hosts.includes(host) || search !== '' || hash !== '') return undefined
  const segments = pathname.replace(/\/$/, '').split('/').slice(1)
  if (segments.length === 0) return kind === 'controllerDocument' ? 'issuer.json' : undefined
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) return undefined
  const path = segments.join('/')
  return path.endsWith('.json') ? path : `${path}.json`
}

function otherPlace({ id, kind }: PublicDocument): string {
  const uuid = /^urn:uuid:([0-9a-f-]{36})$/.exec(id)?.[1]
  if (uuid !== undefined) return `${FOLDERS[kind]}${uuid}.json`
  const words = id
    .replace(/^[a-z]+:\/*[^/:]*/i, '')
    .replace(/\.json$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(-60)
    .replace(/^-|-$/g, '')
  const digest = encodeHex(sha256(new TextEncoder().encode(id))).slice(0, 12)
  return `${FOLDERS[kind]}${words === '' ? '' : `${words.toLowerCase()}-`}${digest}.json`
}

function fits(path: string, files: ReadonlySet<string>, folders: ReadonlySet<string>): boolean {
  return !files.has(path) && !folders.has(path) && !parents(path).some((parent) => files.has(parent))
}

function parents(path: string): readonly string[] {
  const segments = path.split('/')
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'))
}
