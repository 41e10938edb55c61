import { multikeyOf } from '../crypto/multikey.js'
import type { JsonObject } from '../encoding/json-types.js'
import { type KeyInfo, type KeyUse, materialOfKey } from '../keys/key-store.js'
import { verificationMethodUrl } from './method-url.js'

const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1']

/**
 * The controller document of an issuer with its own address (`did:web` or https): each key as a Multikey, listed for
 * what it is for, assertions unless its `use` says otherwise, by reference.
 *
 * A key that no longer signs stays in it, so that older credentials keep verifying; leave one out to stop trusting what
 * it signed. `expires` and `revoked` of a key are written as they are: from that time on, verifiers refuse the key by
 * default, also for what it signed before. `signsUntil` is not written: it is nobody else's business.
 *
 * Source: Controlled Identifiers 1.0, section 2.
 *
 * @example
 * ```ts
 * const document = buildControllerDocument({ id: 'did:web:academy.example', keys: await keys.keys() })
 * ```
 */
export function buildControllerDocument(options: {
  readonly id: string
  readonly keys: readonly KeyInfo[]
}): JsonObject {
  const { id, keys } = options
  return {
    '@context': [...CONTEXTS],
    id,
    verificationMethod: keys.map((key) => ({
      id: verificationMethodUrl(id, key),
      type: 'Multikey',
      controller: id,
      publicKeyMultibase: multikeyOf(materialOfKey(key)),
      ...(key.expires === undefined ? {} : { expires: key.expires }),
      ...(key.revoked === undefined ? {} : { revoked: key.revoked })
    })),
    assertionMethod: keys.filter(isForAssertions).map((key) => verificationMethodUrl(id, key)),
    ...listed('authentication', id, keys),
    ...listed('keyAgreement', id, keys)
  }
}

/** Whether a key signs credentials. */
export function isForAssertions({ use }: KeyInfo): boolean {
  return use === undefined || use === 'assertionMethod'
}

function listed(name: KeyUse, id: string, keys: readonly KeyInfo[]): JsonObject {
  const own = keys.filter(({ use }) => use === name)
  return own.length === 0 ? {} : { [name]: own.map((key) => verificationMethodUrl(id, key)) }
}
