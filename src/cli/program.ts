import { Command, CommanderError } from 'commander'
import { version } from '../encoding/version.js'
import { addBundle } from './commands/bundle.js'
import { addChangesOfStatus } from './commands/change-status.js'
import { addCheck } from './commands/check.js'
import { addIssue } from './commands/issue.js'
import { addIssueMany } from './commands/issue-many.js'
import { addIssuerInit } from './commands/issuer-init.js'
import { addKey } from './commands/key.js'
import { addList } from './commands/list.js'
import { addPublish } from './commands/publish.js'
import { addReconcile } from './commands/reconcile.js'
import { addServe } from './commands/serve.js'
import { addVerify } from './commands/verify.js'
import { addWorker } from './commands/worker.js'
import { exitCodeOf } from './failure.js'
import { describeOption, EXIT_CODES_OF_ALL, helpEnd } from './help.js'
import { printError, printLines } from './print.js'
import type { Terminal } from './terminal.js'

/**
 * Runs the command `komma` and answers with its exit code: 0 done or accepted, 1 refused or not accepted, 2 could not
 * run. Reads and writes files itself; everything else it has from the terminal.
 *
 * @param argv the arguments after the name of the command
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const program = createProgram(terminal)
  addIssuerInit(program.command('issuer').description('Makes issuers.').summary('make issuers'), terminal)
  addCheck(program, terminal)
  const exitWith = (code: 0 | 1) => {
    exitCode = code
  }
  addIssue(program, terminal)
  addIssueMany(program, terminal, exitWith)
  addList(program, terminal)
  addChangesOfStatus(program, terminal)
  addPublish(program, terminal)
  addReconcile(program, terminal)
  addKey(program, terminal)
  addVerify(program, terminal, exitWith)
  addBundle(program, terminal, exitWith)
  addServe(program, terminal)
  addWorker(program, terminal)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // The parser has written its message already. It leaves with 1 for wrong usage, which means "refused" here.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    printError(terminal, error, program.opts()['debug'] === true)
    return exitCodeOf(error)
  }
}

function createProgram({ stdout, stderr }: Terminal): Command {
  return new Command('komma')
    .description('Turns a competency definition into a signed Open Badges 3.0 badge, and verifies badges.')
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', helpEnd('komma verify badge.png --offline-bundle public', EXIT_CODES_OF_ALL))
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text) => {
        const [first = '', ...rest] = text.trim().split('\n')
        const message = first.replace(/^error: /, '')
        printLines(stderr, `komma: OPTION_INVALID: ${message}`, ...rest, '  hint: Add --help to see how it is used')
      }
    })
}
