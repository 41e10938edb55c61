import type { CheckCode } from '../check-codes.js'
import type { InputForm } from '../input-form.js'
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
  /** What was read, as it stands at the end of the sentence of INPUT_READ; by the English words. */
  readonly forms: Readonly<Record<InputForm, string>>
  readonly checks: Readonly<Record<CheckCode, string>>
  readonly warnings: Readonly<Record<WarningCode, string>>
}
