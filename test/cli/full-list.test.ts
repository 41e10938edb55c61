import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type * as Sqlite from '../../src/status/sqlite.js'
import { filesIn, issueArgs, komma, storeOf, workFolder } from './support.js'

// A store with room for two badges, so that it is full soon.
vi.mock('../../src/status/sqlite.js', async (original) => {
  const { openSqliteStatusStore, ...rest } = await original<typeof Sqlite>()
  return {
    ...rest,
    openSqliteStatusStore: (path: string) => openSqliteStatusStore(path, { capacityForTests: 1, maxLists: 2 })
  }
})

const folder = workFolder()

it('opens the next list when one is full, publishes both, and refuses when no further one may be opened', async () => {
  const home = join(folder, 'issuer')
  const out = join(folder, 'public')
  await komma(['issuer', 'init', home, '--id', 'did:web:nka.example'])
  for (const name of ['1', '2']) expect((await komma(issueArgs(home, join(folder, name)))).code).toBe(0)
  const before = await storeOf(home)
  const files = filesIn(folder)

  const refused = await komma(issueArgs(home, join(folder, '3')))
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toMatch(/^komma: STATUS_LIST_FULL: .*\n {2}path: /)
  expect(filesIn(folder)).toEqual(files)
  expect(await storeOf(home)).toEqual(before)

  await komma(['publish', home, out])
  expect(filesIn(join(out, 'status'))).toEqual(['revocation-1.json', 'revocation-2.json'])
  for (const name of ['1', '2']) {
    const stdin = new Uint8Array(readFileSync(join(folder, name)))
    expect((await komma(['verify', '-', '--offline-bundle', out], { stdin })).code).toBe(0)
  }
})
