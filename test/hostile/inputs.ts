import { gzipSync } from 'node:zlib'
import { bakeSvg } from '../../src/baking/svg.js'
import { encodeCbor } from '../../src/encoding/cbor.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { deriveCredential } from '../../src/issuing/derive.js'
import { createEcdsaSd2023 } from '../../src/securing/sd/ecdsa-sd-2023.js'
import { chunk, png, textData } from '../baking/png-builder.js'
import { svg } from '../baking/svg-builder.js'
import { type CorpusIssuer, corpusIssuer } from '../corpus/issuers.js'
import { countingRandom } from '../support/disclosure.js'
import { segment } from '../support/jwt.js'
import { presentationOf, testHolder } from '../support/present.js'
import { exampleJwk, MULTIKEYS } from '../support/public-keys.js'
import { plainBadge } from '../support/sign.js'
import { entry, LIST, unsignedList, V1, V2 } from '../support/status.js'

/** An input of up to 1 MiB that is made to cost a verifier as much as it can. Data, so that a file can keep it. */
export interface HostileInput {
  readonly name: string
  readonly content: string | { readonly base64: string }
  readonly options?: { readonly expect?: 'VerifiableCredential'; readonly lenient?: true }
  /** Verified as a presentation. */
  readonly presented?: true
  /** What the web answers with. */
  readonly published?: Readonly<Record<string, string>>
  /** Codes among those that come out. */
  readonly codes: readonly string[]
}

const MIB = 1_048_576
const OLDER_CONTEXTS = [
  V1,
  'https://purl.imsglobal.org/spec/ob/v3p0/context.json',
  'https://w3id.org/security/data-integrity/v2'
]
const WEB = 'https://school.example/issuer'

export async function hostileInputs(): Promise<readonly HostileInput[]> {
  const issuer = await corpusIssuer('hostile')
  const signed: JsonObject = JSON.parse(await issuer.embed(plainBadge(issuer.id)))
  return [
    ...texts(),
    ...graphs(signed),
    ...(await proofs(issuer, signed)),
    ...(await nested(issuer)),
    ...(await statuses(issuer)),
    ...(await keys(signed)),
    ...images(),
    ...(await presentations(issuer))
  ]
}

/** Against the readers of JSON and JWTs. */
function texts(): readonly HostileInput[] {
  const header = (json: string) => `${segment(json)}.${segment('{}')}.${segment('x')}`
  const members = (count: number) => Array.from({ length: count }, (_, index) => `"${index}":0`).join()
  return [
    text('arrays in arrays', '['.repeat(MIB), 'JSON_TOO_DEEP'),
    text('objects in objects', '{"a":'.repeat(MIB / 5), 'JSON_TOO_DEEP'),
    text('a wide array', `[${'0,'.repeat(MIB / 2 - 2)}0]`, 'JSON_TOO_MANY_ITEMS'),
    text('a wide object', `{${members(100_000)}}`.slice(0, MIB), 'JSON_TOO_MANY_ITEMS'),
    text('a long number', `[${'9'.repeat(MIB - 2)}]`, 'JSON_NUMBER_RANGE'),
    text('a long text of escapes', `{"a":"${'\\u00e6'.repeat(MIB / 6 - 3)}"}`, 'CONTEXT_NOT_ALLOWED'),
    text('line ends and a fault', `{${'\n'.repeat(MIB - 2)}x`, 'JSON_SYNTAX'),
    text('names that get longer', `{${'a'.repeat(20)}`.padEnd(MIB, ' '), 'JSON_SYNTAX'),
    text('a JWT with a huge header', header(`{"alg":"EdDSA","kid":"${'x'.repeat(MIB / 2)}"}`), 'JWT_HEADER_REFUSED'),
    text('a JWT with a wide header', header(`{${members(50_000)}}`), 'JSON_TOO_MANY_ITEMS'),
    text('a JWT of points', '.'.repeat(MIB), 'JSON_SYNTAX'),
    text(
      'a JWT with a long signature',
      `${segment('{"alg":"EdDSA"}')}.e30.${'A'.repeat(MIB - 100)}`,
      'JWT_HEADER_REFUSED'
    )
  ]
}

/** Against JSON-LD, canonicalisation and the search for shared ids. The signatures do not fit; what comes before costs. */
function graphs(signed: JsonObject): readonly HostileInput[] {
  const names = Array.from({ length: 10 }, (_, index) => `_:n${index}`)
  const clique = names.map((id) => ({ id, type: ['Evidence'], related: names.filter((name) => name !== id) }))
  const many = (count: number, make: (index: number) => JsonValue) =>
    Array.from({ length: count }, (_, index) => make(index))
  const alike = many(640, () => ({ type: ['Evidence'] }))
  const shared = many(1_900, (index) => ({ id: 'urn:same', type: ['Evidence'], name: `${index}` }))
  const long = '😀'.repeat(200_000)
  const pairs = many(450, () => ({ type: ['Evidence'], narrative: '😀\uffff' }))
  return [
    document('a clique of ten blank nodes', { ...signed, evidence: clique }, 'ID_NOT_ABSOLUTE'),
    document('nodes that look alike, as many as may be', { ...signed, evidence: alike }, 'SIGNATURE_INVALID'),
    document('one id, said of many', { ...signed, evidence: shared }, 'DUPLICATE_VALUE'),
    document('one id, said at every depth', { ...signed, ...chain(28, 30_000) }, 'ID_AMBIGUOUS'),
    document('one id, said in many places', { ...signed, ...spread(300) }, 'ID_AMBIGUOUS'),
    document('long texts beyond the first plane', { ...signed, name: long }, 'SIGNATURE_INVALID'),
    document('many texts beyond the first plane', { ...signed, evidence: pairs }, 'SIGNATURE_INVALID'),
    document('a long text in every place', { ...signed, ...tagged(1_900, 500) }, 'SIGNATURE_INVALID'),
    document(
      'a long name of a member',
      { ...signed, ['n'.repeat(500_000)]: many(640, () => ({ type: ['Evidence'] })) },
      'UNDEFINED_TERM'
    ),
    document('ids that no IRI may be', { ...signed, id: `a:${'a:'.repeat(500_000)}` }, 'IDS_TOO_LONG'),
    document(
      'a date with a million digits',
      { ...signed, validFrom: `2024-01-01T00:00:00.${'1'.repeat(MIB - 2_000)}Z` },
      'SIGNATURE_INVALID'
    ),
    document(
      'many types',
      { ...signed, type: many(1_900, (index) => `https://x.example/${'t'.repeat(400)}${index}`) },
      'TYPE_NOT_EXPECTED'
    ),
    document(
      'many contexts',
      { ...signed, '@context': many(9_000, (index) => `https://x.example/${index}`) },
      'CONTEXT_NOT_ALLOWED'
    ),
    {
      ...document(
        'everything to relax',
        { ...signed, evidence: many(280, () => ({ '@type': ['Evidence', 'Evidence'], name: null, tag: [] })) },
        'SIGNATURE_INVALID'
      ),
      options: { lenient: true }
    },
    {
      ...document(
        'inline contexts',
        {
          '@context': [V2, ...many(900, (index) => ({ [`t${index}`]: 'https://x.example/t' }))],
          type: ['VerifiableCredential']
        },
        'CONTEXT_NOT_ALLOWED'
      ),
      options: { expect: 'VerifiableCredential' }
    },
    document('results against descriptions', { ...signed, ...results(280) }, 'SIGNATURE_INVALID')
  ]
}

function chain(depth: number, length: number): JsonObject {
  let profile: JsonObject = { id: 'urn:same', type: ['Profile'], name: 'x' }
  for (let index = 0; index < depth; index += 1)
    profile = { id: 'urn:same', type: ['Profile'], name: 'y'.repeat(length) + index, parentOrg: profile }
  return { credentialSubject: withSubject({ source: profile }) }
}

function spread(count: number): JsonObject {
  const related = Array.from({ length: count }, (_, index) => ({
    type: ['Result'],
    alignment: [{ type: ['Alignment'], id: 'urn:same', targetName: `${index}`, targetUrl: 'https://x.example' }]
  }))
  return { credentialSubject: withSubject({ result: related, source: { id: 'urn:same', type: ['Profile'] } }) }
}

function tagged(count: number, length: number): JsonObject {
  const { achievement, ...subject } = plainBadge('')['credentialSubject'] as JsonObject
  const tag = Array.from({ length: count }, (_, index) => `${'t'.repeat(length)}${index}`)
  return { credentialSubject: { ...subject, achievement: { ...(achievement as JsonObject), tag } } }
}

function results(count: number): JsonObject {
  const { achievement, ...subject } = plainBadge('')['credentialSubject'] as JsonObject
  const id = (index: number) => `https://x.example/${'r'.repeat(400)}/${index}`
  const resultDescription = Array.from({ length: count }, (_, index) => ({
    id: id(index),
    type: ['ResultDescription'],
    name: 'x',
    resultType: 'Result'
  }))
  const result = resultDescription.map((_, index) => ({ type: ['Result'], resultDescription: id(count - index - 1) }))
  return {
    credentialSubject: { ...subject, result, achievement: { ...(achievement as JsonObject), resultDescription } }
  }
}

function withSubject(more: JsonObject): JsonObject {
  return { ...(plainBadge('')['credentialSubject'] as JsonObject), ...more }
}

/** Against the check of proofs. */
async function proofs(issuer: CorpusIssuer, signed: JsonObject): Promise<readonly HostileInput[]> {
  const [proof] = signed['proof'] as readonly JsonObject[]
  const wide = { ...signed, ...tagged(1_800, 300) }
  const copies = (count: number, more: JsonObject = {}) =>
    Array.from({ length: count }, (_, index) => ({ ...proof, ...more, id: `urn:${index}` }))
  const chained = copies(8).map((one, index, all) => ({
    ...one,
    ...(index === 0 ? {} : { previousProof: all.slice(0, index).map(({ id }) => id) })
  }))
  const sd = (value: Uint8Array) => `u${Buffer.from([0xd9, 0x5d, 0x01, ...value]).toString('base64url')}`
  const bomb = sd(
    encodeCbor([
      new Uint8Array(64),
      new Uint8Array(35),
      Array.from({ length: 4_000 }, () => new Uint8Array(64)),
      new Map(),
      []
    ])
  )
  const p256 = await corpusIssuer('hostile', 'P-256')
  const derived = {
    ...proof,
    cryptosuite: 'ecdsa-sd-2023',
    verificationMethod: p256.verificationMethod,
    proofValue: bomb
  }
  return [
    document(
      'eight proofs of a wide document',
      { ...(await resigned(issuer, wide)), proof: copies(8) },
      'SIGNATURE_INVALID'
    ),
    document('a thousand proofs', { ...signed, proof: copies(1_000) }, 'TOO_MANY_NODES'),
    document('proofs that build on all before', { ...wide, proof: chained }, 'SIGNATURE_INVALID'),
    document(
      'a proof value of a million letters',
      { ...signed, proof: { ...proof, proofValue: `z${'2'.repeat(1_000_000)}` } as JsonObject },
      'PROOF_MALFORMED'
    ),
    text('a derived proof with 900 signatures', await derivedFrom(p256, 900), 'PROOF_VALID'),
    document('a proof with thousands of signatures', { ...plainBadge(p256.id), proof: [derived] }, 'PROOF_MALFORMED'),
    document(
      'a proof of nested arrays',
      { ...signed, proof: [{ ...derived, proofValue: sd(new Uint8Array(700_000).fill(0x81)) }] },
      'PROOF_MALFORMED'
    ),
    document(
      'a proof that claims an array of 2^53',
      {
        ...signed,
        proof: [{ ...derived, proofValue: sd(Uint8Array.of(0x9b, 0, 0x1f, 255, 255, 255, 255, 255, 255)) }]
      },
      'PROOF_MALFORMED'
    )
  ]
}

async function derivedFrom(issuer: CorpusIssuer, statements: number): Promise<string> {
  const suite = createEcdsaSd2023({ random: countingRandom('hostile') })
  const base = await issuer.embed(plainBadge(issuer.id, tagged(statements, 100)), suite)
  return JSON.stringify(await deriveCredential(base, { reveal: ['/credentialSubject/achievement/tag'] }))
}

/** As many signatures as there are proofs have to be looked at only where the first ones fit. */
async function resigned(issuer: CorpusIssuer, document: JsonObject): Promise<JsonObject> {
  const { proof: _, ...unsigned } = document
  return JSON.parse(await issuer.embed(unsigned))
}

/** Against the endorsements inside a badge. */
async function nested(issuer: CorpusIssuer): Promise<readonly HostileInput[]> {
  const heavy = async (index: number) => {
    const other = Array.from({ length: 300 }, (_, at) => ({
      type: 'IdentifierEntry',
      identifier: `${at}`,
      identifierType: 'name'
    }))
    const wide = {
      ...endorsementBy(issuer.id, index),
      issuer: { id: issuer.id, type: ['Profile'], otherIdentifier: other }
    }
    return issuer.jwt(JSON.parse(await issuer.embed(wide)), 'JWT')
  }
  const alike = async (index: number) => {
    const termsOfUse = Array.from({ length: 900 }, () => ({ type: 'a:T' }))
    const same = { ...endorsementBy(issuer.id, index), termsOfUse }
    return issuer.jwt(JSON.parse(await issuer.embed(same)), 'JWT')
  }
  const embedded = await Promise.all(
    Array.from({ length: 150 }, async (_, index) =>
      JSON.parse(await issuer.embed(endorsementBy(issuer.id, index, 1_000)))
    )
  )
  const jwts = await Promise.all(Array.from({ length: 32 }, (_, index) => heavy(index)))
  const badge = (more: JsonObject) => issuer.embed(plainBadge(issuer.id, more))
  return [
    text('sixty-four endorsements', await badge({ endorsement: embedded.slice(0, 64) }), 'ENDORSEMENT_UNDECIDED'),
    text(
      'sixty-four endorsements in an unusual form',
      await badge({
        endorsement: embedded.slice(0, 64),
        evidence: [{ id: 'name:x', type: ['Evidence'], narrative: 'x' }]
      }),
      'ENDORSEMENT_UNDECIDED'
    ),
    text('sixty-four endorsements of data model 1.1', await olderEndorsements(issuer, 64), 'ENDORSEMENT_UNDECIDED'),
    text('a hundred and fifty endorsements', await badge({ endorsement: embedded }), 'CONTEXT_NOT_ALLOWED'),
    text(
      'endorsements of things that look alike, inside tokens',
      await badge({ endorsementJwt: await Promise.all(Array.from({ length: 32 }, (_, index) => alike(index))) }),
      'ENDORSEMENT_UNDECIDED'
    ),
    text('endorsements with proofs inside tokens', await badge({ endorsementJwt: jwts }), 'ENDORSEMENT_UNDECIDED'),
    text(
      'thousands of endorsements that are none',
      await badge({ endorsementJwt: Array.from({ length: 1_900 }, (_, index) => `a.${index}.b`) }),
      'ENDORSEMENT_UNDECIDED'
    )
  ]
}

/** In the data model 1.1, whose contexts have features that are not plain. */
async function olderEndorsements(issuer: CorpusIssuer, count: number): Promise<string> {
  const older = ({ validFrom, ...more }: JsonObject): JsonObject => ({
    ...more,
    '@context': OLDER_CONTEXTS,
    issuanceDate: validFrom as string
  })
  const endorsement = await Promise.all(
    Array.from({ length: count }, async (_, index) =>
      JSON.parse(await issuer.embed(older(endorsementBy(issuer.id, index, 1_000))))
    )
  )
  return issuer.embed(older(plainBadge(issuer.id, { endorsement })))
}

function endorsementBy(issuer: string, index: number, length = 1): JsonObject {
  const { credentialSubject: _, id, ...badge } = plainBadge(issuer)
  return {
    ...badge,
    id: `urn:endorsement:${index}`,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'x'.repeat(length),
    credentialSubject: { id: String(id), type: ['EndorsementSubject'], endorsementComment: 'Good.' }
  }
}

/** Against status lists and whoever fetches them. */
async function statuses(issuer: CorpusIssuer): Promise<readonly HostileInput[]> {
  const credential = (credentialStatus: readonly JsonObject[]): JsonObject => ({
    '@context': [V2],
    id: 'urn:uuid:1',
    type: ['VerifiableCredential'],
    issuer: issuer.id,
    credentialSubject: { id: 'did:example:learner' },
    credentialStatus
  })
  const lists = Array.from({ length: 8 }, (_, index) => `https://x.example/${index}`)
  const entries = lists.map((url, index) => ({
    ...entry({ statusListCredential: url, statusListIndex: `${index}` }),
    id: `urn:status:${index}`
  }))
  const bomb = await unsignedList(issuer.id, {
    subject: { encodedList: `u${gzipSync(Buffer.alloc(100 * MIB)).toString('base64url')}` }
  })
  const full = await unsignedList(issuer.id, { bytes: 8 * MIB })
  const badge = await issuer.embed(plainBadge(issuer.id, { credentialStatus: entry() }))
  const any = { options: { expect: 'VerifiableCredential' } } as const
  const edTech = { id: LIST, type: '1EdTechRevocationList' }
  const plain = plainBadge(issuer.id, { credentialStatus: edTech })
  const extended = {
    ...plain,
    '@context': [...(plain['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json']
  }
  const revoked = Array.from({ length: 3_300 }, (_, index) => ({
    id: `urn:uuid:${'r'.repeat(200)}${index}`,
    revocationReason: 'x'
  }))
  const longLists = lists.map((id) => ({ id, type: '1EdTechRevocationList' }))
  const withLongLists = {
    ...credential(longLists),
    '@context': [V2, 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json']
  }
  const longList = (id: string) => {
    const revokedCredential = Array.from({ length: 45_000 }, (_, index) => ({
      id: `urn:uuid:${'r'.repeat(65)}${index}`
    }))
    return JSON.stringify({ id, issuer: issuer.id, revokedCredential })
  }
  const endorsements = await Promise.all(
    entries.map(async (credentialStatus, index) =>
      JSON.parse(await issuer.embed({ ...endorsementBy(issuer.id, index), credentialStatus }))
    )
  )
  const eight = Object.fromEntries(
    await Promise.all(lists.map(async (id) => [id, await issuer.embed({ ...full, id })] as const))
  )
  return [
    {
      ...text('eight status lists of 8 MiB', await issuer.embed(credential(entries)), 'STATUS_UNAVAILABLE'),
      ...any,
      published: eight
    },
    {
      ...text(
        'endorsements with status lists of 8 MiB',
        await issuer.embed(plainBadge(issuer.id, { endorsement: endorsements })),
        'ENDORSEMENT_UNDECIDED'
      ),
      published: eight
    },
    {
      ...text('a status list that unpacks to 100 MiB', badge, 'STATUS_LIST_MALFORMED'),
      published: { [LIST]: await issuer.embed(bomb) }
    },
    { ...text('a status list of 8 MiB', badge, 'STATUS_GOOD'), published: { [LIST]: await issuer.embed(full) } },
    {
      ...text('revocation lists of 4 MiB', await issuer.embed(withLongLists), 'STATUS_UNAVAILABLE'),
      ...any,
      published: Object.fromEntries(lists.map((id) => [id, longList(id)]))
    },
    {
      ...text('a long revocation list', await issuer.embed(extended), 'STATUS_NOT_LISTED'),
      published: { [LIST]: JSON.stringify({ id: LIST, issuer: issuer.id, revokedCredential: revoked }) }
    }
  ]
}

/** Against the search for keys. */
async function keys(signed: JsonObject): Promise<readonly HostileInput[]> {
  const [proof] = signed['proof'] as readonly JsonObject[]
  const web = await corpusIssuer('hostile', 'P-384', WEB)
  const hostile = await corpusIssuer('hostile')
  const by = (verificationMethod: string, issuer = verificationMethod.split('#')[0] as string) =>
    ({ ...signed, issuer: { id: issuer, type: ['Profile'] }, proof: [{ ...proof, verificationMethod }] }) as JsonObject
  const rsa = (bits: number, e: string) => {
    const did = `did:jwk:${segment({ kty: 'RSA', n: Buffer.alloc(bits / 8, 0xff).toString('base64url'), e })}`
    const claims = {
      ...plainBadge(did),
      iss: did,
      sub: 'did:example:learner',
      jti: String(signed['id']),
      nbf: 1_704_067_200
    }
    return `${segment({ alg: 'RS256', kid: `${did}#0`, typ: 'JWT' })}.${segment(claims)}.${Buffer.alloc(bits / 8, 1).toString('base64url')}`
  }
  const rsaEndorsement = (about: string, index: number) => {
    const n = Buffer.alloc(1_024, 0xff)
    n[500] = index
    const did = `did:jwk:${segment({ kty: 'RSA', n: n.toString('base64url'), e: Buffer.alloc(4, 0xff).toString('base64url') })}`
    const named = { iss: did, sub: about, jti: `urn:endorsement:${index}`, nbf: 1_704_067_200 }
    const claims = { ...endorsementBy(did, index), ...named }
    const header = { alg: 'RS256', kid: `${did}#0`, typ: 'JWT' }
    return `${segment(header)}.${segment(claims)}.${Buffer.alloc(1_024, 1).toString('base64url')}`
  }
  const methods = (count: number) => ({
    ...web.controllerDocument,
    verificationMethod: Array.from({ length: count }, (_, index) => ({
      id: `${WEB}#${index}`,
      type: 'Multikey',
      controller: WEB,
      publicKeyMultibase: MULTIKEYS['P-384']
    })),
    assertionMethod: Array.from({ length: count }, (_, index) => `${WEB}#${index}`)
  })
  const registered = { iss: WEB, sub: 'did:example:learner', jti: String(signed['id']), nbf: 1_704_067_200 }
  const claims = { ...plainBadge(WEB), ...registered }
  const withKey = await web.token(claims, { alg: 'ES384', jwk: exampleJwk('P-384'), typ: 'JWT' })
  const carried = await Promise.all(
    Array.from({ length: 32 }, (_, index) => {
      const endorsement = endorsementBy(WEB, index)
      const named = { iss: WEB, sub: String(signed['id']), jti: `urn:endorsement:${index}`, nbf: 1_704_067_200 }
      return web.token({ ...endorsement, ...named }, { alg: 'ES384', jwk: exampleJwk('P-384'), typ: 'JWT' })
    })
  )
  const set = Array.from({ length: 100 }, (_, index) => ({ ...exampleJwk('P-384'), kid: `${index}`, iss: 'x' }))
  const asMany = (count: number) => ({ published: { [WEB]: JSON.stringify(methods(count)) } })
  return [
    document('a did:key of half a million letters', by(`did:key:z${'6'.repeat(500_000)}#z`), 'ISSUER_KEY_INVALID'),
    document(
      'a did:key of ones',
      by(`did:key:z${'1'.repeat(500_000)}#z${'1'.repeat(500_000)}`, 'did:key:z1'),
      'ISSUER_KEY_INVALID'
    ),
    document('a did:web of colons', by(`did:web:a.example${':a'.repeat(250_000)}#key`), 'ISSUER_KEY_INVALID'),
    text(
      'an RSA key of 8,192 bits with the largest exponent',
      rsa(8_192, Buffer.from([0xff, 0xff, 0xff, 0xff]).toString('base64url')),
      'SIGNATURE_INVALID'
    ),
    text(
      'endorsements by RSA keys of 8,192 bits',
      await hostile.embed(
        plainBadge(hostile.id, {
          endorsementJwt: Array.from({ length: 32 }, (_, index) => rsaEndorsement(String(signed['id']), index))
        })
      ),
      'ENDORSEMENT_INVALID'
    ),
    text('an RSA key of half a million bits', rsa(500_000, 'AQAB'), 'JWT_HEADER_REFUSED'),
    {
      ...document('a controller document of two hundred keys', by(`${WEB}#none`), 'ISSUER_KEY_INVALID'),
      ...asMany(220)
    },
    { ...text('a key among a hundred', withKey, 'SIGNATURE_INVALID'), ...asMany(100) },
    {
      ...text(
        'endorsements by a key among a hundred',
        await hostile.embed(plainBadge(hostile.id, { endorsementJwt: carried })),
        'ENDORSEMENT_INVALID'
      ),
      ...asMany(100)
    },
    {
      ...text(
        'endorsements by a key of a set of a hundred',
        await hostile.embed(plainBadge(hostile.id, { endorsementJwt: carried })),
        'ENDORSEMENT_INVALID'
      ),
      published: { 'https://school.example/.well-known/jwks.json': JSON.stringify({ keys: set }) }
    }
  ]
}

/** Against the readers of images. */
function images(): readonly HostileInput[] {
  const floods = (count: number, make: () => Uint8Array) => {
    const chunks = Buffer.concat(Array.from({ length: count }, make))
    return { base64: Buffer.from(png(new Uint8Array(chunks))).toString('base64') }
  }
  const inSvg = (body: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">${body}</svg>`
  const attributes = Array.from({ length: 90_000 }, (_, index) => `a${index}=""`).join(' ')
  const declared = Array.from({ length: 20_000 }, (_, index) => `xmlns:a${index}="urn:${index}"`).join(' ')
  return [
    { name: 'a PNG of empty chunks', content: floods(80_000, () => chunk('tEXt')), codes: ['BAKED_LIMIT'] },
    {
      name: 'a PNG of texts',
      content: floods(9_000, () => chunk('iTXt', textData('other', 'x'.repeat(80)))),
      codes: ['BAKED_NOT_FOUND']
    },
    {
      name: 'a PNG whose chunk claims 2 GiB',
      content: floods(1, () => chunk('iTXt', new Uint8Array(100), { length: 0x7fffffff })),
      codes: ['BAKED_MALFORMED']
    },
    text('an SVG of attributes', inSvg(`<g ${attributes}/>`), 'BAKED_LIMIT'),
    text('an SVG of namespaces', inSvg(`<g ${declared}/>`), 'BAKED_LIMIT'),
    text('an SVG of depth', inSvg('<g>'.repeat(300_000)), 'BAKED_LIMIT'),
    text('an SVG of empty elements', inSvg('<g/>'.repeat(250_000)), 'BAKED_LIMIT'),
    text('an SVG of entities', inSvg('&#x1F600;'.repeat(100_000)), 'BAKED_NOT_FOUND'),
    text(
      'an SVG that declares entities',
      `<!DOCTYPE svg [${'<!ENTITY a "aaaaaaaaaa">'.repeat(40_000)}]>${bakeSvg(svg(''), 'a.b.c')}`,
      'BAKED_MALFORMED'
    )
  ]
}

/** Against whoever verifies all that is presented. */
async function presentations(issuer: CorpusIssuer): Promise<readonly HostileInput[]> {
  const holder = await testHolder('hostile-holder')
  const heavy = async (tags: number, length: number, index: number): Promise<JsonObject> => ({
    ...plainBadge(issuer.id, tagged(tags, length)),
    id: `urn:badge:${index}`
  })
  const enveloped = await Promise.all(
    Array.from({ length: 34 }, async (_, index) => {
      const inner = JSON.parse(await issuer.embed(await heavy(450, 20, index)))
      return {
        '@context': V2,
        id: `data:application/vc+jwt,${await issuer.jwt(inner, 'vc+jwt')}`,
        type: 'EnvelopedVerifiableCredential'
      }
    })
  )
  const alike = await Promise.all(
    Array.from({ length: 32 }, async (_, index) => {
      const evidence = Array.from({ length: 640 }, () => ({ type: ['Evidence'] }))
      const inner = JSON.parse(await issuer.embed(plainBadge(issuer.id, { id: `urn:badge:${index}`, evidence })))
      return {
        '@context': V2,
        id: `data:application/vc+jwt,${await issuer.jwt(inner, 'vc+jwt')}`,
        type: 'EnvelopedVerifiableCredential'
      }
    })
  )
  const endorsed = await Promise.all(
    Array.from({ length: 32 }, async (_, index) => {
      const all = Array.from({ length: 24 }, (_, at) => endorsementBy(issuer.id, at))
      const endorsement = await Promise.all(all.map(async (one) => JSON.parse(await issuer.embed(one))))
      const token = await issuer.jwt(plainBadge(issuer.id, { id: `urn:badge:${index}`, endorsement }), 'vc+jwt')
      return { '@context': V2, id: `data:application/vc+jwt,${token}`, type: 'EnvelopedVerifiableCredential' }
    })
  )
  const plain = await Promise.all(
    Array.from({ length: 32 }, async (_, index) => JSON.parse(await issuer.embed(await heavy(35, 500, index))))
  )
  const present = async (name: string, all: readonly JsonObject[], code: string): Promise<HostileInput> => ({
    ...document(name, await holder.present(presentationOf(holder.did, ...all)), code),
    presented: true
  })
  const carrying = await Promise.all(
    Array.from({ length: 32 }, async (_, index) => {
      const endorsement = [JSON.parse(await issuer.embed(endorsementBy(issuer.id, index, 1_000)))]
      return JSON.parse(await issuer.embed(plainBadge(issuer.id, { id: `urn:badge:${index}`, endorsement })))
    })
  )
  return [
    await present('a presentation of 32 endorsed credentials', carrying, 'CREDENTIAL_NOT_ACCEPTED'),
    await present('a presentation of tokens of things that look alike', alike, 'CREDENTIALS_ACCEPTED'),
    await present('a presentation of 34 tokens with proofs inside', enveloped, 'CREDENTIALS_TOO_MANY'),
    await present('a presentation of tokens full of endorsements', endorsed, 'ENDORSEMENT_TARGET_MISMATCH'),
    await present('a presentation of 32 credentials', plain, 'CREDENTIALS_ACCEPTED')
  ]
}

function text(name: string, content: string, ...codes: readonly string[]): HostileInput {
  return { name, content, codes }
}

function document(name: string, content: JsonObject, ...codes: readonly string[]): HostileInput {
  return text(name, JSON.stringify(content), ...codes)
}
