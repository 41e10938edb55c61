/**
 * The two functions a kit needs of a test runner. Those of `vitest` and of `node:test` fit as they are, and any others
 * that take a name and a body.
 */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** A clause of a contract that a driver does not keep. Test runners show `expected` and `actual` side by side. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach'
  readonly expected: unknown
  readonly actual: unknown

  constructor(message: string, values: { readonly expected?: unknown; readonly actual?: unknown } = {}) {
    super(message)
    this.expected = values.expected
    this.actual = values.actual
  }
}

/** An error class and its code, as a contract names them. */
export interface ExpectedError {
  readonly type: abstract new (...args: never[]) => Error
  /** One of these. Any code of the class where it is left out. */
  readonly codes?: readonly string[]
}

/** @throws {ContractBreach} where it is not so */
export function expectThat(claim: string, holds: boolean, got?: unknown): void {
  if (!holds) throw new ContractBreach(got === undefined ? claim : `${claim}, but got ${show(got)}`)
}

/**
 * Compares two values by what is in them: numbers, texts, dates, bytes, lists and plain objects. A member that is
 * undefined counts as missing.
 *
 * @throws {ContractBreach} which names the first place that differs
 */
export function expectEqual(claim: string, actual: unknown, expected: unknown): void {
  const place = findDifference(actual, expected, '')
  if (place === undefined) return
  const where = place.path === '' ? '' : ` at ${place.path}`
  const message = `${claim}${where}: expected ${show(place.expected)}, got ${show(place.actual)}`
  throw new ContractBreach(message, { expected, actual })
}

/**
 * Runs a call that has to fail, and gives back its error.
 *
 * @throws {ContractBreach} where it is fulfilled, or fails in another way
 */
export async function expectRejection(
  claim: string,
  call: () => Promise<unknown>,
  { type, codes }: ExpectedError
): Promise<Error> {
  const wanted = `${type.name}${codes === undefined ? '' : ` ${codes.join(' or ')}`}`
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (error instanceof type && (codes === undefined || codes.includes(String(code)))) return error
    throw new ContractBreach(`${claim}: expected ${wanted}, got ${nameError(error)}`, {
      expected: wanted,
      actual: error
    })
  }
  throw new ContractBreach(`${claim}: expected ${wanted}, but it was fulfilled with ${show(answer)}`, {
    expected: wanted,
    actual: answer
  })
}

interface Difference {
  readonly path: string
  readonly actual: unknown
  readonly expected: unknown
}

function findDifference(actual: unknown, expected: unknown, path: string): Difference | undefined {
  const here = { path, actual, expected }
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    const same = actual.length === expected.length && actual.every((byte, index) => byte === expected[index])
    return same ? undefined : here
  }
  if (actual instanceof Date && expected instanceof Date) {
    return Object.is(actual.getTime(), expected.getTime()) ? undefined : here
  }
  if (!isTree(actual) || !isTree(expected)) return Object.is(actual, expected) ? undefined : here
  if (Array.isArray(actual) !== Array.isArray(expected)) return here
  if (Array.isArray(actual) && actual.length !== (expected as { length?: unknown }).length) return here
  for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const found = findDifference(memberOf(actual, name), memberOf(expected, name), `${path}/${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function isTree(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

function memberOf(tree: object, name: string): unknown {
  return Object.hasOwn(tree, name) ? (tree as Readonly<Record<string, unknown>>)[name] : undefined
}

function nameError(error: unknown): string {
  if (!(error instanceof Error)) return `something that is no error: ${show(error)}`
  const code = 'code' in error ? ` ${String(error.code)}` : ''
  return `${error.name}${code}: ${error.message.slice(0, 300)}`
}

function show(value: unknown): string {
  if (value instanceof Uint8Array)
    return `${value.length} bytes [${value.subarray(0, 8).join(' ')}${value.length > 8 ? ' …' : ''}]`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (value instanceof Error) return nameError(value)
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 300)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
