import type { TermForms } from '../../canonical/term-forms.js'
import { type Fault, InputError } from '../../encoding/errors.js'
import { findPointerFaults, parsePointer, valueAt } from '../../encoding/json-pointer.js'
import type { JsonObject } from '../../encoding/json-types.js'
import { type Selection, selectionOf } from './selection.js'

/**
 * What pointers select of a document.
 *
 * @param path where the pointers stand, for errors
 * @throws {InputError} POINTER_INVALID with every pointer that is malformed, points at nothing, or into an ordered list
 */
export function selectPointers(
  pointers: readonly string[],
  document: JsonObject,
  { ordered }: TermForms,
  path: string
): Selection {
  const faults = [
    ...findPointerFaults(pointers, document, path),
    ...findOrderedFaults(pointers, document, ordered, path)
  ]
  if (faults.length > 0) throw new InputError(faults)
  return selectionOf(pointers.map((pointer) => parsePointer(pointer) as readonly string[]))
}

/** The order of a list is signed with its entries, so an entry alone would not be what was signed. */
function findOrderedFaults(
  pointers: readonly string[],
  document: JsonObject,
  ordered: ReadonlySet<string>,
  path: string
): readonly Fault[] {
  return pointers.flatMap((pointer, index) => {
    const tokens = parsePointer(pointer) ?? []
    const end = tokens.findIndex((token, at) => at < tokens.length - 1 && ordered.has(token)) + 1
    if (end === 0 || !Array.isArray(valueAt(document, tokens.slice(0, end)))) return []
    return [
      {
        code: 'POINTER_INVALID' as const,
        message: 'the JSON Pointer points into an ordered list, which is shown whole or not at all',
        path: `${path}/${index}`,
        expected: JSON.stringify(
          pointer
            .split('/')
            .slice(0, end + 1)
            .join('/')
        ),
        got: JSON.stringify(pointer.slice(0, 200))
      }
    ]
  })
}
