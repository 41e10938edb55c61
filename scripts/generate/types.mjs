import { compile } from 'json-schema-to-typescript'
import { className, openBadgesFile, refName } from './schemas.mjs'

const style = { semi: false, singleQuote: true, printWidth: 120, trailingComma: 'none' }
// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder belongs to the generated type
const extensionTerm = '`ext:${string}`'
const openObject = '{ readonly [key: string]: unknown }'

/** The TypeScript types of every schema: Open Badges in one file, the formats of this library in another. */
export async function generateTypes(schemas) {
  const openBadges = schemas.find(({ name }) => name === openBadgesFile)
  const formats = schemas.filter(({ name }) => name !== openBadgesFile)
  const files = { 'types.ts': await typesFile([openBadges], []) }
  if (formats.length > 0) files['competency-types.ts'] = await typesFile(formats, Object.keys(openBadges.schema.$defs))
  return files
}

async function typesFile(schemas, importable) {
  const blocks = new Map()
  const imports = new Set()
  for (const { name, file, schema } of schemas) {
    const scope = { file, definitions: schema.$defs ?? {}, importable, imports, pending: new Map() }
    if (schema.properties !== undefined) scope.pending.set(schema.title ?? className(name), rootClass(schema))
    for (const [key, definition] of Object.entries(scope.definitions))
      scope.pending.set(typeName(key, definition), definition)
    // A class may bring its own inner classes, which join the end of the map while it is walked.
    for (const [key, definition] of scope.pending) {
      if (isPlainText(definition)) continue
      if (blocks.has(key)) throw new Error(`${file}: the type ${key} is defined twice`)
      blocks.set(key, await typeBlock(key, definition, scope))
    }
  }
  const sources = schemas.map(({ file }) => `schemas/${file}`).join(', ')
  const header = `// Generated from ${sources} by "npm run generate". Change the schema, not this file.\n`
  const importLine = imports.size === 0 ? '' : `\nimport type { ${[...imports].sort().join(', ')} } from './types.js'\n`
  return `${header}${importLine}\n${[...blocks.values()].join('\n')}`
}

function rootClass({ $schema, $id, $defs, ...definition }) {
  return definition
}

/** A title that is a name is the name of the type; otherwise the definition's own name is. */
function typeName(key, { title }) {
  return isName(title) ? title : key
}

function isName(text) {
  return text !== undefined && /^[A-Z]\w*$/.test(text)
}

async function typeBlock(key, definition, scope) {
  if (definition.properties === undefined) {
    const type = typeOf(definition, scope)
    const isLong = type.length > 100
    return `${comment(definition.description)}export type ${key} =${isLong ? `\n  | ${type.split(' | ').join('\n  | ')}` : ` ${type}`}\n`
  }
  const bases = (definition.allOf ?? []).map(({ $ref }) => $ref && refName($ref)).filter(Boolean)
  const text = await compile(prepare(definition, scope), key, {
    bannerComment: '',
    ignoreMinAndMaxItems: true,
    declareExternallyReferenced: false,
    unknownAny: true,
    style
  })
  return text
    .replace(
      `export interface ${key} {`,
      `export interface ${key}${bases.length ? ` extends ${bases.join(', ')}` : ''} {`
    )
    .replace(/\{(readonly .*?)\}/g, '{ $1 }')
    .replace(/\[k: string\]: /g, '[key: string]: ')
    .replace(/^( +)(?=(?:'[^']+'|[\w$]+|\[key: string\])\??: )/gm, '$1readonly ')
    .replace(/\/\*\*\n\s+\* (.*)\n\s+\*\//g, '/** $1 */')
}

/** Turns an object schema into one that the type compiler prints without following references. */
function prepare(schema, scope) {
  const { title, allOf, anyOf, oneOf, if: _if, then: _then, else: _else, unevaluatedProperties, ...rest } = schema
  const properties = Object.entries(schema.properties ?? {})
    .filter(([, property]) => property !== false)
    .map(([name, property]) => [name, prepareProperty(property, scope)])
  if (unevaluatedProperties === false) rest.additionalProperties = false
  return { ...rest, properties: Object.fromEntries(properties) }
}

function prepareProperty(property, scope) {
  return { description: property.description, tsType: typeOf(property, scope) }
}

/** The type of a value that has no members of its own. */
function typeOf(schema, scope) {
  if (schema === true) return 'unknown'
  if (schema.$ref !== undefined) return referenceType(schema.$ref, scope)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  if (schema.pattern?.startsWith('^ext:')) return extensionTerm
  const choices = schema.anyOf ?? schema.oneOf ?? (schema.if && [schema.else, schema.then])
  if (choices?.every((choice) => choice && !isConstraintOnly(choice)))
    return union(choices.map((choice) => typeOf(choice, scope)))
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, scope)))
  if (schema.type === 'array') return arrayType(schema, scope)
  if (schema.type === 'object' || schema.properties !== undefined) return objectType(schema, scope)
  if (schema.type === 'integer') return 'number'
  return schema.type ?? 'unknown'
}

function referenceType(ref, scope) {
  const name = refName(ref)
  if (ref.startsWith('#')) {
    const definition = scope.definitions[name]
    if (definition === undefined) throw new Error(`${scope.file}: ${ref} is not defined`)
    return isPlainText(definition) ? typeOf(definition, scope) : typeName(name, definition)
  }
  if (!scope.importable.includes(name)) throw new Error(`${scope.file}: ${ref} is not a class of Open Badges`)
  scope.imports.add(name)
  return name
}

function arrayType(schema, scope) {
  const rest = schema.additionalItems ? [schema.additionalItems] : []
  const items = Array.isArray(schema.items) ? [...schema.items, ...rest] : [schema.items ?? true]
  const element = union(items.map((item) => widen(typeOf(item, scope), Array.isArray(schema.items))))
  return `readonly ${/[|&]/.test(element) ? `(${element})` : element}[]`
}

function objectType(schema, scope) {
  if (schema.properties !== undefined && isName(schema.title)) {
    scope.pending.set(schema.title, schema)
    return schema.title
  }
  if (schema.properties !== undefined) {
    const members = Object.entries(schema.properties).filter(([, property]) => property !== false)
    const lines = members.map(([name, property]) => {
      const optional = schema.required?.includes(name) ? '' : '?'
      return `readonly ${/^[A-Za-z_]\w*$/.test(name) ? name : literal(name)}${optional}: ${typeOf(property, scope)}`
    })
    return `{ ${lines.join('; ')} }`
  }
  const { additionalProperties } = schema
  if (typeof additionalProperties !== 'object') return openObject
  return `{ readonly [key: string]: ${typeOf(additionalProperties, scope)} }`
}

function isPlainText(schema) {
  if (schema.type === undefined || Array.isArray(schema.type)) return false
  const isText = schema.type === 'string' && schema.enum === undefined && schema.const === undefined
  return isText || schema.type === 'array' || ['number', 'integer', 'boolean'].includes(schema.type)
}

function isConstraintOnly(schema) {
  return Object.keys(schema).every((key) => ['required', 'not', 'contains', 'pattern'].includes(key))
}

function union(types) {
  return [...new Set(types)].join(' | ')
}

/** A position of a list cannot be told from the others in an array type, so its fixed text counts as any text. */
function widen(type, isTuple) {
  return isTuple && type.startsWith("'") ? 'string' : type
}

function literal(value) {
  return typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : JSON.stringify(value)
}

function comment(text) {
  return text === undefined ? '' : `/** ${text} */\n`
}
