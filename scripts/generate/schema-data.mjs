import { className, openBadgesFile, refName } from './schemas.mjs'

/** The classes of Open Badges that documents are checked against; what they do not need is left out. */
const openBadgesClasses = [
  'AchievementCredential',
  'AchievementCredential11',
  'EndorsementCredential',
  'EndorsementCredential11',
  'BitstringStatusListCredential',
  'BitstringStatusListCredential11',
  'StatusList2021Credential',
  'StatusList2021Credential11',
  'Profile',
  'Achievement'
]

/** What src/model/json-schema.ts understands, in the order in which it is to be checked: what is cheap comes first. */
const keywords = [
  'type',
  '$ref',
  'const',
  'enum',
  'anyOf',
  'allOf',
  'if',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'additionalItems',
  'items',
  'contains',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'propertyNames',
  'additionalProperties',
  'properties'
]

/** For readers only. */
const texts = ['$schema', '$id', '$defs', '$comment', 'title', 'description', 'default']

/** Read with the keyword before them. */
const branches = ['then', 'else']

/**
 * The schemas as the data that a validator walks over: one module for each file, so that a verifier carries the classes
 * of Open Badges only.
 */
export function generateSchemaData(schemas) {
  return Object.assign({}, ...schemas.map(schemaModule))
}

function schemaModule({ name, schema }) {
  const isOpenBadges = name === openBadgesFile
  const root = className(name)
  const all = { ...(isOpenBadges ? {} : { [root]: schema }), ...schema.$defs }
  const definitions = reachable(all, isOpenBadges ? openBadgesClasses : [root])
  const constant = isOpenBadges ? 'openBadges' : root[0].toLowerCase() + root.slice(1)
  const file = isOpenBadges ? 'open-badges' : name
  return {
    [`${file}-schema.js`]: `export const ${constant} = ${JSON.stringify(definitions)}\n`,
    [`${file}-schema.d.ts`]: [
      "import type { Definitions } from '../json-schema-keywords.js'",
      `export declare const ${constant}: Definitions`,
      ''
    ].join('\n')
  }
}

function reachable(all, names) {
  const found = {}
  const add = (name) => {
    if (name in found) return
    found[name] = reduced(all[name], name)
    for (const [, target] of JSON.stringify(found[name]).matchAll(/"\$ref":"([^"]+)"/g)) add(target)
  }
  for (const name of names) add(name)
  return found
}

/** A schema without texts, its keywords in order, its references by name. */
function reduced(schema, path) {
  if (typeof schema === 'boolean') return schema
  const unknown = Object.keys(schema).find((keyword) => ![...keywords, ...branches, ...texts].includes(keyword))
  if (unknown !== undefined) throw new Error(`${path}: src/model/json-schema.ts does not know the keyword ${unknown}`)
  const present = keywords.filter((keyword) => keyword in schema)
  return Object.fromEntries(present.map((keyword) => [keyword, argument(keyword, schema, `${path}/${keyword}`)]))
}

function argument(keyword, schema, path) {
  const value = schema[keyword]
  switch (keyword) {
    case '$ref':
      return refName(value) ?? fail(path, 'a reference to a definition of the same file')
    case 'const':
    case 'enum':
      return [value].flat().every((one) => Object(one) !== one) ? value : fail(path, 'texts, numbers and truth values')
    case 'anyOf':
    case 'allOf':
      return value.map((part) => reduced(part, path))
    case 'if':
      return [value, schema.then ?? true, schema.else ?? true].map((part) => reduced(part, path))
    case 'items':
      return Array.isArray(value) ? value.map((part) => reduced(part, path)) : reduced(value, path)
    case 'properties':
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, reduced(part, `${path}/${name}`)]))
    default:
      return isSchema(value) ? reduced(value, path) : value
  }
}

/** The other keywords take a schema, or a text, a number or a list of names. */
function isSchema(value) {
  return typeof value === 'object' && !Array.isArray(value)
}

function fail(path, expected) {
  throw new Error(`${path}: src/model/json-schema.ts expects ${expected}`)
}
