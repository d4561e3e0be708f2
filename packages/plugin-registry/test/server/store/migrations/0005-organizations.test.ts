import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {hashSecret} from '../../../../src/server/auth/credential-values.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {operator} from '../../../../src/server/store/store.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

/** A data directory from before the tables of organizations were renamed. */
async function dataBeforeOrganizations(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t)
  const {database} = openDataFolder(folder, {create: true})
  const connection = new Connection(await loadSqlite(), database)
  await before('0005-organizations', () => migrate(connection, database, () => undefined))
  connection.exec(`
    INSERT INTO names VALUES ('ada', 'user', 1), ('bob', 'user', 2), ('eve', 'user', 3), ('acme', 'organisation', 4);
    INSERT INTO users (id, name, email, password_hash, created_at, mfa_enabled_at, removed_at) VALUES
      ('u1', 'ada', 'ada@example.com', 'hash of ada', 1, NULL, NULL),
      ('u2', 'bob', 'bob@example.com', 'hash of bob', 2, 20, NULL),
      ('u3', 'eve', '', '', 3, NULL, 30);
    INSERT INTO organisations VALUES ('o1', 'acme', 4);
    INSERT INTO members VALUES ('o1', 'u1', 'publisher', 5), ('o1', 'u2', 'reader', 6);
    INSERT INTO packages VALUES
      (1, '@acme/deploy', 'acme', 'private', 1, 7, 7, 7, NULL),
      (2, '@ada/review', 'ada', 'public', 3, 8, 10, 9, 'use another');
    INSERT INTO versions (id, package_id, version, type, sha256, size, unpacked_size, file_count, published_at,
      published_by, taken_down_at, taken_down_reason) VALUES
      (1, 1, '0.1.0', 'skill', '${'a'.repeat(64)}', 10, 30, 2, 7, 'u1', NULL, NULL),
      (2, 2, '0.1.0', 'skill', '${'b'.repeat(64)}', 11, 31, 2, 8, 'u1', NULL, NULL),
      (3, 2, '0.2.0', 'skill', '${'c'.repeat(64)}', 12, 32, 2, 9, 'u1', 10, 'malware');
    INSERT INTO dist_tags VALUES (1, 'latest', '0.1.0'), (2, 'latest', '0.1.0');
    INSERT INTO audit (at, action, target, detail) VALUES (4, 'org.create', 'o1', '{"name":"acme"}');
  `)
  const addToken = connection.prepare(`
    INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, revoked_at, suspended_at)
    VALUES (?, 'u1', ?, ?, 'apkgt_', '["read","publish"]', ?, 'never', 11, ?, ?)`)
  addToken.run('t1', 'ci', hashSecret('value of ci'), '["@acme/*"]', null, null)
  addToken.run('t2', 'dead', hashSecret('value of dead'), '[]', 12, null)
  addToken.run('t3', 'idle', hashSecret('value of idle'), '[]', null, 13)
  connection.close()
  return folder
}

describe('migration 0005-organizations', () => {
  async function migrated(t: TestContext) {
    const folder = await dataBeforeOrganizations(t)
    const {store} = await openToServe(folder, assert.ifError)
    t.after(() => store.close())
    return {folder, store}
  }

  it('migration 0005: keeps users, organizations and members', async (t) => {
    const {store} = await migrated(t)
    const users = (await store.users.list()).map(({id, name, email, mfaEnabledAt}) => [id, name, email, mfaEnabledAt])
    assert.deepEqual(users, [
      ['u1', 'ada', 'ada@example.com', null],
      ['u2', 'bob', 'bob@example.com', 20],
    ])
    assert.equal((await store.users.find('ada'))?.passwordHash, 'hash of ada')
    assert.deepEqual(await store.organizations.list(), [{id: 'o1', name: 'acme', createdAt: 4}])
    assert.deepEqual(await store.organizations.members('o1'), [
      {userId: 'u1', name: 'ada', role: 'publisher'},
      {userId: 'u2', name: 'bob', role: 'reader'},
    ])
    assert.deepEqual(await store.organizations.ofUser('u2'), [{name: 'acme', role: 'reader'}])
    const [created] = await store.audit.latest(1, {action: 'org.create'})
    assert.equal(created?.targetName, 'acme')
  })

  it('migration 0005: every name stays taken, and members can be changed', async (t) => {
    const {store} = await migrated(t)
    for (const name of ['ada', 'eve', 'acme']) {
      assert.equal(await store.organizations.add({id: 'o2', name}, operator, 50), 'taken', name)
    }
    const member = {organizationId: 'o1', userId: 'u2'}
    assert.equal(await store.organizations.setMember({...member, role: 'publisher'}, operator, 50), 'changed')
    assert.equal(await store.organizations.removeMember(member, operator, 51), 'removed')
    assert.equal(await store.organizations.add({id: 'o2', name: 'other'}, operator, 52), 'added')
    await assert.rejects(
      store.organizations.setMember({organizationId: 'o9', userId: 'u1', role: 'reader'}, operator, 53),
    )
  })

  it('migration 0005: keeps tokens unchanged', async (t) => {
    const {store} = await migrated(t)
    const find = async (value: string) => {
      const token = await store.credentials.find('token', hashSecret(value))
      assert.ok(token?.kind === 'token', value)
      const {label, owner, scopes, patterns, expiresAt, revokedAt, suspensions} = token
      return [label, owner.name, scopes, patterns, expiresAt, revokedAt, suspensions.map(({at}) => at)]
    }
    const scopes = ['read', 'publish']
    assert.deepEqual(await find('value of ci'), ['ci', 'ada', scopes, ['@acme/*'], null, null, []])
    assert.deepEqual(await find('value of dead'), ['dead', 'ada', scopes, [], null, 12, []])
    assert.deepEqual(await find('value of idle'), ['idle', 'ada', scopes, [], null, null, [13]])
  })

  it('migration 0005: keeps packages, versions and access', async (t) => {
    const {store} = await migrated(t)
    const review = await store.packages.find('@ada/review')
    assert.deepEqual(
      [review?.deprecated, review?.revision, review?.distTags, review?.versions.map(({version}) => version)],
      ['use another', 3, {latest: '0.1.0'}, ['0.1.0']],
    )
    assert.equal((await store.packages.version('@ada/review', '0.2.0'))?.takenDown?.reason, 'malware')
    const deploy = await store.packages.find('@acme/deploy')
    assert.deepEqual(deploy?.maintainers, [{username: 'ada', role: 'publisher'}])
    assert.equal(deploy?.versions[0]?.sha256, 'a'.repeat(64))
    assert.equal((await store.packages.access('@acme/deploy', 'u2')).role, 'reader')
    assert.equal((await store.packages.access('@acme/deploy', undefined)).role, undefined)
  })

  it('migration 0005: keeps a copy of the old database', async (t) => {
    const {folder} = await migrated(t)
    const copy = path.join(folder, 'registry.db.before-0005-organizations')
    assert.ok(existsSync(copy))
    const database = (await loadSqlite()).open(copy, {readOnly: true})
    t.after(() => {
      database.close()
    })
    const members = database.prepare('SELECT organisation_id, user_id, role FROM members ORDER BY user_id').all()
    assert.deepEqual(
      members.map((row) => ({...(row as object)})),
      [
        {organisation_id: 'o1', user_id: 'u1', role: 'publisher'},
        {organisation_id: 'o1', user_id: 'u2', role: 'reader'},
      ],
    )
  })
})
