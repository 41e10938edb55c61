import * as komma from '../../src/verify.js'
import type { Case, Row } from './case.js'
import { runCases } from './suite.js'

/** Runs the cases on the package; the build puts dist in the place of the source. */
export function run(cases: readonly Case[]): Promise<readonly Row[]> {
  return runCases(komma, cases)
}
