import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { openBadges } from '../../src/model/generated/open-badges-schema.js'
import { findSchemaErrors } from '../../src/model/json-schema.js'
import { toArrayForm } from '../../src/model/normalize.js'
import { checkSchema } from '../../src/model/schema-check.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'
import { badge, endorsement, withValueAt } from './examples.js'

interface Definition {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Definition | false>>
  readonly required?: readonly string[]
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Definition[]
  readonly oneOf?: readonly Definition[]
}
interface SchemaFile extends Definition {
  readonly $id: string
  readonly $defs: Readonly<Record<string, Definition>>
}

const schema: SchemaFile = JSON.parse(readFileSync('schemas/open-badges-3.0.schema.json', 'utf8'))
const kinds = ['AchievementCredential', 'EndorsementCredential'] as const

function ajv(): Ajv2019 {
  const instance = new Ajv2019({ strict: false })
  ;(addFormats as unknown as (ajv: Ajv2019) => void)(instance)
  return instance
}

describe('the schema file', () => {
  test('is JSON Schema 2019-09 by itself, for anybody and any validator', () => {
    expect(ajv().validateSchema(schema)).toBe(true)
  })

  test('describes every class and every property in one line', () => {
    for (const [name, definition] of Object.entries(schema.$defs)) {
      expect(definition.description, name).toMatch(/^[^\n]+\.$/)
      for (const [member, property] of Object.entries(definition.properties ?? {})) {
        if (property !== false) expect(property.description, `${name}.${member}`).toMatch(/^[^\n]+\.$/)
      }
    }
  })

  test('refuses an empty array wherever an array may stand', () => {
    const arrays = JSON.stringify(schema).match(/\{[^{}]*"type":"array"[^{}]*/g) ?? []
    expect(arrays.length).toBeGreaterThan(20)
    for (const array of arrays.filter((text) => !text.includes('"items":['))) {
      expect(array).toContain('"minItems":')
    }
  })
})

describe('generated files', () => {
  test('the types follow from the schemas', () => {
    expect(() => execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { stdio: 'pipe' })).not.toThrow()
  })

  test('single classes can be checked alone', () => {
    const holds = (name: string, value: unknown) => findSchemaErrors(openBadges, name, value, 'first').length === 0
    expect(holds('Profile', badge.issuer)).toBe(true)
    expect(holds('Profile', { id: 'did:web:x' })).toBe(false)
    expect(holds('Achievement', (badge.credentialSubject as JsonObject).achievement)).toBe(true)
    expect(holds('Achievement', { type: ['Achievement'] })).toBe(false)
    expect(holds('EndorsementCredential', endorsement)).toBe(true)
    expect(holds('EndorsementCredential11', endorsement)).toBe(false)
  })
})

describeShared('against the official schemas of 2024-07-30', () => {
  const folders = ['spec', 'scenario', 'validator']
  const files = () =>
    folders.flatMap((folder) =>
      readdirSync(sharedPath(`fixtures/${folder}`))
        .filter((file) => file.endsWith('.json'))
        .map((file) => `fixtures/${folder}/${file}`)
    )

  /** Where we mean to differ, and why. */
  const differences: Readonly<Record<string, string>> = {
    'fixtures/validator/simple_v1.json AchievementCredential':
      'data model 1.1: the official file at hand knows 2.0 only'
  }

  test('every fixture gets the official verdict, once it is in array form', () => {
    const official = ajv()
    const judges = new Map(
      kinds.map((kind) => [kind, official.compile(readSharedJson(`official-schemas/ob3/${kind.toLowerCase()}.json`))])
    )
    const found: string[] = []
    let passed = 0
    for (const file of files()) {
      const document = readSharedJson(file)
      for (const kind of kinds) {
        const theirs = judges.get(kind)?.(toArrayForm(document, kind)) === true
        const ours = checkSchema(document, kind).length === 0
        if (theirs !== ours) found.push(`${file} ${kind}`)
        if (ours) passed += 1
      }
    }
    expect(found).toEqual(Object.keys(differences))
    expect(passed).toBeGreaterThan(25)
  })

  test('both refuse what breaks a class, but for the points where the official schema is lax or strict', () => {
    const official = ajv().compile(readSharedJson('official-schemas/ob3/achievementcredential.json'))
    const document = withValueAt(badge, '/credentialStatus/id', 'https://academy.example/status/7#9713')
    expect(official(document)).toBe(true)

    const lax: Readonly<Record<string, JsonObject>> = {
      'empty arrays are forbidden by the serialization rules': withValueAt(document, '/evidence', []),
      'criteria need an id or a narrative': withValueAt(document, '/credentialSubject/achievement/criteria', {}),
      'a subject needs an id or an identifier': withValueAt(document, '/credentialSubject/identifier'),
      'the pattern of extension terms is not anchored': withValueAt(
        document,
        '/credentialSubject/achievement/achievementType',
        'foo ext:bar'
      ),
      'an id is a URI': withValueAt(document, '/id', 'not a uri'),
      'issuanceDate is not in data model 2.0': withValueAt(document, '/issuanceDate', '2026-01-01T00:00:00Z'),
      'a dateTimeStamp has capital letters': withValueAt(document, '/validFrom', '2026-01-01t00:00:00z')
    }
    for (const [reason, candidate] of Object.entries(lax)) {
      expect([reason, official(candidate)]).toEqual([reason, true])
      expect([reason, checkSchema(candidate, 'AchievementCredential').length]).toEqual([reason, 1])
    }

    const strict: Readonly<Record<string, JsonObject>> = {
      'a status entry needs no id since document version 1.4': badge,
      '24:00:00 is the next day': withValueAt(document, '/validFrom', '2026-01-01T24:00:00Z')
    }
    for (const [reason, candidate] of Object.entries(strict)) {
      expect([reason, official(candidate)]).toEqual([reason, false])
      expect([reason, checkSchema(candidate, 'AchievementCredential')]).toEqual([reason, []])
    }
  })

  test('the enumerations are the official ones', () => {
    const { $defs }: SchemaFile = readSharedJson('official-schemas/ob3/achievementcredential.json')
    const termsOf = (definition: Definition | false | undefined): ReadonlySet<string> => {
      const { enum: terms, anyOf = [], oneOf = [] } = definition || {}
      return new Set(terms ?? [...anyOf, ...oneOf].flatMap((choice) => choice.enum ?? []))
    }
    const pairs = [
      ['AchievementType', 'Achievement', 'achievementType'],
      ['AlignmentTargetType', 'Alignment', 'targetType'],
      ['ResultType', 'ResultDescription', 'resultType'],
      ['ResultStatusType', 'Result', 'status'],
      ['IdentifierType', 'IdentityObject', 'identityType']
    ] as const
    for (const [own, name, member] of pairs) {
      const terms = termsOf(schema.$defs[own])
      expect(terms.size).toBeGreaterThan(5)
      expect(terms).toEqual(termsOf($defs[name]?.properties?.[member]))
    }
  })

  test('every class has the official members and required members, but for the stated differences', () => {
    const { $defs }: SchemaFile = readSharedJson('official-schemas/ob3/achievementcredential.json')
    for (const [name, theirs] of Object.entries($defs)) {
      if (theirs.properties === undefined) continue
      const bases = [
        schema.$defs[name],
        ...(name === 'EndorsementCredential' ? [schema.$defs.VerifiableCredential] : [])
      ]
      const members = bases.flatMap((base) => Object.keys(base?.properties ?? {}))
      const required = new Set(bases.flatMap((base) => base?.required ?? []))
      const expected = (theirs.required ?? []).filter((member) => name !== 'CredentialStatus' || member !== 'id')
      expect(members, name).toEqual(expect.arrayContaining(Object.keys(theirs.properties)))
      expect([...required].sort(), name).toEqual(expected.sort())
    }
  })

  test('a credential with every property of the model passes', () => {
    expect(
      checkSchema(readSharedJson('fixtures/spec/all-properties-v2.unsigned.json'), 'AchievementCredential')
    ).toEqual([])
  })

  test('the refusals that the manifest states come with their place', () => {
    const place = (file: string) => checkSchema(readSharedJson(`fixtures/${file}`), 'AchievementCredential')[0]?.path
    expect(place('scenario/11-variant-multi-status-NOT-ob-schema-valid.json')).toBe('/credentialStatus')
    expect(place('validator/simple-noproof.json')).toBe('/credentialSubject/achievement')
    expect(place('spec/migrating--upgraded-ob-2-0-assertion-included-within-clr-2-0.json')).toBe(
      '/issuer/otherIdentifier/0/type'
    )
  })

  test('the status lists of the scenario pass', () => {
    for (const file of ['09-status-list-before', '10-status-list-after-revocation']) {
      expect(checkSchema(readSharedJson(`fixtures/scenario/${file}.json`), 'BitstringStatusListCredential')).toEqual([])
    }
  })
})
