import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryBackup from '../../../src/commands/registry/backup.js'
import UserAdd from '../../../src/commands/registry/user/add.js'
import {Connection} from '../../../src/server/store/sqlite/connection.js'
import {isStorageFull} from '../../../src/server/operations/storage-full.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, temporaryFolder} from '../../support/world.js'
import {config} from '../../support/oclif-config.js'
import {runCommand} from '../../../../../test/support/run-command.js'

/** Mounts a disk of 4 MiB. @returns undefined if mounting is not permitted. */
function smallDisk(t: TestContext): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-disk-'))
  const remove = () => {
    rmSync(folder, {recursive: true, force: true})
  }
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', folder], {stdio: 'ignore'})
  } catch {
    remove()
    return undefined
  }
  t.after(() => {
    execFileSync('umount', ['-l', folder])
    remove()
  })
  return folder
}

describe('a full disk', () => {
  it('full disk: publishing gets 507, existing data stays intact, and freed space can be used', async (t) => {
    const disk = smallDisk(t)
    if (disk === undefined) {
      t.skip('file systems cannot be mounted here')
      return
    }
    const world = await createWorld(t, {}, disk)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    assert.equal((await publish(world, token, await packageOf({name: '@ada/first'}))).status, 201)

    const large = await packageOf({name: '@ada/large'}, {large: randomBytes(2_000_000)})
    const ballast = path.join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(2_000_000))
    const answer = await publish(world, token, large)
    assert.deepEqual([answer.status, answer.body.error.code], [507, 'STORAGE_FULL'])
    assert.equal((await world.call('GET', '/packages/@ada%2Flarge')).status, 404)
    assert.equal((await world.call('GET', '/packages/@ada%2Ffirst')).status, 200)
    assert.equal((await world.app.inject({url: '/packages/@ada%2Ffirst/1.0.0/tarball'})).statusCode, 200)

    rmSync(ballast)
    assert.equal((await publish(world, token, large)).status, 201)
  })

  it('full disk: publishing gets 507 if even the database cannot grow', async (t) => {
    const disk = smallDisk(t)
    if (disk === undefined) {
      t.skip('file systems cannot be mounted here')
      return
    }
    const world = await createWorld(t, {}, disk)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    // This also records the first use of the session, which needs space too.
    assert.equal((await publish(world, token, await packageOf({name: '@ada/first'}))).status, 201)
    const ballast = path.join(disk, 'ballast')
    assert.throws(() => {
      writeFileSync(ballast, Buffer.alloc(8_000_000))
    }, /ENOSPC/)
    const small = await packageOf({name: '@ada/small'})
    for (let attempt = 0; attempt < 20; attempt++) {
      const {status} = await publish(world, token, {
        ...small,
        metadata: {...small.metadata, readme: 'x'.repeat(20_000)},
      })
      assert.equal(status, 507)
    }
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    rmSync(ballast)
    assert.equal((await publish(world, token, small)).status, 201)
  })
})

describe('a full disk for commands', () => {
  it('full disk: a backup and a change fail, and no part of the backup is left', async (t) => {
    const disk = smallDisk(t)
    if (disk === undefined) {
      t.skip('file systems cannot be mounted here')
      return
    }
    const world = await createWorld(t)
    const backup = path.join(disk, 'backup')
    const operate = (command: Parameters<typeof runCommand>[0], argv: string[]) =>
      runCommand(command, argv, config, {home: disk, now: new Date(world.now()), stdin: 'correct horse'})
    const addUser = (name: string) =>
      operate(UserAdd, [name, '--email', 'a@example.com', '--password-stdin', '--data', path.join(disk, 'data')])
    assert.equal((await addUser('ada')).exitCode, 0)
    assert.throws(() => {
      writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(8_000_000))
    }, /ENOSPC/)

    const noRoom = (folder: string) =>
      `Error: No space left on the device that holds ${folder}\n  hint: free up space, and run the command again\n`
    const failed = await operate(RegistryBackup, [backup, '--data', world.folder])
    assert.deepEqual([failed.exitCode, failed.stderr], [1, noRoom(backup)])
    assert.deepEqual(readdirSync(backup), [])
    const refused = await addUser('x'.repeat(64))
    assert.deepEqual([refused.exitCode, refused.stderr], [1, noRoom(path.join(disk, 'data'))])
  })
})

describe('a database with a size limit', () => {
  it('full database: fails writes that do not fit, and continues with others', async (t) => {
    const connection = new Connection(await loadSqlite(), path.join(temporaryFolder(t), 'test.db'))
    t.after(() => {
      connection.close()
    })
    connection.exec('CREATE TABLE texts (text TEXT)')
    connection.exec('PRAGMA max_page_count = 8')
    const insert = (text: string) =>
      connection.write(() => connection.prepare('INSERT INTO texts VALUES (?)').run(text))
    const large = 'x'.repeat(100_000)
    const outcomes = await Promise.allSettled([insert('a'), insert(large), insert('b')])
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.ok(isStorageFull(outcome.reason), String(outcome.reason))
    }
    assert.equal(outcomes[1]?.status, 'rejected')
    await insert('c')
    const kept = connection.prepare('SELECT text FROM texts').all() as {text: string}[]
    const wanted = ['a', 'b'].filter((_, position) => outcomes[position * 2]?.status === 'fulfilled')
    assert.deepEqual(
      kept.map(({text}) => text),
      [...wanted, 'c'],
    )
  })
})
