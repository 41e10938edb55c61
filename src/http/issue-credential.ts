import { type Fault, OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { IssueAsGivenOptions, IssuedAsGiven } from '../issuing/issue-given.js'
import type { Issuer } from '../issuing/issuer.js'
import { textOf } from '../model/read.js'
import { answerJson } from './answer.js'
import { RequestRefused } from './refusals.js'
import { readJsonBody } from './request-body.js'
import { checkMembers, object, optionsOf, required, text, texts } from './request-members.js'
import type { Call } from './service.js'

const BODY = { credential: required(object), options: object }
const OPTIONS = { credentialId: text, mandatoryPointers: texts }

/** `POST /credentials/issue` */
export async function issueCredential({ request, service }: Call): Promise<Response> {
  const { issuer, statusEntry: status, maxBodyBytes } = service
  if (issuer === undefined) throw new RequestRefused('NOT_FOUND')
  const body = checkMembers(await readJsonBody(request, maxBodyBytes), BODY)
  const credential = body['credential'] as JsonObject
  const { credentialId, mandatoryPointers } = optionsOf(body, OPTIONS)
  // The record of a credential goes by the id that stands in it, so no other can be asked for.
  if (credentialId !== undefined && credentialId !== textOf(credential['id']))
    throw refused('credentialId', 'the credential goes by its own id', 'the id of the credential')
  const pointers = mandatoryPointers === undefined ? {} : { mandatoryPointers: mandatoryPointers as string[] }
  const issued = await issue(issuer, credential, { status, ...pointers })
  return answerJson({ verifiableCredential: issued.credential }, { status: 201 })
}

/** Only of the pointers does the issuer know whether they can be used; they are the caller's. */
async function issue(issuer: Issuer, credential: JsonObject, options: IssueAsGivenOptions): Promise<IssuedAsGiven> {
  try {
    return await issuer.issueAsGiven(credential, options)
  } catch (error) {
    const [fault] = error instanceof OptionError ? error.faults : []
    if (!fault?.path?.startsWith('mandatoryPointers')) throw error
    throw refused(fault.path, fault.message, fault.expected ?? '')
  }
}

function refused(option: string, message: string, expected: string): RequestRefused {
  const fault: Fault = { code: 'OPTION_INVALID', message, path: `/options/${option}`, expected }
  return new RequestRefused('REQUEST_INVALID', { faults: [fault] })
}
