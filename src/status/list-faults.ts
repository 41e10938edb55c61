import { StatusError } from '../encoding/errors.js'

export function malformed(message: string, expected?: string, cause?: unknown): StatusError {
  return new StatusError(
    { code: 'STATUS_LIST_MALFORMED', message, ...(expected === undefined ? {} : { expected }) },
    { cause }
  )
}

export function tooLarge(message: string, limit: number, got: string): StatusError {
  return new StatusError({ code: 'INPUT_TOO_LARGE', message, expected: `at most ${limit}`, got })
}
