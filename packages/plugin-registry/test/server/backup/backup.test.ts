import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {Readable} from 'node:stream'
import {describe, it, type TestContext} from 'node:test'

import RegistryBackup from '../../../src/commands/registry/backup.js'
import RegistryRestore from '../../../src/commands/registry/restore.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import {blobFile} from '../../../src/server/blobs/file-blobs.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {takeLock} from '../../../src/server/operations/process-lock.js'
import {hashSecret} from '../../../src/server/auth/secrets.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {versionDraft} from '../../support/package-drafts.js'
import {createWorld, minute, temporaryFolder, type World} from '../../support/world.js'
import {config} from '../../support/oclif-config.js'
import {type Outcome, runCommand} from '../../../../../test/support/run-command.js'

/** Stores bytes and publishes them as a version. */
async function publish(world: World, token: string, version: string, content: string) {
  const draft = await world.blobs.put(Readable.from([Buffer.from(content)]))
  await world.blobs.commit(draft, world.now())
  const credential = await world.store.credentials.find('token', hashSecret(token))
  assert.ok(credential)
  const {sha256, size} = draft
  const said = versionDraft({name: '@ada/tool', version, sha256, size})
  const {outcome} = await world.store.packages.publish(said, credential, operator, world.now())
  assert.equal(outcome, 'published')
  return sha256
}

/** A running registry with a package of two versions, and a user with two tokens. */
async function withPackage(t: TestContext) {
  const world = await createWorld(t)
  const home = temporaryFolder(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const {token} = await world.createToken(session, {name: 'ci-deploy'})
  const {token: stolen, id: stolenId} = await world.createToken(session, {name: 'stolen'})
  const blobs = [await publish(world, token, '1.0.0', 'one'), await publish(world, token, '1.1.0', 'another')] as const
  const run = (command: Parameters<typeof runCommand>[0], argv: string[]) =>
    runCommand(command, argv, config, {home, now: new Date(world.now())})
  const backup = path.join(home, 'backup')
  return {
    ...{world, home, backup, session, token, stolen, stolenId, blobs, run},
    backUp: (...argv: string[]) => run(RegistryBackup, [backup, '--data', world.folder, ...argv]),
    verify: (...argv: string[]) => run(RegistryRestore, [backup, '--verify', ...argv]),
    restore: (...argv: string[]) => run(RegistryRestore, [backup, '--data', path.join(home, 'data'), ...argv]),
  }
}

async function openRestored(t: TestContext, home: string) {
  const registry = await openToServe(path.join(home, 'data'), () => undefined)
  t.after(() => registry.store.close())
  return registry
}

function assertFailure(outcome: Outcome, code: string, message: RegExp): void {
  assert.equal(outcome.exitCode, 1)
  const {error} = JSON.parse(outcome.stdout) as {error: {code: string; message: string}}
  assert.equal(error.code, code)
  assert.match(error.message, message)
}

/** The size and modification time of every file in a directory. */
function tree(folder: string): string[] {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true})
  return entries
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .sort()
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
    writeFileSync(blobFile(path.join(world.folder, 'blobs'), blobs[0]), 'eno')
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
      assertFailure(outcome, 'BACKUP_WITHIN_DATA', /would be lost together with it/)
    }
    assert.deepEqual(readdirSync(world.folder), before)
    const beside = await run(RegistryBackup, [`${world.folder}-backup`, '--data', world.folder])
    t.after(() => rmSync(`${world.folder}-backup`, {recursive: true}))
    assert.equal(beside.exitCode, 0)
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
      damage(blobFile(path.join(world.folder, 'blobs'), blobs[1]))
      assertFailure(await backUp('--json'), 'REGISTRY_TARBALL_LOST', /@ada\/tool@1\.1\.0/)
      assert.deepEqual(readdirSync(backup), [])
      const by = {name: '@ada/tool', version: '1.1.0', reason: 'lost'}
      await world.store.packages.takeDown(by, operator, world.now())
      assert.equal((await backUp()).exitCode, 0)
    })
  }

  it('backup: never overlaps with a garbage collection', async (t) => {
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

describe('registry restore', () => {
  it('restore: includes the signing key, which can be rotated', async (t) => {
    const {backUp, restore, home, world} = await withPackage(t)
    await backUp()
    await restore()
    const {store} = await openRestored(t, home)
    const before = await world.store.signingKeys.list()
    assert.equal(before.length, 1)
    assert.deepEqual(await store.signingKeys.list(), before)
    // Signing decrypts the private key.
    const successor = await store.signingKeys.rotate('superseded', operator, world.now())
    assert.equal(successor.rotatedFrom?.keyId, before[0]?.keyId)
  })

  it('restore: brings back everything as of the backup', async (t) => {
    const {backUp, restore, home, blobs, world, token} = await withPackage(t)
    await world.enrollMfa('id-of-ada')
    await backUp()
    await publish(world, token, '2.0.0', 'later')
    const outcome = await restore()
    assert.equal(outcome.exitCode, 0, outcome.stderr)
    const {store, blobs: restored} = await openRestored(t, home)
    const found = await store.packages.find('@ada/tool')
    assert.deepEqual(
      found?.versions.map(({version}) => version),
      ['1.0.0', '1.1.0'],
    )
    assert.ok((await restored.sizeOf(blobs[0])) !== undefined)
    assert.notEqual((await store.users.find('ada'))?.mfaEnabledAt, null)
    assert.deepEqual(
      readdirSync(path.join(home, 'data')).filter((name) => name === 'restoring'),
      [],
    )
    assert.equal(statSync(path.join(home, 'data')).mode & 0o777, 0o700)
  })

  it('restore: ends sessions and suspends tokens, and says so', async (t) => {
    const {backUp, restore, home, world, stolen, stolenId, token, session} = await withPackage(t)
    await backUp()
    await world.store.tokens.revoke({userId: 'id-of-ada', id: stolenId}, operator, world.now())
    world.pass(minute)
    const outcome = await restore()
    assert.match(outcome.stderr, /Ended 1 session and suspended 2 tokens/)
    assert.match(outcome.stderr, /`apkg registry token resume --all`/)
    const {store} = await openRestored(t, home)
    for (const value of [stolen, token]) {
      const credential = await store.credentials.find('token', hashSecret(value))
      assert.equal(credential?.kind === 'token' && credential.suspendedAt, world.now())
    }
    assert.equal((await store.credentials.find('session', hashSecret(session)))?.revokedAt, world.now())
    assert.deepEqual(await auditedActions(store), ['token.suspend-all', 'session.end-all'])
  })

  it('restore: requires a data directory that is empty or does not exist', async (t) => {
    const {backUp, restore, home, world, run, backup} = await withPackage(t)
    await backUp()
    mkdirSync(path.join(home, 'data'))
    assert.equal((await restore()).exitCode, 0)
    assertFailure(await restore('--json'), 'REGISTRY_FOLDER_NOT_EMPTY', /is not empty/)
    const onto = await run(RegistryRestore, [backup, '--data', world.folder, '--json'])
    assertFailure(onto, 'REGISTRY_FOLDER_NOT_EMPTY', /is not empty/)
    assert.ok(await world.store.users.find('ada'))
  })

  const damages: [string, RegExp, (backup: string, blobs: readonly string[]) => void][] = [
    ['is unfinished', /backup\.json is missing/, (backup) => rmSync(path.join(backup, 'backup.json'))],
    [
      'has an invalid description',
      /backup\.json is damaged/,
      (backup) => writeFileSync(path.join(backup, 'backup.json'), '{}'),
    ],
    [
      'has a changed database',
      /snapshot\.db was changed/,
      (backup) => writeFileSync(path.join(backup, 'snapshot.db'), 'x', {flag: 'a'}),
    ],
    ['lacks the database', /snapshot\.db is missing/, (backup) => rmSync(path.join(backup, 'snapshot.db'))],
    [
      'has another key',
      /secret\.key was changed/,
      (backup) => writeFileSync(path.join(backup, 'secret.key'), Buffer.alloc(32)),
    ],
    ['lacks the key', /secret\.key is missing/, (backup) => rmSync(path.join(backup, 'secret.key'))],
    [
      'lacks a tarball',
      /@ada\/tool@1\.0\.0 is missing/,
      (backup, [one = '']) => rmSync(blobFile(path.join(backup, 'blobs'), one)),
    ],
    [
      'lacks every tarball',
      /@ada\/tool@1\.0\.0 is missing[^]*@ada\/tool@1\.1\.0 is missing/,
      (backup) => rmSync(path.join(backup, 'blobs'), {recursive: true}),
    ],
    [
      'has a truncated tarball',
      /@ada\/tool@1\.1\.0 is corrupt/,
      (backup, [, two = '']) => truncateSync(blobFile(path.join(backup, 'blobs'), two), 3),
    ],
  ]
  for (const [title, message, damage] of damages) {
    it(`restore: refuses a backup that ${title}, and changes nothing`, async (t) => {
      const {backUp, verify, restore, backup, blobs, home} = await withPackage(t)
      await backUp()
      damage(backup, blobs)
      const before = tree(backup)
      assertFailure(await verify('--json'), 'BACKUP_DAMAGED', message)
      assertFailure(await restore('--json'), 'BACKUP_DAMAGED', message)
      assert.deepEqual(tree(backup), before)
      assert.equal(existsSync(path.join(home, 'data')), false)
    })
  }

  it('restore: refuses a backup from a newer version', async (t) => {
    const {backUp, verify, backup} = await withPackage(t)
    await backUp()
    const driver = await loadSqlite()
    const file = path.join(backup, 'snapshot.db')
    const database = driver.open(file)
    database.exec("INSERT INTO kysely_migration VALUES ('0999-the-future', '2030-01-01')")
    database.close()
    const {hashFile} = await import('../../../src/server/backup/backup-folder.js')
    const description = JSON.parse(readFileSync(path.join(backup, 'backup.json'), 'utf8'))
    writeFileSync(path.join(backup, 'backup.json'), JSON.stringify({...description, database: await hashFile(file)}))
    assertFailure(await verify('--json'), 'BACKUP_DAMAGED', /newer version/)
  })

  it('restore: --verify changes nothing', async (t) => {
    const {backUp, verify, backup, world} = await withPackage(t)
    await backUp()
    const before = tree(backup)
    const outcome = await verify('--json')
    assert.equal(outcome.exitCode, 0)
    assert.deepEqual(JSON.parse(outcome.stdout), {
      backup,
      createdAt: new Date(world.now()).toISOString(),
      counts: {users: 1, packages: 1, versions: 2, blobs: 2, bytes: 10},
      restored: null,
    })
    assert.deepEqual(tree(backup), before)
  })

  it('restore: neither a backup nor an unfinished restore can be served', async (t) => {
    const {backUp, restore, run, backup, home} = await withPackage(t)
    await backUp()
    const list = (folder: string) => run(RegistryUserList, ['--data', folder, '--json'])
    assertFailure(await list(backup), 'REGISTRY_DATA_UNUSABLE', /is a backup/)
    await assert.rejects(
      openToServe(backup, () => undefined),
      /is a backup/,
    )
    await restore()
    const data = path.join(home, 'data')
    mkdirSync(path.join(data, 'restoring'))
    renameSync(path.join(data, 'registry.db'), path.join(data, 'restoring', 'registry.db'))
    await assert.rejects(
      openToServe(data, () => undefined),
      /has not finished/,
    )
  })
})

async function auditedActions(store: RegistryStore): Promise<string[]> {
  return (await store.audit.latest(2)).map(({action}) => action)
}
