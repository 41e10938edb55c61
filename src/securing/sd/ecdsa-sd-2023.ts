import { termFormsOf } from '../../canonical/term-forms.js'
import { type RandomSource, randomBytes } from '../../crypto/digest.js'
import type { PublicKey } from '../../crypto/public-key.js'
import { type Fault, OptionError } from '../../encoding/errors.js'
import { parsePointer } from '../../encoding/json-pointer.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { ContextSet } from '../../model/contexts.js'
import type { Cryptosuite, ProofOptions, ProofSigner } from '../cryptosuite.js'
import { proofOptionsOf } from '../hash-and-sign.js'
import type { UnsecuredDocument } from '../unsecured-document.js'
import { createBaseProof, createSecrets, mandatoryPointersOf } from './base-proof.js'
import { verifyDerivedProof } from './derived-proof.js'
import { selectPointers } from './pointers.js'
import { readDerivedProofValue } from './proof-value.js'
import { pointOfStatementKey } from './statement-key.js'

export interface EcdsaSd2023Options {
  /**
   * JSON Pointers (RFC 6901) to what holders may not leave out, besides the floor that is always mandatory. Each has to
   * point at something in every credential that is issued.
   */
  readonly mandatoryPointers?: readonly string[]
  /** Where the keys of each proof come from. WebCrypto unless told. */
  readonly random?: RandomSource
}

const PROOF_TYPE = { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023' } as const

/**
 * Makes the suite `ecdsa-sd-2023`, which lets holders show a part of a credential (Data Integrity ECDSA Cryptosuites 1.0
 * section 3.6), with mandatory parts of your own.
 *
 * As `suite` of `createIssuer` it makes base proofs: for the holder alone, who derives from them what others see.
 * Whatever is added, no holder can leave out the id, types and name of the credential, issuer, dates, status, schema,
 * refresh service and terms of use, the subject's id, type and identifier, what Open Badges requires of the achievement,
 * what its results mean, and the status of a result.
 *
 * In `suites` of `verify` it reads derived proofs; a base proof is refused with PROOF_BASE_SHOWN.
 *
 * Does not hide how many statements are shown, and two showings of one credential can be told to be of one.
 *
 * @throws {OptionError} OPTION_INVALID with every text that is not a JSON Pointer
 *
 * @example
 * ```ts
 * import { createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
 * import { createEcdsaSd2023 } from 'komma/selective-disclosure'
 *
 * const keys = await createMemoryKeyStore({ algorithm: 'P-256' })
 * const issuer = await createIssuer({
 *   profile: { id: await didKeyOf(keys), name: 'Nordisk Kvalitetsakademi' },
 *   keys,
 *   status: createMemoryStatusStore(),
 *   suite: createEcdsaSd2023({ mandatoryPointers: ['/credentialSubject/result'] })
 * })
 * console.log(issuer.id.slice(0, 12)) // => did:key:zDna
 * ```
 */
export function createEcdsaSd2023(options: EcdsaSd2023Options = {}): Cryptosuite {
  const random = checkRandom(options.random ?? randomBytes)
  const added = checkPointers(options.mandatoryPointers ?? [])
  return Object.freeze({
    name: PROOF_TYPE.cryptosuite,
    keyAlgorithms: ['P-256'] as const,
    proofContext: false,
    showsPart: true,
    matches: ({ type, cryptosuite }: JsonObject) => type === PROOF_TYPE.type && cryptosuite === PROOF_TYPE.cryptosuite,
    checkProofValue(proofValue: string) {
      pointOfStatementKey(readDerivedProofValue(proofValue).publicKey)
    },
    async verifyProof(secured: UnsecuredDocument, proof: JsonObject, key: PublicKey) {
      // The document's context is read in place of any that the proof brings along, which nothing would sign.
      return proof['@context'] === undefined ? verifyDerivedProof(secured, proof, key) : ({ holds: false } as const)
    },
    withMandatoryPointers: (more: readonly string[]) =>
      createEcdsaSd2023({ ...options, mandatoryPointers: [...added, ...more] }),
    checkUnsigned(document: JsonObject, contexts: ContextSet) {
      selectPointers(added, document, termFormsOf(document, contexts), 'mandatoryPointers')
    },
    createProof(secured: UnsecuredDocument, proofOptions: ProofOptions, signer: ProofSigner) {
      const pointers = mandatoryPointersOf(secured.document, added)
      return createBaseProof(secured, proofOptionsOf(PROOF_TYPE, proofOptions), pointers, createSecrets(random), signer)
    }
  })
}

/**
 * The suite `ecdsa-sd-2023` with nothing mandatory but the floor: for `suites` of `verify`, beside the others, and for
 * `suite` of `createIssuer`. See {@link createEcdsaSd2023}.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { defaultSuites, verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { ecdsaSd2023 } from 'komma/selective-disclosure'
 *
 * const suites = [...defaultSuites, ecdsaSd2023]
 * const report = await verify(await readFile('badge.json'), { suites, resolver: await openFolderResolver('published') })
 * console.log(report.accepted) // => true
 * ```
 */
export const ecdsaSd2023: Cryptosuite = /* @__PURE__ */ createEcdsaSd2023()

function checkPointers(pointers: readonly string[]): readonly string[] {
  if (!Array.isArray(pointers))
    throw new OptionError(unusable('mandatoryPointers', 'an array of JSON Pointers', pointers))
  const faults = pointers.flatMap((pointer, index) =>
    parsePointer(pointer) === undefined
      ? [unusable(`mandatoryPointers/${index}`, 'a JSON Pointer such as /credentialSubject/result', pointer)]
      : []
  )
  if (faults.length > 0) throw new OptionError(faults)
  return [...pointers]
}

function checkRandom(random: RandomSource): RandomSource {
  if (typeof random === 'function') return random
  throw new OptionError(unusable('random', 'a function', random))
}

function unusable(path: string, expected: string, got: unknown): Fault {
  const shown = typeof got === 'string' ? got.slice(0, 200) : typeof got
  return { code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected, got: shown }
}
