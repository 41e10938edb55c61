import type { Competency } from '../competency/compile.js'
import type { Award } from '../model/competency-types.js'
import type { Reconciliation } from '../status/reconcile.js'
import type { StatusEvent } from '../status/status-store.js'
import { type BadgeFormat, readFormat } from './badge-format.js'
import type { IssueManyOptions } from './batch-options.js'
import type { RowResult } from './batch-result.js'
import { changeStatus, type EntryStatus, type NewStatus, type StatusDecision, statusesOf } from './change-status.js'
import { telling } from './events.js'
import type { GivenCredential } from './given-credential.js'
import { type Issued, issueCredential, issueSettled } from './issue.js'
import { type IssueAsGivenOptions, type IssuedAsGiven, issueAsGiven } from './issue-given.js'
import { issueMany } from './issue-many.js'
import { type IssuerOptions, settleIssuer } from './issuer-options.js'
import { type Published, type PublishOptions, publishKeys, publishStatusLists } from './publish.js'
import { refuseStoreBehind } from './published-lists.js'
import { reconcile, type Seen } from './reconcile.js'
import type { Workshop } from './workshop.js'

/** Options of one badge. */
export interface IssueOptions {
  /**
   * How the badge is secured. `json`, unless told: an embedded proof in the issuer's `suite`. `jwt`: a JWT of Open Badges
   * 3.0, for a recipient with an id. `vc+jwt`: a JWT of VC-JOSE-COSE.
   */
  readonly format?: BadgeFormat
}

/** An issuer of Open Badges. */
export interface Issuer {
  readonly id: string
  /**
   * Awards a competency. Everything is checked before anything is signed; the signature is checked before anything is
   * recorded; nothing is handed out before it is recorded.
   *
   * With an `idempotencyKey` in the award the call can be repeated after any failure: it makes one badge. The same key with
   * another `format` is another request.
   *
   * @throws {AwardError} with every fault of the award; JWT_SUBJECT_REQUIRED where a JWT has nobody to be about
   * @throws {OptionError} OPTION_INVALID for a format that is none
   * @throws {InputError} CREDENTIAL_INVALID, SCHEMA_INVALID
   * @throws {SecuringError} UNDEFINED_TERM where the profile has a member that no context defines
   * @throws {StatusError} STATUS_LIST_FULL, STATUS_IDEMPOTENCY_CONFLICT, STATUS_STORE_IO
   * @throws {KeyError} when the signer fails or signs with another key
   */
  issue(competency: Competency, award: Award, options?: IssueOptions): Promise<Issued>
  /**
   * Awards a competency to many, each as `issue` does, and hands out one result for each row, in the order of the rows.
   * Rows are taken as results are; at most `inFlight` are under way, so memory does not grow with their number.
   *
   * A row that cannot be issued has its `error` and stops nothing. Where the store or the key service fails, the batch
   * waits and tries again as long as that may help, and else ends with one error that says how far it got. Started again
   * under the same name, after a crash at any point, it hands out what was issued and goes on: one badge for each row.
   * Rows with the same content, or the same `idempotencyKey`, are one wish and get one badge.
   *
   * The same row of a batch with another definition, format or content under its key is refused (STATUS_IDEMPOTENCY_CONFLICT).
   *
   * @param rows awards, or whatever `options.award` makes awards of: an array, a generator or a stream of any length
   * @throws {OptionError} OPTION_INVALID, at once
   * @throws {BatchError} BATCH_STOPPED while going through the results, with the cause
   *
   * @example
   * ```ts
   * import { compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
   *
   * const keys = await createMemoryKeyStore()
   * const status = createMemoryStatusStore()
   * const issuer = await createIssuer({ profile: { id: await didKeyOf(keys), name: 'Academy' }, keys, status })
   * const competency = compileCompetency({
   *   id: 'https://academy.example/achievements/first-aid',
   *   version: '1',
   *   inLanguage: 'en',
   *   name: 'First aid at work',
   *   description: 'Acts safely until help arrives.',
   *   criteria: { narrative: 'Six hours of practice and an observed drill.' }
   * })
   * const people = [{ mail: 'kari@example.org' }, { mail: 'no address' }]
   * const award = ({ mail }: { mail: string }) => ({ recipient: { email: mail } })
   * for await (const { row, error } of issuer.issueMany(competency, people, { batch: 'spring 2026', award })) {
   *   console.log(row, error?.code ?? 'issued') // => 1 issued
   * }
   * ```
   */
  issueMany<Row = Award>(
    competency: Competency,
    rows: Iterable<Row> | AsyncIterable<Row>,
    options: IssueManyOptions<Row>
  ): AsyncGenerator<RowResult<Row>, void, undefined>
  /**
   * Issues a badge or endorsement that somebody else wrote, exactly as it is given but for its `id`, where it has none, and
   * its status entry. It has to pass every check that the issuer's own badges pass, name this issuer, and have no proof.
   * With `credentials: 'any'` it may be any credential of VCDM 2.0 or 1.1, which has to be what the data model asks.
   *
   * With an `id` in the credential the call can be repeated after any failure: it makes one credential.
   *
   * Does not know whether the claims are those the issuer wants to make. Bytes that are no credential are never signed.
   *
   * @throws {InputError} CREDENTIAL_INVALID, SCHEMA_INVALID, VALIDITY_ORDER, OB_SINGLE_STATUS, and the codes of unreadable
   *   JSON
   * @throws {SecuringError} UNDEFINED_TERM, CONTEXT_UNKNOWN, CANONICALIZATION_FAILED, CANONICALIZATION_LIMIT
   * @throws {OptionError} OPTION_INVALID
   * @throws {StatusError} STATUS_CREDENTIAL_EXISTS, STATUS_IDEMPOTENCY_CONFLICT for another credential with this id,
   *   STATUS_LIST_FULL, STATUS_STORE_IO
   * @throws {KeyError} when the signer fails or signs with another key
   */
  issueAsGiven(credential: GivenCredential, options?: IssueAsGivenOptions): Promise<IssuedAsGiven>
  /**
   * Revokes a badge for ever. Counts for verifiers once the status lists are published again. A second revocation changes
   * nothing and answers with the first.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL, also where it has another entry than `entry`; STATUS_NO_ENTRY where
   *   it has none for this; STATUS_IDEMPOTENCY_CONFLICT, STATUS_STORE_IO
   */
  revoke(credentialId: string, decision: StatusDecision): Promise<StatusEvent>
  /**
   * Suspends a badge until it is lifted. Counts for verifiers once the status lists are published again. With an
   * `idempotencyKey` the call can be repeated after any failure: a repeat changes nothing, even where the suspension was
   * lifted meanwhile.
   *
   * @throws {StatusError} as `revoke`: STATUS_NO_ENTRY where the badge was issued without an entry for suspension, see the
   *   option `statusEntries`
   */
  suspend(credentialId: string, decision: StatusDecision): Promise<StatusEvent>
  /** Lifts the suspension of a badge. Throws as {@link Issuer.suspend}. */
  lift(credentialId: string, decision: StatusDecision): Promise<StatusEvent>
  /**
   * Changes any status: also a refresh, which is final, or a message.
   *
   * @throws {StatusError} as `revoke`, and STATUS_FINAL; {OptionError} OPTION_INVALID for a status that does not fit
   */
  setStatus(credentialId: string, change: NewStatus): Promise<StatusEvent>
  /**
   * What every status entry of a badge says in the store: now, or at a time, by the times of the changes. What verifiers
   * see is what was published since.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL, STATUS_STORE_IO; {InputError} DATE_INVALID
   */
  statusOf(credentialId: string, options?: { readonly at?: Date }): Promise<readonly EntryStatus[]>
  /** Every change of status of a badge, oldest first. Empty for a badge that the store does not know. */
  history(credentialId: string): Promise<readonly StatusEvent[]>
  /**
   * Everything that has to be readable for others to verify: the controller document, the JWK Set and the signed status
   * lists. Issuers that share a host share one JWK Set: put the keys of all of them into it.
   *
   * Publish after every revocation, and at least once a day: verifiers trust a list for 24 hours. Each call signs anew
   * the lists that changed or are older than an hour (`refreshAfter`), and gives the current text of all of them.
   *
   * Does NOT put anything on the web: serve each `text` under its `id`.
   */
  publish(options?: PublishOptions): Promise<readonly Published[]>
}

/**
 * Creates an issuer from a profile, a key store and a status store.
 *
 * Does not check that the controller document is published, nor what an https address serves. Opens nothing and closes
 * nothing: the stores stay the caller's.
 *
 * @throws {OptionError} OPTION_INVALID where the profile or `statusLists` is not a valid one
 * @throws {ResolutionError} ISSUER_KEY_MISMATCH where a `did:key` is not the one of the current key, DID_INVALID
 * @throws {StatusError} STATUS_STORE_BEHIND where the lists of `published` are newer than the store
 * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
 * @throws {InputError} CONTEXT_DIGEST_MISMATCH, INPUT_TYPE for `contexts`
 * @see Open Badges 3.0, Appendix B, Profile; VC Data Integrity 1.0 section 4.2; Bitstring Status List 1.0
 *
 * @example
 * ```ts
 * import { compileCompetency, createIssuer, createMapResolver, createMemoryKeyStore, createMemoryStatusStore, didKeyOf, verify } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const issuer = await createIssuer({
 *   profile: { id: await didKeyOf(keys), name: 'Nordisk Kvalitetsakademi' },
 *   keys,
 *   status: createMemoryStatusStore()
 * })
 * const competency = compileCompetency({
 *   id: 'https://academy.example/achievements/first-aid',
 *   version: '1',
 *   inLanguage: 'en',
 *   name: 'First aid at work',
 *   description: 'Acts safely until help arrives.',
 *   criteria: { narrative: 'Six hours of practice and an observed drill.' }
 * })
 * const issued = await issuer.issue(competency, { recipient: { email: 'kari@example.org' } })
 *
 * const report = await verify(issued.text, { resolver: createMapResolver(await issuer.publish()) })
 * console.log(report.accepted) // => true
 * ```
 */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const workshop = await settleIssuer(options)
  const { profile } = workshop
  if (options.published !== undefined) await refuseStoreBehind(workshop, options.published)
  return Object.freeze({
    id: profile.id,
    issue: (competency: Competency, award: Award, issuing: IssueOptions = {}) =>
      tellingIssue(workshop, async () => issueCredential(workshop, competency, award, readFormat(issuing))),
    issueMany: <Row>(
      competency: Competency,
      rows: Iterable<Row> | AsyncIterable<Row>,
      batching: IssueManyOptions<Row>
    ) =>
      issueMany(competency, rows, batching, (settled, award, format) =>
        tellingIssue(workshop, () => issueSettled(workshop, settled, award, format))
      ),
    issueAsGiven: (credential: GivenCredential, issuing: IssueAsGivenOptions = {}) =>
      tellingIssue(workshop, () => issueAsGiven(workshop, credential, issuing)),
    revoke: async (credentialId: string, decision: StatusDecision) =>
      changeStatus(workshop, credentialId, { ...decision, purpose: 'revocation', status: 1 }),
    suspend: async (credentialId: string, decision: StatusDecision) =>
      changeStatus(workshop, credentialId, { ...decision, purpose: 'suspension', status: 1 }),
    lift: async (credentialId: string, decision: StatusDecision) =>
      changeStatus(workshop, credentialId, { ...decision, purpose: 'suspension', status: 0 }),
    setStatus: async (credentialId: string, change: NewStatus) => changeStatus(workshop, credentialId, change),
    statusOf: async (credentialId: string, asked: { readonly at?: Date } = {}) =>
      statusesOf(workshop, credentialId, asked),
    history: async (credentialId: string) => workshop.status.history(credentialId),
    publish: async (publishing: PublishOptions = {}) => {
      const keys = await options.keys.keys()
      const documents = publishKeys(profile.id, keys, workshop.now())
      return [...documents, ...(await publishStatusLists(workshop, keys, publishing))]
    }
  })
}

/**
 * Makes the status store of an issuer whole after an old backup of it was put back, from what was published and from the
 * credentials that others hold: carries over every status that is set there, records the credentials that were lost, and
 * gives no further index of any list that was open. Publish afterwards. `options` are those of `createIssuer`.
 *
 * Only what the issuer signed counts. Does NOT find a credential that is not shown to it: its index is never given again,
 * but it can be revoked only once it is. Takes no status back: what was lifted since the backup has to be lifted again.
 *
 * @throws {OptionError} OPTION_INVALID where the store cannot be reconciled, and as `createIssuer`
 * @throws {InputError} CREDENTIAL_INVALID for a text that the issuer did not sign, and the codes of unreadable lists
 * @throws {ResolutionError} where a published list could not be read
 * @throws {StatusError} STATUS_STORE_IO
 *
 * @example
 * ```ts
 * import { reconcileIssuer } from 'komma'
 * import { openKeyFile } from 'komma/keys/file'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { openSqliteStatusStore } from 'komma/status/sqlite'
 *
 * const status = await openSqliteStatusStore('issuer.db')
 * try {
 *   const keys = await openKeyFile('keys.jwe', { password: 'correct horse battery staple' })
 *   const profile = { id: 'did:web:academy.example' }
 *   const published = await openFolderResolver('published')
 *   const { carried } = await reconcileIssuer({ profile, keys, status }, { published })
 *   console.log(carried) // => 0
 * } finally {
 *   await status.close()
 * }
 * ```
 */
export async function reconcileIssuer(options: IssuerOptions, seen: Seen): Promise<Reconciliation> {
  const { published: _, ...rest } = options
  return reconcile(await settleIssuer(rest), rest, seen)
}

/** Issues, and tells what came of it. */
async function tellingIssue<One extends Issued | IssuedAsGiven>(
  { emit }: Workshop,
  work: () => Promise<One>
): Promise<One> {
  const issued = await telling(emit, { action: 'issue' }, work)
  emit({ type: 'issued', credentialId: issued.id, list: issued.status?.list, repeated: issued.repeated })
  return issued
}
