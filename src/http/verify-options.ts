import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf } from '../model/read.js'
import { looksLikeJws } from '../securing/jwt/compact-jws.js'
import type { VerifyOptions } from '../verifying/options.js'
import type { Policy } from '../verifying/policy.js'
import type { MemberRule } from './request-members.js'
import type { Service } from './service.js'
import { type WatchedResolver, watchResolver } from './watched-resolver.js'

/** A credential or presentation with embedded proofs, one in an envelope, or a JWT. */
export const securedRule: MemberRule = {
  fits: (value) => isJsonObject(value) || (typeof value === 'string' && looksLikeJws(value)),
  expected: 'an object with a proof, an enveloped one, or a JWT in the compact form'
}

export const NOTHING_WATCHED: WatchedResolver = { resolver: undefined, outage: () => 'none' }

/** The resolver of a service for one request. */
export function watchFor({ resolver, report }: Service): WatchedResolver {
  return resolver === undefined ? NOTHING_WATCHED : watchResolver(resolver, report)
}

/** The options of one verification. */
export function verifyOptionsFor(
  { verify, now, credentials }: Service,
  { resolver }: WatchedResolver,
  policy: Policy,
  given: JsonValue
): VerifyOptions {
  const expect = credentials === 'any' ? 'VerifiableCredential' : badgeKindOf(given)
  return { ...verify, now: now(), policy, expect, ...(resolver === undefined ? {} : { resolver }) }
}

/** Of a token nobody knows the kind before it is read; endorsements are told apart where they can be. */
function badgeKindOf(given: JsonValue): 'AchievementCredential' | 'EndorsementCredential' {
  const { type }: JsonObject = isJsonObject(given) ? given : {}
  return listOf(type).includes('EndorsementCredential') ? 'EndorsementCredential' : 'AchievementCredential'
}
