import { OptionError, StatusError } from '../encoding/errors.js'
import { parseStatusSize } from '../status/bitstring.js'
import type { StatusPurpose } from '../status/status-store.js'

/** A text for a value of a message. Source: Bitstring Status List v1.0 §2.1. */
export interface StatusMessage {
  /** The value, as `0x` and hexadecimal digits. */
  readonly status: string
  readonly message: string
}

/** A status entry that each credential of an issuer gets. */
export type StatusEntryOption =
  | { readonly purpose: 'revocation' | 'suspension' | 'refresh' }
  | {
      readonly purpose: 'message'
      /** Bits of each status, 1 to 8. Default 1. */
      readonly statusSize?: number
      /** What each value means, for every value that fits. May be left out where the size is 1. */
      readonly statusMessage?: readonly StatusMessage[]
    }

/** A status entry with everything that was left out. */
export interface SettledEntry {
  readonly purpose: StatusPurpose
  readonly statusSize: number
  readonly statusMessage: readonly StatusMessage[] | undefined
}

const PURPOSES: readonly StatusPurpose[] = ['revocation', 'suspension', 'refresh', 'message']
const MEMBERS = ['purpose', 'statusSize', 'statusMessage']
/** Every credential carries a text for each value. */
const LONGEST_STATUS = 8

/**
 * Reads the option `statusEntries`.
 *
 * @throws {OptionError} OPTION_INVALID; OB_SINGLE_STATUS for a second entry unless `several` was asked for
 */
export function settleStatusEntries(
  entries: readonly StatusEntryOption[] | undefined,
  several: boolean | undefined
): readonly SettledEntry[] {
  const given: unknown = entries ?? [{ purpose: 'revocation' }]
  if (several !== undefined && typeof several !== 'boolean') throw invalid('severalStatusEntries', 'true or false')
  if (!Array.isArray(given) || given.length === 0) throw invalid('statusEntries', 'a list with at least one entry')
  const settled = given.map((entry: unknown, n) => settle(entry, `statusEntries/${n}`))
  const purposes = new Set(settled.map(({ purpose }) => purpose))
  if (purposes.size < settled.length) throw invalid('statusEntries', 'one entry of each purpose')
  if (settled.length > 1 && several !== true) {
    throw new OptionError({
      code: 'OB_SINGLE_STATUS',
      message: 'Open Badges 3.0 allows one credentialStatus',
      path: 'statusEntries',
      expected: 'one entry',
      got: `${settled.length} entries`,
      hint: 'Validators refuse a badge with several. Where nobody uses one, set severalStatusEntries'
    })
  }
  return settled
}

function settle(entry: unknown, path: string): SettledEntry {
  if (typeof entry !== 'object' || entry === null) throw invalid(path, 'an object with a purpose')
  const given = entry as Readonly<Record<string, unknown>>
  const { statusSize, statusMessage } = given
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) throw invalid(`${path}/${unknown}`, MEMBERS.join(', '))
  const purpose = PURPOSES.find((one) => one === given['purpose'])
  if (purpose === undefined) throw invalid(`${path}/purpose`, PURPOSES.join(', '))
  if (purpose !== 'message') {
    if (statusSize !== undefined || statusMessage !== undefined) throw invalid(path, 'a purpose alone')
    return { purpose, statusSize: 1, statusMessage: undefined }
  }
  const size = sizeOf(statusSize, statusMessage, path)
  if (size > LONGEST_STATUS) throw invalid(`${path}/statusSize`, `at most ${LONGEST_STATUS} bits`)
  // What passed has the form of its class.
  const messages = statusMessage as readonly StatusMessage[] | undefined
  return {
    purpose,
    statusSize: size,
    statusMessage: messages?.map(({ status, message }) => ({ status, message }))
  }
}

function sizeOf(statusSize: unknown, statusMessage: unknown, path: string): number {
  try {
    return parseStatusSize(statusSize, statusMessage)
  } catch (cause) {
    if (!(cause instanceof StatusError)) throw cause
    const faults = cause.faults.map(({ message, expected, got, path: place = '' }) => ({
      code: 'OPTION_INVALID' as const,
      message,
      path: `${path}${place}`,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got })
    }))
    throw new OptionError(faults, { cause })
  }
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
