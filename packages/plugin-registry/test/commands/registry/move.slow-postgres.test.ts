import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {fileURLToPath} from 'node:url'

import RegistryAuditVerify from '../../../src/commands/registry/audit/verify.js'
import RegistryMove from '../../../src/commands/registry/move.js'
import RegistryTokenList from '../../../src/commands/registry/token/list.js'
import {openFileBlobs} from '../../../src/server/blobs/file-blobs.js'
import {databaseMoveSource, databaseMoveTarget} from '../../../src/server/move/database-side.js'
import {folderMoveSource, folderMoveTarget} from '../../../src/server/move/folder-side.js'
import {cancelMove, MovedElsewhere, moveRegistry} from '../../../src/server/move/move-registry.js'
import {changeMark, MoveCanceled, readMarkOf} from '../../../src/server/move/move-side.js'
import {HeadCheck} from '../../../src/server/operations/head-check.js'
import {copiedTables} from '../../../src/server/store/copy/copied-tables.js'
import type {Row} from '../../../src/server/store/copy/read-rows.js'
import {RegistryMoved} from '../../../src/server/store/store-errors.js'
import {operator} from '../../../src/server/store/store.js'
import {listed} from '../../support/blobs.js'
import {copyEmptyRegistry} from '../../support/cheap-registry.js'
import {databasePlace, fillRegistry, folderPlace, type RegistryPlace, rowsOf} from '../../support/full-registry.js'
import {assertFailure} from '../../support/operator.js'
import {config} from '../../support/oclif-config.js'
import {skipWithoutPostgres} from '../../support/postgres-server.js'
import {isS3Missing, startS3} from '../../support/s3-server.js'
import {createWorld, temporaryFolder, type World} from '../../support/world.js'
import {runCommand} from '../../../../../test/support/run-command.js'

type Rows = Record<string, Row[]>

/** A registry in a data directory, an empty database with a bucket, and functions that run commands. */
async function withTarget(t: TestContext) {
  const s3 = await startS3(t)
  const folder = temporaryFolder(t)
  await copyEmptyRegistry(folder)
  const source = folderPlace(folder)
  const target = await databasePlace(t, s3, source.key())
  const home = temporaryFolder(t)
  const run = (command: Parameters<typeof runCommand>[0], argv: string[]) =>
    runCommand(command, [...argv, '--json'], config, {home, now: new Date(), env: s3.env})
  const succeed = async (command: Parameters<typeof runCommand>[0], argv: string[]) => {
    const outcome = await run(command, argv)
    assert.equal(outcome.exitCode, 0, outcome.stdout + outcome.stderr)
    return JSON.parse(outcome.stdout)
  }
  const toTarget = ['--to-database', target.options.url, '--to-blobs', target.blobs]
  return {s3, source, target, home, run, succeed, toTarget}
}

/** Compares all rows but those that say where the registry is. @param added how many rows of the audit log are new */
function assertMoved(before: Rows, after: Rows, added: number): void {
  // A server that runs records later uses in the background.
  const usedId = (row: Row) => row['credential_id']
  const withoutKey = ({key: _, ...row}: Row) => row
  const sorted = (rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort()
  for (const {name} of copiedTables) {
    const [old = [], found = []] = [before[name], after[name]]
    if (name === 'epoch') assert.notDeepEqual(found, old)
    else if (name === 'credential_uses') assert.deepEqual(found.map(usedId), old.map(usedId))
    else if (name === 'blobs') assert.deepEqual(sorted(found.map(withoutKey)), sorted(old.map(withoutKey)))
    else if (name === 'policy') {
      assert.deepEqual(
        found.filter((row) => row['name'] !== 'move'),
        old.filter((row) => row['name'] !== 'move'),
      )
    } else if (name === 'audit') {
      assert.deepEqual(found.slice(0, old.length), old)
      assert.equal(found.length, old.length + added)
    } else if (name === 'audit_chain') assert.deepEqual(found.slice(0, old.length), old)
    else assert.deepEqual({[name]: found}, {[name]: old})
  }
}

async function worldAt(t: TestContext, place: RegistryPlace): Promise<World> {
  const world = await createWorld(t, {}, temporaryFolder(t), place.open)
  return world
}

async function isOpen(place: RegistryPlace): Promise<boolean> {
  try {
    await (await place.open()).store.close()
    return true
  } catch {
    return false
  }
}

describe('registry move', {skip: skipWithoutPostgres()}, () => {
  it('move: to a database and a bucket, and back, row by row, with tokens that still work', async (t) => {
    if (isS3Missing(t)) return
    const {source, target, home, run, succeed, toTarget} = await withTarget(t)
    const {world, token, session} = await fillRegistry(t, source)
    const before = await rowsOf(source)
    const moved = await succeed(RegistryMove, ['--yes', ...source.flags, ...toTarget])
    assert.deepEqual([moved.status, moved.blobs], ['moved', 4])
    assert.equal(moved.rows, Object.values(before).flat().length - 1)
    assertMoved(before, await rowsOf(target), 1)

    // A server that still runs on the old place stops at its next request, and changes nothing.
    const stopped = await world.call('GET', '/auth/whoami', {token})
    assert.equal(stopped.status, 503)
    assert.match(stopped.body.error.message, /has moved to another database/)
    await assert.rejects(world.addUser('late'), RegistryMoved)
    const head = new HeadCheck({...world, log: {error() {}, warn() {}, info() {}}})
    assert.deepEqual([await head.check(), head.problem], [false, 'moved'])
    assertFailure(await run(RegistryTokenList, source.flags), 'REGISTRY_MOVED', 1)

    const there = await worldAt(t, target)
    for (const value of [token, session]) {
      assert.equal((await there.call('GET', '/auth/whoami', {token: value})).status, 200)
    }
    const search = async (registry: World) => (await registry.call('GET', '/search?q=uberpruft')).body.total
    assert.equal(await search(there), 1)
    const download = await there.app.inject({url: '/packages/@ada%2Ftool/1.1.0/tarball'})
    assert.equal(download.body, 'bytes of 1.1.0')
    await there.publish(session, {name: '@ada/later', content: 'published later'})
    assert.deepEqual((await succeed(RegistryAuditVerify, target.flags)).problems, [])
    assert.equal((await succeed(RegistryMove, ['--yes', ...source.flags, ...toTarget])).status, 'already-moved')

    const back = path.join(home, 'back')
    const between = await rowsOf(target)
    await succeed(RegistryMove, ['--yes', ...target.flags, '--to-data', back])
    assert.equal((await there.call('GET', '/auth/whoami', {token})).status, 503)
    await assert.rejects(there.addUser('late'), RegistryMoved)
    assertMoved(between, await rowsOf(folderPlace(back)), 1)
    assert.deepEqual(readFileSync(path.join(back, 'secret.key')), Buffer.from(source.key()))
    const again = await worldAt(t, folderPlace(back))
    assert.equal((await again.call('GET', '/auth/whoami', {token})).status, 200)
    assert.deepEqual((await succeed(RegistryAuditVerify, ['--data', back])).problems, [])
  })

  for (const step of ['blobs', 'closed', 'rows', 'moved']) {
    it(`move: killed after the step "${step}", at most one place is open, and it can be run again`, async (t) => {
      if (isS3Missing(t)) return
      const {s3, source, target, succeed, toTarget} = await withTarget(t)
      const {world, token} = await fillRegistry(t, source)
      await world.app.close()
      await world.store.close()
      const before = await rowsOf(source)
      const script = fileURLToPath(new URL('move-process.js', import.meta.url))
      const argv = [script, step, source.flags[1] ?? '', target.options.url, target.blobs]
      const child = spawn(process.execPath, argv, {env: {...process.env, ...s3.env}, stdio: 'inherit'})
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      assert.equal(signal, 'SIGKILL')
      assert.deepEqual([await isOpen(source), await isOpen(target)], [step === 'blobs', false])
      const moved = await succeed(RegistryMove, ['--yes', ...source.flags, ...toTarget])
      assert.equal(moved.status, step === 'moved' ? 'already-moved' : 'moved')
      assert.deepEqual([await isOpen(source), await isOpen(target)], [false, true])
      assertMoved(before, await rowsOf(target), 1)
      assert.equal((await listed(await target.openBlobs())).length, 4)
      const there = await worldAt(t, target)
      assert.equal((await there.call('GET', '/auth/whoami', {token})).status, 200)
    })
  }

  it('move: from a database, canceled before its end, it fails, and only the next target is opened', async (t) => {
    if (isS3Missing(t)) return
    const s3 = await startS3(t)
    const key = randomBytes(32)
    const from = await databasePlace(t, s3, key, true)
    const first = await databasePlace(t, s3, key)
    const second = folderPlace(path.join(temporaryFolder(t), 'second'))
    const [fromBlobs, firstBlobs] = [await from.openBlobs(), await first.openBlobs()]
    const source = databaseMoveSource(from.options, () => fromBlobs)
    const toFirst = databaseMoveTarget(first.options, () => firstBlobs)
    const hooks = {beforeClosing: () => Promise.resolve(), onBlobs() {}, onRows() {}, keepsBlobs: false}
    const options = {source, now: () => new Date(), ...hooks}
    const replaceRows: typeof toFirst.replaceRows = async (write) => {
      await toFirst.replaceRows(write)
      assert.equal(await cancelMove(source), true)
      const {store} = await from.open()
      await store.users.add({id: 'u', name: 'ada', email: 'a@example.com', passwordHash: 'x'}, operator, 1)
      await store.close()
    }
    await assert.rejects(moveRegistry({...options, target: {...toFirst, replaceRows}}), MoveCanceled)
    assert.deepEqual([await isOpen(from), await isOpen(first)], [true, false])
    await moveRegistry({...options, target: await folderMoveTarget(second.flags[1] ?? '', key, openFileBlobs)})
    await assert.rejects(moveRegistry({...options, target: toFirst}), MovedElsewhere)
    assert.deepEqual([await isOpen(from), await isOpen(first), await isOpen(second)], [false, false, true])
    assert.deepEqual(
      (await rowsOf(second))['users']?.map(({name}) => name),
      ['ada'],
    )
  })

  it('move: can be canceled until it is complete, and refuses places that are in use', async (t) => {
    if (isS3Missing(t)) return
    const {source, target, home, run, succeed, toTarget} = await withTarget(t)
    const {world, token} = await fillRegistry(t, source)
    const unconfirmed = await run(RegistryMove, [...source.flags, ...toTarget])
    assertFailure(unconfirmed, 'INPUT_MISSING', 2)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    const options = {into: home, now: () => new Date(), openBlobs: () => world.blobs}
    const side = await folderMoveSource(source.flags[1] ?? '', options)
    assert.equal((await readMarkOf(side))?.state, 'copying')
    await changeMark(side, (found) => found && {...found, state: 'moving'})
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 503)
    assert.equal((await succeed(RegistryMove, ['--cancel', ...source.flags])).status, 'canceled')
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    assert.equal((await succeed(RegistryMove, ['--cancel', ...source.flags])).status, 'not-moving')

    const used = path.join(home, 'used')
    mkdirSync(used)
    writeFileSync(path.join(used, 'file'), '')
    const onto = await run(RegistryMove, ['--yes', ...source.flags, '--to-data', used])
    assertFailure(onto, 'REGISTRY_FOLDER_NOT_EMPTY', 1)
    await succeed(RegistryMove, ['--yes', ...source.flags, ...toTarget])
    assertFailure(await run(RegistryMove, ['--cancel', ...source.flags]), 'REGISTRY_MOVED_ELSEWHERE', 1)
    const other = temporaryFolder(t)
    await copyEmptyRegistry(other)
    writeFileSync(path.join(other, 'secret.key'), target.key())
    const taken = await run(RegistryMove, ['--yes', '--data', other, ...toTarget])
    assertFailure(taken, 'REGISTRY_DATABASE_IN_USE', 1)
  })
})
