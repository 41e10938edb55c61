import type { JsonObject } from '../encoding/json-types.js'
import type { Cryptosuite } from './cryptosuite.js'

/** The suite that a proof is made in, by its `type` and `cryptosuite` together. */
export function findSuite(suites: readonly Cryptosuite[], proof: JsonObject): Cryptosuite | undefined {
  return suites.find((suite) => suite.matches(proof))
}

/** Whether a proof may carry a `@context`. A proof in a suite that is not among them is not interpreted at all. */
export function mayBringContext(suites: readonly Cryptosuite[]): (proof: JsonObject) => boolean {
  return (proof) => findSuite(suites, proof)?.proofContext ?? true
}
