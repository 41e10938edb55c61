import type { CheckCode } from '../check-codes.js'
import type { WarningCode } from '../warning-codes.js'

/**
 * The sentences of reports in one language. `{…}` is filled from the facts of the case; addresses, names of members and
 * reasons that come from a standard or from an error stay as they are.
 */
export interface ReportWords {
  /** BCP 47. */
  readonly language: string
  readonly accepted: string
  readonly notAccepted: string
  readonly checks: Readonly<Record<CheckCode, string>>
  readonly warnings: Readonly<Record<WarningCode, string>>
}
