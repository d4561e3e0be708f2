import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import RegistryBackup from '../../../src/commands/registry/backup.js'
import {blobFile} from '../../../src/server/blobs/file-blobs.js'
import {takeLock} from '../../../src/server/operations/process-lock.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {operator} from '../../../src/server/store/store.js'
import {storedFile} from '../../support/blobs.js'
import {withPackage} from '../../support/backups.js'
import type {Outcome} from '../../../../../test/support/run-command.js'

function assertFailure(outcome: Outcome, code: string, message: RegExp): void {
  assert.equal(outcome.exitCode, 1)
  const {error} = JSON.parse(outcome.stdout) as {error: {code: string; message: string}}
  assert.equal(error.code, code)
  assert.match(error.message, message)
}

describe('registry backup', () => {
  it('backup: copies database, key and tarballs of a running registry into private files', async (t) => {
    const {backUp, backup, blobs, world} = await withPackage(t)
    const outcome = await backUp()
    assert.deepEqual([outcome.exitCode, outcome.stdout], [0, ''])
    assert.equal(outcome.stderr, `Backed up 1 user, 1 package with 2 versions, 0.0 MiB of tarballs to ${backup}\n`)
    assert.deepEqual(readdirSync(backup).sort(), ['backup.json', 'blobs', 'secret.key', 'snapshot.db'])
    assert.equal(readFileSync(blobFile(path.join(backup, 'blobs'), blobs[0]), 'utf8'), 'one')
    for (const entry of readdirSync(backup, {recursive: true, withFileTypes: true})) {
      const {mode} = statSync(path.join(entry.parentPath, entry.name))
      assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, entry.name)
    }
    assert.equal(statSync(backup).mode & 0o777, 0o700)
    const {createdAt, counts, format} = JSON.parse(readFileSync(path.join(backup, 'backup.json'), 'utf8'))
    assert.deepEqual(
      {format, createdAt, counts},
      {
        format: 1,
        createdAt: new Date(world.now()).toISOString(),
        counts: {users: 1, packages: 1, versions: 2, blobs: 2, bytes: 10},
      },
    )
  })

  it('backup: damage to the registry does not affect it', async (t) => {
    const {backUp, verify, blobs, world} = await withPackage(t)
    await backUp()
    writeFileSync(storedFile(world.folder, blobs[0]), 'eno')
    assert.equal((await verify()).exitCode, 0)
  })

  it('backup: refuses a directory that is not empty, and leaves it unchanged', async (t) => {
    const {backUp, backup} = await withPackage(t)
    mkdirSync(backup)
    writeFileSync(path.join(backup, 'theirs'), 'x')
    assertFailure(await backUp('--json'), 'REGISTRY_FOLDER_NOT_EMPTY', /is not empty/)
    assert.deepEqual(readdirSync(backup), ['theirs'])
  })

  it('backup: refuses to write into the data directory, even through a link', async (t) => {
    const {home, run, world} = await withPackage(t)
    const link = path.join(home, 'link')
    symlinkSync(world.folder, link)
    const before = readdirSync(world.folder)
    const places = [world.folder, path.join(world.folder, 'backups', 'one'), path.join(link, 'backup')]
    for (const place of places) {
      const outcome = await run(RegistryBackup, [place, '--data', world.folder, '--json'])
      assertFailure(outcome, 'BACKUP_WITHIN_DATA', /would be lost with the data/)
    }
    assert.deepEqual(readdirSync(world.folder), before)
    const sibling = await run(RegistryBackup, [`${world.folder}-backup`, '--data', world.folder])
    t.after(() => rmSync(`${world.folder}-backup`, {recursive: true}))
    assert.equal(sibling.exitCode, 0)
  })

  it('backup: an empty directory is made private', async (t) => {
    const {backUp, backup} = await withPackage(t)
    mkdirSync(backup)
    chmodSync(backup, 0o755)
    assert.equal((await backUp()).exitCode, 0)
    assert.equal(statSync(backup).mode & 0o777, 0o700)
  })

  for (const [title, damage] of [
    ['missing', (file: string) => rmSync(file)],
    ['damaged', (file: string) => writeFileSync(file, 'two')],
  ] as const) {
    it(`backup: fails without a trace if a tarball is ${title}, and names the version`, async (t) => {
      const {backUp, backup, blobs, world} = await withPackage(t)
      damage(storedFile(world.folder, blobs[1]))
      assertFailure(await backUp('--json'), 'REGISTRY_TARBALL_LOST', /@ada\/tool@1\.1\.0/)
      assert.deepEqual(readdirSync(backup), [])
      const by = {name: '@ada/tool', version: '1.1.0', reason: 'lost'}
      await world.store.packages.takeDown(by, operator, world.now())
      assert.equal((await backUp()).exitCode, 0)
    })
  }

  it('backup: never overlaps with a garbage collection', async (t) => {
    const {backUp, world} = await withPackage(t)
    assert.equal(await world.store.blobs.pauseCollection('collector', world.now()), true)
    let released = false
    setTimeout(() => {
      released = true
      void world.store.blobs.release('collector')
    }, 250)
    assert.equal((await backUp()).exitCode, 0)
    assert.ok(released)
    assert.equal(await world.store.blobs.pauseCollection('collector', world.now()), true)
  })

  it('backup: never overlaps with the garbage collection of a server of an earlier release', async (t) => {
    const {backUp, world} = await withPackage(t)
    const lock = takeLock(await loadSqlite(), path.join(world.folder, 'collection.lock'))
    assert.ok(lock)
    let released = false
    setTimeout(() => {
      released = true
      lock.release()
    }, 250)
    assert.equal((await backUp()).exitCode, 0)
    assert.ok(released)
  })

  it('backup: requires a registry', async (t) => {
    const {run, home} = await withPackage(t)
    const outcome = await run(RegistryBackup, [path.join(home, 'b'), '--data', path.join(home, 'none'), '--json'])
    assertFailure(outcome, 'REGISTRY_DATA_UNUSABLE', /no registry found/)
    assert.equal(existsSync(path.join(home, 'b')), false)
  })
})
