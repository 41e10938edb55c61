import type { Fault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { VC_V1_CONTEXT } from './contexts.js'
import type { CredentialKind } from './credential-kind.js'
import { findDataModelFaults } from './data-model.js'
import {
  type Validator,
  validateAchievementCredential,
  validateAchievementCredential11,
  validateBitstringStatusListCredential,
  validateBitstringStatusListCredential11,
  validateEndorsementCredential,
  validateEndorsementCredential11,
  validateStatusList2021Credential,
  validateStatusList2021Credential11
} from './generated/validators.js'
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
  const arrayForm = toArrayForm(document, kind)
  const validate = validatorFor(kind, listOf(document['@context'])[0] === VC_V1_CONTEXT)
  return validate(arrayForm) ? [] : [schemaFault(validate.errors ?? [], document, arrayForm, kind)]
}

function validatorFor(kind: Exclude<CredentialKind, 'VerifiableCredential'>, isVersion11: boolean): Validator {
  switch (kind) {
    case 'AchievementCredential':
      return isVersion11 ? validateAchievementCredential11 : validateAchievementCredential
    case 'EndorsementCredential':
      return isVersion11 ? validateEndorsementCredential11 : validateEndorsementCredential
    case 'BitstringStatusListCredential':
      return isVersion11 ? validateBitstringStatusListCredential11 : validateBitstringStatusListCredential
    case 'StatusList2021Credential':
      return isVersion11 ? validateStatusList2021Credential11 : validateStatusList2021Credential
  }
}
