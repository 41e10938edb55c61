/**
 * Makes a step of a verification, or says what is open where the step throws: a fault of ours or of a dependency never
 * lets a badge through, and never leaves the caller without a report.
 */
export async function guard<T>(work: () => Promise<T>, open: () => T): Promise<T> {
  try {
    return await work()
  } catch {
    return open()
  }
}
