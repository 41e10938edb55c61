import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** What src/canonical uses of the inner modules of jsonld. */
const ENTRIES = {
  'ContextResolver.js': [],
  'context.js': ['getInitialContext'],
  'events.js': ['safeEventHandler'],
  'expand.js': ['expand'],
  'toRdf.js': ['toRDF']
}

/** Functions inside of others that serve compaction and the reading of N-Quads. */
const OTHER_USES = ['getInverse', 'parse']

/**
 * Takes out of the modules of jsonld and rdf-canonize what the package has no use for: functions of their `api` objects
 * that nothing in use names, what serves other algorithms, and the sentences of errors and events, whose codes are what
 * src/canonical/json-ld.ts reads. A bundler cannot do this by itself, because the modules are CommonJS.
 *
 * @param {string} folder lib of jsonld
 * @returns {(path: string) => string} the text of a module of either package
 */
export function createSlimmer(folder) {
  const modules = modulesInUse(folder)
  const names = namesInUse(modules)
  return (path) => slim(modules.get(path) ?? parse(path), names)
}

function modulesInUse(folder) {
  const paths = new Set(Object.keys(ENTRIES).map((file) => join(folder, file)))
  const modules = new Map()
  for (const path of paths) {
    const module = parse(path)
    modules.set(path, module)
    for (const [, file] of module.text.matchAll(/require\('(\.\/\w+)'\)/g)) paths.add(join(dirname(path), `${file}.js`))
  }
  return modules
}

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
}

/** Every name in a statement that stays; the statements of functions that are named so stay too. */
function namesInUse(modules) {
  const names = new Set(Object.values(ENTRIES).flat())
  const functions = []
  for (const { statements } of modules.values()) {
    for (const statement of statements) {
      if (apiMember(statement) === undefined) addNames(statement, names)
      else functions.push(statement)
    }
  }
  for (let left = functions; left.length > 0; ) {
    const used = left.filter((statement) => names.has(apiMember(statement)))
    if (used.length === 0) break
    for (const { expression } of used) addNames(expression.right, names)
    left = left.filter((statement) => !used.includes(statement))
  }
  return names
}

function addNames(node, names) {
  if (ts.isIdentifier(node)) names.add(node.text)
  ts.forEachChild(node, (child) => addNames(child, names))
}

/** The name in `api.name = …` */
function apiMember(node) {
  if (!ts.isExpressionStatement(node) || !ts.isBinaryExpression(node.expression)) return undefined
  const { left } = node.expression
  return ts.isPropertyAccessExpression(left) && left.expression.getText() === 'api' ? left.name.text : undefined
}

function slim(module, names) {
  const cuts = []
  const visit = (node) => {
    const cut = cutFor(node, names)
    if (cut === undefined) ts.forEachChild(node, visit)
    else cuts.push(cut)
  }
  visit(module)
  return cuts.reduceRight((text, [node, by]) => text.slice(0, node.getStart()) + by + text.slice(node.end), module.text)
}

function cutFor(node, names) {
  const member = apiMember(node)
  if (member !== undefined && !names.has(member)) return [node, '']
  if (ts.isMethodDeclaration(node) && OTHER_USES.includes(node.name.text)) return [node, '']
  if (ts.isPropertyAssignment(node)) {
    if (OTHER_USES.includes(node.name.text)) return [node.initializer, 'undefined']
    if (isSentenceOfEvent(node)) return [node.initializer, "''"]
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'JsonLdError') return [node.arguments[0], "''"]
  return undefined
}

function isSentenceOfEvent({ name, parent }) {
  return name.text === 'message' && parent.properties.some((one) => one.name?.text === 'level')
}
