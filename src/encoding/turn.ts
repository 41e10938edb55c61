/** Runs one piece of work after the other, whatever becomes of the earlier ones. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>

/** A turn of its own: work that is given while other work runs waits for it. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}
