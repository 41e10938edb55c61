import type { RowResult } from '../issuing/batch-result.js'

/** What became of the rows of a batch: `done` is `badges` and `repeats` and `failed` together. */
export interface Tally {
  add(result: RowResult<unknown>): void
  readonly done: number
  /** Different badges. */
  readonly badges: number
  /** Those of them that an earlier run had issued. */
  readonly before: number
  /** Rows whose badge another row of this run has already. */
  readonly repeats: number
  readonly failed: number
}

/** Counts rows. Equal rows are under way together, and any of them may be the one that makes the badge. */
export function createTally(): Tally {
  const wasThere = new Map<string, boolean>()
  let [done, before, failed] = [0, 0, 0]
  return {
    add({ issued }) {
      done += 1
      if (issued === undefined) {
        failed += 1
        return
      }
      const { id, repeated } = issued
      const known = wasThere.get(id)
      if (known === undefined && repeated) before += 1
      if (known === true && !repeated) before -= 1
      wasThere.set(id, repeated && known !== false)
    },
    get done() {
      return done
    },
    get badges() {
      return wasThere.size
    },
    get before() {
      return before
    },
    get repeats() {
      return done - failed - wasThere.size
    },
    get failed() {
      return failed
    }
  }
}
