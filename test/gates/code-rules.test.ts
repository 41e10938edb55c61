import { describe, expect, it } from 'vitest'
import { inspectCode } from '../../scripts/gates/code-rules.mjs'

const rules = (text: string) => inspectCode(text).map(({ rule }) => rule)

describe('the search for forbidden code', () => {
  it.each([
    "eval('1')",
    "(0, eval)('1')",
    "globalThis.eval('1')",
    'const run = eval',
    "new Function('return 1')",
    "Function('return 1')()",
    "window.Function('return 1')",
    'const make = Function',
    "(() => {}).constructor.constructor('return 1')",
    "setTimeout('alert(1)', 1)"
  ])('finds code generation in %s', (text) => {
    expect(rules(text)).toContain('code-generation')
  })

  it.each([
    "const text = 'eval(1) and new Function()'",
    '// eval(1)\nconst a = 1',
    'isFunction(1); a.eval(1); a.Function(1)',
    'const a = b instanceof Function',
    'Function.prototype.call.bind(a)',
    'const a = { eval: 1, Function() {} }',
    'setTimeout(() => {}, 1)',
    'Object.getPrototypeOf(a).constructor(1)'
  ])('raises no alarm for %s', (text) => {
    expect(rules(text)).toEqual([])
  })

  it('tells await at the top from await in a function', () => {
    expect(rules('await a')).toEqual(['top-level-await'])
    expect(rules('for await (const a of b) c()')).toEqual(['top-level-await'])
    expect(rules('async function a() { await b }; const c = async () => { for await (const d of e) f() }')).toEqual([])
  })

  it('finds what only Node has', () => {
    expect(rules("import 'node:fs'")).toEqual(['node-scheme'])
    expect(rules("import('node:sqlite')")).toEqual(['node-scheme'])
    expect(rules("globalThis.process.getBuiltinModule('fs')")).toEqual(['node-scheme'])
    expect(rules('process.env.A')).toEqual(['node-global'])
    expect(rules('Buffer.from(a)')).toEqual(['node-global'])
    expect(rules('new URL(a, import.meta.url)')).toEqual(['import-meta'])
    expect(rules('a.process(b); const c = { Buffer: 1 }; const process = 1; if (process) process.run()')).toEqual([])
  })
})
