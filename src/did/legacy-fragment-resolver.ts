import { materialFromMultikey } from '../crypto/multikey.js'
import type { Resolution, ResolveRequest, Resolver } from './resolver.js'

/**
 * **Dangerous: with this resolver anybody can forge a credential of any https issuer.**
 *
 * It believes the key that the proof itself carries in the fragment of its verification method, such as
 * `https://example.com/issuers/876543#z6Mkj…`, and says that the issuer controls it. The official samples of Open Badges
 * 3.0 are signed with issuers that do not exist, so nothing else verifies them. Use it for those samples and in tests,
 * never to decide about a real credential; results that rest on it say so (`legacyFragment`).
 *
 * It answers for https controller documents only. Put it last in `combineResolvers`, so that a real document wins. The
 * report warns with `LEGACY_FRAGMENT_KEY`, and `proofs[…].keyFrom` says `legacyFragment`.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { combineResolvers, createLegacyFragmentResolver, verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const resolver = combineResolvers(await openFolderResolver('published'), createLegacyFragmentResolver())
 * const report = await verify(await readFile('badge.json'), { resolver })
 * console.log(report.proofs[0]?.keyFrom) // => did:web
 * ```
 */
export function createLegacyFragmentResolver(): Resolver {
  return Object.freeze({
    async resolve({ url, kind, verificationMethod }: ResolveRequest): Promise<Resolution | undefined> {
      if (kind !== 'controllerDocument' || verificationMethod === undefined || !url.startsWith('https://'))
        return undefined
      const fragment = verificationMethod.slice(url.length + 1)
      if (verificationMethod !== `${url}#${fragment}` || !isMultikey(fragment)) return undefined
      const document = {
        id: url,
        verificationMethod: [
          { id: verificationMethod, type: 'Multikey', controller: url, publicKeyMultibase: fragment }
        ],
        assertionMethod: [verificationMethod]
      }
      return { body: JSON.stringify(document), mediaType: 'application/json', legacyFragment: true }
    }
  })
}

function isMultikey(text: string): boolean {
  try {
    materialFromMultikey(text)
    return true
  } catch {
    return false
  }
}
