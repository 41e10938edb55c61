import { InputError, OptionError } from '../encoding/errors.js'
import { isPlain } from '../encoding/snapshot.js'
import { admitContexts } from '../model/admit-contexts.js'
import { CHECK_IDS, PRESENTATION_CHECK_IDS } from '../model/check-ids.js'
import { type ContextDocument, type ContextSet, createContextSet } from '../model/contexts.js'
import { JWT_ALGORITHMS } from '../securing/jwt/jose-header.js'

const NAMES = [
  'resolver',
  'now',
  'expect',
  'recipient',
  'contexts',
  'inlineContexts',
  'suites',
  'lenient',
  'algorithms',
  'allowMissingSub',
  'requireAllProofs',
  'clockTolerance',
  'keyHistory',
  'maxStatusAge',
  'statusSnapshot',
  'statusIssuers',
  'statusMemory',
  'resolveTimeout',
  'policy',
  'refresh',
  'resources',
  'trust',
  'limits',
  'keyCache'
]
const KNOWN: readonly unknown[] = JWT_ALGORITHMS
const EXPECTED: readonly unknown[] = ['AchievementCredential', 'EndorsementCredential', 'VerifiableCredential']
const KNOWN_CHECKS: readonly unknown[] = [...new Set([...CHECK_IDS, ...PRESENTATION_CHECK_IDS])]
/** Documents are walked by functions that call themselves, and the stack of a runtime ends somewhere. */
const DEEPEST = 200
const LIMITS = ['maxLength', 'maxDepth', 'maxItems', 'maxImageBytes', 'maxRequests'] as const
const FIRST_TIME = Date.parse('0001-01-02T00:00:00Z')
const LAST_TIME = Date.parse('9999-12-30T00:00:00Z')

/** An option that is spelt wrongly would otherwise leave a check at its default in silence. */
export function checkNames(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object', options)
  const given = options as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given))
    if (!NAMES.includes(name)) throw invalid(name, 'an option of verify', 'another name')
  const { resolver, contexts, suites, policy, limits, keyCache, expect, statusSnapshot, inlineContexts, algorithms } =
    given
  checkMethod('resolver', resolver, 'resolve')
  checkMethod('keyCache', keyCache, 'importKey')
  checkMethod('statusMemory', given['statusMemory'], 'remember')
  if (contexts !== undefined && !Array.isArray(contexts)) throw invalid('contexts', 'a list', contexts)
  if (suites !== undefined && !(Array.isArray(suites) && suites.length > 0))
    throw invalid('suites', 'a list of suites', suites)
  for (const [index, suite] of (suites ?? []).entries()) {
    if (suite === undefined) throw invalid(`suites.${index}`, 'a suite', suite)
    for (const method of ['matches', 'checkProofValue', 'verifyProof']) checkMethod(`suites.${index}`, suite, method)
  }
  if (algorithms !== undefined) checkList('algorithms', algorithms, KNOWN)
  for (const name of ['lenient', 'allowMissingSub', 'requireAllProofs', 'refresh'])
    if (given[name] !== undefined && typeof given[name] !== 'boolean') throw invalid(name, 'true or false', given[name])
  if (expect !== undefined && !EXPECTED.includes(expect)) throw invalid('expect', EXPECTED.join(', '), expect)
  checkInline(inlineContexts, expect)
  if (!['now', 'whenSigned', undefined].some((one) => one === given['keyHistory']))
    throw invalid('keyHistory', 'now or whenSigned', given['keyHistory'])
  if (statusSnapshot !== undefined && (typeof statusSnapshot !== 'object' || statusSnapshot === null)) {
    throw invalid('statusSnapshot', '{ acceptedAsOf, maxAge }', statusSnapshot)
  }
  checkPolicy(policy)
  checkLimits(limits)
}

function checkInline(inlineContexts: unknown, expect: unknown): void {
  if (inlineContexts !== undefined && typeof inlineContexts !== 'boolean')
    throw invalid('inlineContexts', 'true or false', inlineContexts)
  if (inlineContexts === true && expect !== 'VerifiableCredential')
    throw invalid('inlineContexts', "false, or expect: 'VerifiableCredential'", 'true')
}

function checkMethod(path: string, value: unknown, method: string): void {
  if (value === undefined) return
  const found = (value as Readonly<Record<string, unknown>> | null)?.[method]
  if (typeof found !== 'function') throw invalid(path, `an object with the method ${method}`, value)
}

function checkPolicy(policy: unknown): void {
  if (policy === undefined) return
  if (typeof policy !== 'object' || policy === null)
    throw invalid('policy', 'a policy such as defaultPolicy or ob30Policy', policy)
  checkList('policy.advisory', (policy as { readonly advisory?: unknown }).advisory, KNOWN_CHECKS)
}

function checkList(path: string, list: unknown, known: readonly unknown[]): void {
  const expected = `a list of ${known.join(', ')}`
  if (!Array.isArray(list)) throw invalid(path, expected, list)
  const index = list.findIndex((one) => !known.includes(one))
  if (index >= 0) throw invalid(`${path}.${index}`, expected, list[index])
}

function checkLimits(limits: unknown): void {
  if (limits === undefined) return
  if (!isPlain(limits)) throw invalid('limits', 'an object', limits)
  for (const [name, value] of Object.entries(limits)) {
    if (!(LIMITS as readonly string[]).includes(name))
      throw invalid(`limits.${name}`, LIMITS.join(', '), 'another name')
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
      throw invalid(`limits.${name}`, 'a whole number', value)
    if (name === 'maxDepth' && Number(value) > DEEPEST) throw invalid(`limits.${name}`, `at most ${DEEPEST}`, value)
  }
}

export function contextsOption(extra: readonly ContextDocument[], expect: unknown): ContextSet {
  try {
    return expect === 'VerifiableCredential' ? createContextSet(extra) : admitContexts(extra)
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new OptionError(
      cause.faults.map((fault) => ({ ...fault, path: `contexts${fault.path ?? ''}` })),
      { cause }
    )
  }
}

export function dateOption(path: string, value: unknown): Date {
  const time = value instanceof Date ? value.getTime() : Number.NaN
  if (time > FIRST_TIME && time < LAST_TIME) return new Date(time)
  throw invalid(path, 'a Date between the years 1 and 9999', value)
}

export function secondsOption(path: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value
  throw invalid(path, most === Number.MAX_SAFE_INTEGER ? 'seconds from 0' : `seconds from 0 to ${most}`, value)
}

export function statusIssuersOption(given: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  if (given === undefined) return new Map()
  if (!isPlain(given)) throw invalid('statusIssuers', 'ids of list issuers, by the id of the issuer', given)
  return new Map(Object.entries(given).map(([issuer, keepers]) => [issuer, keepersOf(issuer, keepers)]))
}

function keepersOf(issuer: string, keepers: unknown): ReadonlySet<string> {
  if (Array.isArray(keepers) && keepers.every((one) => typeof one === 'string' && one !== '')) return new Set(keepers)
  throw invalid(`statusIssuers.${issuer.slice(0, 100)}`, 'a list of ids', keepers)
}

function invalid(path: string, expected: string, got: unknown): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'an option cannot be used',
    path,
    expected,
    got: shown(got)
  })
}

function shown(got: unknown): string {
  if (typeof got === 'string' || typeof got === 'number') return String(got).slice(0, 80)
  if (got === null) return 'null'
  if (Array.isArray(got)) return got.length === 0 ? 'an empty list' : 'a list'
  if (got instanceof Date) return Number.isNaN(got.getTime()) ? 'an invalid date' : got.toISOString()
  return typeof got
}
