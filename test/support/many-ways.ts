import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  bakePng,
  bakeSvg,
  createMapResolver,
  createStatusMemory,
  createTrustList,
  type VerifyInput,
  type VerifyOptions
} from '../../src/index.js'
import { chunk, concat, idat, ihdr, signature } from '../baking/png-builder.js'
import { NOW } from './issuer.js'
import { badgeClaims, ecdsaSigner } from './jwt.js'
import { plainBadge, type TestSigner, testSigner } from './sign.js'
import { entry, LIST, signedList } from './status.js'

/** One way in which somebody may hand something in, and the answer that it gets. */
export interface Way {
  readonly name: string
  readonly input: VerifyInput
  readonly options?: VerifyOptions
  readonly accepted: boolean
}

const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
const SERVICE = 'https://academy.example/refresh/1'
const ELSEWHERE = 'https://evil.example/'
const IMAGE = concat(signature, ihdr(), idat, chunk('IEND'))
const EXTERNAL_ENTITY = `<!DOCTYPE svg [<!ENTITY % d SYSTEM "${ELSEWHERE}x.dtd">%d;]><svg xmlns="http://www.w3.org/2000/svg"/>`

/** What one verification can do, good and bad: every form, every proof, every check that asks somebody. */
export async function manyWays(): Promise<readonly Way[]> {
  const issuer = await testSigner('issuer')
  const { badge, withStatus, endorsed, refreshable, newer, linked } = await badgesOf(issuer)
  const text = JSON.stringify(badge)
  const jwtIssuer = ecdsaSigner('issuer')
  const token = await jwtIssuer.sign(badgeClaims(jwtIssuer.did))
  const list = await signedList(issuer)
  const published = createMapResolver([
    [LIST, list],
    [SERVICE, newer]
  ])
  return [
    { name: 'an object', input: badge, accepted: true },
    { name: 'a text', input: text, accepted: true },
    { name: 'bytes', input: new TextEncoder().encode(text), accepted: true },
    { name: 'a PNG', input: bakePng(IMAGE, text), accepted: true },
    { name: 'an SVG', input: bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', text), accepted: true },
    { name: 'a JWT', input: token, accepted: true },
    { name: 'a JWT in a PNG', input: bakePng(IMAGE, token), accepted: true },
    { name: 'a JWT in an envelope', input: envelope(token), accepted: true },
    { name: 'a badge with an endorsement', input: endorsed, accepted: true },
    { name: 'a badge with links', input: linked, accepted: true },
    { name: 'a status that nobody can look up', input: withStatus, accepted: false },
    {
      name: 'a status that is looked up',
      input: JSON.stringify(withStatus),
      options: { resolver: published, statusMemory: createStatusMemory() },
      accepted: true
    },
    { name: 'a newer copy', input: refreshable, options: { resolver: published, refresh: true }, accepted: true },
    {
      name: 'a trust list and a recipient',
      input: badge,
      options: {
        trust: [createTrustList('Register', [issuer.did])],
        recipient: { id: 'did:example:learner' }
      },
      accepted: true
    },
    { name: 'an unknown context', input: withContext(badge, `${ELSEWHERE}context`), accepted: false },
    {
      name: 'an issuer of the web',
      input: { ...badge, issuer: { id: 'did:web:evil.example', type: ['Profile'] } },
      accepted: false
    },
    { name: 'a key of the web', input: withMethod(badge, 'did:web:evil.example#key-1'), accepted: false },
    { name: 'an external entity', input: EXTERNAL_ENTITY, accepted: false },
    { name: 'keys by address', input: await withKeyAddresses(jwtIssuer), accepted: false },
    { name: 'no JSON', input: '{', accepted: false }
  ].map((way) => ({ ...way, options: { now: NOW, ...way.options } }))
}

async function badgesOf(issuer: TestSigner) {
  const sign = (more: JsonObject, context: readonly string[] = []) => {
    const plain = plainBadge(issuer.did, more)
    return issuer.sign({ ...plain, '@context': [...(plain['@context'] as string[]), ...context] })
  }
  const mentor = await testSigner('mentor')
  const endorsement = await mentor.sign(endorsementOf(plainBadge(mentor.did)))
  const refreshService = { id: SERVICE, type: '1EdTechCredentialRefresh' }
  return {
    badge: await sign({}),
    withStatus: await sign({ credentialStatus: entry() }),
    endorsed: await sign({ endorsement: [endorsement] }),
    refreshable: await sign({ refreshService, validUntil: '2025-01-01T00:00:00Z' }, [EXTENSIONS]),
    newer: await sign({ refreshService, validFrom: '2026-01-01T00:00:00Z' }, [EXTENSIONS]),
    linked: await sign(
      {
        image: { id: `${ELSEWHERE}badge.png`, type: 'Image' },
        evidence: [{ id: `${ELSEWHERE}evidence`, type: ['Evidence'] }],
        termsOfUse: [{ id: `${ELSEWHERE}terms`, type: 'https://academy.example/types#Terms' }],
        credentialSchema: [{ id: `${ELSEWHERE}schema.json`, type: '1EdTechJsonSchemaValidator2019' }]
      },
      [EXTENSIONS]
    )
  }
}

function endorsementOf({ '@context': context = null, id = null, issuer = null }: JsonObject): JsonObject {
  return {
    '@context': context,
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer,
    validFrom: '2024-01-01T00:00:00Z',
    name: 'Observed audit',
    credentialSubject: { id, type: ['EndorsementSubject'] }
  }
}

function envelope(token: string): JsonObject {
  return {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:application/vc+jwt,${token}`,
    type: 'EnvelopedVerifiableCredential'
  }
}

function withContext(badge: JsonObject, url: string): JsonObject {
  return { ...badge, '@context': [...(badge['@context'] as string[]), url] }
}

function withMethod(badge: JsonObject, verificationMethod: string): JsonObject {
  const [proof] = badge['proof'] as readonly JsonObject[]
  return { ...badge, proof: [{ ...proof, verificationMethod }] }
}

/** A token that says where keys could be fetched. */
function withKeyAddresses({ did, header, sign }: ReturnType<typeof ecdsaSigner>): Promise<string> {
  return sign(badgeClaims(did), { ...header, jku: `${ELSEWHERE}keys`, x5u: `${ELSEWHERE}c.pem` })
}
