import type { Resolver } from '../did/resolver.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { Issuer } from '../issuing/issuer.js'
import type { ContextDocument } from '../model/contexts.js'
import type { ChallengeStore } from '../verifying/challenge-store.js'
import type { VerifyOptions } from '../verifying/options.js'
import type { Policy } from '../verifying/policy.js'

/** Derives a credential that shows a part of another: `deriveCredential` of `komma/selective-disclosure`. */
export type DeriveFunction = (
  credential: JsonObject,
  options: {
    readonly reveal: readonly string[]
    readonly contexts: readonly ContextDocument[]
    readonly credentials: 'badges' | 'any'
  }
) => Promise<JsonObject>

/** The options of `verify` that a service settles for all its callers. */
export type ServiceVerifyOptions = Omit<
  VerifyOptions,
  'resolver' | 'now' | 'expect' | 'recipient' | 'resources' | 'keyCache'
>

/** What the routes need, settled once. */
export interface Service {
  readonly issuer: Issuer | undefined
  readonly derive: DeriveFunction | undefined
  readonly resolver: Resolver | undefined
  readonly challenges: ChallengeStore | undefined
  readonly credentials: 'badges' | 'any'
  readonly statusEntry: 'assigned' | 'asGiven'
  readonly verify: ServiceVerifyOptions & Required<Pick<VerifyOptions, 'keyCache'>>
  readonly policy: Policy
  readonly maxBodyBytes: number
  readonly now: () => Date
  /** Where errors go that an answer does not tell. */
  readonly report: (error: unknown) => void
}

/** One request on its way through the service. */
export interface Call {
  readonly request: Request
  readonly service: Service
  /** Who makes the request, where the authorisation says so. */
  readonly actor: string | undefined
  /** The rest of the path of a route that names something by it, as it was written. */
  readonly rest: string
}

/** What answers on one route. */
export type Route = (call: Call) => Promise<Response>
