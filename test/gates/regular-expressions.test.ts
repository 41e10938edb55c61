import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { analyse } from 'scslre'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { portableJsonLd } from '../../scripts/portable-jsonld.mjs'

/** Patterns of libraries that could take more than linear time, by how they start, and why nobody can make them do so. */
const BOUNDED: Readonly<Record<string, string>> = {
  '/^(([a-zA-Z][a-zA-Z0-9+-.]*):)?(?:': 'jsonld reads addresses with it where there is a base, and there is none',
  '/(\\d)0*e': 'jsonld writes numbers with it, of 22 characters at most'
}
const isBounded = (literal: string) => Object.keys(BOUNDED).some((start) => literal.startsWith(start))

/** The patterns that a text of JavaScript or TypeScript writes down, and those it puts together. */
function patternsIn(text: string, name: string) {
  const tree = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)
  const literals: string[] = []
  const built: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node.text)
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp')
      built.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return { literals, built }
}

/** The ways in which a pattern can take more than linear time; none where there is none. */
function slowness(literal: string): string[] {
  const end = literal.lastIndexOf('/')
  const [source, flags] = [literal.slice(1, end), literal.slice(end + 1)]
  return analyse({ source, flags }).reports.map(
    ({ type, exponential }) => `${type}${exponential ? ', exponential' : ''}`
  )
}

const slow = (literals: readonly string[]) => [...new Set(literals)].filter((literal) => slowness(literal).length > 0)

function patternsOfSchema(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsOfSchema)
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([name, value]) =>
    name === 'pattern' && typeof value === 'string' ? [`/${value}/u`] : patternsOfSchema(value)
  )
}

async function bundleOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    plugins: [portableJsonLd]
  })
  return outputFiles[0]?.text ?? ''
}

describe('regular expressions', () => {
  it('193: of the package take linear time, whatever text they meet', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const found = files.map((name) => patternsIn(readFileSync(`src/${name}`, 'utf8'), name))
    const literals = found.flatMap((one) => one.literals)
    expect(literals.length).toBeGreaterThan(100)
    expect(slow(literals)).toEqual([])
    expect(found.flatMap((one) => one.built)).toEqual(["new RegExp(pattern, 'u')"])
  })

  it('193: of the schemas take linear time, which are all that is ever put together', () => {
    const files = readdirSync('schemas').filter((name) => name.endsWith('.json'))
    const literals = files.flatMap((name) => patternsOfSchema(JSON.parse(readFileSync(`schemas/${name}`, 'utf8'))))
    expect(literals.length).toBeGreaterThan(10)
    expect(slow(literals)).toEqual([])
  })

  it('193: of everything that a verifier carries, libraries included, do too, or meet nothing but short texts', async () => {
    const { literals } = patternsIn(await bundleOf('src/verify.ts'), 'bundle.js')
    expect(slow(literals).filter((literal) => !isBounded(literal))).toEqual([])
    expect(slow(literals)).toHaveLength(Object.keys(BOUNDED).length)
  })

  it('that take longer are found', () => {
    expect(slowness('/^(a+)+$/')).toEqual(expect.arrayContaining([expect.stringContaining('exponential')]))
    expect(slowness('/a+$/')).not.toEqual([])
    expect(slowness('/a*a*$/')).not.toEqual([])
    expect(slowness('/^a+$/')).toEqual([])
    expect(patternsIn("const a = /b/u, c = new RegExp('d'), e = RegExp(f)", 'x.ts')).toEqual({
      literals: ['/b/u'],
      built: ["new RegExp('d')", 'RegExp(f)']
    })
  })
})
