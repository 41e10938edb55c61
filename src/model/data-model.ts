import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import { type Fault, InputError } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { VC_V1_CONTEXT } from './contexts.js'
import { listOf } from './read.js'

const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/
const VALUE_KEYWORDS = ['@value', '@language', '@direction']

/** Members that hold one or more objects, with what each of those needs besides. */
const PARTS: readonly { readonly member: string; readonly needs: readonly string[] }[] = [
  { member: 'credentialStatus', needs: ['type'] },
  { member: 'credentialSchema', needs: ['id', 'type'] },
  { member: 'refreshService', needs: ['type'] },
  { member: 'termsOfUse', needs: ['type'] },
  { member: 'evidence', needs: ['type'] },
  { member: 'relatedResource', needs: ['id'] }
]

/**
 * What the data models 2.0 and 1.1 ask of any credential, whatever it is about. For credentials that are not Open
 * Badges; those have a schema, which asks for more.
 *
 * Does not check that the contexts define every member, and not the content of claims.
 *
 * @returns the first fault, or none: the document may come from anybody and be wrong without end
 * @see VC Data Model 2.0 section 4; VC Data Model 1.1 sections 4 and 5
 */
export function findDataModelFaults(document: JsonObject): readonly Fault[] {
  return firstFault(document, [
    findContextFault,
    findNameFault,
    findIssuerFault,
    findSubjectFault,
    findDateFault,
    findPartFault
  ])
}

/**
 * What the data models ask of a presentation. The credentials in it are judged each by itself.
 *
 * @returns the first fault, or none
 * @see VC Data Model 2.0 section 4.13
 */
export function findPresentationFaults(document: JsonObject): readonly Fault[] {
  return firstFault(document, [findContextFault, findNameFault, findHolderFault, findPresentedFault])
}

function firstFault(
  document: JsonObject,
  rules: readonly ((document: JsonObject) => Fault | undefined)[]
): readonly Fault[] {
  for (const rule of rules) {
    const fault = rule(document)
    if (fault !== undefined) return [fault]
  }
  return []
}

function findContextFault({ '@context': context }: JsonObject): Fault | undefined {
  return Array.isArray(context) ? undefined : invalid('/@context', 'an array', context)
}

function findNameFault(document: JsonObject): Fault | undefined {
  const { id, type } = document
  if (id !== undefined && !isIri(id)) return invalid('/id', 'one absolute IRI', id)
  if (!listOf(type).every((one) => typeof one === 'string')) return invalid('/type', 'texts', type)
  const isVersion11 = listOf(document['@context'])[0] === VC_V1_CONTEXT
  const texts = isVersion11 ? [] : ['name', 'description']
  const bad = texts.find((member) => document[member] !== undefined && !isText(document[member] as JsonValue))
  return bad === undefined ? undefined : invalid(`/${bad}`, 'a text, or texts with @value and @language', document[bad])
}

function findIssuerFault({ issuer }: JsonObject): Fault | undefined {
  const id = isJsonObject(issuer) ? issuer['id'] : issuer
  return isIri(id) ? undefined : invalid('/issuer', 'an absolute IRI, or an object with one as id', issuer)
}

function findHolderFault({ holder }: JsonObject): Fault | undefined {
  const id = isJsonObject(holder) ? holder['id'] : holder
  const fits = holder === undefined || isIri(id)
  return fits ? undefined : invalid('/holder', 'an absolute IRI, or an object with one as id', holder)
}

function findPresentedFault({ verifiableCredential }: JsonObject): Fault | undefined {
  const index = listOf(verifiableCredential).findIndex((one) => !isJsonObject(one))
  if (index < 0) return undefined
  return invalid(pointer('/verifiableCredential', index), 'a credential', listOf(verifiableCredential)[index])
}

function findSubjectFault({ credentialSubject }: JsonObject): Fault | undefined {
  const subjects = listOf(credentialSubject)
  if (subjects.length === 0) return invalid('/credentialSubject', 'one or more objects', credentialSubject)
  for (const [index, subject] of subjects.entries()) {
    const path = Array.isArray(credentialSubject) ? pointer('/credentialSubject', index) : '/credentialSubject'
    if (!isJsonObject(subject) || Object.keys(subject).length === 0)
      return invalid(path, 'an object that says something', subject)
    if (subject['id'] !== undefined && !isIri(subject['id']))
      return invalid(`${path}/id`, 'one absolute IRI', subject['id'])
  }
  return undefined
}

function findDateFault(document: JsonObject): Fault | undefined {
  const isVersion11 = listOf(document['@context'])[0] === VC_V1_CONTEXT
  const [from, until] = isVersion11 ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil']
  if (isVersion11 && document[from] === undefined) return invalid(`/${from}`, 'a date and time', undefined)
  const times = []
  for (const member of [from, until]) {
    const value = document[member]
    if (value === undefined) continue
    if (typeof value !== 'string') return invalid(`/${member}`, 'a date and time', value)
    try {
      times.push(parseDateTimeStamp(value, `/${member}`))
    } catch (error) {
      if (error instanceof InputError) return error.faults[0]
      throw error
    }
  }
  const [first, second] = times
  const isTurned = first !== undefined && second !== undefined && compareInstants(second, first) < 0
  return isTurned ? invalid(`/${until}`, `a time after ${from}`, document[until]) : undefined
}

function findPartFault(document: JsonObject): Fault | undefined {
  for (const { member, needs } of PARTS) {
    const value = document[member]
    for (const [index, part] of listOf(value).entries()) {
      const path = Array.isArray(value) ? pointer(`/${member}`, index) : `/${member}`
      if (!isJsonObject(part)) return invalid(path, 'an object', part)
      const missing = needs.find((need) => part[need] === undefined)
      if (missing !== undefined) return invalid(`${path}/${missing}`, 'a value', undefined)
      if (part['id'] !== undefined && !isIri(part['id'])) return invalid(`${path}/id`, 'one absolute IRI', part['id'])
    }
  }
  return undefined
}

function isIri(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && ABSOLUTE_IRI.test(value)
}

/** VCDM 2.0 section 11.1: a text, or one or more language value objects. */
function isText(value: JsonValue): boolean {
  return listOf(value).every(
    (one) =>
      typeof one === 'string' ||
      (isJsonObject(one) &&
        typeof one['@value'] === 'string' &&
        Object.keys(one).every((key) => VALUE_KEYWORDS.includes(key)))
  )
}

function invalid(path: string, expected: string, got: JsonValue | undefined): Fault {
  const kind = got === undefined ? 'nothing' : got === null ? 'null' : Array.isArray(got) ? 'an array' : typeof got
  return { code: 'SCHEMA_INVALID', message: 'a member breaks the data model', path, expected, got: kind }
}
