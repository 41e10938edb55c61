/**
 * Generates everything that follows from the schemas and from the context packages. No network; same input, same output.
 *
 *   node scripts/generate.mjs           writes the types (committed) and src/model/generated/ (not committed)
 *   node scripts/generate.mjs --check   writes nothing; exits 1 where the committed types differ from the schemas
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generateClasses } from './generate/classes.mjs'
import { generateContexts } from './generate/contexts.mjs'
import { generateSchemaData } from './generate/schema-data.mjs'
import { loadSchemas } from './generate/schemas.mjs'
import { generateTypes } from './generate/types.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const modelFolder = `${root}src/model/`
const generatedFolder = `${modelFolder}generated/`

const schemas = loadSchemas(`${root}schemas/`)
const types = await generateTypes(schemas)

if (process.argv.includes('--check')) {
  const stale = Object.entries(types).filter(([name, text]) => readIfPresent(modelFolder + name) !== text)
  for (const [name] of stale) console.error(`src/model/${name} does not follow from schemas/: run "npm run generate"`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  const generated = {
    ...generateSchemaData(schemas),
    ...generateClasses(schemas),
    ...(await generateContexts())
  }
  mkdirSync(generatedFolder, { recursive: true })
  for (const [name, text] of Object.entries(types)) writeIfChanged(modelFolder + name, text)
  for (const [name, text] of Object.entries(generated)) writeIfChanged(generatedFolder + name, text)
}

function readIfPresent(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function writeIfChanged(path, text) {
  if (readIfPresent(path) !== text) writeFileSync(path, text)
}
