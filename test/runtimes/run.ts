import * as images from '../../src/baking/images.js'
import * as verifying from '../../src/verify.js'
import type { Case, Row } from './case.js'
import { runCases } from './suite.js'

/** Runs the cases on the package; the build puts dist in the place of the source. */
export function run(cases: readonly Case[]): Promise<readonly Row[]> {
  return runCases({ ...verifying, ...images }, cases)
}
