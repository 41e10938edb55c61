import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type AwardRow, awardOfRow } from '../../batch/award-row.js'
import { linesOf } from '../../batch/badge-lines.js'
import { type FailedRows, openFailedRows } from '../../batch/failed-rows.js'
import { issueManyOverPostgres, type QueuePlace } from '../../batch/postgres.js'
import { issueManyOnThreads } from '../../batch/threads.js'
import type { Competency } from '../../competency/compile.js'
import { describeFault, KommaError } from '../../encoding/errors.js'
import { inOrder } from '../../encoding/in-order.js'
import type { IssueManyOptions as LibraryOptions } from '../../issuing/batch-options.js'
import type { BatchWait, RowResult } from '../../issuing/batch-result.js'
import type { Issuer } from '../../issuing/issuer.js'
import type { StatusStore } from '../../status/status-store.js'
import { type BadgeCarrier, type CarrierOptions, FILE_FORMATS, openCarrier } from '../badge-carrier.js'
import { STDOUT } from '../badge-target.js'
import { type AwardFile, type BatchTarget, openAwards, openBatchTarget } from '../batch-files.js'
import { readDefinition } from '../definition-files.js'
import { asCouldNotRun, UsageError } from '../failure.js'
import { helpEnd } from '../help.js'
import { issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { isSame, refusePlace } from '../out-place.js'
import { askPassword, PASSWORD_VARIABLE } from '../password.js'
import { printableJson, printLines } from '../print.js'
import type { ProgressBar } from '../progress.js'
import { queuePlace } from '../queue-place.js'
import { createTally, type Tally } from '../tally.js'
import type { Terminal } from '../terminal.js'
import type { ThreadData } from '../thread.js'

interface IssueManyOptions extends CarrierOptions {
  readonly definition: string
  readonly awards: string
  readonly batch: string
  readonly out: string
  readonly failed?: string
  readonly column: readonly string[]
  readonly stopAfter?: string
  readonly threads?: string
  readonly queue?: true
  readonly language?: string
  readonly json?: true
}

/** How many badges are written to the disk at once. */
const WRITTEN_AT_ONCE = 16
/** How many rows that failed are shown; the file of failed rows has all of them. */
const SHOWN = 10
const WORTH_THREADS = 2_000

/** `komma issue-many` */
export function addIssueMany(parent: Command, terminal: Terminal, exitWith: (code: 1) => void): void {
  parent
    .command('issue-many')
    .summary('award a competency to everybody in a file')
    .description(
      'Awards a competency to everybody in a CSV file or a file of JSON lines, and writes a badge for each. A row that ' +
        'cannot be issued stops nothing: it is written to a file that can be mended and passed again. After a crash, or ' +
        'any other end, the same command goes on where it was, and makes one badge for each row.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .requiredOption('--definition <file>', 'the competency definition, JSON')
    .requiredOption('--awards <file>', 'who gets it: .csv or .jsonl, or - for JSON lines from standard input')
    .requiredOption('--batch <name>', 'names the batch for ever; the same name and row is the same badge')
    .requiredOption('--out <place>', 'a folder for one file each, a .jsonl file, or - for standard output')
    .addOption(new Option('--format <format>', 'how to write the badges').choices(FILE_FORMATS).default('json'))
    .option('--column <name=member>', 'what a column of the CSV file stands for; can be repeated', collect, [])
    .option('--failed <file>', 'where rows go that cannot be issued (default: beside the badges)')
    .option('--stop-after <n>', 'stop once so many rows failed (default: never)')
    .option('--threads <n>', 'how many threads issue (default: as many as cores, for 2,000 rows and more; else 1)')
    .option('--queue', 'let workers issue (komma worker), over the server that KOMMA_QUEUE_URL names')
    .option('--image <file>', 'PNG or SVG image to bake the badges into (default: a plain one)')
    .option('--jwt', 'with png or svg: secure the badges as JWT')
    .option('--language <tag>', 'one of the languages of the definition (default: its first)')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      helpEnd(
        'komma issue-many academy --definition first-badge.definition.json --awards spring.csv --batch spring-2026 --out badges',
        '0 every row is a badge, 1 all rows are done and some failed, 2 could not run or could not go on'
      )
    )
    .action(async (folder: string, options: IssueManyOptions) => {
      if ((await asCouldNotRun(() => issueMany(terminal, folder, options))).failed > 0) exitWith(1)
    })
}

async function issueMany(terminal: Terminal, folder: string, options: IssueManyOptions): Promise<Tally> {
  const settings = await readSettings(folder)
  const stopAfter = readCount('--stop-after', options.stopAfter)
  const threads = readCount('--threads', options.threads)
  const queue = options.queue === true ? queuePlace(terminal) : undefined
  await checkPlaces(folder, options)
  const competency = await readDefinition(options.definition, options.language)
  const carrier = await openCarrier(options)
  const awards = await openAwards(terminal, options.awards, options.column)
  const password = await askPassword(terminal)
  const keys = await openKeys({ ...terminal, env: { ...terminal.env, [PASSWORD_VARIABLE]: password } }, folder)
  const status = await openStatus(folder)
  try {
    const issuer = await issuerOf(settings, { keys, status, now: terminal.now })
    const crew = { count: threads ?? threadsFor(awards.total), data: { folder, password } satisfies ThreadData }
    const { format, batch } = options
    const target = await openBatchTarget(terminal, options.out, carrier, { format, kind: awards.kind, batch })
    try {
      await refuseOtherIssuer(status, target)
      const places = { target, failed: await openFailed(folder, options, target) }
      return await runBatch(
        terminal,
        { issuer, competency, carrier, awards, crew, queue, stopAfter, ...places },
        options
      )
    } finally {
      await target.discard()
    }
  } finally {
    await status.close()
  }
}

interface FailedFile {
  readonly path: string
  readonly rows: FailedRows
  /** The rows are read from the file that those that fail again will replace. */
  readonly isRead: boolean
}

interface Batch {
  readonly issuer: Issuer
  readonly competency: Competency
  readonly carrier: BadgeCarrier
  readonly awards: AwardFile
  readonly target: BatchTarget
  readonly failed: FailedFile | undefined
  readonly stopAfter: number | undefined
  readonly queue: QueuePlace | undefined
  readonly crew: { readonly count: number; readonly data: ThreadData }
}

async function runBatch(terminal: Terminal, batch: Batch, options: IssueManyOptions): Promise<Tally> {
  const { awards, target, failed } = batch
  const { stderr } = terminal
  const stopping = new AbortController()
  void terminal.untilStopped().then(() => stopping.abort(interrupted()))
  const bar = stderr.isTTY === true ? await terminal.progress(awards.total ?? 0, 'Issuing') : undefined
  const tally = createTally()
  try {
    const results = startBatch(terminal, batch, {
      batch: options.batch,
      format: batch.carrier.secured,
      award: awardOfRow,
      signal: stopping.signal,
      onWait: (wait) => tellWait(terminal, bar, wait),
      ...(batch.stopAfter === undefined ? {} : { stopAfter: batch.stopAfter })
    })
    const place = async (result: RowResult<AwardRow>) =>
      result.issued === undefined ? { result, line: undefined } : { result, line: await target.place(result) }
    for await (const { result, line } of inOrder(results, place, { inFlight: WRITTEN_AT_ONCE })) {
      tally.add(result)
      if (line !== undefined) await target.note(line)
      if (result.error !== undefined) {
        await failed?.rows.add(result.given, result.error)
        if (tally.failed <= SHOWN && bar === undefined) printLines(stderr, sentence(result.given, result.error))
      }
      bar?.advance(1, `${tally.done} of ${awards.total ?? '?'} rows, ${tally.failed} failed`)
    }
    await target.finish()
    await failed?.rows.finish()
    bar?.stop(`${tally.done} rows`)
  } catch (error) {
    bar?.stop(`Stopped after ${tally.done} rows`)
    // Rows that were not reached stand in no other file than this one.
    if (failed?.isRead === true || tally.failed === 0) await failed?.rows.discard()
    else await failed?.rows.finish()
    throw afterStop(error)
  }
  tell(terminal, batch, options, tally)
  return tally
}

function startBatch(
  { thread }: Terminal,
  { issuer, competency, awards, crew, queue }: Batch,
  options: LibraryOptions<AwardRow>
): AsyncIterable<RowResult<AwardRow>> {
  if (queue !== undefined)
    return issueManyOverPostgres(competency, awards.read(), { ...options, ...queue, issuer: issuer.id })
  if (thread === undefined || crew.count === 1) return issuer.issueMany(competency, awards.read(), options)
  return issueManyOnThreads(competency, awards.read(), { ...options, thread, threads: crew.count, data: crew.data })
}

/** A thread takes half a second to start. */
function threadsFor(total: number | undefined): number {
  return (total ?? 0) < WORTH_THREADS ? 1 : availableParallelism()
}

/** What was issued before the end is recorded: the same command hands it out again. */
function afterStop(error: unknown): unknown {
  if (!(error instanceof KommaError) || error.code === 'BATCH_STOPPED') return error
  const hint = 'What was issued is recorded: mend this, and run the same command again'
  return new KommaError(
    error.faults.map((fault) => ({ ...fault, hint: fault.hint === undefined ? hint : `${fault.hint}. ${hint}` })),
    { cause: error, retryable: error.retryable }
  )
}

function interrupted(): KommaError {
  return new KommaError({
    code: 'BATCH_STOPPED',
    message: 'somebody stopped the batch',
    hint: 'Run the same command again to go on: no badge is made twice'
  })
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function sentence({ line }: AwardRow, { code, faults }: KommaError): string {
  return `line ${line}: ${code}: ${faults.map(describeFault).join('; ')}`
}

function tellWait({ stderr }: Terminal, bar: ProgressBar | undefined, { error, milliseconds }: BatchWait): void {
  const text = `${error.code}: ${error.message}; trying again in ${milliseconds / 1000} s`
  if (bar === undefined) printLines(stderr, text)
  else bar.advance(0, text)
}

/** On standard output the badges stand alone. */
function tell(
  { stdout, stderr }: Terminal,
  { target, failed }: Batch,
  { out, json }: IssueManyOptions,
  tally: Tally
): void {
  const output = out === STDOUT ? stderr : stdout
  const failedRows = failed !== undefined && tally.failed > 0 ? failed.path : null
  if (json === true) {
    const { done: rows, badges: issued, before: repeated, repeats: sameAsOther } = tally
    const results = target.results ?? null
    output.write(
      `${printableJson({ rows, issued, repeated, sameAsOther, failed: tally.failed, results, failedRows })}\n`
    )
    return
  }
  printLines(
    output,
    `Issued ${counted(tally.badges, 'badge')} for ${counted(tally.done, 'row')}, ${tally.before} of them before`,
    ...(tally.repeats === 0
      ? []
      : [`${counted(tally.repeats, 'row')} ${tally.repeats === 1 ? 'is a repeat' : 'are repeats'} of another row`]),
    ...(target.results === undefined ? [] : [`Every badge is listed in ${target.results}`]),
    ...(tally.failed === 0 ? [] : [`Failed: ${tally.failed} of ${counted(tally.done, 'row')}`]),
    ...(failedRows === null
      ? []
      : [`They stand in ${failedRows}: mend them there, and pass that file with the same --batch and --out`])
  )
}

async function checkPlaces(folder: string, options: IssueManyOptions): Promise<void> {
  const { definition, awards, image, failed } = options
  const inputs = { '--definition': definition, '--awards': awards, '--image': image }
  const out = options.out === STDOUT ? undefined : resolve(options.out)
  for (const place of [out, failed]) {
    if (place !== undefined) await refusePlace({ out: place, folder, inputs, force: true })
  }
}

/** Two issuers may call a batch by one name. */
async function refuseOtherIssuer(status: StatusStore, { results }: BatchTarget): Promise<void> {
  if (results === undefined) return
  for await (const { id } of linesOf(results)) {
    if (typeof id === 'string' && (await status.find(id)) !== undefined) return
    const message = 'the list that lies there has badges that this issuer has not issued'
    throw new KommaError({ code: 'FILE_EXISTS', message, path: results, hint: 'Name another folder or file' })
  }
}

async function openFailed(folder: string, options: IssueManyOptions, target: BatchTarget): Promise<Batch['failed']> {
  const path = options.failed ?? target.failed
  if (path === undefined) return undefined
  // Mended rows may be read where they lie: those that fail again take their place when all are done.
  const isRead = options.failed === undefined && (await isSame(path, options.awards))
  const inputs = { '--awards': isRead ? undefined : options.awards, '--definition': options.definition }
  await refusePlace({ out: path, folder, inputs, force: true })
  return { path, rows: await openFailedRows(path, { batch: options.batch }), isRead }
}

function readCount(path: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  const fault = { code: 'OPTION_INVALID', message: 'this is not a number of rows or threads', path } as const
  throw new UsageError({ ...fault, expected: 'a whole number of 1 or more', got: given.slice(0, 40) })
}

function collect(one: string, before: readonly string[]): readonly string[] {
  return [...before, one]
}
