import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { type DisplayLink, displayImage, displayLink } from '../model/display-image.js'
import { type DisplayText, displayText } from '../model/display-text.js'
import { idOf, objectsOf, textOf } from '../model/read.js'
import type { Report } from './report.js'

/** What a page shows of a badge. Texts are as they were signed, and not escaped. */
export interface BadgeDisplay {
  readonly name: DisplayText | undefined
  readonly description: DisplayText | undefined
  readonly criteria: DisplayText | undefined
  readonly image: DisplayLink | undefined
  readonly issuer: {
    /** Proved: the key belongs to this id. */
    readonly id: string
    /** Claimed by the issuer; nobody proved it. */
    readonly name: DisplayText | undefined
    readonly url: DisplayLink | undefined
    readonly image: DisplayLink | undefined
  }
  readonly validFrom: string | undefined
  readonly validUntil: string | undefined
}

/**
 * What may be shown of a verified badge: names and texts with what can deceive the eye in them, and addresses that are
 * safe to follow. `undefined` where the signature did not hold, because then nothing may be shown as the issuer's.
 *
 * Does NOT escape texts and not make SVG safe: show texts as text, and pictures as images, never as pages.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { displayBadge, verify } from 'komma/verify'
 *
 * const shown = displayBadge(await verify(await readFile('badge.png'), { resolver: await openFolderResolver('published') }))
 * console.log(shown?.name?.text, shown?.name?.findings.length) // => Forklift operator 0
 * ```
 */
export function displayBadge({ credential }: Pick<Report, 'credential'>): BadgeDisplay | undefined {
  if (credential === undefined) return undefined
  const badge = credential as unknown as JsonObject
  const [subject = {}] = objectsOf(badge['credentialSubject'])
  const [achievement = {}] = objectsOf(subject['achievement'])
  const [criteria = {}] = objectsOf(achievement['criteria'])
  const issuer = isJsonObject(badge['issuer']) ? badge['issuer'] : {}
  return {
    name: textAt(badge['name'] ?? achievement['name']),
    description: textAt(badge['description'] ?? achievement['description']),
    criteria: textAt(criteria['narrative']),
    image: displayImage(idOf(badge['image']) ?? idOf(achievement['image'])),
    issuer: {
      id: idOf(badge['issuer']) ?? '',
      name: textAt(issuer['name']),
      url: displayLink(issuer['url']),
      image: displayImage(idOf(issuer['image']))
    },
    validFrom: textOf(badge['validFrom'] ?? badge['issuanceDate']),
    validUntil: textOf(badge['validUntil'] ?? badge['expirationDate'])
  }
}

function textAt(value: JsonValue | undefined): DisplayText | undefined {
  return typeof value === 'string' ? displayText(value) : undefined
}
