import ts from 'typescript'

/** Objects whose members are the globals themselves. */
const GLOBAL_OBJECTS = new Set(['globalThis', 'window', 'self', 'global'])
const NODE_GLOBALS = new Set(['Buffer', '__dirname', '__filename'])
/** `process` is a common name, so only what Node's has is looked for. */
const PROCESS_MEMBERS = new Set([
  'argv',
  'cwd',
  'env',
  'exit',
  'nextTick',
  'platform',
  'stderr',
  'stdout',
  'version',
  'versions'
])

/**
 * What a JavaScript text does that this package promises not to do. The text is parsed, so that strings, comments and
 * names such as isFunction( raise no alarm.
 *
 * @param {string} text
 * @returns {{ rule: 'code-generation' | 'top-level-await' | 'node-scheme' | 'node-global' | 'import-meta', line: number, text: string }[]}
 */
export function inspectCode(text) {
  const source = ts.createSourceFile('code.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS)
  const found = []
  const add = (rule, node) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    found.push({ rule, line, text: node.parent.getText().slice(0, 80).replaceAll('\n', ' ') })
  }
  const visit = (node, inFunction) => {
    if (generatesCode(node)) add('code-generation', node)
    if (!inFunction && awaits(node)) add('top-level-await', node)
    if (namesNodeModule(node)) add('node-scheme', node)
    if (readsNodeGlobal(node)) add('node-global', node)
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) add('import-meta', node)
    const inside = inFunction || ts.isFunctionLike(node)
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(source, false)
  return found
}

/** `eval` and `Function` as values, timers with a text, and the way to Function over `constructor.constructor`. */
function generatesCode(node) {
  if (isReferenceTo(node, 'eval')) return true
  if (isReferenceTo(node, 'Function')) return !isHarmlessFunction(node)
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'constructor') {
    return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'constructor'
  }
  if (!ts.isCallExpression(node)) return false
  const [first] = node.arguments
  const timer = ts.isIdentifier(node.expression) && /^set(Timeout|Interval)$/.test(node.expression.text)
  return timer && first !== undefined && ts.isStringLiteralLike(first)
}

function isHarmlessFunction(node) {
  const { parent } = node
  if (ts.isBinaryExpression(parent)) {
    return parent.right === node && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword
  }
  return ts.isPropertyAccessExpression(parent) && parent.expression === node && parent.name.text === 'prototype'
}

function awaits(node) {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)
}

function namesNodeModule(node) {
  if (ts.isStringLiteralLike(node)) return /^node:[a-z]/.test(node.text)
  return ts.isIdentifier(node) && node.text === 'getBuiltinModule'
}

function readsNodeGlobal(node) {
  if (!ts.isIdentifier(node)) return false
  if (NODE_GLOBALS.has(node.text)) return isReferenceTo(node, node.text)
  const { parent } = node
  const accessed =
    ts.isPropertyAccessExpression(parent) && parent.expression === node && PROCESS_MEMBERS.has(parent.name.text)
  return accessed && isReferenceTo(node, 'process')
}

/** True for the bare name and for the name as a member of a global object; not for members, keys and declarations. */
function isReferenceTo(node, name) {
  if (!ts.isIdentifier(node) || node.text !== name) return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && GLOBAL_OBJECTS.has(parent.expression.text)
  }
  const named = ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)
  if (named && parent.name === node) return false
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent)) return false
  return !(ts.isVariableDeclaration(parent) || ts.isParameter(parent)) || parent.name !== node
}
