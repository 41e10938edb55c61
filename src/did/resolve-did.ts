import { importPublicKey } from '../crypto/public-key.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { parseDidJwk } from './did-jwk.js'
import { parseDidWeb } from './did-web.js'
import { askFor } from './key-search.js'
import { parseOwnKey } from './method-url.js'
import type { OwnKey } from './own-key.js'
import { refused } from './refused.js'
import { parseResolved } from './resolved-json.js'
import type { Resolver } from './resolver.js'

const DID_CONTEXT = 'https://www.w3.org/ns/did/v1'

/**
 * The DID document of a `did:key`, `did:jwk` or `did:web`. The first two are written out from the DID itself, after the
 * checks of its key; a `did:web` is asked of the resolver, and its document has to be its own.
 *
 * Does NOT judge the methods of a `did:web` document: `verify` does, when a proof names one.
 *
 * @returns `undefined` where the resolver knows that there is none
 * @throws {ResolutionError} DID_INVALID for a malformed DID, a DID URL or another method; RESOLUTION_FAILED,
 *   RESOLUTION_INVALID
 * @throws {KeyError} KEY_INVALID for a key that breaks the rules of its kind
 * @see did:key 0.9 section 3.1; did:jwk method specification; did:web method specification section 2.5.2
 *
 * @example
 * ```ts
 * import { resolveDid } from 'komma'
 *
 * const document = await resolveDid('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK')
 * console.log(document?.id) // => did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK
 * ```
 */
export async function resolveDid(did: string, resolver?: Resolver): Promise<JsonObject | undefined> {
  if (typeof did !== 'string') throw refused('DID_INVALID', 'the DID is not text', '')
  if (did.startsWith('did:web:')) return readDocument(parseDidWeb(did).did, resolver)
  const own = parseOwnKey(did)
  if (own === undefined) {
    throw refused('DID_INVALID', 'the method of the DID is not supported', '', 'did:key, did:jwk or did:web', did)
  }
  if (did !== own.did) throw refused('DID_INVALID', 'the text is the URL of a method, not a DID', '', own.did, did)
  await importPublicKey(own.material)
  return documentOf(own)
}

function documentOf(own: OwnKey): JsonObject {
  const { did, verificationMethod: id, purposes } = own
  const { context, ...key } = own.method === 'did:key' ? multikeyForm(did) : jwkForm(did)
  return {
    '@context': [DID_CONTEXT, context],
    id: did,
    verificationMethod: [{ id, controller: did, ...key }],
    ...Object.fromEntries(purposes.map((purpose) => [purpose, [id]]))
  }
}

function multikeyForm(did: string): { readonly context: string } & JsonObject {
  const publicKeyMultibase = did.slice('did:key:'.length)
  return { context: 'https://w3id.org/security/multikey/v1', type: 'Multikey', publicKeyMultibase }
}

function jwkForm(did: string): { readonly context: string } & JsonObject {
  const { jwk } = parseDidJwk(did)
  return { context: 'https://w3id.org/security/suites/jws-2020/v1', type: 'JsonWebKey2020', publicKeyJwk: jwk }
}

async function readDocument(did: string, resolver: Resolver | undefined): Promise<JsonObject | undefined> {
  const found = await askFor(resolver === undefined ? {} : { resolver }, { url: did, kind: 'controllerDocument' })
  if (found === undefined) return undefined
  const document = parseResolved(found.body, 'the DID document', did)
  const id = isJsonObject(document) ? document['id'] : undefined
  if (isJsonObject(document) && id === did) return document
  throw refused('RESOLUTION_INVALID', 'the DID document is that of another DID', '/id', did, id)
}
