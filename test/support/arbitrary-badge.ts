import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'

/**
 * Badges as the data model of Open Badges 3.0 has them: every class, every member, each there or not. They have no issuer
 * id, no proof and no endorsements yet; whoever signs puts those in.
 */
export function arbitraryBadge(): fc.Arbitrary<JsonObject> {
  return fc
    .record({ badge: credential(), picks: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }) })
    .map(({ badge, picks }) => settled(badge, picks))
}

/** Stands for an id that {@link settled} makes, so that no two things have the same. */
const ID = 'urn:id'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    'Førstehjelp 🩹',
    'line\nbreak',
    '"quoted" \\ _:b0',
    '<b>&amp;</b>',
    ' ',
    '\u{10ffff}',
    '2026-01-01',
    '1.0'
  )
)
const date = fc
  .record({ year: fc.integer({ min: 1999, max: 2025 }), month: fc.integer({ min: 1, max: 12 }), fraction: fc.nat(999) })
  .chain(({ year, month, fraction }) => {
    const day = `${year}-${String(month).padStart(2, '0')}-28T12:30:59`
    return fc.constantFrom(`${day}Z`, `${day}+01:00`, `${day}-11:30`, `${day}.${fraction}1Z`)
  })
const number = fc.oneof(
  fc.integer({ min: -1_000, max: 100_000 }),
  fc.integer({ min: -9_999, max: 9_999 }).map((cents) => cents / 100 || 1)
)
const language = fc.constantFrom('nb-NO', 'da', 'en-GB', 'zh-Hant-TW', 'es-419')
const identifierType = fc.constantFrom('name', 'emailAddress', 'sourcedId', 'isbn', 'ext:register')
const id = fc.constant(ID)

/** An object with every required member, and any of the others. */
function object(
  required: Readonly<Record<string, fc.Arbitrary<JsonValue>>>,
  optional: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {}
): fc.Arbitrary<JsonObject> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) }) as fc.Arbitrary<JsonObject>
}

function list<T extends JsonValue>(item: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<JsonValue> {
  return fc.array(item, { minLength: 1, maxLength })
}

function texts(maxLength = 3): fc.Arbitrary<JsonValue> {
  return fc.uniqueArray(text, { minLength: 1, maxLength })
}

/** A class as its `type`; another type may stand beside it, but one of Open Badges. */
function type(name: string): fc.Arbitrary<JsonValue> {
  return fc.constant([name])
}

const image = object({ id, type: fc.constant('Image') }, { caption: text })
const identifierEntry = object({ type: fc.constant('IdentifierEntry'), identifier: text, identifierType })
const geo = object({ type: fc.constant('GeoCoordinates'), latitude: number, longitude: number })
const address = object(
  { type: type('Address') },
  {
    addressCountry: text,
    addressCountryCode: fc.constantFrom('NO', 'DK', 'SE'),
    addressRegion: text,
    addressLocality: text,
    streetAddress: text,
    postOfficeBoxNumber: text,
    postalCode: text,
    geo
  }
)
const alignment = object(
  {
    type: type('Alignment'),
    targetName: text,
    targetUrl: fc.constantFrom('https://a.example/1', 'http://b.example/#x')
  },
  {
    targetCode: text,
    targetDescription: text,
    targetFramework: text,
    targetType: fc.constantFrom('CFItem', 'ceterms:Credential', 'ext:ESCOSkill')
  }
)
const related = object({ id, type: type('Related') }, { inLanguage: language, version: text })

/** @param depth how many organisations stand above this one */
function profile(depth: number): fc.Arbitrary<JsonObject> {
  return object(
    { id, type: type('Profile') },
    {
      name: text,
      url: fc.constant('https://academy.example/'),
      phone: fc.constant('+4722334455'),
      description: text,
      image,
      email: fc.constant('post@academy.example'),
      address,
      otherIdentifier: list(identifierEntry),
      official: text,
      familyName: text,
      givenName: text,
      additionalName: text,
      patronymicName: text,
      honorificPrefix: text,
      honorificSuffix: text,
      familyNamePrefix: text,
      dateOfBirth: fc.constant('1990-12-31'),
      ...(depth > 0 ? { parentOrg: profile(depth - 1) } : {})
    }
  )
}

const level = object(
  { id, type: type('RubricCriterionLevel'), name: text },
  { alignment: list(alignment, 1), description: text, level: text, points: text }
)
const resultDescription = fc.oneof(
  object(
    { id, type: type('ResultDescription'), name: text, resultType: fc.constant('RubricCriterionLevel') },
    { alignment: list(alignment, 1), rubricCriterionLevel: list(level) }
  ),
  object({
    id,
    type: type('ResultDescription'),
    name: text,
    resultType: fc.constant('Result'),
    allowedValue: fc.array(text, { minLength: 1, maxLength: 3 })
  }),
  object(
    {
      id,
      type: type('ResultDescription'),
      name: text,
      resultType: fc.constantFrom('Percent', 'RawScore', 'ext:score')
    },
    { valueMin: fc.constant('0'), valueMax: fc.constant('100'), requiredValue: fc.constantFrom('50', '9.5') }
  ),
  object({ id, type: type('ResultDescription'), name: text, resultType: fc.constant('Status') })
)
const criteria = fc.oneof(object({ narrative: text }), object({ id }), object({ id, narrative: text }))

const achievement = object(
  { id, type: type('Achievement'), name: text, description: text, criteria },
  {
    achievementType: fc.constantFrom('Certificate', 'Course', 'ext:Swimming'),
    alignment: list(alignment),
    creator: profile(1),
    creditsAvailable: number,
    fieldOfStudy: text,
    humanCode: text,
    image,
    inLanguage: language,
    otherIdentifier: list(identifierEntry),
    related: list(related),
    resultDescription: list(resultDescription, 3),
    specialization: text,
    tag: texts(),
    version: text
  }
)
const identityObject = fc.oneof(
  object({
    type: fc.constant('IdentityObject'),
    hashed: fc.constant(false),
    identityHash: text,
    identityType: identifierType
  }),
  object({
    type: fc.constant('IdentityObject'),
    hashed: fc.constant(true),
    identityHash: fc.constant('sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'),
    identityType: fc.constant('emailAddress'),
    salt: text
  })
)
const subject = object(
  { id, type: type('AchievementSubject'), achievement },
  {
    activityStartDate: date,
    activityEndDate: date,
    creditsEarned: number,
    identifier: list(identityObject),
    image,
    licenseNumber: text,
    narrative: text,
    result: list(object({ type: type('Result') }, { alignment: list(alignment, 1) }), 3),
    role: text,
    source: profile(0),
    term: text
  }
)
const evidence = object(
  { type: type('Evidence') },
  { id, narrative: text, name: text, description: text, genre: text, audience: text }
)

function credential(): fc.Arbitrary<JsonObject> {
  return object(
    {
      '@context': fc.constant([
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
      ]),
      id,
      type: fc
        .constantFrom('OpenBadgeCredential', 'AchievementCredential')
        .map((name) => ['VerifiableCredential', name]),
      issuer: profile(1),
      validFrom: date,
      credentialSubject: subject
    },
    {
      name: text,
      description: text,
      image,
      awardedDate: date,
      validUntil: fc.constantFrom('2031-01-01T00:00:00Z', '2029-06-30T23:59:59.5+02:00'),
      evidence: list(evidence, 3),
      credentialSchema: fc.constant([
        {
          id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
          type: '1EdTechJsonSchemaValidator2019'
        }
      ]),
      refreshService: object({ id, type: fc.constant('1EdTechCredentialRefresh') }),
      termsOfUse: list(object({ type: fc.constant('https://academy.example/terms#Terms') }, { id }), 1)
    }
  )
}

/** Gives every thing an id of its own, and every result a description to answer. */
function settled(badge: JsonObject, picks: readonly number[]): JsonObject {
  let count = 0
  const copy = JSON.parse(
    JSON.stringify(badge, (name, value) => {
      if (name !== 'id' || value !== ID) return value
      count += 1
      return count % 2 === 0
        ? `https://academy.example/things/${count}`
        : `urn:uuid:00000000-0000-4000-8000-${String(count).padStart(12, '0')}`
    })
  )
  const { result = [], achievement } = copy.credentialSubject
  const descriptions: readonly JsonObject[] = achievement.resultDescription ?? []
  for (const [index, one] of result.entries()) {
    const pick = picks[index] ?? 0
    const description = descriptions[pick % Math.max(1, descriptions.length)]
    if (description !== undefined) Object.assign(one, answerTo(description, pick))
  }
  return copy
}

function answerTo(description: JsonObject, pick: number): JsonObject {
  const { id, resultType, allowedValue, rubricCriterionLevel } = description
  const levels = (rubricCriterionLevel ?? []) as readonly JsonObject[]
  const values = (allowedValue ?? []) as readonly string[]
  const [achieved, value] = [levels[pick % Math.max(1, levels.length)], values[pick % Math.max(1, values.length)]]
  return {
    resultDescription: id as string,
    ...(achieved === undefined ? {} : { achievedLevel: achieved['id'] as string }),
    ...(resultType === 'Status' ? { status: 'Completed' } : {}),
    ...(value === undefined ? {} : { value }),
    ...(description['valueMax'] === undefined ? {} : { value: String(pick % 101) })
  }
}
