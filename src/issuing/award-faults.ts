import type { Fault } from '../encoding/errors.js'

type Rest = { readonly expected?: string; readonly got?: string; readonly hint?: string }

/** Something in an award is wrong. */
export function wrong(message: string, path: string, rest: Rest = {}): Fault {
  return { code: 'AWARD_INVALID', message, path, ...rest }
}

/** Something the definition or the format requires is not there. */
export function missing(message: string, path: string, rest: Rest = {}): Fault {
  return { code: 'AWARD_INCOMPLETE', message, path, ...rest }
}
