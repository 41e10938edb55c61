import { isIP, type LookupFunction, type Socket } from 'node:net'
import { ResolutionError } from '../encoding/errors.js'
import type { AddressGuard } from './address-guard.js'

/** An IP address that a host name leads to. */
export interface FoundAddress {
  readonly address: string
  readonly family: 4 | 6
}

/**
 * The lookup of a connection: finds the addresses of a host once, refuses them all if one of them may not be connected
 * to, and hands exactly these on.
 */
export function createGuardedLookup(
  lookup: (host: string) => Promise<readonly FoundAddress[]>,
  guard: AddressGuard
): LookupFunction {
  return (host, options, callback) => {
    const done = (error: Error | null, found: FoundAddress[] = []) => {
      const [first] = found
      if (options.all) callback(error as NodeJS.ErrnoException | null, found)
      else callback(error as NodeJS.ErrnoException | null, first?.address ?? '', first?.family ?? 0)
    }
    findAddresses(lookup, host, guard).then(
      (found) => done(null, found),
      (error: unknown) => done(error instanceof Error ? error : new Error('the lookup failed', { cause: error }))
    )
  }
}

async function findAddresses(
  lookup: (host: string) => Promise<readonly FoundAddress[]>,
  host: string,
  guard: AddressGuard
): Promise<FoundAddress[]> {
  const found = (await lookup(host)).map(({ address }) => ({ address, family: isIP(address) as 4 | 6 }))
  if (found.length === 0) throw refused('the host name leads to no address', host, 'at least one address')
  const closed = found.find(({ address }) => !guard(address))
  if (closed !== undefined) throw notPublic(host, closed.address)
  return found
}

/** Ends a connection that leads elsewhere than it may: it says so itself, whatever came between the lookup and it. */
export function checkPeer(socket: Pick<Socket, 'remoteAddress' | 'destroy'>, host: string, guard: AddressGuard): void {
  const { remoteAddress = '' } = socket
  if (!guard(remoteAddress)) socket.destroy(notPublic(host, remoteAddress))
}

/**
 * The error for a host that leads where nothing may be sent. The address is told in the cause alone: a stranger who gets
 * to see the message could have names inside the network looked up for him.
 */
export function notPublic(host: string, address: string): ResolutionError {
  const message = 'the host leads to an address that is not of the public internet'
  return refused(message, host, 'global addresses', undefined, new Error(`the address is ${address}`))
}

/** The error for what this fetch does not do, or does not believe. */
export function refused(
  message: string,
  path: string,
  expected: string,
  got?: string,
  cause?: unknown
): ResolutionError {
  const fault = { code: 'RESOLUTION_FAILED', message, path: path.slice(0, 300), expected } as const
  return new ResolutionError(got === undefined ? fault : { ...fault, got: got.slice(0, 100) }, { cause })
}
