import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { deriveCredential } from '../../src/issuing/derive.js'
import type { SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { ecdsaJcs2019 } from '../../src/securing/ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { createEcdsaSd2023 } from '../../src/securing/sd/ecdsa-sd-2023.js'
import { type CorpusIssuer, corpusIssuer } from '../corpus/issuers.js'
import { countingRandom } from './disclosure.js'
import { pointersInto } from './disclosure-badges.js'
import { segment } from './jwt.js'
import { type Mutation, meaning, mutated } from './mutate.js'

/** A way of signing, and what a stranger who changes what was signed has before him. */
export interface SignedForm {
  readonly name: string
  readonly issuer: () => Promise<CorpusIssuer>
  /** Text of the signed badge, and the document that a verifier has to hand out. `picks` decide what is open. */
  sign(badge: JsonObject, issuer: CorpusIssuer, picks: readonly number[]): Promise<SignedBadge>
  /** A changed copy; undefined where the changes leave nothing. */
  change(text: string, changes: readonly Mutation[]): string | undefined
  /** What the form does not tell apart: a form of RDF has no order and no single values, JSON is JSON. */
  readonly covered: (document: JsonValue) => JsonValue
}

export interface SignedBadge {
  readonly text: string
  readonly document: JsonObject
}

export const SIGNED_FORMS: readonly SignedForm[] = [
  embedded(eddsaRdfc2022, 'Ed25519', meaning),
  embedded(eddsaJcs2022, 'Ed25519', asItIs),
  embedded(ecdsaRdfc2019, 'P-256', meaning),
  embedded(ecdsaRdfc2019, 'P-384', meaning),
  embedded(ecdsaJcs2019, 'P-256', asItIs),
  embedded(ecdsaJcs2019, 'P-384', asItIs),
  derived(),
  token('JWT', 'Ed25519'),
  token('JWT', 'P-256'),
  token('vc+jwt', 'P-384')
]

function asItIs(document: JsonValue): JsonValue {
  return document
}

function embedded(suite: Cryptosuite, algorithm: SigningKeyAlgorithm, covered: SignedForm['covered']): SignedForm {
  return {
    name: `${suite.name} ${algorithm}`,
    issuer: () => corpusIssuer('form', algorithm),
    sign: async (badge, issuer) => ({ text: await issuer.embed(badge, suite), document: badge }),
    change: changeDocument,
    covered
  }
}

/** Of the credential, its subject or the achievement: a part of anything else could lack what a class requires. */
const WHOLE_MEMBER = /^(\/credentialSubject(\/achievement)?)?\/[^/]+$/

/** A part of the badge, which is open to no other change than the whole. */
function derived(): SignedForm {
  return {
    name: 'ecdsa-sd-2023',
    issuer: () => corpusIssuer('form', 'P-256'),
    async sign(badge, issuer, picks) {
      const base = await issuer.embed(badge, createEcdsaSd2023({ random: countingRandom('form') }))
      const pointers = pointersInto(badge).filter((pointer) => WHOLE_MEMBER.test(pointer))
      const reveal = [...new Set(picks.map((pick) => pointers[pick % pointers.length] as string))]
      const { proof: _, ...document } = await deriveCredential(base, { reveal })
      return { text: JSON.stringify({ ...document, proof: _ }), document }
    },
    change: changeDocument,
    covered: meaning
  }
}

function token(format: 'JWT' | 'vc+jwt', algorithm: SigningKeyAlgorithm): SignedForm {
  return {
    name: `${format} ${algorithm}`,
    issuer: () => corpusIssuer('form', algorithm),
    sign: async (badge, issuer) => ({ text: await issuer.jwt(badge, format), document: badge }),
    change(text, changes) {
      const [header = '', payload = '', signature = ''] = text.split('.')
      const whole = mutated({ header: read(header), payload: read(payload) }, changes)
      return (
        whole && `${segment(whole['header'] as JsonObject)}.${segment(whole['payload'] as JsonObject)}.${signature}`
      )
    },
    covered: asItIs
  }
}

function changeDocument(text: string, changes: readonly Mutation[]): string | undefined {
  const changed = mutated(JSON.parse(text), changes)
  return changed && JSON.stringify(changed)
}

function read(part: string): JsonObject {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}
