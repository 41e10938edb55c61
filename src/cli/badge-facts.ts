import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { idOf, objectsOf, textOf } from '../model/read.js'

/** What identifies a badge, for people who look for one. */
export interface BadgeFacts {
  readonly id: string | undefined
  /** Its own name, else that of what was achieved. */
  readonly name: string | undefined
  readonly issuer: string | undefined
  readonly validFrom: string | undefined
  readonly validUntil: string | undefined
  /** The id of the person, where it is not an address of theirs. */
  readonly awardedTo: string | undefined
}

/** Reads the facts of a credential. No personal data: neither names of people nor their addresses. */
export function badgeFacts(credential: JsonValue | undefined): BadgeFacts {
  const badge: JsonObject = isJsonObject(credential) ? credential : {}
  const [subject = {}] = objectsOf(badge['credentialSubject'])
  const [achievement = {}] = objectsOf(subject['achievement'])
  const awardedTo = textOf(subject['id'])
  return {
    id: textOf(badge['id']),
    name: textOf(badge['name']) ?? textOf(achievement['name']),
    issuer: idOf(badge['issuer']),
    validFrom: textOf(badge['validFrom']),
    validUntil: textOf(badge['validUntil']),
    awardedTo: /^(?:mailto|tel|sms|sips?|xmpp):/i.test(awardedTo ?? '') ? undefined : awardedTo
  }
}
