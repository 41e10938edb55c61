import { bakePng } from '../../src/baking/png.js'
import { bakeSvg } from '../../src/baking/svg.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { deriveCredential } from '../../src/issuing/derive.js'
import { hashIdentity } from '../../src/model/identity-hash.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { ecdsaJcs2019 } from '../../src/securing/ecdsa-jcs-2019.js'
import { ed25519Signature2020 } from '../../src/securing/ed25519-signature-2020.js'
import { eddsa2022 } from '../../src/securing/eddsa-2022.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import type { HashAndSignSuite } from '../../src/securing/hash-and-sign.js'
import { createEcdsaSd2023 } from '../../src/securing/sd/ecdsa-sd-2023.js'
import { png } from '../baking/png-builder.js'
import { svg } from '../baking/svg-builder.js'
import { countingRandom } from '../support/disclosure.js'
import { wideBadge } from '../support/disclosure-badges.js'
import { presentationOf, testHolder } from '../support/present.js'
import { appendProof } from '../support/proofs.js'
import { plainBadge } from '../support/sign.js'
import { entry, unsignedList, V1 } from '../support/status.js'
import { type CorpusIssuer, corpusIssuer, SIGNED } from './issuers.js'
import type { CorpusOptions } from './judge.js'

/** One file of a corpus, and what whoever made it meant by it. */
export interface CorpusFile {
  readonly file: string
  readonly accepted: boolean
  readonly content: string | Uint8Array
  readonly options?: CorpusOptions
}

/** What a corpus holds: the files, and what the web would have to have for them. */
export interface Contents {
  readonly files: readonly CorpusFile[]
  readonly published: Readonly<Record<string, JsonObject | string>>
}

const OB_1_1 = 'https://purl.imsglobal.org/spec/ob/v3p0/context.json'
const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
const ED25519_2020 = 'https://w3id.org/security/suites/ed25519-2020/v1'
const DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2'
const STATUS_2021 = 'https://w3id.org/vc/status-list/2021/v1'
const BADGE = String(plainBadge('')['id'])

/** Everything that this version can sign, one or more of each. */
export async function makeContents(): Promise<Contents> {
  const issuer = await corpusIssuer('corpus')
  const parts = [
    await suites(issuer),
    await tokens(issuer),
    await issuers(),
    await dates(issuer),
    await statuses(issuer),
    await endorsements(issuer, await corpusIssuer('corpus-endorser')),
    await olderModel(issuer),
    await recipients(issuer),
    await images(issuer),
    await presentations(issuer)
  ]
  return {
    files: parts.flatMap(({ files }) => files),
    published: Object.assign({}, ...parts.map(({ published }) => published))
  }
}

async function suites(issuer: CorpusIssuer): Promise<Contents> {
  const p256 = await corpusIssuer('corpus', 'P-256')
  const p384 = await corpusIssuer('corpus', 'P-384')
  const stranger = await corpusIssuer('corpus-stranger')
  const one = await issuer.embed(plainBadge(issuer.id))
  const plain = async (by: CorpusIssuer, suite?: Cryptosuite) => by.embed(plainBadge(by.id), suite)
  const random = countingRandom('corpus')
  const base = await p256.embed(everything(p256.id), createEcdsaSd2023({ random }))
  const shown = await deriveCredential(base, { reveal: ['/credentialSubject/achievement/tag'] })
  return only(
    file('eddsa-rdfc-2022.json', true, one),
    file('eddsa-rdfc-2022.everything.json', true, await issuer.embed(everything(issuer.id))),
    file('eddsa-rdfc-2022.changed.json', false, one.replace('Algebra I', 'Algebra II')),
    file('eddsa-rdfc-2022.forged.json', false, await stranger.embed(plainBadge(issuer.id))),
    file('eddsa-jcs-2022.json', true, await plain(issuer, eddsaJcs2022)),
    file('ecdsa-rdfc-2019.p256.json', true, await plain(p256)),
    file('ecdsa-rdfc-2019.p384.json', true, await plain(p384)),
    file('ecdsa-jcs-2019.p256.json', true, await plain(p256, ecdsaJcs2019)),
    file('ecdsa-jcs-2019.p384.json', true, await plain(p384, ecdsaJcs2019)),
    file('eddsa-2022.json', true, await append(plainBadge(issuer.id), issuer, eddsa2022)),
    file('proof-set.json', true, await append(JSON.parse(one), issuer, eddsaJcs2022)),
    file('proof-set.one-bad.json', false, await append(JSON.parse(one), stranger, eddsaJcs2022)),
    file('proof-chain.json', true, await chain(issuer)),
    file('ecdsa-sd-2023.base.json', false, base),
    file('ecdsa-sd-2023.derived.json', true, JSON.stringify(shown))
  )
}

async function append(document: JsonObject, issuer: CorpusIssuer, suite: HashAndSignSuite): Promise<string> {
  return JSON.stringify(await appendProof(document, issuer, { suite, created: SIGNED }))
}

async function chain(issuer: CorpusIssuer): Promise<string> {
  const suite = eddsaRdfc2022
  const first = await appendProof(plainBadge(issuer.id), issuer, { suite, created: SIGNED, id: 'urn:uuid:first' })
  return JSON.stringify(await appendProof(first, issuer, { suite, created: SIGNED, previousProof: 'urn:uuid:first' }))
}

async function tokens(issuer: CorpusIssuer): Promise<Contents> {
  const [p256, p384] = [await corpusIssuer('corpus', 'P-256'), await corpusIssuer('corpus', 'P-384')]
  const jwt = (by: CorpusIssuer, format: 'JWT' | 'vc+jwt') => by.jwt(plainBadge(by.id), format)
  const good = await jwt(issuer, 'JWT')
  const [header, payload, signature = ''] = good.split('.')
  return only(
    file('vc-jwt.eddsa.jwt', true, good),
    file('vc-jwt.es256.jwt', true, await jwt(p256, 'JWT')),
    file('vc-jwt.es384.jwt', true, await jwt(p384, 'JWT')),
    file('vc+jwt.eddsa.jwt', true, await jwt(issuer, 'vc+jwt')),
    file('vc+jwt.es256.jwt', true, await jwt(p256, 'vc+jwt')),
    file('vc+jwt.es384.jwt', true, await jwt(p384, 'vc+jwt')),
    file(
      'vc-jwt.proof-inside.jwt',
      true,
      await issuer.jwt(JSON.parse(await issuer.embed(plainBadge(issuer.id))), 'JWT')
    ),
    file(
      'vc-jwt.changed.jwt',
      false,
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    ),
    file('vc-jwt.enveloped.json', true, JSON.stringify(envelopeOf(await jwt(issuer, 'vc+jwt')))),
    file('vc-jwt.none.jwt', false, await issuer.token(claimsOf(plainBadge(issuer.id)), { alg: 'none', typ: 'JWT' }))
  )
}

async function issuers(): Promise<Contents> {
  const didJwk = await corpusIssuer('corpus', 'P-256', 'did:jwk')
  const didWeb = await corpusIssuer('corpus-web', 'Ed25519', 'did:web:academy.example')
  const https = await corpusIssuer('corpus-https', 'P-384', 'https://school.example/issuer')
  const absent = await corpusIssuer('corpus-absent', 'Ed25519', 'did:web:gone.example')
  const both = async (name: string, by: CorpusIssuer) => [
    file(`issuer.${name}.json`, true, await by.embed(plainBadge(by.id))),
    file(`issuer.${name}.jwt`, true, await by.jwt(plainBadge(by.id), 'JWT'))
  ]
  return {
    files: [
      ...(await both('did-jwk', didJwk)),
      ...(await both('did-web', didWeb)),
      ...(await both('https', https)),
      file('issuer.unreachable.json', false, await absent.embed(plainBadge(absent.id)))
    ],
    published: {
      [didWeb.id]: didWeb.controllerDocument,
      [https.id]: https.controllerDocument
    }
  }
}

async function dates(issuer: CorpusIssuer): Promise<Contents> {
  const dated = (more: JsonObject) => issuer.embed(plainBadge(issuer.id, more))
  return only(
    file('dates.expired.json', false, await dated({ validUntil: '2025-01-01T00:00:00Z' })),
    file('dates.last-moment.json', true, await dated({ validUntil: '2026-06-01T14:00:00+02:00' })),
    file('dates.not-yet.json', false, await dated({ validFrom: '2026-06-02T00:00:00Z' })),
    file(
      'dates.expired.jwt',
      false,
      await issuer.jwt(plainBadge(issuer.id, { validUntil: '2025-01-01T00:00:00Z' }), 'JWT')
    )
  )
}

/** Places 5, 6 and 7 of each list: good, revoked, and, in the list of suspensions, suspended. */
async function statuses(issuer: CorpusIssuer): Promise<Contents> {
  const at = (name: string) => `https://academy.example/status/${name}`
  const withStatus = (place: number, list: string, purpose = 'revocation') => ({
    credentialStatus: entry({
      id: `${list}#${place}`,
      statusPurpose: purpose,
      statusListIndex: String(place),
      statusListCredential: list
    })
  })
  const badge = (status: JsonObject) => issuer.embed(plainBadge(issuer.id, status))
  const list = (url: string, purpose: string, bits: readonly number[]) =>
    unsignedList(issuer.id, {
      bits,
      subject: { id: `${url}#list`, statusPurpose: purpose },
      document: { id: url }
    })
  const [revocation, suspension, asJwt, absent] = [at('revocation'), at('suspension'), at('jwt'), at('absent')]
  const [legacy, revocations] = [at('2021'), at('revocations')]
  const listed = (context: string, status: JsonObject) => {
    const plain = plainBadge(issuer.id, status)
    return issuer.embed({ ...plain, '@context': [...(plain['@context'] as readonly string[]), context] })
  }
  const in2021 = (place: number) => {
    const { credentialStatus } = withStatus(place, legacy)
    return listed(STATUS_2021, { credentialStatus: { ...credentialStatus, type: 'StatusList2021Entry' } })
  }
  const edTech = { credentialStatus: { id: revocations, type: '1EdTechRevocationList' } }
  return {
    files: [
      file('status.good.json', true, await badge(withStatus(5, revocation))),
      file('status.revoked.json', false, await badge(withStatus(6, revocation))),
      file('status.suspended.json', false, await badge(withStatus(7, suspension, 'suspension'))),
      file('status.good.jwt', true, await issuer.jwt(plainBadge(issuer.id, withStatus(5, asJwt)), 'JWT')),
      file('status.revoked.jwt', false, await issuer.jwt(plainBadge(issuer.id, withStatus(6, asJwt)), 'JWT')),
      file('status.unreachable.json', false, await badge(withStatus(5, absent))),
      file('status.2021.good.json', true, await in2021(5)),
      file('status.2021.revoked.json', false, await in2021(6)),
      file('status.1edtech.revoked.json', false, await listed(EXTENSIONS, edTech)),
      file('status.1edtech.good.json', true, await listed(EXTENSIONS, { ...edTech, id: 'urn:uuid:1' }))
    ],
    published: {
      [revocation]: JSON.parse(await issuer.embed(await list(revocation, 'revocation', [6]))),
      [suspension]: JSON.parse(await issuer.embed(await list(suspension, 'suspension', [7]))),
      [asJwt]: await issuer.jwt(await list(asJwt, 'revocation', [6]), 'vc+jwt'),
      [legacy]: JSON.parse(await issuer.embed(as2021(await list(legacy, 'revocation', [6])))),
      [revocations]: { id: revocations, issuer: issuer.id, revokedCredential: [{ id: BADGE }] }
    }
  }
}

function as2021({ validFrom: _, validUntil: __, credentialSubject, ...list }: JsonObject): JsonObject {
  const { encodedList, ...subject } = credentialSubject as JsonObject
  return {
    ...list,
    '@context': [V1, STATUS_2021, DATA_INTEGRITY],
    type: ['VerifiableCredential', 'StatusList2021Credential'],
    issuanceDate: SIGNED,
    credentialSubject: { ...subject, type: 'StatusList2021', encodedList: String(encodedList).slice(1) }
  }
}

async function endorsements(issuer: CorpusIssuer, endorser: CorpusIssuer): Promise<Contents> {
  const { credentialSubject } = plainBadge(issuer.id)
  const achievement = (credentialSubject as JsonObject)['achievement'] as JsonObject
  const carried = JSON.parse(await endorser.embed(endorsementOf(endorser.id, BADGE)))
  const token = await endorser.jwt(endorsementOf(endorser.id, BADGE), 'JWT')
  const deep = JSON.parse(await endorser.embed(endorsementOf(endorser.id, String(achievement['id']))))
  const elsewhere = JSON.parse(await endorser.embed(endorsementOf(endorser.id, 'urn:uuid:other')))
  const withDeep = { ...(credentialSubject as JsonObject), achievement: { ...achievement, endorsement: [deep] } }
  const changed = { ...carried, credentialSubject: { ...carried.credentialSubject, endorsementComment: 'Perfect.' } }
  const badge = (more: JsonObject) => issuer.embed(plainBadge(issuer.id, more))
  return only(
    file('endorsed.json', true, await badge({ endorsement: [carried] })),
    file('endorsed.achievement.json', true, await badge({ credentialSubject: withDeep })),
    file('endorsed.by-jwt.json', true, await badge({ endorsementJwt: [token] })),
    file('endorsed.by-jwt.jwt', true, await issuer.jwt(plainBadge(issuer.id, { endorsementJwt: [token] }), 'JWT')),
    file('endorsed.forged.json', false, await badge({ endorsement: [changed] })),
    file('endorsed.elsewhere.json', false, await badge({ endorsement: [elsewhere] })),
    file('endorsement.json', true, JSON.stringify(carried), { expect: 'EndorsementCredential' })
  )
}

function endorsementOf(endorser: string, about: string): JsonObject {
  const { credentialSubject: _, ...badge } = plainBadge(endorser)
  return {
    ...badge,
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsement',
    credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Observed two audits.' }
  }
}

/** Badges of the data model 1.1. */
async function olderModel(issuer: CorpusIssuer): Promise<Contents> {
  const { validFrom, ...plain } = plainBadge(issuer.id)
  const badge = (...more: readonly string[]): JsonObject => ({
    ...plain,
    '@context': [V1, OB_1_1, ...more],
    issuanceDate: validFrom as string
  })
  const claims = claimsOf(plainBadge(issuer.id))
  const vc = { ...badge(), expirationDate: '2027-01-15T08:00:00Z' }
  const { iss, sub, jti, nbf } = claims
  const registered = { iss, sub, jti, nbf, exp: 1_800_000_000 } as JsonObject
  return only(
    file('vcdm-1.1.ed25519-2020.json', true, await append(badge(ED25519_2020), issuer, ed25519Signature2020)),
    file('vcdm-1.1.eddsa-rdfc-2022.json', true, await issuer.embed(badge(DATA_INTEGRITY))),
    file('vcdm-1.1.jwt', true, await issuer.token({ ...registered, vc }))
  )
}

async function recipients(issuer: CorpusIssuer): Promise<Contents> {
  const salted = { hashed: true, identityHash: hashIdentity('åse@example.org', 'Kosher'), salt: 'Kosher' }
  const identifier = [{ type: 'IdentityObject', identityType: 'emailAddress', ...salted }]
  const { credentialSubject } = plainBadge(issuer.id)
  const badge = await issuer.embed(
    plainBadge(issuer.id, { credentialSubject: { ...(credentialSubject as JsonObject), identifier } })
  )
  return only(
    file('recipient.json', true, badge, { recipient: { email: 'Åse@Example.org' } }),
    file('recipient.another.json', false, badge, { recipient: { email: 'kari@example.org' } })
  )
}

async function images(issuer: CorpusIssuer): Promise<Contents> {
  const badge = await issuer.embed(plainBadge(issuer.id))
  const token = await issuer.jwt(plainBadge(issuer.id), 'JWT')
  return only(
    file('baked.json.png', true, bakePng(png(), badge)),
    file('baked.jwt.png', true, bakePng(png(), token)),
    file('baked.json.svg', true, bakeSvg(svg('<circle r="1"/>'), badge)),
    file('baked.jwt.svg', true, bakeSvg(svg('<circle r="1"/>'), token)),
    file('unbaked.png', false, png())
  )
}

async function presentations(issuer: CorpusIssuer): Promise<Contents> {
  const holder = await testHolder('corpus-holder')
  const { credentialSubject } = plainBadge(issuer.id)
  const own = { credentialSubject: { ...(credentialSubject as JsonObject), id: holder.did } }
  const badge = JSON.parse(await issuer.embed(plainBadge(issuer.id, own)))
  const token = await issuer.jwt(plainBadge(issuer.id, own), 'vc+jwt')
  const shown = JSON.stringify(await holder.present(presentationOf(holder.did, badge)))
  const asJwt = await corpusIssuer('corpus-holder')
  const claims = { ...presentationOf(holder.did, envelopeOf(token)), nonce: 'c-1', aud: 'jobs.example' }
  const header = { alg: 'EdDSA', kid: `${holder.did}#${holder.did.slice('did:key:'.length)}`, typ: 'vp+jwt' }
  const asked: CorpusOptions = { challenge: 'c-1', domain: 'jobs.example' }
  return only(
    file('presentation.json', true, shown, asked),
    file('presentation.replayed.json', false, shown, { ...asked, challenge: 'c-2' }),
    file('presentation.vp+jwt.jwt', true, await asJwt.token(claims, header), asked)
  )
}

function envelopeOf(token: string): JsonObject {
  return {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:application/vc+jwt,${token}`,
    type: 'EnvelopedVerifiableCredential'
  }
}

function claimsOf(badge: JsonObject): JsonObject {
  const subject = (badge['credentialSubject'] as JsonObject)['id'] as string
  const issuer = (badge['issuer'] as JsonObject)['id'] as string
  return { ...badge, iss: issuer, sub: subject, jti: BADGE, nbf: 1_704_067_200 }
}

/** A badge with about everything that Open Badges knows, but for a status. */
function everything(issuer: string): JsonObject {
  const { credentialStatus: _, ...badge } = wideBadge(issuer)
  return badge
}

function file(name: string, accepted: boolean, content: string | Uint8Array, options?: CorpusOptions): CorpusFile {
  return { file: name, accepted, content, ...(options === undefined ? {} : { options }) }
}

function only(...files: readonly CorpusFile[]): Contents {
  return { files, published: {} }
}
