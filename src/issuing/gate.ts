import { type ExpandedDocument, expand } from '../canonical/json-ld.js'
import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import { type Fault, InputError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { findHiddenMember } from '../model/hidden-members.js'
import { listOf } from '../model/read.js'
import { findResultFaults } from '../model/results.js'
import { checkSchema } from '../model/schema-check.js'
import { findShapeFault, type GateRules } from '../model/shape-gate.js'
import { findSharedIds } from '../model/shared-ids.js'
import { defaultSuites } from '../securing/default-suites.js'
import { mayBringContext } from '../securing/find-suite.js'
import { check } from '../verifying/report.js'

/**
 * The gate before any signature: a credential without proof has to pass everything a verifier would ask of its form:
 * shape, schema, results that fit their descriptions, order of dates, one status entry, and JSON-LD in safe mode. Of any
 * other credential (`VerifiableCredential`) it asks what the data models 2.0 and 1.1 ask.
 *
 * @returns the expanded document, so that it is expanded once
 * @throws {InputError} CREDENTIAL_INVALID, SCHEMA_INVALID, VALIDITY_ORDER, OB_SINGLE_STATUS with every fault of its step
 * @throws {SecuringError} UNDEFINED_TERM, CONTEXT_UNKNOWN
 */
export async function checkUnsigned(
  credential: JsonObject,
  kind: CredentialKind,
  { contexts, inlineContexts = 'refused', statusEntries = [] }: UnsignedRules
): Promise<ExpandedDocument> {
  checkForm(credential, kind, contexts, inlineContexts)
  // What any credential has to be, the data model says alone.
  const isAny = kind === 'VerifiableCredential'
  const isSeveral = statusEntries.length > 1
  refuse([
    ...(isAny || isSeveral ? [] : findStatusFaults(credential)),
    ...(isSeveral && !isAny ? checkEachStatus(credential, kind) : checkSchema(credential, kind))
  ])
  refuse([...findDateFaults(credential), ...(isAny ? [] : findSubjectFaults(credential))])
  const expanded = await expand(credential, contexts)
  if (isAny) refuseHiddenMember(credential, expanded)
  return expanded
}

/** What an issuer lets its credentials have. */
export interface UnsignedRules {
  readonly contexts: ContextSet
  readonly inlineContexts?: GateRules['inline']
  /** The entries that its credentials get: where they are several, so may any credential have. */
  readonly statusEntries?: readonly unknown[]
}

/** The schema allows one status entry, so a credential that shall have several is checked with each of them. */
function checkEachStatus(credential: JsonObject, kind: CredentialKind): readonly Fault[] {
  const [fault] = listOf(credential['credentialStatus']).flatMap((credentialStatus) =>
    checkSchema({ ...credential, credentialStatus }, kind)
  )
  return fault === undefined ? [] : [fault]
}

/**
 * The shape gate alone, which is cheap.
 *
 * @throws {InputError} CREDENTIAL_INVALID
 */
export function checkForm(
  credential: JsonObject,
  kind: CredentialKind,
  contexts: ContextSet,
  inline: GateRules['inline'] = 'refused'
): void {
  const shape = findShapeFault(credential, kind, { contexts, inline, mayBringContext: mayBringContext(defaultSuites) })
  if (shape === undefined) return
  const { message } = check(shape.code, shape.facts)
  throw new InputError({ code: 'CREDENTIAL_INVALID', message, path: shape.facts['path'] ?? '/@context' })
}

/**
 * The signature would not say which of two places says what, so nobody should have to ask.
 *
 * @throws {InputError} CREDENTIAL_INVALID
 */
export function refuseSharedIds(credential: JsonObject, kind: CredentialKind): void {
  const [id] = findSharedIds(credential, kind).differing
  if (id === undefined) return
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'two places describe one thing differently',
    path: '/',
    got: id.slice(0, 200),
    hint: 'Describe it alike in both, or give one of them another id.'
  })
}

/** Contexts that are not known to be harmless may give another meaning to a member on which verdicts rest. */
function refuseHiddenMember(credential: JsonObject, { nodes }: ExpandedDocument): void {
  const hidden = findHiddenMember(credential, nodes)
  if (hidden === undefined) return
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'the signature would cover another value of a member than the credential shows',
    path: `/${hidden}`,
    hint: 'Leave out the context that gives this member another name.'
  })
}

function findStatusFaults(credential: JsonObject): readonly Fault[] {
  if (listOf(credential['credentialStatus']).length < 2) return []
  return [
    {
      code: 'OB_SINGLE_STATUS',
      message: 'there is more than one status entry',
      path: '/credentialStatus',
      expected: 'one object',
      hint: 'Open Badges 3.0 allows one; validators refuse a list.'
    }
  ]
}

function findDateFaults(credential: JsonObject): readonly Fault[] {
  const { validFrom, validUntil } = credential
  if (typeof validFrom !== 'string' || typeof validUntil !== 'string') return []
  const [from, until] = [parseDateTimeStamp(validFrom, '/validFrom'), parseDateTimeStamp(validUntil, '/validUntil')]
  if (compareInstants(from, until) < 0) return []
  return [
    {
      code: 'VALIDITY_ORDER',
      message: 'validUntil is not after validFrom',
      path: '/validUntil',
      expected: `after ${validFrom}`,
      got: validUntil
    }
  ]
}

function findSubjectFaults(credential: JsonObject): readonly Fault[] {
  const subject = credential['credentialSubject']
  return isJsonObject(subject) ? findResultFaults(subject) : []
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new InputError(faults)
}
