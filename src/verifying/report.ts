import type { IssuerKey } from '../did/key-search.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import type { Fault, KommaError } from '../encoding/errors.js'
import { CHECK_CODES, type CheckCode } from '../model/check-codes.js'
import { CHECK_IDS, CHECK_SPECS, type CheckId, type CheckOutcome } from '../model/check-ids.js'
import type { AchievementCredential } from '../model/types.js'
import { WARNING_CODES, type WarningCode } from '../model/warning-codes.js'

/** Details of a case, by name: addresses, times, reasons. Words of a report are filled from them in any language. */
export type Facts = Readonly<Record<string, string>>

/** One check: what was looked at, how it came out, why, and which text asks for it. */
export interface Check {
  readonly id: CheckId
  readonly outcome: CheckOutcome
  /** Stable; see `docs/checks.md`. The check `input` also answers with error codes. */
  readonly code: CheckCode | KommaErrorCode
  readonly message: string
  /** What fills the sentence. */
  readonly facts: Facts
  readonly spec: string
  /** Every fault behind a `fail`, where there is more to say than one sentence. */
  readonly faults?: readonly Fault[]
}

/** What is known of one proof, embedded or a JWT around the credential. */
export interface ProofFact {
  /** The type of an embedded proof; `JWT` or `vc+jwt` for a token. */
  readonly type: string
  readonly cryptosuite: string | undefined
  readonly verificationMethod: string | undefined
  /** `created` of an embedded proof, or `iat` of a token. */
  readonly created: string | undefined
  /** False for a proof in a suite that is not accepted: it was not looked at. */
  readonly checked: boolean
  /**
   * Where the issuer lists the key: the DID itself, a controller document (`did:web`, `https`) or its JWK Set (`jwks`).
   * `legacyFragment` means that nobody published the key: it was read from the fragment of its own address.
   */
  readonly keyFrom: IssuerKey['via'] | undefined
  /** The signature algorithm in the header of a token, by its JOSE name. */
  readonly algorithm?: string
  /** The key that the header of a token names; undefined where it brings the key along. */
  readonly kid?: string | undefined
  /** Whether the signature of a token fits; absent where that was not found out, and for an embedded proof. */
  readonly holds?: boolean
}

/** The kinds of status that are read. */
export type StatusEntryType = 'BitstringStatusListEntry' | 'StatusList2021Entry' | '1EdTechRevocationList'

/** What is known of one status entry whose list was read. */
export interface StatusFact {
  readonly type: StatusEntryType
  /** `revocation`, `suspension`, `refresh` or `message`. */
  readonly purpose: string
  /**
   * The value in the list; 0 means that the status is not set. A `1EdTechRevocationList` gives 1 for what it names. It is
   * worth no more than `code` says: a list that is too old does not say that nothing was set since.
   */
  readonly value: number
  /** What the entry says that the value means, or why the list says that it was revoked; words of the issuer. */
  readonly message: string | undefined
  /** The address of the list. */
  readonly list: string
  /** Who issued the list. */
  readonly issuer: string
  /** The position in a list of bits. */
  readonly index: number | undefined
  /** False where the list has no proof of its own: then whoever serves its address decides what it says. */
  readonly signed: boolean
  /** `validFrom` of the list, or when its proof was made; undefined where the list says nothing of its time. */
  readonly asOf: string | undefined
  /** Whole seconds from `asOf` to the time of the check, or to `statusSnapshot.acceptedAsOf`; negative for a later list. */
  readonly age: number | undefined
  /** Until when the list answers under these options; undefined where it does not answer, or says nothing of its time. */
  readonly freshUntil: string | undefined
  /** For how many milliseconds a copy of the list may be kept. */
  readonly ttl: number | undefined
  /** What came of this entry alone. */
  readonly outcome: CheckOutcome
  readonly code: CheckCode | KommaErrorCode
}

/** What is known of one endorsement. */
export interface EndorsementFact {
  /**
   * Where it stands: a JSON Pointer into the credential; one inside another goes on from its place. Cut, with `…` at the
   * end, where it is longer than any honest one.
   */
  readonly path: string
  /** What it says of itself; only where its proof holds. */
  readonly id: string | undefined
  readonly issuer: string | undefined
  readonly about: string | undefined
  readonly outcome: CheckOutcome
  readonly code: CheckCode | KommaErrorCode
  /** Whether it is within its own period; undefined where its proof does not hold. */
  readonly validNow: boolean | undefined
}

/** Something a caller should see although it does not decide. */
export interface Warning {
  readonly code: CheckCode | KommaErrorCode | WarningCode
  readonly message: string
  /** What fills the sentence. */
  readonly facts: Facts
}

/** The answer of `verify`: facts by check, and the decision of the policy over them. */
export interface Report<Credential = AchievementCredential> {
  /** The decision of the policy; never true without `credential`. */
  readonly accepted: boolean
  /** Every check, always all of them, in order. */
  readonly checks: readonly Check[]
  /** Advisory checks that did not pass, relaxations, proofs that were not looked at. */
  readonly warnings: readonly Warning[]
  /** The verified document without its proof, frozen; present only when signature, key and form hold. Read this, never the input. */
  readonly credential: Credential | undefined
  readonly proofs: readonly ProofFact[]
  readonly status: readonly StatusFact[]
  readonly endorsements: readonly EndorsementFact[]
  /** The time the checks were made for. */
  readonly verifiedAt: string
}

/** Makes a check from its code. `facts` fill the sentence. */
export function check(code: CheckCode, facts: Facts = {}, id?: CheckId): Check {
  const entry = CHECK_CODES[code]
  const own = entry.check === 'any' ? id : entry.check
  if (own === undefined) throw new TypeError(`the code ${code} needs the id of a check`)
  return { id: own, outcome: entry.outcome, code, message: fill(entry.message, facts), facts, spec: CHECK_SPECS[own] }
}

/** Makes a warning from its code. */
export function warn(code: WarningCode, facts: Facts = {}): Warning {
  return { code, message: fill(WARNING_CODES[code], facts), facts }
}

/** Fills a sentence. A fact may be a sentence of its own; the sentence around it brings the full stop. */
export function fill(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => withoutFullStop(facts[name] ?? ''))
}

function withoutFullStop(text: string): string {
  let end = text.length
  while (text[end - 1] === '.') end -= 1
  return text.slice(0, end)
}

/** A failed `input` check that carries the code of the error. */
export function inputFailed(error: KommaError): Check {
  const failed = check('INPUT_UNREADABLE', { reason: error.message })
  return { ...failed, code: error.code, faults: error.faults }
}

/** Fills in the checks that nobody got to, so that all of them are always present and in order. */
export function completeChecks(made: readonly Check[], ids: readonly CheckId[] = CHECK_IDS): readonly Check[] {
  const stopper = made.find((one) => one.outcome === 'fail' || one.outcome === 'unknown')
  return ids.map(
    (id) => made.find((one) => one.id === id) ?? check('NOT_REACHED', { after: stopper?.id ?? 'input' }, id)
  )
}
