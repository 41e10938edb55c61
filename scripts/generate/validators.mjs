import Ajv from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import { className, openBadgesFile } from './schemas.mjs'

/** Each exported validator of Open Badges checks one class. */
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

/**
 * Compiles the schemas to code ahead of time, because many runtimes forbid making code from text.
 *
 * Documents of strangers stop at the first fault, which bounds the work; our own callers get every fault of theirs.
 */
export async function generateValidators(schemas, root) {
  const formats = schemas.filter(({ name }) => name !== openBadgesFile)
  const strangers = Object.fromEntries(
    openBadgesClasses.map((name) => [`validate${name}`, `${openBadgesFile}:${name}`])
  )
  const callers = Object.fromEntries(formats.map(({ name }) => [`validate${className(name)}`, name]))

  const parts = schemas.flatMap(schemaParts)
  const modules = { strangers: compile(parts, strangers, false) }
  if (formats.length > 0) modules.callers = compile(parts, callers, true)

  return {
    'validators.js': await bundle(modules, root),
    'validators.d.ts': declarations([...Object.keys(strangers), ...Object.keys(callers)])
  }
}

/**
 * One schema for the file and one for each of its definitions: the compiler makes one function for each, which all the
 * others share. Texts for readers are left out. What remains of 2019-09 reads the same in the compiler's basic dialect,
 * whose code is smaller; its strict mode stops at any keyword for which that would not hold.
 */
function schemaParts({ name, schema }) {
  const { $schema, $id, title, $defs, ...main } = withoutTexts(schema)
  const parts = [
    { $id: name, ...main },
    ...Object.entries($defs ?? {}).map(([key, part]) => ({ $id: `${name}:${key}`, ...part }))
  ]
  return JSON.parse(JSON.stringify(parts).replaceAll('"#/$defs/', `"${name}:`))
}

function withoutTexts(schema, isMap = false) {
  if (Array.isArray(schema)) return schema.map((item) => withoutTexts(item))
  if (schema === null || typeof schema !== 'object') return schema
  const members = Object.entries(schema).filter(([key]) => isMap || !['description', '$comment'].includes(key))
  return Object.fromEntries(members.map(([key, value]) => [key, withoutTexts(value, !isMap && isMapKeyword(key))]))
}

/** The keywords whose members are names of the schema's author, not keywords. */
function isMapKeyword(key) {
  return ['properties', '$defs', 'patternProperties', 'dependentSchemas'].includes(key)
}

function compile(schemas, exported, allErrors) {
  const ajv = new Ajv({
    schemas,
    allErrors,
    code: { source: true, esm: true },
    inlineRefs: false,
    messages: false,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true
  })
  return standaloneCode(ajv, exported)
}

/** What the generated code asks for with `require`, and what it gets instead. */
const helpers = {
  'ajv/dist/runtime/ucs2length': './scripts/generate/runtime/code-points.mjs',
  'ajv/dist/runtime/equal': './scripts/generate/runtime/equal.mjs'
}

async function bundle(modules, root) {
  const result = await build({
    stdin: {
      contents: Object.keys(modules)
        .map((name) => `export * from 'validators:${name}'`)
        .join('\n'),
      resolveDir: root
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    minify: true,
    legalComments: 'none',
    plugins: [
      {
        name: 'validators',
        setup(setup) {
          setup.onResolve({ filter: /^validators:/ }, ({ path }) => ({ path, namespace: 'validators' }))
          setup.onLoad({ filter: /.*/, namespace: 'validators' }, ({ path }) => ({
            contents: withImports(modules[path.slice('validators:'.length)]),
            resolveDir: root
          }))
        }
      }
    ]
  })
  return result.outputFiles[0].text
}

function withImports(code) {
  return code.replace(/const (\w+) = require\("([^"]+)"\)\.default;/g, (_, name, path) => {
    if (helpers[path] === undefined) throw new Error(`the generated validators ask for ${path}`)
    return `import ${name} from '${helpers[path]}';`
  })
}

function declarations(names) {
  return [
    'export interface SchemaError {',
    '  readonly instancePath: string',
    '  readonly schemaPath: string',
    '  readonly keyword: string',
    '  readonly params: { readonly [name: string]: unknown }',
    '  /** The member name, where the name itself is wrong. */',
    '  readonly propertyName?: string',
    '}',
    'export interface Validator {',
    '  (data: unknown): boolean',
    '  readonly errors?: readonly SchemaError[] | null',
    '}',
    ...names.map((name) => `export declare const ${name}: Validator`),
    ''
  ].join('\n')
}
