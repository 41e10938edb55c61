import { describe, expect, it } from 'vitest'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver, createWebResolver, verify } from '../../src/index.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { NOW, testSeed } from '../support/issuer.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { editable, plainBadge, testSigner } from '../support/sign.js'

const did = 'did:web:academy.example'
const kid = `${did}#key-1`
const keys = await (await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW, id: 'key-1' })).keys()
const document = JSON.stringify(buildControllerDocument({ id: did, keys }))
const list = 'https://academy.example/status/1'

const base = plainBadge(did)
const subject = base['credentialSubject'] as JsonObject
const achievement = subject['achievement'] as JsonObject
const linked = (address: string) => `https://tracker.example/${address}`
const badge = await (await testSigner()).sign(
  {
    ...base,
    '@context': [...(base['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'],
    issuer: {
      ...(base['issuer'] as JsonObject),
      url: linked('issuer'),
      image: { id: linked('logo.png'), type: 'Image' }
    },
    image: { id: linked('badge.png'), type: 'Image' },
    evidence: [{ id: linked('evidence'), type: ['Evidence'] }],
    termsOfUse: [{ id: linked('terms'), type: 'https://academy.example/types#Terms' }],
    credentialSchema: [{ id: linked('schema.json'), type: '1EdTechJsonSchemaValidator2019' }],
    credentialStatus: {
      id: `${list}#7`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: list
    },
    credentialSubject: {
      ...subject,
      achievement: { ...achievement, id: linked('achievement'), image: { id: linked('a.png'), type: 'Image' } }
    }
  },
  { verificationMethod: kid }
)
const token = await (await testJwtSigner()).sign(badgeClaims(did), { alg: 'EdDSA', kid, typ: 'JWT' })

/** A web of one controller document, which notes every request. */
function web() {
  const requests: { readonly url: string; readonly headers: readonly string[] }[] = []
  const fetch = async (url: string, init: RequestInit) => {
    requests.push({ url, headers: [...new Headers(init.headers).keys()] })
    return url.endsWith('/did.json') ? new Response(document) : new Response(null, { status: 404 })
  }
  return { resolver: createWebResolver({ fetch }), requests }
}

describe('what a verification reads from the web', () => {
  it('148: is the keys of the issuer and the status list, and nothing else that a badge links to', async () => {
    const { resolver, requests } = web()
    const report = await verify(badge, { resolver, now: NOW })
    expect(report.checks.find(({ id }) => id === 'proof')?.code).toBe('PROOF_VALID')
    expect(requests.map(({ url }) => url)).toEqual(['https://academy.example/.well-known/did.json', list])
  })

  it('150: tells nothing of the one who reads', async () => {
    const { resolver, requests } = web()
    await verify(badge, { resolver, now: NOW })
    for (const { headers } of requests) expect(headers).toEqual(['accept', 'accept-encoding'])
  })

  it('D6, 139: is nothing without a resolver', async () => {
    for (const input of [badge, token]) {
      const report = await verify(input, { now: NOW })
      expect(report.checks.find(({ id }) => id === 'issuer')?.code).toBe('ISSUER_KEY_UNRESOLVED')
    }
  })

  it.each<[string, JsonObject | string | Promise<string>]>([
    ['JSON that is not strict', '{"issuer":"did:web:academy.example","issuer":1}'],
    ['a document with an inline context', { ...badge, '@context': [{}] }],
    ['a document that breaks the data model', without(badge, 'credentialSubject')],
    ['a proof without proofValue', withProof((proof) => delete proof.proofValue)],
    ['a proof of the future', withProof((proof) => (proof.created = '2030-01-01T00:00:00Z'))],
    ['a proof in a suite that is not accepted', withProof((proof) => (proof.cryptosuite = 'x-2030'))],
    ['a method of another party', withProof((proof) => (proof.verificationMethod = 'did:web:evil.example#1'))],
    ['a method of no known kind', withProof((proof) => (proof.verificationMethod = 'did:example:1#1'))],
    ['a token without algorithm', `${btoa('{"alg":"none"}')}.${token.split('.')[1]}.AA`],
    ['a token that is cut off', token.slice(0, -20).replace(/\.[^.]*$/, '.')],
    ['a token whose claims contradict it', retold({ jti: 'urn:uuid:9' })],
    ['a token of the future', retold({ iat: Date.parse('2030-01-01T00:00:00Z') / 1000 })],
    ['a token whose kid is of another party', retold({}, { kid: 'did:web:evil.example#key-1' })],
    ['a token that brings a private key', retold({}, { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' } })]
  ])('139: is nothing for %s', async (_name, input) => {
    const { resolver, requests } = web()
    expect((await verify(await input, { resolver, now: NOW })).accepted).toBe(false)
    expect(requests).toEqual([])
  })
})

describe('the name of an issuer', () => {
  const issuer = 'did:web:xn--academy-9za.example'
  const names = async (id: string) => {
    const method = `${id}#key-1`
    const signed = await (await testSigner()).sign(plainBadge(id), { verificationMethod: method })
    const jwt = await (await testJwtSigner()).sign(badgeClaims(id), { alg: 'EdDSA', kid: method, typ: 'JWT' })
    const resolver = createMapResolver({ [id]: buildControllerDocument({ id, keys }) })
    const reports = await Promise.all([signed, jwt].map((input) => verify(input, { resolver, now: NOW })))
    return reports.map(({ accepted, warnings }) => [accepted, ...warnings.map(({ code }) => code)])
  }

  it('142: in other letters is told of', async () => {
    for (const id of [issuer, 'https://www.xn--academy-9za.example/issuer']) {
      expect(await names(id)).toEqual([
        [true, 'ISSUER_HOST_PUNYCODE'],
        [true, 'ISSUER_HOST_PUNYCODE']
      ])
    }
    expect(await names(did)).toEqual([[true], [true]])
  })
})

function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object
  return rest
}

// biome-ignore lint/suspicious/noExplicitAny: abuse cases put anything anywhere.
function withProof(edit: (proof: any) => void): JsonObject {
  const copy = editable(badge)
  edit(copy.proof[0])
  return copy
}

async function retold(claims: JsonObject, header: JsonObject = {}): Promise<string> {
  return (await testJwtSigner()).sign({ ...badgeClaims(did), ...claims }, { alg: 'EdDSA', kid, typ: 'JWT', ...header })
}
