import { equalSecrets } from '../crypto/equal-secrets.js'
import { OptionError } from '../encoding/errors.js'
import type { Authorize } from './vc-api-options.js'

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i
const TOKEN = /^[A-Za-z0-9._~+/-]{16,1000}=*$/

/**
 * An authorisation by one token, which is sent as `Authorization: Bearer` (RFC 6750): whoever has it may do everything.
 * It is compared in constant time.
 *
 * Does not limit how often somebody guesses: take at least 128 random bits.
 *
 * @param token 16 to 1,000 letters, digits and `. _ ~ + / -`
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createBearerAuthorization, createVcApiHandler } from 'komma/http'
 *
 * const authorize = createBearerAuthorization('f2b1c0d97a4e4c55b6f2e8a1')
 * const handle = createVcApiHandler({ authorize })
 * const answer = await handle(new Request('https://vc.example/1.0/identifiers/did:web:academy.example'))
 * console.log(answer.status) // => 401
 * ```
 */
export function createBearerAuthorization(token: string): Authorize {
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the token cannot be used',
      path: 'token',
      expected: '16 to 1,000 letters, digits and . _ ~ + / -'
    })
  }
  return ({ headers }) => {
    const [, given] = BEARER.exec(headers.get('authorization') ?? '') ?? []
    return given !== undefined && equalSecrets(given, token) ? true : 'unauthenticated'
  }
}
