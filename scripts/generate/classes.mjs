import { openBadgesFile, refName } from './schemas.mjs'

/**
 * What a walk over a credential has to know about each class: which members it names, which of them are arrays, which
 * hold objects of another class, and which names its `type` has to contain, in words.
 */
export function generateClasses(schemas) {
  const { $defs } = schemas.find(({ name }) => name === openBadgesFile).schema
  const classes = {}
  for (const name of Object.keys($defs)) {
    const shape = shapeOf($defs[name], $defs)
    if (shape !== undefined) classes[name] = shape
  }
  return {
    'classes.js': `export const classes = ${JSON.stringify(classes)}\n`,
    'classes.d.ts': [
      'export interface ClassShape {',
      '  readonly names: readonly string[]',
      '  readonly arrays: readonly string[]',
      '  readonly members: { readonly [member: string]: string }',
      '  readonly types?: string',
      '}',
      'export declare const classes: { readonly [name: string]: ClassShape }',
      ''
    ].join('\n')
  }
}

function shapeOf(definition, $defs) {
  if (definition.properties === undefined) return undefined
  const properties = {}
  for (const { $ref } of definition.allOf ?? []) {
    if ($ref !== undefined) Object.assign(properties, $defs[refName($ref)].properties)
  }
  Object.assign(properties, definition.properties)

  const names = Object.keys(properties).filter((member) => properties[member] !== false)
  const arrays = []
  const members = {}
  for (const member of names) {
    const property = properties[member]
    if (isArray(property, $defs)) arrays.push(member)
    const target = objectClass(property, $defs)
    if (target !== undefined) members[member] = target
  }
  const types = requiredTypes(definition, $defs)
  return types.length === 0 ? { names, arrays, members } : { names, arrays, members, types: types.join(' and ') }
}

function requiredTypes(definition, $defs) {
  const inherited = (definition.allOf ?? []).flatMap(({ $ref }) =>
    $ref ? requiredTypes($defs[refName($ref)], $defs) : []
  )
  const { contains, allOf = [] } = definition.properties?.type ?? {}
  const own = [contains, ...allOf.map((part) => part.contains)].filter((rule) => rule !== undefined)
  return [...inherited, ...own.map((rule) => rule.const ?? rule.enum.join(' or '))]
}

function isArray(property, $defs) {
  if (property.$ref !== undefined) return isArray($defs[refName(property.$ref)], $defs)
  return property.type === 'array'
}

/** The class of the objects a member holds, through arrays and through choices that have one class. */
function objectClass(schema, $defs) {
  if (schema.type === 'array' && !Array.isArray(schema.items)) return objectClass(schema.items, $defs)
  if (schema.$ref !== undefined) {
    const name = refName(schema.$ref)
    return $defs[name].properties === undefined ? objectClass($defs[name], $defs) : name
  }
  const choices = schema.anyOf ?? (schema.if && [schema.else])
  return choices?.map((choice) => objectClass(choice, $defs)).find((name) => name !== undefined)
}
