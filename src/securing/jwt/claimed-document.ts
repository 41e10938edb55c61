import type { JsonObject } from '../../encoding/json-types.js'
import { deepFreeze, isJsonObject } from '../../encoding/snapshot.js'
import { VC_V1_CONTEXT } from '../../model/contexts.js'
import { classes } from '../../model/generated/classes.js'
import { listOf } from '../../model/read.js'
import { finding, type ShapeFinding } from '../../model/shape-finding.js'
import type { JwtFormat } from './jose-header.js'

/** The claims that belong to the token (RFC 7519 section 4.1). Every other member of the payload is the document's. */
const TOKEN_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']

/** A credential or presentation as it stands in a payload. Nothing of it is verified yet. */
export interface ClaimedDocument {
  readonly document: JsonObject
  /** The version of the data model. */
  readonly version: '1.1' | '2.0'
}

/**
 * The document that a payload holds: the payload without the claims of the token, or what the claim `vc` holds, which is
 * the form of the data model 1.1 alone. The presence of `vc` and the first context have to say the same.
 *
 * Does not compare the claims with the document; `findClaimFault` does.
 *
 * Source: Open Badges 3.0 section 8.2 and Implementation Guide; VC-JOSE-COSE section 1.1.2.1.
 */
export function claimedDocument(
  claims: JsonObject,
  format: JwtFormat
): ClaimedDocument | { readonly refused: ShapeFinding } {
  const { vc, vp, ...rest } = claims
  if (vp !== undefined) return refuse('it has the claim vp')
  if (vc === undefined) {
    const document = Object.fromEntries(Object.entries(rest).filter(([name]) => !TOKEN_CLAIMS.includes(name)))
    if (isVersion11(document)) return refuse('its context is that of the data model 1.1, but it has no claim vc')
    return { document: deepFreeze(document), version: '2.0' }
  }
  if (format !== 'JWT') return refuse(`a ${format} has the claim vc`)
  if (!isJsonObject(vc)) return refuse('the claim vc is not an object')
  const beside = Object.keys(rest).find(isCredentialMember)
  if (beside !== undefined) return refuse(`${beside} stands beside the claim vc`)
  if (!isVersion11(vc)) return refuse('it has the claim vc, but its context is not that of the data model 1.1')
  return { document: vc, version: '1.1' }
}

/** Beside `vc` it would be signed and read by nobody, such as a status entry that takes the badge back. */
function isCredentialMember(name: string): boolean {
  return ['AchievementCredential', 'AchievementCredential11'].some((kind) => classes[kind]?.names.includes(name))
}

function isVersion11(document: JsonObject): boolean {
  return listOf(document['@context'])[0] === VC_V1_CONTEXT
}

function refuse(reason: string): { readonly refused: ShapeFinding } {
  return { refused: finding('JWT_FORM_MISMATCH', { reason }) }
}
