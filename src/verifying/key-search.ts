import { jwksUrlOf } from '../did/jwk-set.js'
import type { IssuerKey, KeySearch } from '../did/key-search.js'
import { dateFromInstant, parseDateTimeStamp } from '../encoding/dates.js'
import type { JsonValue } from '../encoding/json-types.js'
import type { Settings } from './options.js'
import { type Warning, warn } from './report.js'

/**
 * How the key of a signature is looked for.
 *
 * @param signedAt when the signature says it was made; counts only where the caller asked for the history of keys
 */
export function keySearch(
  { resolver, now, keyCache, keyHistory }: Settings,
  signedAt: Date | undefined
): Omit<KeySearch, 'issuer'> {
  return {
    at: now,
    keyCache,
    ...(resolver === undefined ? {} : { resolver }),
    ...(keyHistory === 'whenSigned' && signedAt !== undefined ? { signedAt } : {})
  }
}

/** The time that a proof says it was made at, where it says one that a `Date` can hold. */
export function signingTime(created: JsonValue | undefined): Date | undefined {
  try {
    return typeof created === 'string' ? dateFromInstant(parseDateTimeStamp(created)) : undefined
  } catch {
    return undefined
  }
}

/** What a caller should know of the name of an issuer before showing it (did:web method specification, section 2.4). */
export function nameWarnings(issuer: string): readonly Warning[] {
  const address = jwksUrlOf(issuer)
  const host = address === undefined ? '' : new URL(address).hostname
  return /(?:^|\.)xn--/.test(host) ? [warn('ISSUER_HOST_PUNYCODE', { host })] : []
}

/** What a caller should know of a key although it is the issuer's. */
export function keyWarnings({ via, expires }: IssuerKey): readonly Warning[] {
  return [
    ...(via === 'legacyFragment' ? [warn('LEGACY_FRAGMENT_KEY')] : []),
    ...(expires === undefined ? [] : [warn('KEY_RETIRED', { expires })])
  ]
}
