import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

/** A fenced block of a page or of a doc comment. */
export interface Block {
  /** A file name without ending, unique among all blocks. */
  readonly name: string
  /** Where a person finds it. */
  readonly place: string
  readonly language: string
  readonly text: string
  /** The block that follows directly, where it is plain text: what this one prints. */
  readonly output?: string
}

/** What the package exports, by the name that is imported. */
export const ENTRIES: Readonly<Record<string, string>> = {
  komma: 'src/index.ts',
  'komma/verify': 'src/verify.ts',
  'komma/images': 'src/baking/images.ts',
  'komma/selective-disclosure': 'src/selective-disclosure.ts',
  'komma/http': 'src/http/vc-api.ts',
  'komma/http/publication': 'src/http/publication.ts',
  'komma/crypto/noble': 'src/crypto/noble-provider.ts',
  'komma/testing': 'src/testing/index.ts',
  'komma/words/da': 'src/model/words/da.ts',
  'komma/words/sv': 'src/model/words/sv.ts',
  'komma/keys/file': 'src/keys/file.ts',
  'komma/keys/aws-kms': 'src/keys/aws-kms.ts',
  'komma/keys/google-kms': 'src/keys/google-kms.ts',
  'komma/keys/azure-key-vault': 'src/keys/azure-key-vault.ts',
  'komma/keys/vault': 'src/keys/vault.ts',
  'komma/keys/pkcs11': 'src/keys/pkcs11.ts',
  'komma/keys/webcrypto': 'src/keys/webcrypto.ts',
  'komma/status/sqlite': 'src/status/sqlite.ts',
  'komma/status/postgres': 'src/status/postgres.ts',
  'komma/batch/files': 'src/batch/files.ts',
  'komma/batch/postgres': 'src/batch/postgres.ts',
  'komma/batch/threads': 'src/batch/threads.ts',
  'komma/publish/folder': 'src/publishing/folder-sink.ts',
  'komma/resolve/folder': 'src/did/folder-resolver.ts',
  'komma/resolve/web-node': 'src/did/node-fetch.ts'
}

/** The pages whose blocks have to run. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md') && name !== 'results.md')
    .map((name) => `docs/${name}`)
].filter((path) => existsSync(path))

const FENCE = /^ {0,3}```(\w*)[^\n]*\n(.*?)^ {0,3}```[ \t]*$/gms

/** The fenced blocks of a Markdown text. */
export function blocksOf(markdown: string, place: string, firstLine = 1): Block[] {
  const found = [...markdown.matchAll(FENCE)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: firstLine + markdown.slice(0, match.index).split('\n').length - 1,
    gap: markdown.slice(match.index + match[0].length)
  }))
  return found.map(({ language, text, line, gap }, index) => {
    const next = found[index + 1]
    const follows = next?.language === 'text' && /^\s*```text/.test(gap)
    return {
      name: `${place}-${line}`.replace(/[^A-Za-z0-9]+/g, '-'),
      place: `${place}:${line}`,
      language,
      text,
      ...(follows ? { output: next.text } : {})
    }
  })
}

export function pageBlocks(): Block[] {
  return PAGES.flatMap((path) => blocksOf(readFileSync(path, 'utf8'), path))
}

/** A name that the package exports. */
export interface PublicName {
  readonly entry: string
  readonly name: string
  readonly kind: 'function' | 'class' | 'value' | 'type'
  /** The text of its doc comment, empty where it has none. */
  readonly doc: string
  readonly examples: readonly Block[]
}

/** Everything the package exports, with its doc comments. */
export function publicNames(): PublicName[] {
  const files = Object.values(ENTRIES).map((path) => resolve(path))
  const program = ts.createProgram(files, compilerOptions())
  const checker = program.getTypeChecker()
  return Object.entries(ENTRIES).flatMap(([entry, path]) => {
    const source = program.getSourceFile(resolve(path))
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${path} exports nothing`)
    return checker.getExportsOfModule(module).map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      return { entry, name: symbol.name, kind: kindOf(target), ...docOf(target) }
    })
  })
}

/** The options of the project, with the names that examples import. */
export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, resolve('.'))
  const paths = Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, [resolve(path)]]))
  return { ...options, paths, noEmit: true, typeRoots: [resolve('node_modules/@types')] }
}

function kindOf({ flags }: ts.Symbol): PublicName['kind'] {
  if (flags & ts.SymbolFlags.Function) return 'function'
  if (flags & ts.SymbolFlags.Class) return 'class'
  return flags & ts.SymbolFlags.Value ? 'value' : 'type'
}

function docOf(symbol: ts.Symbol): { doc: string; examples: Block[] } {
  for (const declaration of symbol.declarations ?? []) {
    // The comment of a constant belongs to its statement.
    const owner = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
    const comment = ts.getJSDocCommentsAndTags(owner).find((node) => ts.isJSDoc(node))
    if (comment === undefined) continue
    const source = declaration.getSourceFile()
    const raw = comment.getText()
    const line = source.getLineAndCharacterOfPosition(comment.getStart()).line + 1
    const place = source.fileName.slice(resolve('.').length + 1)
    const text = raw
      .replace(/^\/\*\*/, '   ')
      .replace(/\*\/$/, '')
      .replace(/^[ \t]*\* ?/gm, '')
    return { doc: text.trim(), examples: blocksOf(text, place, line).filter(({ language }) => language === 'ts') }
  }
  return { doc: '', examples: [] }
}
