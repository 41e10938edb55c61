import { parseDateTimeStamp } from '../encoding/dates.js'
import type { Fault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { AwardDates } from './award-dates.js'
import { wrong } from './award-faults.js'

/** What the JWT of Open Badges 3.0 needs beyond any badge: claims about the subject and about time (section 8.2.4.1). */
export function jwtFaults({ recipient }: JsonObject, { validFrom }: AwardDates): Fault[] {
  const hasId = isJsonObject(recipient) && recipient['id'] !== undefined
  const before1970 = parseDateTimeStamp(validFrom).seconds < 0n
  return [
    ...(hasId ? [] : [noSubject()]),
    ...(before1970 ? [wrong('a JWT cannot state this time', '/validFrom', { expected: '1970 or later' })] : [])
  ]
}

function noSubject(): Fault {
  return {
    code: 'JWT_SUBJECT_REQUIRED',
    message: 'the recipient has no id, and a JWT has to state one in its claim sub',
    path: '/recipient/id',
    expected: 'a DID or another URI of the recipient',
    hint: 'Ask the recipient for a DID, or issue the badge as json or vc+jwt, which do not ask for it'
  }
}
