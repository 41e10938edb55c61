import { didKeyFromMaterial } from '../../../src/did/did-key.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { materialOfKey } from '../../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../../src/keys/memory.js'
import { createContextSet } from '../../../src/model/contexts.js'
import { addProof } from '../../../src/securing/add-proof.js'
import type { Cryptosuite } from '../../../src/securing/cryptosuite.js'
import { eddsaRdfc2022 } from '../../../src/securing/eddsa-rdfc-2022.js'
import { expandUnsecured } from '../../../src/securing/unsecured-document.js'
import { NOW, testSeed } from '../../support/issuer.js'
import type { CaseInput } from '../case.js'
import { embeddedChanges } from './changes.js'

/** A way of securing a credential that this version reads. */
export interface Format {
  readonly name: string
  signer(label: string): Promise<FormatSigner>
  /** The member of a badge that carries an endorsement of this form. */
  carry(endorsement: CaseInput): JsonObject
  /** What a stranger may do to the signed credential; each change must be refused. */
  changes(signed: CaseInput, stranger: FormatSigner): Iterable<readonly [name: string, changed: CaseInput]>
}

export interface FormatSigner {
  readonly did: string
  readonly verificationMethod: string
  sign(document: JsonObject, options?: { readonly created?: string }): Promise<CaseInput>
}

/** Every format, one line each. */
export const FORMATS: readonly Format[] = [embedded('eddsa-rdfc-2022', eddsaRdfc2022)]

function embedded(name: string, suite: Cryptosuite): Format {
  return {
    name,
    signer: (label) => embeddedSigner(suite, label),
    carry: (endorsement) => ({ endorsement: [jsonOf(endorsement)] }),
    changes: embeddedChanges
  }
}

async function embeddedSigner(suite: Cryptosuite, label: string): Promise<FormatSigner> {
  const keys = await createMemoryKeyStore({ seed: testSeed(label), now: NOW })
  const signer = await keys.signer()
  const did = didKeyFromMaterial(materialOfKey(signer))
  const verificationMethod = `${did}#${did.slice('did:key:'.length)}`
  return {
    did,
    verificationMethod,
    async sign(document, { created = '2024-06-01T00:00:00Z' } = {}) {
      const unsecured = await expandUnsecured(document, createContextSet())
      return { json: await addProof(unsecured, { signer, suite, verificationMethod, created }) }
    }
  }
}

function jsonOf(signed: CaseInput): JsonObject {
  if ('json' in signed) return signed.json
  throw new TypeError('this form is no JSON object')
}
