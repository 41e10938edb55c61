/** Where the command writes. */
export interface Output {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** Everything the command has of the world besides files: `main.ts` passes the process, a test what it likes. */
export interface Terminal {
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Asks for a password without showing it; undefined where the person gave up. Called only on a terminal. */
  readonly prompt: (message: string) => Promise<string | undefined>
}
