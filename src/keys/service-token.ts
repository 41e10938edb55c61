import { ServiceFailure } from './service-failure.js'

const TOKEN = /^[\x21-\x7e]{1,16384}$/

/**
 * A token as the application gave it. One that cannot stand in a header is refused here, because the platform's own
 * error about it would quote it.
 *
 * @throws {ServiceFailure}
 */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && TOKEN.test(token)) return token
  throw new ServiceFailure({
    code: 'KEY_ACCESS_DENIED',
    unasked: true,
    message: 'the application gave no usable token for the key service',
    expected: 'a text of visible ASCII characters',
    got: typeof token
  })
}
