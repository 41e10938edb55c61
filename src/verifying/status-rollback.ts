import type { Settings } from './options.js'
import { type Check, check } from './report.js'
import { isLater, type SeenStatusList } from './status-memory.js'
import { within } from './within.js'

/**
 * Whether a newer list than this one was seen before; undefined where it was not, or nobody remembers. A list from the
 * future is not remembered, because it would make every list until then look old; and nothing is where the caller asks
 * for the status at another time.
 */
export async function findRollback(
  { list, issuer, validFrom }: Omit<SeenStatusList, 'validFrom'> & { readonly validFrom: string | undefined },
  stale: Check | undefined,
  { statusMemory, statusSnapshot, resolverBounds }: Pick<Settings, 'statusMemory' | 'statusSnapshot' | 'resolverBounds'>
): Promise<Check | undefined> {
  if (statusMemory === undefined || statusSnapshot !== undefined || validFrom === undefined) return undefined
  if (stale?.code === 'STATUS_LIST_NOT_YET_VALID') return undefined
  try {
    // An answer of another type cannot be read as a time either.
    const latest = await within(resolverBounds.timeout, () => statusMemory.remember({ list, issuer, validFrom }))
    if (isLater(validFrom, latest)) return check('STATUS_MEMORY_FAILED')
    return isLater(latest, validFrom) ? check('STATUS_ROLLBACK', { asOf: validFrom, latest }) : undefined
  } catch {
    return check('STATUS_MEMORY_FAILED')
  }
}
