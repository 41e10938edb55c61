import type { KeyAlgorithm, SignatureAlgorithm } from '../../../src/crypto/public-key.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { encodeBase64url } from '../../../src/encoding/multibase.js'
import { isJsonObject } from '../../../src/encoding/snapshot.js'
import { createContextSet } from '../../../src/model/contexts.js'
import { ecdsaJcs2019 } from '../../../src/securing/ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from '../../../src/securing/ecdsa-rdfc-2019.js'
import { ed25519Signature2020 } from '../../../src/securing/ed25519-signature-2020.js'
import { eddsa2022 } from '../../../src/securing/eddsa-2022.js'
import { eddsaJcs2022 } from '../../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../../src/securing/eddsa-rdfc-2022.js'
import type { HashAndSignSuite } from '../../../src/securing/hash-and-sign.js'
import { createEcdsaSd2023 } from '../../../src/securing/sd/ecdsa-sd-2023.js'
import { expandUnsecured } from '../../../src/securing/unsecured-document.js'
import { countingRandom, discloseFreely } from '../../support/disclosure.js'
import { segment } from '../../support/jwt.js'
import { appendProof } from '../../support/proofs.js'
import type { CaseInput } from '../case.js'
import { embeddedChanges } from './embedded-changes.js'
import { jwtChanges } from './jwt-changes.js'
import { type CaseKeyPair, keyPair } from './keys.js'

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
export const FORMATS: readonly Format[] = [
  embedded(eddsaRdfc2022, 'Ed25519'),
  embedded(eddsaJcs2022, 'Ed25519'),
  embedded(eddsa2022, 'Ed25519'),
  embedded(ed25519Signature2020, 'Ed25519', ['https://w3id.org/security/suites/ed25519-2020/v1']),
  embedded(ecdsaRdfc2019, 'P-256'),
  embedded(ecdsaRdfc2019, 'P-384'),
  embedded(ecdsaJcs2019, 'P-256'),
  embedded(ecdsaJcs2019, 'P-384'),
  disclosed(),
  jwt('JWT', 'EdDSA', 'Ed25519'),
  jwt('JWT', 'ES256', 'P-256'),
  jwt('JWT', 'ES384', 'P-384'),
  jwt('JWT', 'RS256', 'RSA'),
  jwt('JWT', 'PS256', 'RSA'),
  jwt('vc+jwt', 'EdDSA', 'Ed25519'),
  jwt('vc+jwt', 'ES256', 'P-256')
]

function embedded(suite: HashAndSignSuite, algorithm: KeyAlgorithm, contexts: readonly string[] = []): Format {
  return {
    name: `${suite.name} ${algorithm}`,
    async signer(label) {
      const key = await keyPair(algorithm, label)
      return {
        ...key,
        async sign(document, options = {}) {
          const given = { ...document, '@context': [...(document['@context'] as string[]), ...contexts] }
          return { json: await appendProof(given, { ...key, signer: key }, { suite, ...options }) }
        }
      }
    },
    carry: (endorsement) => ({ endorsement: [contentOf(endorsement)] }),
    changes: embeddedChanges
  }
}

/** A derived proof that shows all; each statement that is not mandatory is signed by itself. */
function disclosed(): Format {
  return {
    name: 'ecdsa-sd-2023 P-256',
    async signer(label) {
      const key = await keyPair('P-256', label)
      const suite = createEcdsaSd2023({ random: countingRandom(label) })
      return {
        ...key,
        async sign(document, { created = '2024-06-01T00:00:00Z' } = {}) {
          const secured = await expandUnsecured(document, createContextSet())
          const proof = await suite.createProof?.(secured, { created, verificationMethod: key.verificationMethod }, key)
          return { json: await discloseFreely({ ...document, proof: proof ?? null }, ['']) }
        }
      }
    },
    carry: (endorsement) => ({ endorsement: [contentOf(endorsement)] }),
    changes: embeddedChanges
  }
}

function jwt(typ: 'JWT' | 'vc+jwt', alg: SignatureAlgorithm, algorithm: KeyAlgorithm): Format {
  return {
    name: `${typ} ${alg}`,
    async signer(label) {
      const key = await keyPair(algorithm, label)
      return {
        ...key,
        sign: async (document) => ({ text: await compactJws(key, { alg, typ }, claimsOf(document, typ)) })
      }
    },
    carry: (endorsement) => ({ endorsementJwt: [contentOf(endorsement)] }),
    changes: jwtChanges
  }
}

async function compactJws(key: CaseKeyPair, header: JsonObject & { alg: SignatureAlgorithm }, claims: JsonObject) {
  const input = `${segment({ ...header, kid: key.verificationMethod })}.${segment(claims)}`
  return `${input}.${encodeBase64url(await key.sign(new TextEncoder().encode(input), header.alg))}`
}

/** Open Badges 3.0 section 8.2.4.1: the claims that a badge as a JWT has to have. */
function claimsOf(document: JsonObject, typ: string): JsonObject {
  if (typ !== 'JWT') return document
  const { issuer, credentialSubject, id, validFrom, validUntil } = document
  const seconds = (date: unknown) => Math.floor(Date.parse(String(date)) / 1000)
  return {
    ...document,
    iss: idOf(issuer),
    sub: idOf(credentialSubject),
    jti: id ?? null,
    nbf: seconds(validFrom),
    ...(validUntil !== undefined && { exp: seconds(validUntil) })
  }
}

function idOf(value: unknown): string {
  return isJsonObject(value) ? String(value['id']) : String(value)
}

/** A credential as a resolver would hand it out. */
export function contentOf(signed: CaseInput): JsonObject | string {
  if ('json' in signed) return signed.json
  if ('text' in signed) return signed.text
  throw new TypeError('a signed credential is an object or a text')
}

/** A credential as a file would hold it. */
export function textOf(signed: CaseInput): string {
  const content = contentOf(signed)
  return typeof content === 'string' ? content : JSON.stringify(content)
}
