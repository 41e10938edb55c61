import type { FetchFunction } from '../did/web-request.js'
import type { ProgressBar } from './progress.js'

/** Where the command writes. */
export interface Output {
  readonly isTTY?: boolean | undefined
  /** `done` is called once the data was taken or could not be. */
  write(data: string | Uint8Array, done?: (error?: Error | null) => void): unknown
}

/** Everything the command has of the world besides files: `main.ts` passes the process, a test what it likes. */
export interface Terminal {
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Makes connections, where a person asked for the web. */
  readonly fetch: FetchFunction
  /** Asks for a password without showing it; undefined where the person gave up. Called only on a terminal. */
  readonly prompt: (message: string) => Promise<string | undefined>
  /** Fulfilled once a person or the system asks the command to stop. Called only by what runs until then. */
  readonly untilStopped: () => Promise<void>
  /** Shows a bar on standard error, for a person who watches. Called only on a terminal. */
  readonly progress: (most: number, message: string) => Promise<ProgressBar>
  /** The module that a thread of a batch runs; undefined where there is none. */
  readonly thread: URL | undefined
}
