import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { award } from '../../src/model/generated/award-schema.js'
import { competencyDefinition } from '../../src/model/generated/competency-definition-schema.js'
import { openBadges } from '../../src/model/generated/open-badges-schema.js'
import { findSchemaErrors } from '../../src/model/json-schema.js'
import type { Definitions } from '../../src/model/json-schema-keywords.js'
import { translated } from '../competency/definitions.js'
import { badge, badge11, endorsement, statusList, statusList2021 } from './examples.js'

interface Format {
  readonly definitions: Definitions
  readonly name: string
  /** How the library checks this format. */
  readonly extent: 'first' | 'all'
  /** The same schema, as its file has it. */
  readonly file: string
  readonly pointer: string
  readonly documents: readonly JsonObject[]
}

const openBadgesFormat = (name: string, ...documents: JsonObject[]): Format => ({
  definitions: openBadges,
  name,
  extent: 'first',
  file: 'open-badges-3.0',
  pointer: `#/$defs/${name}`,
  documents
})

const formats: readonly Format[] = [
  openBadgesFormat('AchievementCredential', badge, endorsement),
  openBadgesFormat('AchievementCredential11', badge11),
  openBadgesFormat('EndorsementCredential', endorsement),
  openBadgesFormat('BitstringStatusListCredential', statusList),
  openBadgesFormat('BitstringStatusListCredential11', withContexts11(statusList)),
  openBadgesFormat('StatusList2021Credential', statusList2021),
  openBadgesFormat('StatusList2021Credential11', withContexts11(statusList2021)),
  {
    definitions: competencyDefinition,
    name: 'CompetencyDefinition',
    extent: 'all',
    file: 'competency-definition',
    pointer: '#',
    documents: [translated() as JsonObject, ...examples('auditor.definition.json')]
  },
  { definitions: award, name: 'Award', extent: 'all', file: 'award', pointer: '#', documents: examples('.award.json') }
]

describe('findSchemaErrors', () => {
  for (const { definitions, name, extent, file, pointer, documents } of formats) {
    const schema = JSON.parse(readFileSync(`schemas/${file}.schema.json`, 'utf8'))

    it(`finds what ajv finds in a spoilt ${name}`, () => {
      const ajv = new Ajv2019({ allErrors: extent === 'all', strict: false, inlineRefs: false }).addSchema(schema)
      const validate = ajv.getSchema(`${schema.$id}${pointer}`)
      if (validate === undefined) throw new Error(`there is no ${name}`)
      let faulty = 0
      for (const document of documents.flatMap((one) => [one, ...spoilt(one)])) {
        const theirs = validate(document) === true ? [] : comparable(validate.errors ?? [])
        expect(comparable(findSchemaErrors(definitions, name, document, extent))).toEqual(theirs)
        if (theirs.length > 0) faulty += 1
      }
      expect(faulty).toBeGreaterThan(100)
    })
  }
})

function withContexts11(document: JsonObject): JsonObject {
  return { ...document, '@context': badge11['@context'] ?? [] }
}

function examples(suffix: string): readonly JsonObject[] {
  return readdirSync('examples')
    .filter((file) => file.endsWith(suffix))
    .map((file) => JSON.parse(readFileSync(`examples/${file}`, 'utf8')))
}

interface Found {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly propertyName?: string | undefined
}

function comparable(errors: readonly Found[]): readonly Found[] {
  return errors.map(({ instancePath, keyword, params, propertyName }) => ({
    instancePath,
    keyword,
    params: keyword === 'contains' ? {} : params,
    propertyName
  }))
}

const WRONG: readonly JsonValue[] = [
  null,
  true,
  -1,
  1.5,
  '',
  'x',
  'ext:x',
  '😀'.repeat(300),
  [],
  ['x', 'x'],
  {},
  { a: 1 }
]

/** Copies of a document with one value replaced, left out or added, at every place. */
function* spoilt(document: JsonObject): Generator<JsonObject> {
  for (const path of pathsIn(document)) {
    for (const value of WRONG)
      yield withChange(document, path, (parent, token) => Object.assign(parent, { [token]: value }))
    yield withChange(document, path, leaveOut)
    yield withChange(document, path, (parent) => Object.assign(parent, { 'a/b~c': 1 }))
  }
}

function pathsIn(value: JsonValue): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([token, member]) => [
    [token],
    ...pathsIn(member as JsonValue).map((path) => [token, ...path])
  ])
}

function leaveOut(parent: Record<string, unknown>, token: string): void {
  if (Array.isArray(parent)) parent.splice(Number(token), 1)
  else delete parent[token]
}

type Change = (parent: Record<string, unknown>, token: string) => void

function withChange(document: JsonObject, path: readonly string[], change: Change): JsonObject {
  const copy = structuredClone(document) as Record<string, unknown>
  const parent = path.slice(0, -1).reduce((node, token) => node[token] as Record<string, unknown>, copy)
  change(parent, path.at(-1) ?? '')
  return copy as JsonObject
}
