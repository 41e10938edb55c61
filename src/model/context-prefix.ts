import { canonicalJson } from '../encoding/canonical-json.js'
import type { JsonValue } from '../encoding/json-types.js'
import { listOf } from './read.js'

/**
 * Whether a `@context` starts with all entries of another one, in the same order (Data Integrity EdDSA Cryptosuites 1.0
 * section 3.3.2, step 4).
 */
export function startsWithContexts(context: JsonValue | undefined, start: JsonValue): boolean {
  const [entries, first] = [listOf(context), listOf(start)]
  return (
    first.length > 0 &&
    first.length <= entries.length &&
    first.every((entry, index) => canonicalJson(entry) === canonicalJson(entries[index]))
  )
}
