import { nameNodes } from '../../canonical/named-nodes.js'
import type { RandomSource } from '../../crypto/digest.js'
import { InputError, OptionError } from '../../encoding/errors.js'
import type { JsonObject } from '../../encoding/json-types.js'
import type { ProofSigner } from '../cryptosuite.js'
import type { UnsecuredDocument } from '../unsecured-document.js'
import { mandatoryFloor } from './floor.js'
import { selectPointers } from './pointers.js'
import { HMAC_LENGTH, MAX_SIGNATURES, writeBaseProofValue } from './proof-value.js'
import { signData } from './sign-data.js'
import { createStatementKey, SEED_LENGTH, type StatementKey } from './statement-key.js'
import { hideStatements } from './statements.js'

/** What is made anew for each credential. */
export interface ProofSecrets {
  readonly hmacKey: Uint8Array
  readonly statementKey: StatementKey
}

/** @throws {OptionError} OPTION_INVALID for a source that gives too little, or the same again */
export function createSecrets(random: RandomSource): ProofSecrets {
  const hmacKey = randomFrom(random, HMAC_LENGTH)
  const seed = randomFrom(random, SEED_LENGTH)
  if (hmacKey.every((byte, index) => byte === seed[index])) throw notRandom('bytes that differ from the last ones')
  return { hmacKey, statementKey: createStatementKey(seed) }
}

/**
 * The pointers to all that holders have to show: the floor, and what the issuer adds to it.
 *
 * @throws {InputError} POINTER_INVALID for an addition that points at nothing
 */
export function mandatoryPointersOf(document: JsonObject, added: readonly string[]): readonly string[] {
  return [...new Set([...mandatoryFloor(document), ...added])]
}

/**
 * Makes a base proof (Data Integrity ECDSA Cryptosuites 1.0 section 3.6.1): signs the mandatory statements with the
 * issuer's key, and each other statement with a key that only this proof has.
 *
 * @param proof the proof options
 * @throws {InputError} POINTER_INVALID, CREDENTIAL_INVALID where there are too many statements to sign
 */
export async function createBaseProof(
  secured: UnsecuredDocument,
  proof: JsonObject,
  mandatoryPointers: readonly string[],
  { hmacKey, statementKey }: ProofSecrets,
  signer: ProofSigner
): Promise<JsonObject> {
  const { document, expanded, contexts } = secured
  const names = await nameNodes(document, expanded, contexts)
  const mandatory = selectPointers(mandatoryPointers, document, names.forms, 'mandatoryPointers')
  const statements = await hideStatements(names, mandatory, hmacKey)
  const isMandatory = (line: string) => statements.mandatory.has(line)
  const optional = statements.lines.filter((line) => !isMandatory(line))
  if (optional.length > MAX_SIGNATURES) throw tooMany(optional.length)

  const { publicKey } = statementKey
  const toSign = await signData(secured, proof, publicKey, statements.lines.filter(isMandatory))
  const proofValue = writeBaseProofValue({
    baseSignature: await signer.sign(toSign),
    publicKey,
    hmacKey,
    signatures: optional.map(statementKey.sign),
    mandatoryPointers
  })
  return { ...proof, proofValue }
}

function randomFrom(random: RandomSource, length: number): Uint8Array {
  const bytes: unknown = random(length)
  if (bytes instanceof Uint8Array && bytes.length === length) return Uint8Array.from(bytes)
  throw notRandom(`${length} bytes`)
}

function notRandom(expected: string): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'the random source did not give what it was asked for',
    path: 'random',
    expected
  })
}

function tooMany(count: number): InputError {
  return new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'the credential has too many statements that a holder may leave out',
    path: '/',
    expected: `at most ${MAX_SIGNATURES}`,
    got: String(count),
    hint: 'Make larger parts of it mandatory.'
  })
}
