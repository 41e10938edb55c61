import type { Fault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { VC_V1_CONTEXT } from './contexts.js'
import type { CredentialKind } from './credential-kind.js'
import { findDataModelFaults, findPresentationFaults } from './data-model.js'
import { openBadges } from './generated/open-badges-schema.js'
import { findSchemaErrors } from './json-schema.js'
import { toArrayForm } from './normalize.js'
import { listOf } from './read.js'
import { schemaFault } from './schema-fault.js'

/**
 * Checks a credential against the JSON Schema of its kind, in array form, so that a document compacted by JSON-LD is
 * judged like any other. The first context decides between the data models 2.0 and 1.1.
 *
 * Checks the members and their types and forms. Does not check what a schema cannot say: that dates are in order, that
 * results point at descriptions of the same achievement, that contexts define every term, and any proof.
 *
 * Stops at the first place that is wrong, because the document may come from anybody and be wrong without end.
 *
 * @returns one fault with the code SCHEMA_INVALID and a JSON Pointer into `document`, or none where the schema holds
 * @see Open Badges 3.0, section "JSON Schema"
 * @example
 * ```ts
 * checkSchema(credential, 'AchievementCredential')
 * // [{ code: 'SCHEMA_INVALID', path: '/validFrom', message: 'a member is missing', … }]
 * ```
 */
export function checkSchema(document: JsonObject, kind: CredentialKind): readonly Fault[] {
  if (kind === 'VerifiableCredential') return findDataModelFaults(document)
  if (kind === 'VerifiablePresentation') return findPresentationFaults(document)
  const arrayForm = toArrayForm(document, kind)
  const isVersion11 = listOf(document['@context'])[0] === VC_V1_CONTEXT
  const errors = findSchemaErrors(openBadges, isVersion11 ? `${kind}11` : kind, arrayForm, 'first')
  return errors.length === 0 ? [] : [schemaFault(errors, document, arrayForm, kind)]
}
