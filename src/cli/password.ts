import { KommaError } from '../encoding/errors.js'
import { UsageError } from './failure.js'
import type { Terminal } from './terminal.js'

/** Where the password may come from besides a person. */
export const PASSWORD_VARIABLE = 'KOMMA_PASSWORD'

/**
 * The password of a key file: from the environment, or asked for on a terminal. Nothing is ever read from a pipe.
 *
 * @throws {KommaError} PASSWORD_REQUIRED
 */
export async function askPassword(terminal: Terminal): Promise<string> {
  return terminal.env[PASSWORD_VARIABLE] ?? (await ask(terminal, 'Password of the key file'))
}

/**
 * The password for a key file that is about to be made, asked for twice.
 *
 * @throws {KommaError} PASSWORD_REQUIRED; {UsageError} PASSWORD_INVALID where the two differ
 */
export async function askNewPassword(terminal: Terminal): Promise<string> {
  const given = terminal.env[PASSWORD_VARIABLE]
  if (given !== undefined) return given
  const password = await ask(terminal, 'New password for the key file')
  if ((await ask(terminal, 'The same password again')) === password) return password
  throw new UsageError({ code: 'PASSWORD_INVALID', message: 'the two passwords are not the same' })
}

async function ask({ stdin, prompt }: Terminal, message: string): Promise<string> {
  const password = stdin.isTTY === true ? await prompt(message) : undefined
  if (password !== undefined) return password
  throw new KommaError({
    code: 'PASSWORD_REQUIRED',
    message: 'the password of the key file is needed',
    path: PASSWORD_VARIABLE,
    hint: `Run the command in a terminal, or set the environment variable ${PASSWORD_VARIABLE}`
  })
}
