import type { JsonObject } from '../encoding/json-types.js'
import { objectsOf, textOf } from '../model/read.js'
import { type Check, check } from './report.js'

const KNOWN =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json(?:-ld)?\/ob_v3p0_(?:any)?(?:achievement|endorsement)credential(?:_schema|-jsonschema1)\.json$/

/**
 * The schemas a credential names itself. The published Open Badges schemas are covered by the check `schema`; any
 * other one is neither fetched nor compiled, because a schema from a stranger is code from a stranger.
 */
export function checkCredentialSchema(document: JsonObject): Check {
  const named = objectsOf(document['credentialSchema']).map(({ id, type }) => ({ id: textOf(id) ?? '', type }))
  if (named.length === 0) return check('CREDENTIAL_SCHEMA_NONE')
  const unknown = named.find(({ id, type }) => type !== '1EdTechJsonSchemaValidator2019' || !KNOWN.test(id))
  return unknown === undefined
    ? check('CREDENTIAL_SCHEMA_KNOWN')
    : check('CREDENTIAL_SCHEMA_UNKNOWN', { id: unknown.id.slice(0, 200) })
}
