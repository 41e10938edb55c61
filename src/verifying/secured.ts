import type { JsonObject } from '../encoding/json-types.js'
import type { CompactJws } from '../securing/jwt/compact-jws.js'
import type { Check, ProofFact, Warning } from './report.js'

/** A credential as it came in, in one of the forms that {@link readSecured} reads. */
export type Secured =
  | { readonly form: 'embedded'; readonly document: JsonObject }
  | { readonly form: 'jwt'; readonly jwt: CompactJws }

/** What came of a secured document. `document` is there only where every one of these checks passed. */
export interface SecuredResult {
  readonly checks: readonly Check[]
  readonly document: JsonObject | undefined
  readonly issuer: string | undefined
  readonly proofs: readonly ProofFact[]
  readonly warnings: readonly Warning[]
}
