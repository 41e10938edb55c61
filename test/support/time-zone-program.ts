import { compareInstants, instantFromDate, parseDateTimeStamp, toWholeSeconds } from '../../src/encoding/dates.js'
import { addDuration } from '../../src/encoding/duration.js'
import { verify } from '../../src/index.js'
import { KARI, testHouse } from './issuer.js'
import { plainBadge, testSigner } from './sign.js'

/** Prints what a time zone could change, and by how much this one would. */
const NEAR_MIDNIGHT = new Date('2024-02-28T23:30:00Z')
const issuer = await testSigner('issuer')
const house = await testHouse({ clock: () => NEAR_MIDNIGHT })
const { credential } = await house.issuer.issue(house.competency, KARI)

const codeFor = async (dates: object) => {
  const badge = await issuer.sign(plainBadge(issuer.did, dates as never), { created: '2024-01-01T00:00:00Z' })
  const { checks } = await verify(badge, { now: NEAR_MIDNIGHT })
  return checks.find(({ outcome }) => outcome === 'fail')?.code ?? 'accepted'
}

const facts = {
  instant: String(parseDateTimeStamp('2024-02-28T23:30:00Z').seconds),
  order: compareInstants(parseDateTimeStamp('2024-02-28T23:30:00Z'), instantFromDate(NEAR_MIDNIGHT)),
  written: toWholeSeconds(NEAR_MIDNIGHT),
  later: addDuration(NEAR_MIDNIGHT, 'P1Y1D').toISOString(),
  issued: [credential.validFrom, credential.validUntil],
  withoutOffset: await codeFor({ validFrom: '2024-01-01T00:00:00' }),
  untilNow: await codeFor({ validUntil: '2024-02-28T23:30:00Z' }),
  untilJustBefore: await codeFor({ validUntil: '2024-02-28T23:29:59Z' })
}
const shift = new Date('2024-01-01T00:00:00').getTime() - new Date('2024-01-01T00:00:00Z').getTime()
console.log(JSON.stringify({ facts, shift }))
