import { OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { hashIdentity } from '../model/identity-hash.js'
import { objectsOf, textOf } from '../model/read.js'
import { type Check, check } from './report.js'

/** Whom a badge should belong to: the id of the subject, an e-mail address, or another identity of a stated type. */
export type ExpectedRecipient =
  | { readonly id: string }
  | { readonly email: string }
  | { readonly identityType: string; readonly identity: string }

const FORMS = ['id', 'email', 'identity,identityType']

/**
 * Open Badges 3.0 section 9.1 step 5: the known id equals the id of the subject, or type and value match in the same
 * identifier. An e-mail address is tried as given and in lower case, because issuers differ.
 *
 * Does not say that the person in front of you is that recipient.
 */
export function checkRecipient(document: JsonObject, expected: ExpectedRecipient | undefined): Check {
  if (expected === undefined) return check('RECIPIENT_NOT_ASKED')
  // A list of one is the same in RDF; of several people nobody can say to whom the badge was awarded.
  const [subject = {}, ...others] = objectsOf(document['credentialSubject'])
  if (others.length > 0) return check('RECIPIENT_MISMATCH')
  if ('id' in expected) return check(subject['id'] === expected.id ? 'RECIPIENT_MATCHED' : 'RECIPIENT_MISMATCH')
  const { identityType, spellings } = readIdentity(expected)
  const candidates = objectsOf(subject['identifier']).filter((one) => one['identityType'] === identityType)
  if (candidates.some((one) => spellings.some((identity) => matches(one, identity)))) return check('RECIPIENT_MATCHED')
  return check(candidates.some(hashIsUnsupported) ? 'RECIPIENT_HASH_UNSUPPORTED' : 'RECIPIENT_MISMATCH')
}

/**
 * A copy of the expected recipient in the one form it has; members without a value are left out.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function readExpectedRecipient(expected: unknown): ExpectedRecipient | undefined {
  if (expected === undefined) return undefined
  const given = Object.entries(typeof expected === 'object' && expected !== null ? expected : {}).filter(
    ([, value]) => value !== undefined
  )
  const names = given.map(([name]) => name).sort()
  const isText = given.every(([, value]) => typeof value === 'string' && value !== '')
  if (isText && FORMS.includes(names.join())) return Object.freeze(Object.fromEntries(given)) as ExpectedRecipient
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the expected recipient is not one of the three forms',
    path: 'recipient',
    expected: '{ id }, { email } or { identityType, identity }',
    got: typeof expected === 'string' ? 'a text' : names.join(', ') || 'nothing',
    ...(typeof expected === 'string' ? { hint: 'Write { email } or { id } around it.' } : {})
  })
}

function readIdentity(expected: Exclude<ExpectedRecipient, { id: string }>): {
  identityType: string
  spellings: readonly string[]
} {
  if ('identity' in expected) return { identityType: expected.identityType, spellings: [expected.identity] }
  return { identityType: 'emailAddress', spellings: [...new Set([expected.email, expected.email.toLowerCase()])] }
}

function matches(identifier: JsonObject, identity: string): boolean {
  const value = textOf(identifier['identityHash']) ?? ''
  if (identifier['hashed'] !== true) return value === identity
  if (hashIsUnsupported(identifier)) return false
  return equalsInConstantTime(value.toLowerCase(), hashIdentity(identity, textOf(identifier['salt']) ?? ''))
}

function hashIsUnsupported(identifier: JsonObject): boolean {
  return identifier['hashed'] === true && !/^sha256\$[0-9a-f]{64}$/i.test(textOf(identifier['identityHash']) ?? '')
}

function equalsInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let index = 0; index < left.length; index += 1) difference |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return difference === 0
}
