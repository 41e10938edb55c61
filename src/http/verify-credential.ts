import type { JsonObject } from '../encoding/json-types.js'
import { verify } from '../verifying/verify.js'
import { checksRule, obstaclesOf, policyFor } from './decisive-checks.js'
import { readJsonBody } from './request-body.js'
import { checkMembers, flag, object, optionsOf, required } from './request-members.js'
import type { Call } from './service.js'
import { answerVerdict, verificationResult } from './verification-answer.js'
import { securedRule, verifyOptionsFor, watchFor } from './verify-options.js'

const BODY = { verifiableCredential: required(securedRule), options: object }
const OPTIONS = { checks: checksRule, returnCredential: flag, returnProblemDetails: flag }

/** `POST /credentials/verify` */
export async function verifyCredential({ request, service }: Call): Promise<Response> {
  const body = checkMembers(await readJsonBody(request, service.maxBodyBytes), BODY)
  const { checks, returnCredential, returnProblemDetails } = optionsOf(body, OPTIONS)
  const given = body['verifiableCredential'] as JsonObject | string
  const policy = policyFor(checks, [], service.policy)
  const watched = watchFor(service)
  const report = await verify(given, verifyOptionsFor(service, watched, policy, given))
  const result = {
    ...verificationResult(report, returnProblemDetails !== false),
    ...(returnCredential === true && report.accepted ? { credential: report.credential } : {})
  }
  return answerVerdict({ verified: report.accepted, result, obstacles: obstaclesOf(report.checks, policy) }, watched)
}
