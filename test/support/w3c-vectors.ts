import type { JsonObject } from '../../src/encoding/json-types.js'
import { type ContextDocument, contextDigest } from '../../src/model/contexts.js'
import { ecdsaJcs2019 } from '../../src/securing/ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { ed25519Signature2020 } from '../../src/securing/ed25519-signature-2020.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import type { HashAndSignSuite } from '../../src/securing/hash-and-sign.js'
import { readSharedJson, readSharedText } from './shared.js'

/** One signed document of the W3C with every value that its signature goes through. */
export interface Vector {
  readonly name: string
  readonly suite: HashAndSignSuite
  readonly algorithm: 'Ed25519' | 'P-256' | 'P-384'
  readonly keyPair: string
  readonly folder: string
  readonly suffix: string
}

const EDDSA = 'vectors/w3c/vc-di-eddsa'
const ECDSA = 'vectors/w3c/vc-di-ecdsa'
const ed25519 = { algorithm: 'Ed25519', keyPair: `${EDDSA}/keyPair.json` } as const
const p256 = { algorithm: 'P-256', keyPair: `${ECDSA}/p256KeyPair.json` } as const
const p384 = { algorithm: 'P-384', keyPair: `${ECDSA}/p384KeyPair.json` } as const

/** All vectors of the suites that sign two hashes. */
export const VECTORS: readonly Vector[] = (
  [
    [eddsaRdfc2022, ed25519, EDDSA, 'eddsa-rdfc-2022', 'DataInt'],
    [eddsaRdfc2022, ed25519, EDDSA, 'eddsa-rdfc-2022/employ', 'DataInt'],
    [eddsaJcs2022, ed25519, EDDSA, 'eddsa-jcs-2022', 'JCS'],
    [ed25519Signature2020, ed25519, EDDSA, 'Ed25519Signature2020', 'EdSig'],
    [ecdsaRdfc2019, p256, ECDSA, 'ecdsa-rdfc-2019-p256', 'ECDSAP256'],
    [ecdsaRdfc2019, p256, ECDSA, 'ecdsa-rdfc-2019-p256/employ', 'ECDSAP256'],
    [ecdsaRdfc2019, p384, ECDSA, 'ecdsa-rdfc-2019-p384', 'ECDSAP384'],
    [ecdsaRdfc2019, p384, ECDSA, 'ecdsa-rdfc-2019-p384/employ', 'ECDSAP384'],
    [ecdsaJcs2019, p256, ECDSA, 'ecdsa-jcs-2019-p256', 'JCSECDSAP256'],
    [ecdsaJcs2019, p384, ECDSA, 'ecdsa-jcs-2019-p384', 'JCSECDSAP384']
  ] as const
).map(([suite, key, folder, name, suffix]) => ({ ...key, suite, name, folder: `${folder}/${name}`, suffix }))

/** Contexts of the vectors that are not bundled. */
export function vectorContexts(): readonly ContextDocument[] {
  const files = {
    'https://www.w3.org/ns/credentials/examples/v2': 'vectors/w3c/contexts/credentials-examples-v2',
    'https://w3id.org/citizenship/v4rc1': 'vectors/w3c/contexts/citizenship-v4rc1.jsonld'
  }
  return Object.entries(files).map(([url, path]) => {
    const document = readSharedJson(path)
    return { url, document, sha256: contextDigest(document) }
  })
}

export function signedOf({ folder, suffix }: Vector): JsonObject & { readonly proof: JsonObject } {
  return readSharedJson(`${folder}/signed${suffix}.json`)
}

/** A value on the way to the signature: the canonical forms, the hashes, the signature in hex. */
export function stepOf({ folder, suffix }: Vector, step: string): string {
  return readSharedText(`${folder}/${step}${suffix}.txt`)
}
