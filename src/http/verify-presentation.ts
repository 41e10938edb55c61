import type { JsonObject } from '../encoding/json-types.js'
import type { CheckId } from '../model/check-ids.js'
import type { Policy } from '../verifying/policy.js'
import { type PresentationReport, verifyPresentation as verify } from '../verifying/presentation.js'
import type { Check } from '../verifying/report.js'
import { checksRule, obstaclesOf, policyFor } from './decisive-checks.js'
import { readJsonBody } from './request-body.js'
import { checkMembers, flag, type MemberRule, object, optionsOf, required, text } from './request-members.js'
import type { Call } from './service.js'
import { answerVerdict, verificationResult } from './verification-answer.js'
import { securedRule, verifyOptionsFor, watchFor } from './verify-options.js'

const domain: MemberRule = {
  fits: (value) => text.fits(value) || (Array.isArray(value) && value.length > 0 && value.every(text.fits)),
  expected: 'a text, or several'
}
const BODY = { verifiablePresentation: required(securedRule), options: object }
const OPTIONS = { challenge: text, domain, checks: checksRule, returnPresentation: flag, returnProblemDetails: flag }

/** `POST /presentations/verify` */
export async function verifyPresentation({ request, service }: Call): Promise<Response> {
  const body = checkMembers(await readJsonBody(request, service.maxBodyBytes), BODY)
  const options = optionsOf(body, OPTIONS)
  const given = body['verifiablePresentation'] as JsonObject | string
  const asked = askedOf(options)
  // What a caller states decides, whatever the list of checks says.
  const policy = policyFor(options['checks'], Object.keys(asked) as CheckId[], service.policy)
  const watched = watchFor(service)
  const report = await verify(given, {
    ...verifyOptionsFor(service, watched, policy, null),
    ...asked,
    // The data model allows a presentation without credentials, and the suites of the W3C send them.
    allowEmpty: true,
    ...(service.challenges === undefined ? {} : { challenges: service.challenges })
  })
  const result = resultOf(report, options)
  return answerVerdict({ verified: report.accepted, result, obstacles: obstaclesIn(report, policy) }, watched)
}

function askedOf({ challenge, domain }: JsonObject): { readonly challenge?: string; readonly domain?: string[] } {
  return {
    ...(challenge === undefined ? {} : { challenge: challenge as string }),
    ...(domain === undefined ? {} : { domain: [domain].flat() as string[] })
  }
}

function resultOf(
  report: PresentationReport,
  { returnPresentation, returnProblemDetails }: JsonObject
): Readonly<Record<string, unknown>> {
  const withDetails = returnProblemDetails !== false
  return {
    ...verificationResult(report, withDetails),
    ...(report.holder === undefined ? {} : { holder: report.holder }),
    results: { credentials: report.credentials.map((one) => verificationResult(one, withDetails)) },
    ...(returnPresentation === true && report.accepted ? { verifiablePresentation: report.presentation } : {})
  }
}

/** A presentation is held up by what holds up its credentials, not by the word that one of them is not accepted. */
function obstaclesIn({ checks, credentials }: PresentationReport, policy: Policy): readonly Check[] {
  const inner = credentials.flatMap((one) => one.checks)
  return obstaclesOf([...checks.filter(({ code }) => code !== 'CREDENTIAL_NOT_ACCEPTED'), ...inner], policy)
}
