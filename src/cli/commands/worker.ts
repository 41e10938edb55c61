import type { Command } from 'commander'
import { serveQueue } from '../../batch/postgres.js'
import type { Competency } from '../../competency/compile.js'
import { readDefinition } from '../definition-files.js'
import { asCouldNotRun } from '../failure.js'
import { helpEnd } from '../help.js'
import { issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import { queuePlace } from '../queue-place.js'
import type { Terminal } from '../terminal.js'

interface WorkerOptions {
  readonly definition: readonly string[]
  readonly language?: string
}

/** `komma worker` */
export function addWorker(parent: Command, terminal: Terminal): void {
  parent
    .command('worker')
    .summary('issue what waits in a queue')
    .description(
      'Issues what komma issue-many --queue puts into a queue on PostgreSQL, until it is stopped. Any number of workers ' +
        'may run. One that is killed loses nothing. Issues what --definition names and nothing else.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .requiredOption('--definition <file>', 'a competency definition, JSON; can be repeated', collect, [])
    .option('--language <tag>', 'one of the languages of the definitions (default: their first)')
    .addHelpText(
      'after',
      `\nThe address of the server stands in the environment variable KOMMA_QUEUE_URL.\n${helpEnd('komma worker academy --definition first-badge.definition.json', '0 stopped when asked to, 2 could not run or could not go on')}`
    )
    .action((folder: string, options: WorkerOptions) => asCouldNotRun(() => work(terminal, folder, options)))
}

async function work(terminal: Terminal, folder: string, { definition, language }: WorkerOptions): Promise<void> {
  const { stdout, stderr, now } = terminal
  const place = queuePlace(terminal)
  const settings = await readSettings(folder)
  const competencies: Competency[] = []
  for (const path of definition) competencies.push(await readDefinition(path, language))
  const keys = await openKeys(terminal, folder)
  const status = await openStatus(folder)
  try {
    const issuer = await issuerOf(settings, { keys, status, now })
    const stopping = new AbortController()
    void terminal.untilStopped().then(() => stopping.abort())
    printLines(stdout, 'Waiting for rows')
    await serveQueue({
      ...place,
      issuer,
      competencies,
      signal: stopping.signal,
      onRows: ({ issued, failed }) => printLines(stdout, `Issued ${issued}, failed ${failed}`),
      onWait: ({ error, milliseconds }) =>
        printLines(stderr, `${error.code}: ${error.message}; trying again in ${milliseconds / 1000} s`)
    })
  } finally {
    await status.close()
  }
}

function collect(one: string, before: readonly string[]): readonly string[] {
  return [...before, one]
}
