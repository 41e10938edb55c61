import { type ExpandedDocument, expand } from '../canonical/json-ld.js'
import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import { type Fault, InputError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { ContextSet } from '../model/contexts.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { listOf } from '../model/read.js'
import { findResultFaults } from '../model/results.js'
import { checkSchema } from '../model/schema-check.js'
import { findShapeFault } from '../model/shape-gate.js'
import { defaultSuites } from '../securing/default-suites.js'
import { mayBringContext } from '../securing/find-suite.js'
import { check } from '../verifying/report.js'

/**
 * The gate before any signature: a credential without proof has to pass everything a verifier would ask of its form:
 * shape, schema, results that fit their descriptions, order of dates, one status entry, and JSON-LD in safe mode.
 *
 * @returns the expanded document, so that it is expanded once
 * @throws {InputError} CREDENTIAL_INVALID, SCHEMA_INVALID, VALIDITY_ORDER, OB_SINGLE_STATUS with every fault of its step
 * @throws {SecuringError} UNDEFINED_TERM, CONTEXT_UNKNOWN
 */
export async function checkUnsigned(
  credential: JsonObject,
  kind: CredentialKind,
  contexts: ContextSet
): Promise<ExpandedDocument> {
  checkForm(credential, kind, contexts)
  refuse([...findStatusFaults(credential), ...checkSchema(credential, kind)])
  refuse([...findDateFaults(credential), ...findSubjectFaults(credential)])
  return expand(credential, contexts)
}

/**
 * The shape gate alone, which is cheap.
 *
 * @throws {InputError} CREDENTIAL_INVALID
 */
export function checkForm(credential: JsonObject, kind: CredentialKind, contexts: ContextSet): void {
  const shape = findShapeFault(credential, kind, { contexts, mayBringContext: mayBringContext(defaultSuites) })
  if (shape === undefined) return
  const { message } = check(shape.code, shape.facts)
  throw new InputError({ code: 'CREDENTIAL_INVALID', message, path: shape.facts['path'] ?? '/@context' })
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
