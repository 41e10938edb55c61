import { ResolutionError } from '../encoding/errors.js'

/**
 * Waits for a part that the caller brought along, and not for ever: one that hangs cannot hang a verification.
 *
 * @throws {ResolutionError} RESOLUTION_FAILED where it is late, and what the work throws
 */
export async function within<T>(seconds: number, work: () => T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `there was no answer within ${seconds} seconds`
    timer = setTimeout(() => reject(new ResolutionError({ code: 'RESOLUTION_FAILED', message })), seconds * 1000)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
