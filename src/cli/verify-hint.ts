import { isPng } from '../baking/image-kind.js'
import type { Check, Report } from '../verifying/report.js'

const SAMPLE = 4096

export interface Circumstances {
  readonly input: Uint8Array
  readonly hasBundle: boolean
  /** Whether another time than now was asked for. */
  readonly isOtherTime: boolean
  readonly maxStatusAge: number
}

/** What a person can try next about a badge that was not accepted; one sentence or two. */
export function verifyHint({ checks }: Report, given: Circumstances): string | undefined {
  if (checks.some(({ id, outcome }) => id === 'input' && outcome === 'fail') && isOtherBinary(given.input)) {
    return 'The file is neither JSON nor a JWT nor an image that is read here, so it carries no badge.'
  }
  const codes = checks.filter(isOpen).map(({ code }) => code)
  if (!given.hasBundle && codes.some((code) => code === 'STATUS_UNAVAILABLE' || code === 'ISSUER_KEY_UNRESOLVED')) {
    return 'Nothing was fetched. Pass the published folder of the issuer with --offline-bundle DIR.'
  }
  if (codes.includes('STATUS_LIST_STALE')) {
    const age = ageInWords(given.maxStatusAge)
    return given.isOtherTime
      ? `A status list is relied on for ${age}: with --at, pass the folder as it was published up to ${age} before.`
      : `A status list is relied on for ${age}. Get a newer published folder of the issuer.`
  }
  // A list of a later day has a proof of a later day, which is what fails first.
  const isOff = codes.some((code) => code === 'STATUS_LIST_NOT_YET_VALID' || code === 'STATUS_LIST_UNVERIFIED')
  if (isOff && given.isOtherTime) {
    return 'With --at, a status list counts only where it was published by then. Pass the folder as it stood that day.'
  }
  return undefined
}

function isOpen({ id, outcome }: Check): boolean {
  return outcome === 'unknown' && (id === 'status' || id === 'issuer')
}

/** Bytes that are no text in any usual encoding: control characters, without the mark that UTF-16 begins with. */
function isOtherBinary(input: Uint8Array): boolean {
  const [first, second] = input
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isPng(input) || isUtf16) return false
  return input.subarray(0, SAMPLE).some((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b)
}

function ageInWords(seconds: number): string {
  return seconds > 0 && seconds % 3600 === 0 ? `${seconds / 3600} hours` : `${seconds} seconds`
}
