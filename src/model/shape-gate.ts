import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { startsWithContexts } from './context-prefix.js'
import { type ContextSet, OB_CONTEXT, OB_CONTEXTS, VC_V1_CONTEXT, VC_V2_CONTEXT } from './contexts.js'
import type { CredentialKind } from './credential-kind.js'
import { listOf, shownAs } from './read.js'
import { type ContextRule, finding, type ShapeFinding } from './shape-finding.js'
import { ShapeWalk } from './shape-walk.js'
import { findCredentialAgain, findSharedIds } from './shared-ids.js'

const TYPES: Readonly<Record<CredentialKind, readonly string[]>> = {
  AchievementCredential: ['AchievementCredential', 'OpenBadgeCredential'],
  EndorsementCredential: ['EndorsementCredential'],
  BitstringStatusListCredential: ['BitstringStatusListCredential'],
  StatusList2021Credential: ['StatusList2021Credential'],
  VerifiableCredential: ['VerifiableCredential'],
  VerifiablePresentation: ['VerifiablePresentation']
}
/** 3.0.0 and 3.0.1 redefine protected terms of VCDM 2.0, so JSON-LD refuses the pair. */
const OB_CONTEXTS_FOR_V2 = OB_CONTEXTS.filter((url) => /context-3\.0\.[2-9]\.json$/.test(url))
/** Objects and list entries: each may become an RDF node, and the work grows with the square of a list's length. */
const MAX_NODES: Readonly<Record<CredentialKind, number>> = {
  AchievementCredential: 2_000,
  EndorsementCredential: 2_000,
  BitstringStatusListCredential: 100,
  StatusList2021Credential: 100,
  VerifiableCredential: 2_000,
  VerifiablePresentation: 2_000
}
/** What a context says is read anew for many things, and a long name in it is written with every statement. */
const MAX_INLINE_LENGTH = 16_384
/** The kinds whose second context is that of Open Badges. */
const OPEN_BADGES: readonly CredentialKind[] = ['AchievementCredential', 'EndorsementCredential']

/** The kinds of which no more is known than the data model says. */
const ANY: readonly CredentialKind[] = ['VerifiableCredential', 'VerifiablePresentation']

/** A proof of the document, or of a credential in it. */
const PROOF = /(^|\/(endorsement|verifiableCredential)(\/\d+)?)\/proof(\/\d+)?$/

export interface GateRules {
  readonly contexts: ContextSet
  /** Whether contexts may be written inline; only ever where any credential may come. Default `refused`. */
  readonly inline?: 'refused' | 'admitted'
  /** Whether a proof may name the contexts it was made under. Default: none may. */
  readonly mayBringContext?: (proof: JsonObject) => boolean
}

/**
 * The gate before JSON-LD: refuses every form in which a document could mean something else than its plain members
 * show, and every size that would make canonicalisation expensive. Reads names and forms only; types and required
 * members are the schema's.
 *
 * @returns the first finding, or undefined where the document may enter
 */
export function findShapeFault(document: JsonObject, kind: CredentialKind, rules: GateRules): ShapeFinding | undefined {
  return (
    findOtherKind(document, kind) ??
    findContextFault(document['@context'], kind, rules) ??
    findTypeFault(document, kind) ??
    walkOf(kind, rules).of(document) ??
    findAmbiguousId(document, kind)
  )
}

function findTypeFault(document: JsonObject, kind: CredentialKind): ShapeFinding | undefined {
  const types = listOf(document['type'])
  const isPlain = kind === 'VerifiablePresentation' || types.includes('VerifiableCredential')
  const fits = isPlain && TYPES[kind].some((type) => types.includes(type))
  return fits
    ? undefined
    : finding('TYPE_NOT_EXPECTED', { expected: kind, found: types.map(shownAs).join(', ').slice(0, 200) || 'absent' })
}

/** A document of another known kind is told by its kind, not by the contexts that it has for it. */
function findOtherKind(document: JsonObject, kind: CredentialKind): ShapeFinding | undefined {
  const types = listOf(document['type'])
  if (TYPES[kind].some((type) => types.includes(type))) return undefined
  const isKnown = Object.entries(TYPES).some(
    ([other, names]) => other !== 'VerifiableCredential' && names.some((type) => types.includes(type))
  )
  return isKnown ? findTypeFault(document, kind) : undefined
}

/** `@context` has to be a sequence whose meaning is known: the data model first, Open Badges second, known URLs after. */
function findContextFault(
  context: JsonValue | undefined,
  kind: CredentialKind,
  { contexts, inline }: GateRules
): ShapeFinding | undefined {
  const refuse = (reason: string) => finding('CONTEXT_NOT_ALLOWED', { reason })
  if (context === undefined) return refuse('there is none')
  const written = listOf(context).findIndex((entry) => typeof entry !== 'string')
  if (written === 0 || (written > 0 && !(inline === 'admitted' && ANY.includes(kind))))
    return refuse(`entry ${written} is written inline`)
  const inlineLength = JSON.stringify(listOf(context).filter((entry) => typeof entry !== 'string')).length
  if (inlineLength > MAX_INLINE_LENGTH) return refuse(`what is written inline is longer than ${MAX_INLINE_LENGTH}`)
  const urls = listOf(context).filter((entry) => typeof entry === 'string')
  const [first, second] = urls
  if (first !== VC_V2_CONTEXT && first !== VC_V1_CONTEXT) return refuse(`it does not start with ${VC_V2_CONTEXT}`)
  if (OPEN_BADGES.includes(kind)) {
    const allowed = first === VC_V2_CONTEXT ? OB_CONTEXTS_FOR_V2 : OB_CONTEXTS
    if (!allowed.includes(second ?? ''))
      return refuse(`the second entry is not ${OB_CONTEXT} or an earlier one that fits the first`)
  }
  const unknown = urls.find((url) => !contexts.has(url))
  if (unknown !== undefined) return refuse(`${unknown.slice(0, 200)} is not known`)
  const base = urls.slice(1).find((url) => url === VC_V2_CONTEXT || url === VC_V1_CONTEXT)
  if (base !== undefined) return refuse(`${base} stands twice or with another version of itself`)
  return new Set(urls).size === urls.length ? undefined : refuse('an entry stands twice')
}

function walkOf(kind: CredentialKind, rules: GateRules): ShapeWalk {
  return new ShapeWalk({
    contexts: rules.contexts,
    maxNodes: MAX_NODES[kind],
    nestedContext: nestedContextRule(kind, rules)
  })
}

/**
 * A credential inside a document, an endorsement or one that is presented, brings its own context. A proof may repeat the
 * contexts it was made under, with which the contexts of its document start, because those mean the same there. Nothing
 * else may.
 */
function nestedContextRule(kind: CredentialKind, rules: GateRules): ContextRule {
  const mayCarry = OPEN_BADGES.includes(kind) || ANY.includes(kind)
  return ({ object, path, member, outer }) => {
    const context = object['@context'] as JsonValue
    if (member === 'endorsement' && mayCarry)
      return findContextFault(context, 'EndorsementCredential', { contexts: rules.contexts })
    if (member === 'verifiableCredential' && kind === 'VerifiablePresentation')
      return findContextFault(context, 'VerifiableCredential', rules)
    if (PROOF.test(path) && rules.mayBringContext?.(object) && startsWithContexts(outer, context))
      return findContextFault(context, path.startsWith('/proof') ? kind : innerKind(path), rules)
    return finding('CONTEXT_NESTED', { path: pointer(path, '@context') })
  }
}

function innerKind(path: string): CredentialKind {
  return path.lastIndexOf('/endorsement') > path.lastIndexOf('/verifiableCredential')
    ? 'EndorsementCredential'
    : 'VerifiableCredential'
}

function findAmbiguousId(document: JsonObject, kind: CredentialKind): ShapeFinding | undefined {
  const { ambiguous } = ANY.includes(kind) ? findCredentialAgain(document) : findSharedIds(document, kind)
  return ambiguous === undefined ? undefined : finding('ID_AMBIGUOUS', { path: ambiguous })
}
