import * as images from '../../src/baking/images.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import * as disclosing from '../../src/selective-disclosure.js'
import * as verifying from '../../src/verify.js'
import type { Case, Row } from './case.js'
import { runCases } from './suite.js'

/**
 * Runs the cases on the package; the build puts dist in the place of the source. A process that has no WebCrypto, and a
 * page that is not secure, need somebody else for the arithmetic.
 */
export function run(cases: readonly Case[]): Promise<readonly Row[]> {
  const arithmetic = globalThis.crypto?.subtle === undefined ? { provider: nobleProvider } : {}
  return runCases({ ...verifying, ...images, ...disclosing }, cases, arithmetic)
}
