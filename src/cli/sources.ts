import { stat } from 'node:fs/promises'
import { openFolderResolver } from '../did/folder-resolver.js'
import { combineResolvers, type Resolver } from '../did/resolver.js'
import type { FetchFunction } from '../did/web-request.js'
import { createWebResolver } from '../did/web-resolver.js'
import type { ContextDocument } from '../model/contexts.js'
import { openOfflineBundle } from '../verifying/offline-bundle.js'
import { asUsage, inFile } from './failure.js'
import { readAtMost } from './files.js'

const MAX_BUNDLE_BYTES = 64 * 1_048_576

/** What a verification reads from, besides the badge. */
export interface Sources {
  readonly resolver: Resolver | undefined
  readonly contexts: readonly ContextDocument[]
  /** The badge that came with a bundle. */
  readonly credential: string | Uint8Array | undefined
}

/**
 * Opens what was named: a published folder or the file of an offline bundle, and the web where it was asked for. What is
 * at hand comes first.
 */
export async function openSources(bundle: string | undefined, web: FetchFunction | undefined): Promise<Sources> {
  const opened = bundle === undefined ? NOTHING : await openBundle(bundle)
  const fromWeb = web === undefined ? [] : [createWebResolver({ fetch: web })]
  const resolvers = [...(opened.resolver === undefined ? [] : [opened.resolver]), ...fromWeb]
  return { ...opened, resolver: resolvers.length === 0 ? undefined : combineResolvers(...resolvers) }
}

const NOTHING: Sources = { resolver: undefined, contexts: [], credential: undefined }

async function openBundle(path: string): Promise<Sources> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isFile) {
    const resolver = await asUsage('--offline-bundle', () => openFolderResolver(path))
    return { ...NOTHING, resolver }
  }
  const bytes = await readAtMost(path, MAX_BUNDLE_BYTES)
  return inFile(path, () => openOfflineBundle(bytes))
}
