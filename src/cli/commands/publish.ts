import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Command } from 'commander'
import { jwksUrlOf } from '../../did/jwk-set.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { isJsonObject } from '../../encoding/snapshot.js'
import type { KommaEvent } from '../../issuing/events.js'
import { readSecuredText } from '../../issuing/secure.js'
import { OB_CONTEXT } from '../../model/contexts.js'
import { openFolderSink } from '../../publishing/folder-sink.js'
import { hostOf, INDEX, type PublicDocument, placeDocuments } from '../../publishing/placement.js'
import { createPublisher, type PlacedDocument, type Publisher } from '../../publishing/publisher.js'
import type { StatusStore } from '../../status/status-store.js'
import { UsageError } from '../failure.js'
import { helpEnd } from '../help.js'
import { FILES, type IssuerSettings, issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface PublishCommandOptions {
  readonly watch?: boolean
}

/** `komma publish` */
export function addPublish(parent: Command, terminal: Terminal): void {
  parent
    .command('publish')
    .summary('write what others need to verify')
    .description(
      'Writes the document of the issuer, its signed status lists and its achievements into a folder for any static ' +
        'host. Publish after every revocation, and every day: verifiers rely on a status list for 24 hours. What was not ' +
        'published for this issuer is not replaced.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .argument('<out>', 'the folder to write to; made where it is missing')
    .option('--watch', 'look for changes every 15 seconds, and publish them, until it is stopped')
    .addHelpText('after', helpEnd('komma publish academy public'))
    .action((folder: string, out: string, options: PublishCommandOptions) => publish(terminal, folder, out, options))
}

async function publish(
  terminal: Terminal,
  folder: string,
  out: string,
  { watch = false }: PublishCommandOptions
): Promise<void> {
  const { now, stdout, stderr } = terminal
  const settings = await readSettings(folder)
  await refusePrivateFolder(folder, out)
  const keys = await openKeys(terminal, folder)
  const status = await openStatus(folder)
  try {
    const issuer = await issuerOf(settings, { keys, status, now })
    const notes = new Set<string>()
    // Whoever publishes from this store takes its lock for the moment in which a file takes its place.
    const sink = await openFolderSink(out, { lockFile: join(folder, FILES.status) })
    const publisher = createPublisher({
      issuer,
      sink,
      documents: () => awardedAchievements(status, issuer.id, notes),
      place: (documents) => placeDocuments(documents, hostsOf(settings)),
      index: INDEX,
      allOrNothing: true,
      clock: now,
      ...(watch ? { onEvent: (event) => printEvent(terminal, event) } : {})
    })
    const { documents, written } = await publisher.publish()
    printLines(stderr, ...notes)
    if (!watch) printLines(stdout, ...written.map(({ place }) => `wrote ${sink.describe?.(place)}`))
    printLines(stdout, `${documents.length} files in ${out}`, ...advice(settings, out, documents))
    if (watch) await watchUntilStopped(terminal, publisher)
  } finally {
    await status.close()
  }
}

async function watchUntilStopped({ stdout, untilStopped }: Terminal, publisher: Publisher): Promise<void> {
  const stop = new AbortController()
  const running = publisher.run({ signal: stop.signal })
  printLines(stdout, 'Watching for changes')
  await untilStopped()
  stop.abort()
  await running
}

function printEvent({ stdout, stderr }: Terminal, event: KommaEvent): void {
  if (event.type === 'published') printLines(stdout, `wrote ${event.place}`)
  if (event.type === 'late') printLines(stderr, `late by ${Math.round(event.delay)} seconds: ${event.document}`)
  if (event.type === 'failed') printLines(stderr, `failed: ${event.code}`)
}

/** A host that serves the published folder would serve the key file with it. */
async function refusePrivateFolder(folder: string, out: string): Promise<void> {
  const target = await realpath(out).catch(() => undefined)
  if (target === undefined) return
  const home = await realpath(folder)
  if (home !== target && !home.startsWith(target.endsWith(sep) ? target : `${target}${sep}`)) return
  throw new UsageError({
    code: 'OPTION_INVALID',
    message: 'the folder to publish holds the private folder of the issuer',
    path: out,
    hint: 'Publish to a folder of its own'
  })
}

/**
 * The achievements that were awarded, each as a document that can be read on its own. The newest award counts.
 *
 * @param notes gets what a person should know of them
 */
async function awardedAchievements(
  status: StatusStore,
  issuer: string,
  notes: Set<string>
): Promise<readonly PublicDocument[]> {
  const taken = new Set([issuer, jwksUrlOf(issuer), ...(await status.lists()).map(({ id }) => id)])
  const texts = new Map<string, string>()
  for await (const { text } of status.issuances()) {
    const achievement = text === undefined ? undefined : achievementOf(text)
    if (achievement === undefined) continue
    const id = String(achievement['id'])
    const content = JSON.stringify({ '@context': [OB_CONTEXT], ...achievement })
    if (taken.has(id)) notes.add(`Not published, because its id is that of another document: achievement ${id}`)
    else if ((texts.get(id) ?? content) !== content) {
      notes.add(`Awarded with different content under one id, the newest is published: achievement ${id}`)
    }
    if (!taken.has(id)) texts.set(id, content)
  }
  return [...texts].map(([id, text]) => ({ id, kind: 'achievement', text }))
}

function achievementOf(text: string): JsonObject | undefined {
  const subject = memberOf(readSecuredText(text), 'credentialSubject')
  const achievement = memberOf(subject, 'achievement')
  return isJsonObject(achievement) && typeof achievement['id'] === 'string' ? achievement : undefined
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined
}

function hostsOf({ profile, statusLists }: IssuerSettings): readonly string[] {
  return [hostOf(profile.id), hostOf(statusLists)].filter((host) => host !== undefined)
}

function advice(settings: IssuerSettings, out: string, documents: readonly PlacedDocument[]): string[] {
  const [host] = hostsOf(settings)
  const offline = `To verify with it: komma verify FILE --offline-bundle ${out}`
  if (host === undefined) return [offline]
  return [`Serve it as the root of https://${host}/`, ...withoutEnding(documents), offline]
}

/** Addresses that do not end in `.json`, while their files do. */
function withoutEnding(documents: readonly PlacedDocument[]): string[] {
  const bare = documents.filter(({ id, place }) => {
    if (!id.startsWith('https://') || !URL.canParse(id)) return false
    const { pathname } = new URL(id)
    return !pathname.endsWith('.json') && (place === `${pathname.slice(1)}.json` || pathname === '/')
  })
  const [first] = bare
  if (first === undefined) return []
  const others = bare.length === 1 ? '' : `, and ${bare.length - 1} more addresses without .json (see ${INDEX})`
  return [`Let the host answer ${first.id} with ${first.place}${others}`]
}
