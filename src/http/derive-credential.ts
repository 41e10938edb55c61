import type { JsonObject } from '../encoding/json-types.js'
import { answerJson } from './answer.js'
import { RequestRefused } from './refusals.js'
import { readJsonBody } from './request-body.js'
import { checkMembers, type MemberRule, object, optionsOf, required, texts } from './request-members.js'
import type { Call } from './service.js'

const MAX_POINTERS = 1_000
const pointers: MemberRule = {
  fits: (value) => texts.fits(value) && Array.isArray(value) && value.length <= MAX_POINTERS,
  expected: `a list of at most ${MAX_POINTERS} JSON Pointers`
}
const BODY = { verifiableCredential: required(object), options: object }
const OPTIONS = { selectivePointers: pointers }

/** `POST /credentials/derive` */
export async function deriveCredential({ request, service }: Call): Promise<Response> {
  const { derive, verify, credentials, maxBodyBytes } = service
  if (derive === undefined) throw new RequestRefused('NOT_FOUND')
  const body = checkMembers(await readJsonBody(request, maxBodyBytes), BODY)
  const { selectivePointers = [] } = optionsOf(body, OPTIONS)
  const shown = await derive(body['verifiableCredential'] as JsonObject, {
    reveal: selectivePointers as string[],
    contexts: verify.contexts ?? [],
    credentials
  })
  return answerJson({ verifiableCredential: shown }, { status: 201 })
}
