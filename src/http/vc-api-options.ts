import { createKeyCache } from '../crypto/key-cache.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { Resolver } from '../did/resolver.js'
import { OptionError } from '../encoding/errors.js'
import type { Issuer } from '../issuing/issuer.js'
import type { ChallengeStore } from '../verifying/challenge-store.js'
import { settle } from '../verifying/options.js'
import { copyPolicy, defaultPolicy } from '../verifying/policy.js'
import type { DeriveFunction, Service, ServiceVerifyOptions } from './service.js'

/** What a request asks to do, by the name that VCALM gives the operation; `resolveDid` is that of DID Resolution. */
export type VcApiAction =
  | 'issueCredential'
  | 'updateCredentialStatus'
  | 'verifyCredential'
  | 'verifyPresentation'
  | 'deriveCredential'
  | 'resolveDid'

/** The actions that may be open to everybody: nothing is signed or changed by them. */
export type OpenAction = Exclude<VcApiAction, 'issueCredential' | 'updateCredentialStatus'>

/**
 * Whether a request may go on: `true`, or who makes it, for the record; `false` where whoever it is may not (403);
 * `unauthenticated` where it does not say who it is (401). Everything else counts as `false`.
 */
export type Authorization = boolean | 'unauthenticated' | { readonly actor: string }

/** Decides about one request. It must not read the body. An error that it throws is answered with 500 or 503. */
export type Authorize = (request: Request, action: VcApiAction) => Authorization | Promise<Authorization>

export interface VcApiOptions {
  /** Asked before anything else of a request is looked at. Without it only what is `open` exists. */
  readonly authorize?: Authorize
  /** What everybody may do without being asked. Default: nothing. */
  readonly open?: readonly OpenAction[]
  /** Issues credentials and changes their status; only with `authorize`. */
  readonly issuer?: Issuer
  /**
   * Where the status entry of an issued credential comes from. `assigned`, unless told: the issuer's store gives it one.
   * `asGiven`: nothing is recorded, and an entry of the credential's own stays.
   */
  readonly statusEntry?: 'assigned' | 'asGiven'
  /** `deriveCredential` of `komma/selective-disclosure`, where holders shall derive here. */
  readonly derive?: DeriveFunction
  /** Reads what verification and DID resolution need from elsewhere. Without one nothing is fetched. */
  readonly resolver?: Resolver
  /** What is verified and derived: `badges`, unless told, or `any` credential of VCDM 2.0 or 1.1. */
  readonly credentials?: 'badges' | 'any'
  /** How credentials are verified. The time and the kind are the service's; `policy` counts where a request names no `checks`. */
  readonly verify?: ServiceVerifyOptions
  /** Checks ECDSA and RSA signatures where the runtime's WebCrypto does not. */
  readonly provider?: CryptoProvider
  /** Where challenges were given out, so that a presentation counts once. */
  readonly challenges?: ChallengeStore
  /** The path before all routes, such as `/vc-api`. Default: none. */
  readonly basePath?: string
  /** The longest body, in bytes. Default 1,048,576. */
  readonly maxBodyBytes?: number
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** Called with every error that an answer does not tell: what a driver threw, and what nobody expected. */
  readonly onError?: (error: unknown) => void
}

const NAMES = [
  'authorize',
  'open',
  'issuer',
  'statusEntry',
  'derive',
  'resolver',
  'credentials',
  'verify',
  'provider',
  'challenges',
  'basePath',
  'maxBodyBytes',
  'clock',
  'onError'
]
const OPEN: readonly unknown[] = ['verifyCredential', 'verifyPresentation', 'deriveCredential', 'resolveDid']
const BASE_PATH = /^(?:\/[A-Za-z0-9._~-]+)*$/

/** @throws {OptionError} OPTION_INVALID, CONTEXT_UNSAFE, CONTEXT_DIGEST_MISMATCH */
export function settleService(options: VcApiOptions): Service {
  checkOptions(options)
  const { credentials = 'badges', verify = {}, provider, clock = () => new Date() } = options
  const expect = credentials === 'any' ? 'VerifiableCredential' : 'AchievementCredential'
  // Wrong options shall be found now, not with the first request.
  settle({ ...verify, expect })
  if ('keyCache' in verify) throw invalid('verify.keyCache', 'the service keeps keys itself')
  return {
    issuer: options.issuer,
    statusEntry: options.statusEntry ?? 'assigned',
    derive: options.derive,
    resolver: options.resolver,
    challenges: options.challenges,
    credentials,
    verify: { ...verify, keyCache: createKeyCache(provider === undefined ? {} : { provider }) },
    policy: copyPolicy(verify.policy ?? defaultPolicy),
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    now: clock,
    report: quietly(options.onError)
  }
}

function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object')
  const given = options as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw invalid(unknown, NAMES.join(', '))
  for (const name of ['authorize', 'derive', 'clock', 'onError'])
    if (given[name] !== undefined && typeof given[name] !== 'function') throw invalid(name, 'a function')
  checkMethod('issuer', given['issuer'], 'issueAsGiven')
  checkMethod('resolver', given['resolver'], 'resolve')
  checkMethod('challenges', given['challenges'], 'take')
  checkChoice('credentials', given['credentials'], ['badges', 'any'])
  checkChoice('statusEntry', given['statusEntry'], ['assigned', 'asGiven'])
  checkAccess(given)
  const { basePath = '', maxBodyBytes = 1 } = given
  if (typeof basePath !== 'string' || !BASE_PATH.test(basePath)) throw invalid('basePath', 'a path such as /vc-api')
  if (!Number.isSafeInteger(maxBodyBytes) || Number(maxBodyBytes) < 1) throw invalid('maxBodyBytes', 'a whole number')
}

function checkAccess({ authorize, open = [], issuer }: Readonly<Record<string, unknown>>): void {
  if (!Array.isArray(open) || !open.every((one) => OPEN.includes(one)))
    throw invalid('open', `a list of ${OPEN.join(', ')}`)
  if (issuer !== undefined && authorize === undefined)
    throw invalid('authorize', 'a function, because nothing is signed for just anybody')
  if (authorize === undefined && open.length === 0)
    throw invalid('authorize', 'a function, or something that is open to everybody')
}

function checkMethod(path: string, value: unknown, method: string): void {
  if (value === undefined) return
  const found = (value as Readonly<Record<string, unknown>> | null)?.[method]
  if (typeof found !== 'function') throw invalid(path, `an object with the method ${method}; is an await missing?`)
}

function checkChoice(path: string, value: unknown, choices: readonly string[]): void {
  if (value !== undefined && !choices.some((one) => one === value)) throw invalid(path, choices.join(' or '))
}

/** The hook of an operator is no reason to answer otherwise. */
function quietly(onError: ((error: unknown) => void) | undefined): (error: unknown) => void {
  return (error) => {
    try {
      onError?.(error)
    } catch {}
  }
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
