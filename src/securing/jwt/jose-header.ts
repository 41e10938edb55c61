import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../../crypto/public-key.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { isJsonObject } from '../../encoding/snapshot.js'
import { textOf } from '../../model/read.js'
import { finding, type ShapeFinding } from '../../model/shape-finding.js'

/** What a JWT says it is: a VC-JWT of Open Badges 3.0, or a credential or presentation of VC-JOSE-COSE. */
export type JwtFormat = 'JWT' | 'vc+jwt' | 'vp+jwt'

/** A header in which nothing is left to interpretation. One of `kid` and `jwk` is there. */
export interface JoseHeader {
  readonly format: JwtFormat
  readonly algorithm: SignatureAlgorithm
  readonly kid: string | undefined
  readonly jwk: JsonObject | undefined
  /** Headers that were not looked at. */
  readonly ignored: readonly string[]
}

export interface HeaderRules {
  readonly expects: 'credential' | 'presentation'
  /** Ignore headers that Open Badges 3.0 forbids and that do no harm. */
  readonly lenient: boolean
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Whether the payload names its signer in `iss`. */
  readonly hasIss: boolean
}

/** Every signature algorithm a JWT may use. Symmetric ones and `none` are not refused here: they do not exist here. */
export const JWT_ALGORITHMS: readonly SignatureAlgorithm[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.values(SIGNATURE_ALGORITHMS).flat()
)

const READ = ['alg', 'kid', 'jwk', 'typ', 'cty']
/** They carry or point to keys, or change what is signed; no mode ignores them. */
const NEVER = ['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc', 'epk', 'apu', 'apv', 'p2c', 'p2s']
const CONTENT: Readonly<Record<JwtFormat, string | undefined>> = { JWT: undefined, 'vc+jwt': 'vc', 'vp+jwt': 'vp' }
const ABSOLUTE_URL = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/
const MAX_KID_LENGTH = 2048

/**
 * Reads the header of a JWT before anything else is believed. Takes the algorithm from a closed list, and refuses every
 * header that Open Badges 3.0 does not name; VC-JOSE-COSE lets others be ignored, which is told.
 *
 * Does not look at the key, nor whether it is the issuer's.
 *
 * Source: Open Badges 3.0 section 8.2.1; VC-JOSE-COSE sections 3.1 and 4; RFC 7515 section 4.1; RFC 8725 section 3.
 */
export function readJoseHeader(
  header: JsonObject,
  rules: HeaderRules
): JoseHeader | { readonly refused: ShapeFinding } {
  const format = formatOf(header['typ'])
  if (format === undefined || (format === 'vp+jwt') !== (rules.expects === 'presentation'))
    return refuse('JWT_TYPE_REFUSED', { typ: show(header['typ']) })
  const { alg, kid, jwk } = header
  const algorithm = rules.algorithms.find((one) => one === alg)
  if (algorithm === undefined) return refuse('JWT_ALGORITHM_REFUSED', { alg: show(alg) })
  const ignored = Object.keys(header).filter((name) => !READ.includes(name))
  const reason = findForbidden(header, format, rules.lenient ? [] : ignored) ?? findKeyFault(header, format, rules)
  if (reason !== undefined) return refuse('JWT_HEADER_REFUSED', { reason })
  return { format, algorithm, kid: textOf(kid), jwk: isJsonObject(jwk) ? jwk : undefined, ignored }
}

function findForbidden(header: JsonObject, format: JwtFormat, others: readonly string[]): string | undefined {
  const never = NEVER.find((name) => header[name] !== undefined)
  if (never !== undefined) return `it has the header ${never}`
  const { cty } = header
  if (cty !== undefined && (CONTENT[format] === undefined || mediaType(cty) !== CONTENT[format]))
    return `its content is said to be ${show(cty)}`
  return format === 'JWT' && others[0] !== undefined ? `it has the header ${others[0].slice(0, 80)}` : undefined
}

function findKeyFault({ kid, jwk }: JsonObject, format: JwtFormat, { hasIss }: HeaderRules): string | undefined {
  if (kid === undefined && jwk === undefined) return 'it names no key, neither in kid nor in jwk'
  if (jwk !== undefined && !isJsonObject(jwk)) return 'jwk is not a key'
  if (kid === undefined) return undefined
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH) return 'kid is not the name of a key'
  const needsUrl = format !== 'JWT' && !hasIss && jwk === undefined
  return needsUrl && !ABSOLUTE_URL.test(kid) ? 'kid is no URL, and no claim iss says whose key it is' : undefined
}

function formatOf(typ: JsonValue | undefined): JwtFormat | undefined {
  const type = typ === undefined ? 'jwt' : mediaType(typ)
  return type === 'jwt' ? 'JWT' : type === 'vc+jwt' || type === 'vp+jwt' ? type : undefined
}

/** RFC 7515 section 4.1.9: a media type may leave out `application/`, and knows no case. */
function mediaType(value: JsonValue): string | undefined {
  return textOf(value)
    ?.toLowerCase()
    .replace(/^application\/(?=[^/]*$)/, '')
}

function show(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? value.slice(0, 80) : Array.isArray(value) ? 'an array' : typeof value
}

function refuse(code: ShapeFinding['code'], facts: ShapeFinding['facts']): { readonly refused: ShapeFinding } {
  return { refused: finding(code, facts) }
}
