import type { KeyCache, KeyCacheOptions } from '../../src/crypto/key-cache.js'
import type { PublicKeyMaterial } from '../../src/crypto/public-key.js'
import type { PresentationReport, Report, Resolver, VerifyInput } from '../../src/verify.js'
import type {
  BadgeCase,
  Case,
  CaseInput,
  CaseKey,
  CaseOptions,
  ImageCase,
  PresentationCase,
  Row,
  SignatureCase
} from './case.js'

/** The package as it was built; the suite imports nothing by itself. */
export type Komma = typeof import('../../src/verify.js') &
  typeof import('../../src/baking/images.js') &
  Pick<typeof import('../../src/selective-disclosure.js'), 'ecdsaSd2023'>

const TEST_TIME = '2026-06-01T12:00:00Z'
const MANY_KEYS = 10_000

/** Puts every case to the package in this runtime. Only web standards are used, and nothing that Node adds to them. */
export async function runCases(
  komma: Komma,
  cases: readonly Case[],
  arithmetic: Pick<KeyCacheOptions, 'provider'>
): Promise<readonly Row[]> {
  const keyCache = komma.createKeyCache({ ...arithmetic, maxKeys: MANY_KEYS })
  const deciders: { readonly [Kind in Case['kind']]: (one: never) => Promise<Outcome> } = {
    badge: (one: BadgeCase) => decideBadge(komma, one, keyCache),
    presentation: (one: PresentationCase) => decidePresentation(komma, one, keyCache),
    signature: (one: SignatureCase) => decideSignature(one, keyCache),
    image: (one: ImageCase) => decideImage(komma, one),
    selfTest: () => decideSelfTest(komma, keyCache)
  }
  const rows: Row[] = []
  for (const one of cases) rows.push({ name: one.name, ...(await outcomeOf(() => deciders[one.kind](one as never))) })
  return rows
}

type Outcome = Omit<Row, 'name'>

async function decideBadge(komma: Komma, { input, options }: BadgeCase, keyCache: KeyCache): Promise<Outcome> {
  const report = await komma.verify(readInput(input) as VerifyInput, settingsOf(komma, options, keyCache))
  return { verdict: sayReport(report), details: JSON.parse(JSON.stringify(report)) }
}

async function decidePresentation(
  komma: Komma,
  { input, options }: PresentationCase,
  keyCache: KeyCache
): Promise<Outcome> {
  const report = await komma.verifyPresentation(readInput(input) as VerifyInput, settingsOf(komma, options, keyCache))
  const credentials = report.credentials.map(({ accepted }) => (accepted ? 'accepted' : 'refused'))
  return {
    verdict: `${sayReport(report)} credentials=${credentials.join(',')}`,
    details: JSON.parse(JSON.stringify(report))
  }
}

function settingsOf<Options extends CaseOptions>(komma: Komma, options: Options, keyCache: KeyCache) {
  const { now, published, legacyFragments, ...rest } = options
  return {
    ...rest,
    keyCache,
    now: new Date(now ?? TEST_TIME),
    resolver: resolverOf(komma, options),
    suites: [...komma.defaultSuites, komma.ecdsaSd2023]
  }
}

function resolverOf(komma: Komma, { published = [], legacyFragments }: CaseOptions): Resolver {
  const map = komma.createMapResolver(published)
  return legacyFragments ? komma.combineResolvers(map, komma.createLegacyFragmentResolver()) : map
}

function sayReport({ accepted, checks, warnings }: Report | PresentationReport): string {
  const said = checks.map(({ id, outcome, code }) => `${id}=${outcome}:${code}`)
  const warned = warnings.length === 0 ? [] : [`warnings=${warnings.map(({ code }) => code).join(',')}`]
  return [accepted ? 'accepted' : 'refused', ...said, ...warned].join(' ')
}

async function decideSignature(one: SignatureCase, keyCache: KeyCache): Promise<Outcome> {
  const key = await keyCache.importKey(materialOf(one.key))
  const holds = await key.verify(one.algorithm, fromHex(one.signature), fromHex(one.message))
  return { verdict: holds ? 'accepted' : 'refused' }
}

async function decideImage(komma: Komma, { input }: ImageCase): Promise<Outcome> {
  const image = readInput(input)
  const details = typeof image === 'string' ? komma.unbakeSvg(image) : komma.unbakePng(image as Uint8Array)
  return { verdict: 'accepted', details }
}

async function decideSelfTest(komma: Komma, keyCache: KeyCache): Promise<Outcome> {
  await komma.selfTest({ keyCache })
  return { verdict: 'accepted' }
}

/** What is thrown is part of the outcome: a refusal of ours, or a fault that no expectation fits. */
async function outcomeOf(decide: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await decide()
  } catch (error) {
    const { name, code, message } = error as {
      readonly name?: string
      readonly code?: unknown
      readonly message?: string
    }
    const refused = typeof code === 'string' && code !== 'CRYPTO_UNAVAILABLE'
    return { verdict: refused ? `refused ${code}` : `threw ${name} ${code}`, details: message }
  }
}

function readInput(input: CaseInput): unknown {
  if ('json' in input) return input.json
  if ('text' in input) return input.text
  return Uint8Array.from(atob(input.base64), (character) => character.charCodeAt(0))
}

function materialOf(key: CaseKey): PublicKeyMaterial {
  if (key.algorithm !== 'RSA') return { algorithm: key.algorithm, bytes: fromHex(key.bytes) }
  return { ...key, modulus: fromHex(key.modulus), exponent: fromHex(key.exponent) }
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
