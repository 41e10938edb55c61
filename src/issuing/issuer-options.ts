import { characterFaults } from '../competency/characters.js'
import { schemaFaults } from '../competency/schema-faults.js'
import { type RandomSource, randomBytes } from '../crypto/digest.js'
import { createKeyCache } from '../crypto/key-cache.js'
import { checkVerificationMethod, verificationMethodUrl } from '../did/method-url.js'
import type { Resolver } from '../did/resolver.js'
import { InputError, KommaError, OptionError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { deepFreeze, snapshotObject } from '../encoding/snapshot.js'
import { signerOf } from '../keys/checked-signer.js'
import type { KeyStore, Signer } from '../keys/key-store.js'
import { admitContexts } from '../model/admit-contexts.js'
import { type ContextDocument, createContextSet } from '../model/contexts.js'
import { openBadges } from '../model/generated/open-badges-schema.js'
import { findSchemaErrors } from '../model/json-schema.js'
import { listOf } from '../model/read.js'
import type { Profile } from '../model/types.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import { signsWith } from '../securing/suite-for-key.js'
import type { StatusStore } from '../status/status-store.js'
import { checkedStore } from './checked-store.js'
import { createEmitter, type EventHook } from './events.js'
import { statusListUrl } from './list-url.js'
import { bindSigner, signingKey } from './signing-key.js'
import { type StatusEntryOption, settleStatusEntries } from './status-entries.js'
import type { Workshop } from './workshop.js'

/** The members that the model names; `Omit` on a type with an index signature would lose them. */
type Named<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] }

/** The profile of an issuer as the caller writes it; `type` is filled in. */
export type IssuerProfile = Omit<Named<Profile>, 'type'> & { readonly type?: Profile['type'] }

export interface IssuerOptions {
  /** Who issues: `id` is a `did:key`, `did:jwk`, `did:web` or https address that the keys belong to. */
  readonly profile: IssuerProfile
  readonly keys: KeyStore
  readonly status: StatusStore
  /** The https folder under which status lists are published. Default: `/status/` beside the issuer's own document. */
  readonly statusLists?: string
  /** The status entries that every credential gets. Default: one with the purpose `revocation`. */
  readonly statusEntries?: readonly StatusEntryOption[]
  /**
   * Give credentials several entries where `statusEntries` has several. Open Badges 3.0 allows one, so `verify` and other
   * validators refuse such a badge for its form; any other credential may have several. Default false.
   */
  readonly severalStatusEntries?: boolean
  /**
   * Contexts beyond the bundled ones, each with the SHA-256 of its RFC 8785 form. Those that could change what other
   * members mean are refused, except where any credential may be signed.
   */
  readonly contexts?: readonly ContextDocument[]
  /** What `issueAsGiven` signs: `badges` and their endorsements, or `any` credential of VCDM 2.0 or 1.1. Default `badges`. */
  readonly credentials?: 'badges' | 'any'
  /** Admit contexts that a given credential writes inline; only with `credentials: 'any'`. Default false. */
  readonly inlineContexts?: boolean
  /** The suite of embedded proofs. Default, by the kind of key: `eddsa-rdfc-2022` or `ecdsa-rdfc-2019`. */
  readonly suite?: Cryptosuite
  /**
   * Reads the status lists from where they are published, when the issuer is created. It is refused with
   * STATUS_STORE_BEHIND where they are newer than what the store knows, as after an old backup was put back.
   */
  readonly published?: Resolver
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** Default: WebCrypto. */
  readonly random?: RandomSource
  /** Is told what was issued and changed, and what failed. It cannot break the work. */
  readonly onEvent?: EventHook
}

const NAMES = [
  'profile',
  'keys',
  'status',
  'statusLists',
  'statusEntries',
  'severalStatusEntries',
  'contexts',
  'credentials',
  'inlineContexts',
  'suite',
  'published',
  'clock',
  'random',
  'onEvent'
]

/**
 * Fills in the options of an issuer and refuses what it could never honour.
 *
 * @throws {OptionError} OPTION_INVALID, OB_SINGLE_STATUS, CONTEXT_UNSAFE, CONTEXT_DIGEST_MISMATCH
 * @throws {ResolutionError} ISSUER_KEY_MISMATCH, DID_INVALID
 */
export async function settleIssuer(options: IssuerOptions): Promise<Workshop> {
  checkNames(options)
  const profile = checkProfile(options.profile)
  const random = checkedRandom(options.random ?? randomBytes)
  const randomUuid = () => uuidFrom(random(16))
  const credentials = options.credentials ?? 'badges'
  const signer = await signerOf(options.keys)
  checkMethodAddress(profile.id, signer)
  await bindSigner(options.keys, signer, profile.id)
  checkSuite(options.suite, signer)
  const now = options.clock ?? (() => new Date())
  const emit = createEmitter(options.onEvent, profile.id, now)
  return {
    profile,
    signer: signingKey(options.keys, { issuer: profile.id, now, emit }),
    status: checkedStore(options.status),
    listUrl: statusListUrl(profile.id, options.statusLists, randomUuid),
    statusEntries: settleStatusEntries(options.statusEntries, options.severalStatusEntries),
    contexts: contextsOf(options.contexts ?? [], credentials),
    credentials,
    inlineContexts: options.inlineContexts === true ? 'admitted' : 'refused',
    suite: options.suite,
    keyCache: createKeyCache(),
    now,
    random,
    randomUuid,
    emit
  }
}

function checkNames(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object', options)
  const given = options as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given))
    if (!NAMES.includes(name)) throw invalid(name, NAMES.join(', '), 'another name')
  checkMethod('keys', given['keys'], 'signer')
  checkMethod('status', given['status'], 'reserve')
  if (given['published'] !== undefined) checkMethod('published', given['published'], 'resolve')
  if (given['suite'] !== undefined) checkMethod('suite', given['suite'], 'verifyProof')
  for (const name of ['clock', 'random', 'onEvent']) {
    if (given[name] !== undefined && typeof given[name] !== 'function') throw invalid(name, 'a function', given[name])
  }
  checkCredentials(given['credentials'], given['inlineContexts'])
}

function checkCredentials(credentials: unknown, inlineContexts: unknown): void {
  if (!['badges', 'any', undefined].some((one) => one === credentials))
    throw invalid('credentials', 'badges or any', credentials)
  if (inlineContexts !== undefined && typeof inlineContexts !== 'boolean')
    throw invalid('inlineContexts', 'true or false', inlineContexts)
  if (inlineContexts === true && credentials !== 'any')
    throw invalid('inlineContexts', "false, or credentials: 'any'", 'true')
}

function checkMethod(path: string, value: unknown, method: string): void {
  const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[method]
  if (typeof found !== 'function')
    throw invalid(path, `an object with the method ${method}; is an await missing?`, value)
}

function checkProfile(given: IssuerProfile): Profile {
  if (typeof given !== 'object' || given === null) throw invalid('profile', 'an object with an id', given)
  const profile = readProfile(given)
  const errors = findSchemaErrors(openBadges, 'Profile', profile, 'first')
  const faults =
    errors.length === 0
      ? characterFaults(profile, 'OPTION_INVALID')
      : schemaFaults(errors, profile, { codeOf: () => 'OPTION_INVALID', mayQuote: () => true })
  if (faults.length > 0)
    throw new OptionError(faults.map((fault) => ({ ...fault, path: `profile${fault.path ?? ''}` })))
  if (listOf(profile['type']).some((type) => /Credential$|Presentation$/.test(String(type)))) {
    throw invalid('profile/type', 'no type of a credential', 'one')
  }
  const { name } = profile
  if (typeof name === 'string' && name.trim() === '') throw invalid('profile/name', 'a name, or none at all', name)
  return deepFreeze(profile) as unknown as Profile
}

function readProfile(given: IssuerProfile): ReturnType<typeof snapshotObject> {
  try {
    return snapshotObject({ ...given, type: given.type ?? ['Profile'] })
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new OptionError(
      { code: 'OPTION_INVALID', message: cause.message, path: `profile${cause.path ?? ''}` },
      { cause }
    )
  }
}

/** Fails now, not at the first badge, where nobody could verify what the issuer signs. */
function checkMethodAddress(id: string, signer: Signer): void {
  try {
    checkVerificationMethod(verificationMethodUrl(id, signer))
  } catch (cause) {
    if (!(cause instanceof KommaError) || cause.code === 'ISSUER_KEY_MISMATCH') throw cause
    throw new OptionError(
      {
        code: 'OPTION_INVALID',
        message: 'nobody could verify what an issuer with this id signs',
        path: 'profile/id',
        expected: 'a did:key, did:jwk, did:web or https address without query and fragment',
        got: id.slice(0, 200)
      },
      { cause }
    )
  }
}

function checkSuite(suite: Cryptosuite | undefined, { algorithm }: Signer): void {
  if (suite !== undefined && !signsWith(suite, algorithm))
    throw invalid('suite', `a suite that signs with a key of kind ${algorithm}`, suite.name)
}

function contextsOf(extra: readonly ContextDocument[], credentials: Workshop['credentials']): Workshop['contexts'] {
  try {
    return credentials === 'any' ? createContextSet(extra) : admitContexts(extra)
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new OptionError(
      cause.faults.map((fault) => ({ ...fault, path: `contexts${fault.path ?? ''}` })),
      { cause }
    )
  }
}

/** Two badges with one id would come of a source that gives too little. */
function checkedRandom(random: RandomSource): RandomSource {
  return (length) => {
    const bytes: unknown = random(length)
    if (bytes instanceof Uint8Array && bytes.length === length) return bytes
    throw invalid('random', `a function that gives ${length} bytes`, bytes)
  }
}

/** RFC 9562 section 5.4. */
function uuidFrom(bytes: Uint8Array): string {
  const filled = Uint8Array.from(bytes)
  filled[6] = ((filled[6] as number) & 0x0f) | 0x40
  filled[8] = ((filled[8] as number) & 0x3f) | 0x80
  return encodeHex(filled).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function invalid(path: string, expected: string, got: unknown): OptionError {
  const shown = typeof got === 'string' ? got.slice(0, 80) : got === null ? 'null' : typeof got
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected, got: shown })
}
