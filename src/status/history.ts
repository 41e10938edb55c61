import { compareInstants, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import type { StatusEvent, StatusPurpose } from './status-store.js'

/**
 * The event that gave an entry the status it has, or had at a time; undefined where it never had another than 0. Events
 * that changed nothing are passed over.
 *
 * The events count in their order in the store: where a clock was set back between two of them, the later one counts as
 * soon as its own time has come.
 *
 * @param events of one credential, oldest first
 * @example
 * ```ts
 * lastChange(await store.history(credentialId), 'suspension', new Date('2026-06-01T12:00:00Z'))?.to // 1: suspended
 * ```
 */
export function lastChange(events: readonly StatusEvent[], purpose: StatusPurpose, at?: Date): StatusEvent | undefined {
  const limit = at === undefined ? undefined : instantFromDate(at)
  return events
    .filter(
      (event) =>
        event.purpose === purpose &&
        event.from !== event.to &&
        (limit === undefined || compareInstants(parseDateTimeStamp(event.at), limit) <= 0)
    )
    .at(-1)
}
