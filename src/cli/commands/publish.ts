import { mkdir, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Command } from 'commander'
import { equalBytes } from '../../crypto/digest.js'
import { compareInstants, parseDateTimeStamp } from '../../encoding/dates.js'
import { KommaError } from '../../encoding/errors.js'
import { parseJson } from '../../encoding/json.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { isJsonObject } from '../../encoding/snapshot.js'
import { readSecuredText } from '../../issuing/secure.js'
import { OB_CONTEXT } from '../../model/contexts.js'
import { objectsOf } from '../../model/read.js'
import type { StatusStore } from '../../status/status-store.js'
import { UsageError } from '../failure.js'
import { fileError, readAtMost, type StagedFile, stageFile } from '../files.js'
import { helpEnd } from '../help.js'
import { type IssuerSettings, issuerOf, openKeys, openStatus, readSettings } from '../issuer-folder.js'
import { hostOf, INDEX, type PublicDocument, placeDocuments } from '../placement.js'
import { plain, printLines } from '../print.js'
import type { Terminal } from '../terminal.js'

interface PlacedFile {
  readonly path: string
  readonly bytes: Uint8Array
  /** What the file is about; undefined for the list of files. */
  readonly document: PublicDocument | undefined
}

const MAX_BYTES = 8 * 1_048_576

/** `komma publish` */
export function addPublish(parent: Command, terminal: Terminal): void {
  parent
    .command('publish')
    .summary('write what others need to verify')
    .description(
      'Writes the document of the issuer, its signed status lists and its achievements into a folder for any static ' +
        'host. Publish after every revocation, and every day: verifiers rely on a status list for 24 hours.'
    )
    .argument('<dir>', 'the folder of the issuer')
    .argument('<out>', 'the folder to write to; made where it is missing')
    .addHelpText('after', helpEnd('komma publish academy public'))
    .action((folder: string, out: string) => publish(terminal, folder, out))
}

async function publish(terminal: Terminal, folder: string, out: string): Promise<void> {
  const { now, stdout, stderr } = terminal
  const settings = await readSettings(folder)
  await refusePrivateFolder(folder, out)
  const keys = await openKeys(terminal, folder)
  const status = await openStatus(folder)
  try {
    const issuer = await issuerOf(settings, { keys, status, now })
    const own: readonly PublicDocument[] = await issuer.publish()
    const { achievements, notes } = await awardedAchievements(status, new Set(own.map(({ id }) => id)))
    const files = layOut(settings, out, [...own, ...achievements])
    const changed = await writeAll(files, settings.profile.id)
    printLines(stderr, ...notes)
    printLines(stdout, ...changed.map((path) => `wrote ${path}`), `${files.length} files in ${out}`)
    printLines(stdout, ...advice(settings, out))
  } finally {
    await status.close()
  }
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

/** The achievements that were awarded, each as a document that can be read on its own. The newest award counts. */
async function awardedAchievements(
  status: StatusStore,
  taken: ReadonlySet<string>
): Promise<{ readonly achievements: readonly PublicDocument[]; readonly notes: readonly string[] }> {
  const texts = new Map<string, string>()
  const notes = new Set<string>()
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
  return { achievements: [...texts].map(([id, text]) => ({ id, kind: 'achievement', text })), notes: [...notes] }
}

function achievementOf(text: string): JsonObject | undefined {
  const subject = memberOf(readSecuredText(text), 'credentialSubject')
  const achievement = memberOf(subject, 'achievement')
  return isJsonObject(achievement) && typeof achievement['id'] === 'string' ? achievement : undefined
}

function layOut(
  { profile, statusLists }: IssuerSettings,
  out: string,
  documents: readonly PublicDocument[]
): PlacedFile[] {
  const hosts = [hostOf(profile.id), hostOf(statusLists)].filter((host) => host !== undefined)
  const places = placeDocuments(documents, hosts)
  const file = (place: string, text: string, document: PublicDocument | undefined) => ({
    path: join(out, ...place.split('/')),
    bytes: new TextEncoder().encode(text),
    document
  })
  const index = Object.fromEntries(documents.map(({ id }, at) => [id, places[at] ?? '']))
  return [
    ...documents.map((document, at) => file(places[at] ?? '', document.text, document)),
    file(INDEX, `${JSON.stringify(index, null, 2)}\n`, undefined)
  ]
}

/** Writes what changed: first all of it beside its places, then each file into its place, the list of files last. */
async function writeAll(files: readonly PlacedFile[], issuer: string): Promise<string[]> {
  const changed: PlacedFile[] = []
  for (const file of files) if (await isChanged(file, issuer)) changed.push(file)
  const staged: StagedFile[] = []
  try {
    for (const { path, bytes } of changed) {
      await makeFolder(dirname(path))
      const file = await stageFile(path)
      staged.push(file)
      await file.fill(bytes)
    }
    for (const file of staged) await file.commit()
  } finally {
    for (const file of staged) await file.discard()
  }
  return changed.map(({ path }) => path)
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw fileError('cannot be made', folder, cause)
  }
}

/** Compares with what lies there, and refuses to replace what belongs to another id or is newer. */
async function isChanged({ path, bytes, document }: PlacedFile, issuer: string): Promise<boolean> {
  const there = await readAtMost(path, MAX_BYTES).catch((error: unknown) => {
    if (error instanceof KommaError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  })
  if (there === undefined) return true
  if (equalBytes(there, bytes)) return false
  if (document === undefined) return true
  const old = readLoosely(there)
  const id = memberOf(old, 'id')
  if (typeof id === 'string' && id !== document.id) {
    const message = 'a document of another id lies where this one belongs'
    throw new KommaError({ code: 'FILE_EXISTS', message, path, expected: document.id, got: plain(id).slice(0, 200) })
  }
  if (document.kind === 'jwks') refuseForeignKeys(path, issuer, old)
  if (document.kind === 'statusList') refuseOlder(path, parseJson(bytes, { maxLength: MAX_BYTES }), old)
  return true
}

/** Issuers that share a host share the place of their keys, which has to hold those of all of them. */
function refuseForeignKeys(path: string, issuer: string, old: JsonValue | undefined): void {
  const foreign = objectsOf(memberOf(old, 'keys')).find((jwk) => jwk['iss'] !== issuer)
  if (foreign === undefined) return
  throw new KommaError({
    code: 'FILE_EXISTS',
    message: 'the key set that lies there holds keys of another issuer, which would be lost',
    path,
    expected: issuer,
    got: plain(String(foreign['iss'])).slice(0, 200),
    hint: 'Publish to a folder of its own, and put the keys of all issuers of the host into one set'
  })
}

function refuseOlder(path: string, fresh: JsonValue, old: JsonValue | undefined): void {
  const [mine, theirs] = [memberOf(fresh, 'validFrom'), memberOf(old, 'validFrom')].map(instantOf)
  if (mine === undefined || theirs === undefined || compareInstants(theirs, mine) <= 0) return
  throw new KommaError({
    code: 'STATUS_CONFLICT',
    message: 'the status list that lies there is newer than the one of this issuer folder; nothing was replaced',
    path,
    expected: `validFrom not after ${String(memberOf(fresh, 'validFrom'))}`,
    got: String(memberOf(old, 'validFrom')),
    hint: 'Check that this is the current issuer folder and not an old copy, and that the clock is right'
  })
}

function instantOf(value: JsonValue | undefined): ReturnType<typeof parseDateTimeStamp> | undefined {
  try {
    return parseDateTimeStamp(String(value))
  } catch {
    return undefined
  }
}

/** What lies there may be damaged; then it is simply replaced. */
function readLoosely(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseJson(bytes, { maxLength: MAX_BYTES })
  } catch {
    return undefined
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined
}

function advice({ profile, statusLists }: IssuerSettings, out: string): string[] {
  const host = hostOf(profile.id) ?? hostOf(statusLists)
  const offline = `To verify with it: komma verify FILE --offline-bundle ${out}`
  return host === undefined ? [offline] : [`Serve it as the root of https://${host}/`, offline]
}
