import { type Fault, KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeMultibase, encodeBase64url, encodeMultibase } from '../encoding/multibase.js'
import type { VerifyInput } from './intake.js'
import type { VerifyOptions } from './options.js'
import { verify } from './verify.js'

/** What the self test may use of the options of `verify`. */
export type SelfTestOptions = Pick<VerifyOptions, 'keyCache'>

/**
 * Verifies a known good badge and known bad ones in place, so that a build, a runtime or a dependency that was replaced
 * is noticed before it judges somebody's badge. Call it once at the start of a service. Needs no network, and takes as
 * long as a few verifications.
 *
 * Does NOT replace the tests of the package: it looks at each gate once.
 *
 * @param options the `keyCache` that the application verifies with, if it has one
 * @throws {KommaError} SELF_TEST_FAILED; `faults` names every badge that was judged wrongly
 * @throws {OptionError} OPTION_INVALID
 * @see VC Data Integrity 1.0 section 2.4.2, on data that processing would drop
 *
 * @example
 * ```ts
 * import { selfTest, version } from 'komma/verify'
 *
 * await selfTest()
 * console.log(version) // => 0.1.0
 * ```
 */
export async function selfTest(options: SelfTestOptions = {}): Promise<void> {
  const faults: Fault[] = []
  for (const { name, input, now = VALID_TIME, expected } of knownBadges()) {
    const got = await verdictOn(input, { ...options, now: new Date(now) })
    if (got !== expected) faults.push(misjudged(name, expected, got))
  }
  if (faults.length > 0) throw new KommaError(faults)
}

interface KnownBadge {
  readonly name: string
  readonly input: VerifyInput
  readonly now?: string
  /** `accepted`, or the code of the first check that does not pass. */
  readonly expected: string
}

async function verdictOn(input: VerifyInput, options: VerifyOptions): Promise<string> {
  const { accepted, checks, credential } = await verify(input, options)
  if (accepted) return credential === undefined ? 'accepted without a document' : 'accepted'
  const stopper = checks.find(
    ({ code, outcome }) => (outcome === 'fail' || outcome === 'unknown') && code !== 'NOT_REACHED'
  )
  return stopper?.code ?? 'refused without a reason'
}

function misjudged(path: string, expected: string, got: string): Fault {
  return {
    code: 'SELF_TEST_FAILED',
    message: 'verify judges a known badge in another way than it should',
    path,
    expected,
    got,
    hint: 'Do not rely on this build: reinstall the package and what it depends on, and look for what patches them'
  }
}

const VALID_TIME = '2025-06-01T00:00:00Z'
const KEY = 'z6MktBA97xAxhF1YAe2H1UsxU7WXrrX2ygoTekxUCoHoa9A9'
const ISSUER = `did:key:${KEY}`
const STRANGER = 'did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E'

const PROOF = {
  type: 'DataIntegrityProof',
  created: '2024-06-01T00:00:00Z',
  verificationMethod: `${ISSUER}#${KEY}`,
  cryptosuite: 'eddsa-rdfc-2022',
  proofPurpose: 'assertionMethod',
  proofValue: 'z5zzcR8GPAJRzfBfhxQMYoVYubpXcckSi3o9yqNLoZsHNkV9xRj75navZP3ic6Y1mRt6FG6XJAMtSNPKcaT1Z6vkJ'
}

/** Signed with the key whose seed is the SHA-256 of `komma-test-self-test`, which anybody can make. */
const BADGE: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:6b6f6d6d-0000-4000-8000-000000000001',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: ISSUER, type: ['Profile'], name: 'komma self test' },
  validFrom: '2024-01-01T00:00:00Z',
  validUntil: '2026-01-01T00:00:00Z',
  name: 'Self test',
  credentialSubject: {
    id: 'did:example:learner',
    type: ['AchievementSubject'],
    achievement: {
      id: 'urn:uuid:6b6f6d6d-0000-4000-8000-000000000002',
      type: ['Achievement'],
      name: 'Self test',
      description: 'Shows that this build tells good badges from bad ones.',
      criteria: { narrative: 'None.' }
    }
  },
  proof: [PROOF]
}

function knownBadges(): readonly KnownBadge[] {
  const { validUntil = null, ...endless } = BADGE
  return [
    { name: 'a good badge', input: BADGE, expected: 'accepted' },
    { name: 'a badge that has expired', input: BADGE, now: '2026-06-01T00:00:00Z', expected: 'EXPIRED' },
    { name: 'a changed name', input: { ...BADGE, name: 'Doctorate' }, expected: 'SIGNATURE_INVALID' },
    { name: 'a flipped bit of the signature', input: withProofValue(flipped), expected: 'SIGNATURE_INVALID' },
    // Nothing but the safe mode of JSON-LD sees that this member is dropped before anything is hashed.
    { name: 'a member that no context defines', input: { ...BADGE, grade: 'A' }, expected: 'UNDEFINED_TERM' },
    {
      name: 'an end moved under @nest',
      input: { ...endless, '@nest': { validUntil } },
      expected: 'KEYWORD_IN_DOCUMENT'
    },
    { name: 'a member twice', input: withNameTwice(), expected: 'JSON_DUPLICATE_MEMBER' },
    { name: 'the proof of somebody else', input: withIssuer(STRANGER), expected: 'ISSUER_KEY_MISMATCH' },
    { name: 'a key for which one signature fits everything', input: withIdentityKey(), expected: 'ISSUER_KEY_INVALID' },
    { name: 'a JWT that nobody signed', input: unsignedJwt(), expected: 'JWT_ALGORITHM_REFUSED' }
  ]
}

function withProofValue(change: (signature: Uint8Array) => Uint8Array): JsonObject {
  const proofValue = encodeMultibase('base58btc', change(decodeMultibase(PROOF.proofValue)))
  return { ...BADGE, proof: [{ ...PROOF, proofValue }] }
}

function flipped(signature: Uint8Array): Uint8Array {
  return signature.map((byte, index) => (index === 0 ? byte ^ 1 : byte))
}

function withNameTwice(): string {
  return JSON.stringify(BADGE).replace('"name":', '"name":"Doctorate","name":')
}

function withIssuer(id: string): JsonObject {
  return { ...BADGE, issuer: { id, type: ['Profile'] } }
}

/** The neutral element of the curve as key and as R, with S = 0: the equation then holds for every message. */
function withIdentityKey(): JsonObject {
  const key = encodeMultibase('base58btc', Uint8Array.of(0xed, 1, 1, ...new Uint8Array(31)))
  const verificationMethod = `did:key:${key}#${key}`
  const proofValue = encodeMultibase('base58btc', Uint8Array.of(1, ...new Uint8Array(63)))
  return { ...withIssuer(`did:key:${key}`), proof: [{ ...PROOF, verificationMethod, proofValue }] }
}

function unsignedJwt(): string {
  const { proof: _, ...claims } = BADGE
  return [JSON.stringify({ alg: 'none' }), JSON.stringify(claims), 'none']
    .map((part) => encodeBase64url(new TextEncoder().encode(part)))
    .join('.')
}
