import { OptionError } from '../encoding/errors.js'

/**
 * How a badge is secured: `json` with an embedded proof, `jwt` as a JWT of Open Badges 3.0, `vc+jwt` as a JWT of
 * VC-JOSE-COSE.
 */
export type BadgeFormat = 'json' | 'jwt' | 'vc+jwt'

const FORMATS: readonly unknown[] = ['json', 'jwt', 'vc+jwt']

/** @throws {OptionError} OPTION_INVALID */
export function readFormat(options: unknown): BadgeFormat {
  const given = Object.entries(typeof options === 'object' && options !== null ? options : { options })
  const wrong = given.find(([name, value]) => name !== 'format' || (value !== undefined && !FORMATS.includes(value)))
  if (wrong === undefined) return (given[0]?.[1] as BadgeFormat | undefined) ?? 'json'
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'an option cannot be used',
    path: wrong[0],
    expected: `format: ${FORMATS.join(', ')}`,
    ...(wrong[0] === 'idempotencyKey' ? { hint: 'The key belongs into the award.' } : {})
  })
}
