import { describeFault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { findResultFaults } from '../model/results.js'
import { type Check, check } from './report.js'

/** Open Badges 3.0 Appendix B: results have to fit the descriptions they point at. */
export function checkResults(document: JsonObject): Check {
  const subject = document['credentialSubject'] as JsonObject
  if (subject['result'] === undefined) return check('RESULTS_NONE')
  const faults = findResultFaults(subject)
  const [first] = faults
  if (first === undefined) return check('RESULTS_CONSISTENT')
  return { ...check('RESULT_INCONSISTENT', { reason: describeFault(first) }), faults }
}
