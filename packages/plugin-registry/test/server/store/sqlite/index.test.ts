import assert from 'node:assert/strict'
import {closeSync, openSync, readdirSync, statSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {sqliteDialect} from '../../../../src/server/store/sqlite/dialect.js'
import {loadBuiltIn, loadPackaged, loadSqlite, type SqliteDriver} from '../../../../src/server/store/sqlite/driver.js'
import {openSqliteStore} from '../../../../src/server/operations/open-sqlite-store.js'
import {NewerSchema} from '../../../../src/server/store/store-errors.js'
import {operator} from '../../../../src/server/store/store.js'
import {describeBlobs} from '../blobs-contract.js'
import {describeConcurrency} from '../concurrency-contract.js'
import {describeDistTags} from '../dist-tags-contract.js'
import {describeOrganizations} from '../organizations-contract.js'
import {describeLists} from '../lists-contract.js'
import {describePackages} from '../packages-contract.js'
import {describeSearch} from '../search-contract.js'
import {describeStore} from '../store-contract.js'
import {temporaryFolder} from '../../../support/world.js'

const key = new Uint8Array(32)
const drivers = [await loadPackaged(), loadBuiltIn()].filter((driver) => driver !== undefined)

function emptyDatabase(folder: string): string {
  const file = path.join(folder, 'registry.db')
  closeSync(openSync(file, 'a', 0o600))
  return file
}

for (const driver of drivers) {
  const open = async (t: TestContext) => {
    const store = await openSqliteStore({driver, path: emptyDatabase(temporaryFolder(t)), key})
    t.after(() => store.close())
    return store
  }
  for (const describeContract of [
    describeStore,
    describeOrganizations,
    describeLists,
    describePackages,
    describeBlobs,
    describeDistTags,
    describeSearch,
  ]) {
    describeContract(`the store on ${driver.name}`, open)
  }
}

describeConcurrency('SQLite', async (t) => {
  const driver = await loadSqlite()
  const file = emptyDatabase(temporaryFolder(t))
  const stores = [await openSqliteStore({driver, path: file, key}), await openSqliteStore({driver, path: file, key})]
  t.after(() => Promise.all(stores.map((store) => store.close())))
  return stores
})

function execute(driver: SqliteDriver, file: string, sql: string): void {
  const database = driver.open(file)
  database.exec(sql)
  database.close()
}

/** How SQLite would run a query, as one text. */
function planOf(driver: SqliteDriver, file: string, query: string): string {
  const database = driver.open(file)
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as {detail: string}[]
  database.close()
  return steps.map(({detail}) => detail).join('\n')
}

describe('an SQLite store', () => {
  it('SQLite: a search without words reads the newest packages from an index, without sorting', async (t) => {
    const driver = await loadSqlite()
    const file = emptyDatabase(temporaryFolder(t))
    await (await openSqliteStore({driver, path: file, key})).close()
    const plan = planOf(driver, file, sqliteDialect.statements.findNewest)
    assert.match(plan, /SCAN p USING INDEX packages_newest/)
    assert.doesNotMatch(plan, /USE TEMP B-TREE/)
  })

  it('SQLite: data persists, and reopening does not migrate', async (t) => {
    const driver = await loadSqlite()
    const file = emptyDatabase(temporaryFolder(t))
    const first = await openSqliteStore({driver, path: file, key})
    await first.users.add({id: 'u1', name: 'ada', email: 'a@b', passwordHash: 'h'}, operator, 1)
    await first.close()
    const beforeMigration = () => assert.fail('nothing needs a migration')
    const second = await openSqliteStore({driver, path: file, key, beforeMigration})
    t.after(() => second.close())
    assert.equal((await second.users.find('ada'))?.id, 'u1')
  })

  it('SQLite: a database from a newer version is refused and unchanged', async (t) => {
    const driver = await loadSqlite()
    const folder = temporaryFolder(t)
    const file = emptyDatabase(folder)
    await (await openSqliteStore({driver, path: file, key})).close()
    execute(driver, file, "INSERT INTO kysely_migration VALUES ('0999-the-future', '2030-01-01')")
    await assert.rejects(openSqliteStore({driver, path: file, key}), NewerSchema)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('before')),
      [],
    )
  })

  it('SQLite: an existing database is copied before a migration', async (t) => {
    const driver = await loadSqlite()
    const folder = temporaryFolder(t)
    const file = emptyDatabase(folder)
    execute(
      driver,
      file,
      `CREATE TABLE kysely_migration (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL);
       CREATE TABLE kysely_migration_lock (id varchar(255) NOT NULL PRIMARY KEY, is_locked integer DEFAULT 0 NOT NULL);
       CREATE TABLE memory (text text); INSERT INTO memory VALUES ('kept')`,
    )
    const {migrations} = await import('../../../../src/server/store/migrations/index.js')
    migrations['0000-an-earlier-one'] = {up: async () => undefined}
    t.after(() => delete migrations['0000-an-earlier-one'])
    execute(driver, file, "INSERT INTO kysely_migration VALUES ('0000-an-earlier-one', '2026-01-01')")
    let asked = 0
    const store = await openSqliteStore({driver, path: file, key, beforeMigration: () => asked++})
    await store.close()
    assert.equal(asked, 1)
    const copy = `${file}.before-0001-accounts`
    assert.equal(statSync(copy).mode & 0o777, 0o600)
    const database = driver.open(copy)
    assert.deepEqual({...(database.prepare('SELECT text FROM memory').get() as object)}, {text: 'kept'})
    database.close()
  })

  it('SQLite: secrets cannot be decrypted with another key', async (t) => {
    const driver = await loadSqlite()
    const file = emptyDatabase(temporaryFolder(t))
    const first = await openSqliteStore({driver, path: file, key})
    await first.users.add({id: 'u1', name: 'ada', email: 'a@b', passwordHash: 'h'}, operator, 1)
    await first.users.enrollMfa('u1', {totpSecret: 'ABCDEFGH', recoveryHashes: []}, operator, 2)
    const hash = new Uint8Array(32)
    await first.logins.openChallenge({hash, userId: 'u1', passwordHash: 'h', expiresAt: 1000}, 3)
    await first.close()
    const second = await openSqliteStore({driver, path: file, key: new Uint8Array(32).fill(1)})
    t.after(() => second.close())
    const delay = {freeFailures: 5, first: 1, max: 1, forgetAfter: 1}
    await assert.rejects(second.logins.attemptCode(hash, {attempts: 5, delay}, 4), /authenticate/)
  })
})

describe('a data directory', () => {
  it('data directory: it and its files are private', async (t) => {
    const folder = path.join(temporaryFolder(t), 'deep', 'registry')
    const {store} = await openToServe(folder, () => undefined)
    t.after(() => store.close())
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const names = readdirSync(folder).sort()
    assert.deepEqual(names, ['blobs', 'registry.db', 'registry.db-shm', 'registry.db-wal', 'secret.key', 'serve.lock'])
    for (const name of names) {
      const expected = name === 'blobs' ? 0o700 : 0o600
      assert.equal(statSync(path.join(folder, name)).mode & 0o777, expected, name)
    }
  })
})
