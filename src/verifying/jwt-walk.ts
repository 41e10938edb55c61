import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { listOf, objectsOf, shownAs, textOf } from '../model/read.js'
import { endOfClaims, findClaimFault, lacksSub } from '../securing/jwt/claim-fault.js'
import { type ClaimedDocument, claimedDocument } from '../securing/jwt/claimed-document.js'
import type { CompactJws } from '../securing/jwt/compact-jws.js'
import { type JoseHeader, readJoseHeader } from '../securing/jwt/jose-header.js'
import { usualForm, verifyEmbedded } from './embedded-walk.js'
import { checkForm } from './form-checks.js'
import { checkJwtSignature } from './jwt-signature.js'
import type { Settings } from './options.js'
import { factOf } from './proof-gate.js'
import { type Check, check, type ProofFact, type Warning, warn } from './report.js'
import type { SecuredResult } from './secured.js'
import { type ExpectedSigner, expectedSignerOfJwt } from './signer.js'

/** The kinds for which Open Badges 3.0 section 8.2.4.1 says which claims a token has. */
const OPEN_BADGES: readonly CredentialKind[] = ['AchievementCredential', 'EndorsementCredential']

const WORSE: readonly Check['outcome'][] = ['pass', 'unknown', 'fail']

/** The way of a JWT (Open Badges 3.0 section 8.2, VC-JOSE-COSE) to a verified document. */
export async function verifyJwt(jwt: CompactJws, kind: CredentialKind, settings: Settings): Promise<SecuredResult> {
  const walk = new JwtWalk(jwt, kind, settings)
  await walk.run()
  return walk.result()
}

class JwtWalk {
  readonly #jwt: CompactJws
  readonly #kind: CredentialKind
  readonly #settings: Settings
  readonly #checks: Check[] = []
  readonly #proofs: ProofFact[] = []
  readonly #warnings: Warning[] = []
  #signer: ExpectedSigner | undefined
  #document: JsonObject | undefined

  constructor(jwt: CompactJws, kind: CredentialKind, settings: Settings) {
    this.#jwt = jwt
    this.#kind = kind
    this.#settings = settings
  }

  async run(): Promise<void> {
    // RFC 8725 §3: the header is believed in nothing but what a closed list allows.
    const header = this.#readHeader()
    if (header === undefined) return

    // Open Badges 3.0 §8.2.4.1, VC-JOSE-COSE §3.1: which part of the payload is the credential.
    const claimed = this.#readDocument(header)
    if (claimed === undefined) return
    this.#signer = expectedSignerOfJwt(claimed.document, this.#kind, {
      iss: textOf(this.#jwt.claims['iss']),
      kid: header.kid
    })

    // Open Badges 3.0 §9.1 step 1: the same form that is asked of any credential.
    const form = checkForm(claimed.document, this.#kind, this.#settings)
    this.#checks.push(...form)
    if (form.some(({ outcome }) => outcome !== 'pass')) return

    // Open Badges 3.0 §8.2.5: claims and credential say the same.
    if (!this.#claimsAgree(claimed, header)) return

    // Open Badges 3.0 §8.2.5 and Implementation Guide, Key provenance: the key of the issuer, and its signature.
    const signed = await this.#checkSignature(header, this.#signer)

    // Open Badges 3.0 §8.2: embedded proofs were there before the token, and count too.
    const proved = await this.#checkEmbeddedProofs(claimed.document)

    // VC Data Model 2.0 §5.13: the verified document, and nothing else, goes on.
    if (!signed || !proved) return
    this.#add(check('DOCUMENT_SOUND'))
    const { proof: _, ...document } = claimed.document
    this.#document = deepFreeze({ ...document, ...endOfClaims(this.#jwt.claims, claimed, header.format) })
  }

  result(): SecuredResult {
    return {
      checks: this.#checks,
      document: this.#document,
      issuer: this.#signer?.id,
      proofs: this.#proofs,
      warnings: this.#warnings
    }
  }

  #readHeader(): JoseHeader | undefined {
    const { lenient, algorithms } = this.#settings
    const { header, claims } = this.#jwt
    const read = readJoseHeader(header, {
      expects: this.#kind === 'VerifiablePresentation' ? 'presentation' : 'credential',
      hasIss: claims['iss'] !== undefined,
      lenient,
      algorithms
    })
    if ('refused' in read) {
      this.#checks.push(check(read.refused.code, read.refused.facts))
      return undefined
    }
    this.#warnings.push(...read.ignored.map((name) => warn('JWT_HEADER_IGNORED', { header: name.slice(0, 80) })))
    return read
  }

  #readDocument({ format }: JoseHeader): ClaimedDocument | undefined {
    const claimed = claimedDocument(this.#jwt.claims, format)
    if ('refused' in claimed) {
      this.#checks.push(check(claimed.refused.code, claimed.refused.facts))
      return undefined
    }
    const { document, warnings } = usualForm(claimed.document, this.#kind, this.#settings)
    this.#warnings.push(...warnings)
    return { ...claimed, document }
  }

  #claimsAgree(claimed: ClaimedDocument, { format }: JoseHeader): boolean {
    const { now, clockTolerance, allowMissingSub } = this.#settings
    const complete = format === 'JWT' && OPEN_BADGES.includes(this.#kind)
    const rules = { complete, allowMissingSub, now, clockTolerance }
    const fault = findClaimFault(this.#jwt.claims, claimed, format, rules)
    if (fault !== undefined) {
      this.#checks.push(check(fault.code, fault.facts))
      return false
    }
    if (lacksSub(this.#jwt.claims, rules)) this.#warnings.push(warn('JWT_SUB_MISSING'))
    this.#warnOfAudience()
    return true
  }

  /** RFC 7519 section 4.1.3. Who the caller is he alone knows; of a presentation he says it, and it is compared there. */
  #warnOfAudience(): void {
    const audience = listOf(this.#jwt.claims['aud']).map(shownAs).join(', ').slice(0, 200)
    if (audience !== '' && this.#kind !== 'VerifiablePresentation')
      this.#warnings.push(warn('JWT_AUDIENCE', { audience }))
  }

  async #checkSignature(header: JoseHeader, signer: ExpectedSigner): Promise<boolean> {
    const { checks, proof, warnings } = await checkJwtSignature(this.#jwt, header, signer, this.#settings)
    this.#checks.push(...checks)
    this.#proofs.push(proof)
    this.#warnings.push(...warnings)
    return checks.every(({ outcome }) => outcome === 'pass')
  }

  async #checkEmbeddedProofs(document: JsonObject): Promise<boolean> {
    if (document['proof'] === undefined) return true
    const { checks, proofs, warnings } = await verifyEmbedded(document, this.#kind, this.#settings)
    // The token is a proof in an accepted form, so proofs of other suites are as they are beside any accepted one.
    if (checks.some(({ code }) => code === 'PROOF_SUITE_NOT_ACCEPTED') && !this.#settings.requireAllProofs) {
      this.#leaveUnchecked(objectsOf(document['proof']).map((proof) => factOf(proof, false, undefined)))
      return true
    }
    for (const one of checks) this.#add(one)
    this.#proofs.push(...proofs)
    this.#warnings.push(...warnings)
    return checks.every(({ outcome }) => outcome === 'pass')
  }

  #leaveUnchecked(facts: readonly ProofFact[]): void {
    this.#proofs.push(...facts)
    this.#warnings.push(
      ...facts.map(({ cryptosuite, type }) => warn('PROOF_UNCHECKED', { suite: cryptosuite ?? type }))
    )
  }

  /** Of two answers to one check the worse one counts; two proofs that hold are named together. */
  #add(one: Check): void {
    const at = this.#checks.findIndex(({ id }) => id === one.id)
    const before = this.#checks[at]
    if (before === undefined) this.#checks.push(one)
    else if (WORSE.indexOf(one.outcome) > WORSE.indexOf(before.outcome)) this.#checks[at] = one
    else if (one.code === 'PROOF_VALID' && before.code === 'PROOF_VALID')
      this.#checks[at] = check('PROOF_VALID', { suites: `${before.facts['suites']}, ${one.facts['suites']}` })
  }
}
