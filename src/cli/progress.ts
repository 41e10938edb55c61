/** Shows a person how far something is. */
export interface ProgressBar {
  /** So many more are done. */
  advance(by: number, message: string): void
  /** Leaves the last state on the screen. */
  stop(message: string): void
}
