import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryRestore from '../../../src/commands/registry/restore.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {blobFile} from '../../../src/server/blobs/file-blobs.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {publishBytes, withPackage} from '../../support/backups.js'
import {minute} from '../../support/world.js'
import type {Outcome} from '../../../../../test/support/run-command.js'

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
    await publishBytes(world, token, '2.0.0', 'later')
    const outcome = await restore()
    assert.equal(outcome.exitCode, 0, outcome.stderr)
    const {store, blobs: restored} = await openRestored(t, home)
    const found = await store.packages.find('@ada/tool')
    assert.deepEqual(
      found?.versions.map(({version}) => version),
      ['1.0.0', '1.1.0'],
    )
    const blob = await store.blobs.find(blobs[0])
    assert.equal(await restored.sizeOf(blob?.key ?? ''), 3)
    assert.notEqual((await store.users.find('ada'))?.mfaEnabledAt, null)
    assert.deepEqual(
      readdirSync(path.join(home, 'data')).filter((name) => name === 'restoring'),
      [],
    )
    assert.equal(statSync(path.join(home, 'data')).mode & 0o777, 0o700)
  })

  it('restore: revokes sessions and suspends tokens, and reports it', async (t) => {
    const {backUp, restore, home, world, stolen, stolenId, token, session} = await withPackage(t)
    await backUp()
    await world.store.tokens.revoke({within: {kind: 'own', userId: 'id-of-ada'}, id: stolenId}, operator, world.now())
    world.pass(minute)
    const outcome = await restore()
    assert.match(outcome.stderr, /Revoked 1 session and suspended 2 tokens/)
    assert.match(outcome.stderr, /`apkg registry token resume <id> --data /)
    const {store} = await openRestored(t, home)
    for (const value of [stolen, token]) {
      const credential = await store.credentials.find('token', hashSecret(value))
      assert.deepEqual(credential?.kind === 'token' && credential.suspensions, [
        {by: 'restore', name: '(operator)', at: world.now(), reason: null},
      ])
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
