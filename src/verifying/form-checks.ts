import { describeFault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { checkSchema } from '../model/schema-check.js'
import { findShapeFault } from '../model/shape-gate.js'
import { mayBringContext } from '../securing/find-suite.js'
import type { Settings } from './options.js'
import { type Check, check } from './report.js'

/** VC Data Integrity 1.0 §4.6 and Open Badges 3.0 §9.1 step 1: the shape, and where it is sound the data model. */
export function checkForm(document: JsonObject, kind: CredentialKind, settings: Settings): readonly Check[] {
  const { contexts, inlineContexts: inline, suites } = settings
  const shape = findShapeFault(document, kind, { contexts, inline, mayBringContext: mayBringContext(suites) })
  return shape === undefined ? [check('SHAPE_SOUND'), checkDataModel(document, kind)] : [check(shape.code, shape.facts)]
}

function checkDataModel(document: JsonObject, kind: CredentialKind): Check {
  const faults = checkSchema(document, kind)
  const [first] = faults
  return first === undefined
    ? check('SCHEMA_VALID')
    : { ...check('SCHEMA_INVALID', { reason: describeFault(first) }), faults }
}
