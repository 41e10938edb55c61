import { constants } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { equalBytes, sha256 } from '../crypto/digest.js'
import { ResolutionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { textOf } from '../model/read.js'
import { didWebToPath } from './did-web.js'
import { jwksUrlOfSet } from './jwk-set.js'
import type { Resolution, ResolveRequest, Resolver } from './resolver.js'

export interface FolderResolverOptions {
  /** How many files and folders to look at. 10,000 unless told. */
  readonly maxFiles?: number
  /** Longest file to read, in bytes. 4 MiB unless told; a longer one is passed over. */
  readonly maxBytes?: number
}

interface Found {
  readonly path: string
  readonly digest: Uint8Array
}

const MAX_DEPTH = 32

/**
 * A resolver that reads a folder of JSON files, such as what `komma publish` writes, and nothing else: no network.
 *
 * A document is found by its `id`, wherever it lies in the folder, and a JWK Set, which has none, by the issuers that its
 * keys name (`iss`). The folder is read at the first question; open it
 * again to see files that came later. Files that are not strict JSON or have no such name are passed over, and so are
 * symbolic links that lead out of the folder.
 *
 * It is as trustworthy as whoever filled the folder. How old its content is cannot be seen here; status lists carry
 * their own dates.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED if there is no such folder. Asking it throws RESOLUTION_FAILED if the
 *   folder cannot be read or holds too many files, RESOLUTION_INVALID if two files with different content have the same
 *   id, or a `did.json` lies where the asked DID belongs and is that of another
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const report = await verify(await readFile('badge.png'), { resolver: await openFolderResolver('published') })
 * console.log(report.accepted) // => true
 * ```
 */
export async function openFolderResolver(folder: string, options: FolderResolverOptions = {}): Promise<Resolver> {
  const { maxFiles = 10_000, maxBytes = 4_194_304 } = options
  const root = await realpath(folder).catch((cause: unknown) => {
    throw failed('there is no such folder', folder, cause)
  })
  await readdir(root).catch((cause: unknown) => {
    throw failed('the folder cannot be read', folder, cause)
  })
  let reading: Promise<Map<string, readonly Found[]>> | undefined
  return Object.freeze({
    async resolve({ url }: ResolveRequest): Promise<Resolution | undefined> {
      reading ??= readIndex(root, maxFiles, maxBytes)
      const index = await reading.catch((error: unknown) => {
        reading = undefined
        throw error instanceof ResolutionError ? error : failed('the folder cannot be read', folder, error)
      })
      const found = index.get(url)
      const [first, ...rest] = found ?? []
      if (first === undefined) {
        if (url.startsWith('did:web:')) await checkOwnPlace(root, url, maxBytes)
        return undefined
      }
      const other = rest.find(({ digest }) => !equalBytes(digest, first.digest))
      if (other !== undefined) {
        const got = `${first.path} and ${other.path}`
        throw contradiction('two files have this id and different content', url, got)
      }
      const body = await readBounded(first.path, maxBytes).catch((cause: unknown) => {
        throw failed('a file of the folder cannot be read any more', first.path, cause)
      })
      if (body === undefined || nameOf(body) !== url) throw failed('a file of the folder changed its id', first.path)
      return { body, mediaType: 'application/json' }
    }
  })
}

async function readIndex(root: string, maxFiles: number, maxBytes: number): Promise<Map<string, readonly Found[]>> {
  const index = new Map<string, Found[]>()
  const budget = { left: maxFiles }
  for await (const path of walk(root, root, 0, budget)) {
    const body = await readBounded(path, maxBytes)
    const name = body === undefined ? undefined : nameOf(body)
    if (body === undefined || name === undefined) continue
    index.set(name, [...(index.get(name) ?? []), { path, digest: sha256(body) }])
  }
  return index
}

async function* walk(root: string, folder: string, depth: number, budget: { left: number }): AsyncGenerator<string> {
  if (depth > MAX_DEPTH) throw failed('folders are nested too deep', folder)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    budget.left -= 1
    if (budget.left < 0) throw failed('the folder holds too many files', root)
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(root, path, depth + 1, budget)
    else if (!entry.name.endsWith('.json')) continue
    else if (entry.isFile()) yield path
    else if (entry.isSymbolicLink()) {
      const target = await realpath(path).catch(() => undefined)
      if (target !== undefined && isInside(root, target)) yield target
    }
  }
}

async function checkOwnPlace(root: string, did: string, maxBytes: number): Promise<void> {
  const path = join(root, ...didWebToPath(did).split('/'))
  const target = await realpath(path).catch(() => undefined)
  if (target === undefined || !isInside(root, target)) return
  const body = await readBounded(target, maxBytes).catch(() => undefined)
  const id = body === undefined ? undefined : nameOf(body)
  if (id !== undefined && id !== did) {
    throw contradiction('the document that lies in the place of this DID is that of another', did, id)
  }
}

// Undefined for what is not a plain file, or too long.
async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const { size } = await file.stat().then((stat) => (stat.isFile() ? stat : { size: Number.POSITIVE_INFINITY }))
    if (size > maxBytes) return undefined
    const body = new Uint8Array(await file.readFile())
    return body.length > maxBytes ? undefined : body
  } finally {
    await file.close()
  }
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
}

function nameOf(body: Uint8Array): string | undefined {
  try {
    const value = parseJson(body, { maxLength: Math.max(body.length, 1) })
    if (!isJsonObject(value)) return undefined
    return value['id'] === undefined ? jwksUrlOfSet(value) : textOf(value['id'])
  } catch {
    return undefined
  }
}

function failed(message: string, path: string, cause?: unknown): ResolutionError {
  return new ResolutionError({ code: 'RESOLUTION_FAILED', message, path }, { cause })
}

function contradiction(message: string, path: string, got: string): ResolutionError {
  return new ResolutionError({ code: 'RESOLUTION_INVALID', message, path, got: got.slice(0, 300) })
}
