import type { Cryptosuite } from './cryptosuite.js'
import { ecdsaJcs2019 } from './ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from './ecdsa-rdfc-2019.js'
import { ed25519Signature2020 } from './ed25519-signature-2020.js'
import { eddsa2022 } from './eddsa-2022.js'
import { eddsaJcs2022 } from './eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js'

/**
 * The proof suites that `verify` accepts unless it is told otherwise. Pass a shorter list as `suites` to accept fewer:
 * a proof in another suite is then reported as unchecked, and a credential without any accepted proof is refused.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { defaultSuites, verify } from 'komma'
 *
 * const suites = defaultSuites.filter(({ name }) => name.startsWith('ecdsa-'))
 * const report = await verify(await readFile('badge.json'), { suites })
 * console.log(report.checks.find(({ id }) => id === 'proof')?.code) // => PROOF_SUITE_NOT_ACCEPTED
 * ```
 */
export const defaultSuites: readonly Cryptosuite[] = /* @__PURE__ */ Object.freeze([
  eddsaRdfc2022,
  eddsaJcs2022,
  ecdsaRdfc2019,
  ecdsaJcs2019,
  ed25519Signature2020,
  eddsa2022
])
