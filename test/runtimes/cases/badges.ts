import type { JsonObject } from '../../../src/encoding/json-types.js'
import { isJsonObject } from '../../../src/encoding/snapshot.js'
import { hashIdentity } from '../../../src/model/identity-hash.js'
import { plainBadge } from '../../support/sign.js'
import type { BadgeCase, CaseInput, CaseOptions } from '../case.js'
import { contentOf, FORMATS, type Format, type FormatSigner, textOf } from './formats.js'
import { LIST, signedList, statusEntry } from './lists.js'
import { TEXTS } from './texts.js'

const BADGE = String(plainBadge('did:example:issuer')['id'])

/** What every format is asked. */
export async function badgeCases(): Promise<readonly BadgeCase[]> {
  const cases: BadgeCase[] = []
  for (const format of FORMATS) {
    const parties = { issuer: await format.signer('issuer'), stranger: await format.signer('stranger') }
    for (const chapter of [controls, texts, dates, changes, recipients, statuses, endorsements]) {
      for (const one of await chapter(parties, format)) cases.push({ ...one, name: `${format.name}: ${one.name}` })
    }
  }
  return cases
}

interface Parties {
  readonly issuer: FormatSigner
  readonly stranger: FormatSigner
}

async function controls({ issuer, stranger }: Parties): Promise<BadgeCase[]> {
  const signed = await signBadge(issuer)
  return [
    accepted('control', signed),
    accepted('control as text', { text: textOf(signed) }),
    accepted('control as bytes', { base64: btoa(textOf(signed)) }),
    refused('wanted as an endorsement', signed, { expect: 'EndorsementCredential' }),
    refused('signed by a stranger', await stranger.sign(plainBadge(issuer.did)))
  ]
}

async function texts({ issuer }: Parties): Promise<BadgeCase[]> {
  return Promise.all(
    Object.entries(TEXTS).map(async ([name, more]) => accepted(name, await signBadge(issuer, achievementWith(more))))
  )
}

async function dates({ issuer }: Parties): Promise<BadgeCase[]> {
  const dated = await signBadge(issuer, {
    validFrom: '2024-02-29T23:59:59.123456+14:00',
    validUntil: '2026-06-01T12:00:00Z'
  })
  const leap = await signBadge(issuer, { validFrom: '2023-02-29T00:00:00Z' })
  return [
    accepted('the last moment', dated),
    refused('one second after the last moment', dated, { now: '2026-06-01T12:00:01Z' }),
    refused('before the first moment', dated, { now: '2024-02-29T09:58:00Z' }),
    refused('a day that is not', leap),
    refused('expired', await signBadge(issuer, { validUntil: '2025-01-01T00:00:00Z' }))
  ]
}

async function changes({ issuer, stranger }: Parties, format: Format): Promise<BadgeCase[]> {
  const signed = await signBadge(issuer)
  return [...format.changes(signed, stranger)].map(([name, changed]) => refused(`changed: ${name}`, changed))
}

async function recipients({ issuer }: Parties): Promise<BadgeCase[]> {
  const identifier = [
    {
      type: 'IdentityObject',
      identityType: 'emailAddress',
      hashed: true,
      identityHash: hashIdentity('åse@example.org', 'Kosher'),
      salt: 'Kosher'
    }
  ]
  const signed = await signBadge(issuer, subjectWith({ identifier }))
  return [
    accepted('the recipient by address', signed, { recipient: { email: 'Åse@Example.org' } }),
    refused('another recipient', signed, { recipient: { email: 'kari@example.org' } })
  ]
}

async function statuses({ issuer, stranger }: Parties): Promise<BadgeCase[]> {
  const signed = await signBadge(issuer, { credentialStatus: statusEntry() })
  const good = await signedList(issuer)
  const serve = (list: CaseInput): CaseOptions => ({ published: [[LIST, contentOf(list)]] })
  const stale = { document: { validFrom: '2026-05-01T11:00:00Z', validUntil: '2026-05-08T11:00:00Z' } }
  const cut = { subject: { encodedList: 'uH4sIAAAAAAAA_-3BMQEAAADCoPVPbQwf' } }
  return [
    accepted('not revoked', signed, serve(good)),
    refused('revoked', signed, serve(await signedList(issuer, { revoked: true }))),
    refused('no list', signed),
    refused('a list of a stranger', signed, serve(await signedList(stranger))),
    refused('a stale list', signed, serve(await signedList(issuer, stale))),
    refused('a list that is cut short', signed, serve(await signedList(issuer, cut))),
    refused('a short list', signed, serve(await signedList(issuer, { bytes: 1024 }))),
    refused(
      'a place that is none',
      await signBadge(issuer, { credentialStatus: statusEntry({ statusListIndex: '05' }) }),
      serve(good)
    )
  ]
}

async function endorsements({ issuer, stranger }: Parties, format: Format): Promise<BadgeCase[]> {
  const endorsed = async (about: string, edit = (carried: CaseInput) => carried) =>
    signBadge(issuer, format.carry(edit(await stranger.sign(endorsement(stranger.did, about)))))
  const forge = (carried: CaseInput) => {
    for (const [, changed] of format.changes(carried, issuer)) return changed
    throw new TypeError('there is no change')
  }
  return [
    accepted('endorsed', await endorsed(BADGE)),
    refused('endorsed by a forgery', await endorsed(BADGE, forge)),
    refused('an endorsement of something else', await endorsed('urn:uuid:other'))
  ]
}

function endorsement(issuer: string, about: string): JsonObject {
  const { credentialSubject: _, ...badge } = plainBadge(issuer)
  return {
    ...badge,
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Observed two audits.' }
  }
}

function signBadge(issuer: FormatSigner, more: JsonObject = {}): Promise<CaseInput> {
  return issuer.sign(plainBadge(issuer.did, more))
}

function subjectWith(more: JsonObject): JsonObject {
  return { credentialSubject: { ...(plainBadge('')['credentialSubject'] as JsonObject), ...more } }
}

function achievementWith(more: JsonObject): JsonObject {
  const { achievement } = plainBadge('')['credentialSubject'] as JsonObject
  if (!isJsonObject(achievement)) throw new TypeError('the plain badge has no achievement')
  return subjectWith({ achievement: { ...achievement, ...more } })
}

export function accepted(name: string, input: CaseInput, options: CaseOptions = {}): BadgeCase {
  return { kind: 'badge', name, expected: 'accepted', input, options }
}

export function refused(name: string, input: CaseInput, options: CaseOptions = {}): BadgeCase {
  return { kind: 'badge', name, expected: 'refused', input, options }
}
