import type { Fault } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { NewStatus } from '../issuing/change-status.js'
import { parseStatusListIndex } from '../status/bitstring.js'
import { statusEntry } from '../status/list-credential.js'
import { answerJson } from './answer.js'
import { RequestRefused } from './refusals.js'
import { readJsonBody } from './request-body.js'
import { checkMembers, flag, type MemberRule, object, required, text } from './request-members.js'
import type { Call } from './service.js'

const LONGEST_ID = 2_000
// biome-ignore lint/suspicious/noControlCharactersInRegex: stores refuse them in names.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/
const name: MemberRule = {
  fits: (value) => text.fits(value) && String(value).length <= LONGEST_ID && !CONTROL_CHARACTER.test(String(value)),
  expected: `a text of at most ${LONGEST_ID} characters`
}
const index: MemberRule = {
  fits: (value) => typeof value === 'string' && isIndex(value),
  expected: 'a whole number, as a text'
}
const BODY = { credentialId: required(name), credentialStatus: required(object), status: required(flag) }
const ENTRY = {
  id: text,
  type: required(oneOf('BitstringStatusListEntry', 'BitstringStatusList')),
  statusPurpose: required(oneOf('revocation', 'suspension')),
  statusListIndex: index,
  statusListCredential: name
}

/** `POST /credentials/status` */
export async function updateCredentialStatus({ request, service, actor }: Call): Promise<Response> {
  const { issuer, maxBodyBytes } = service
  if (issuer === undefined) throw new RequestRefused('NOT_FOUND')
  const body = checkMembers(await readJsonBody(request, maxBodyBytes), BODY)
  const entry = checkMembers(
    isJsonObject(body['credentialStatus']) ? body['credentialStatus'] : {},
    ENTRY,
    '/credentialStatus'
  )
  const change = changeOf(entry, body['status'] === true, actor)
  if (change.purpose === 'revocation' && change.status === 0)
    throw new RequestRefused('REQUEST_INVALID', { faults: [FINAL] })
  const event = await issuer.setStatus(body['credentialId'] as string, change)
  const { credentialId, to } = event
  return answerJson({ credentialId, credentialStatus: statusEntry(event), status: to === 1 })
}

const FINAL: Fault = {
  code: 'OPTION_INVALID',
  message: 'a revocation is final',
  path: '/status',
  expected: 'true'
}

function changeOf(
  { statusPurpose, statusListCredential, statusListIndex }: JsonObject,
  isSet: boolean,
  actor: string | undefined
): NewStatus {
  return {
    purpose: statusPurpose as 'revocation' | 'suspension',
    status: isSet ? 1 : 0,
    reason: 'asked for through the VC API',
    ...(actor === undefined ? {} : { actor }),
    entry: {
      ...(statusListCredential === undefined ? {} : { list: statusListCredential as string }),
      ...(statusListIndex === undefined ? {} : { index: parseStatusListIndex(statusListIndex) })
    }
  }
}

function isIndex(value: JsonValue): boolean {
  try {
    parseStatusListIndex(value)
    return true
  } catch {
    return false
  }
}

function oneOf(...values: readonly string[]): MemberRule {
  return { fits: (value) => values.some((one) => one === value), expected: values.join(' or ') }
}
