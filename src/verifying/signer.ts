import type { VerificationPurpose } from '../did/purpose.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { idOf, objectsOf, textOf } from '../model/read.js'

/** Whose signature counts for a document, and what for it has to be made. */
export interface ExpectedSigner {
  readonly id: string
  readonly purpose: Extract<VerificationPurpose, 'assertionMethod' | 'authentication'>
}

/**
 * A credential is signed by its issuer, who asserts it; a presentation by its holder, who shows that it is he. A
 * presentation that names no holder is that of whoever signed it.
 *
 * @see VC Data Model 2.0 sections 4.7 and 4.13; VC Data Integrity 1.0 section 2.1
 */
export function expectedSigner(document: JsonObject, kind: CredentialKind): ExpectedSigner {
  const [proof] = objectsOf(document['proof'])
  return signerOf(document, kind, textOf(proof?.['verificationMethod']))
}

/** {@link expectedSigner} of a token, where a claim or the name of the key may say who signed it. */
export function expectedSignerOfJwt(
  document: JsonObject,
  kind: CredentialKind,
  token: { readonly iss: string | undefined; readonly kid: string | undefined }
): ExpectedSigner {
  return signerOf(document, kind, token.iss ?? token.kid)
}

function signerOf(document: JsonObject, kind: CredentialKind, named: string | undefined): ExpectedSigner {
  if (kind !== 'VerifiablePresentation') return { id: idOf(document['issuer']) ?? '', purpose: 'assertionMethod' }
  const [base = ''] = (named ?? '').split('#')
  return { id: idOf(document['holder']) ?? base, purpose: 'authentication' }
}
