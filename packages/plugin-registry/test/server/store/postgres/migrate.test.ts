import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import pg from 'pg'

import {migrate} from '../../../../src/server/store/postgres/migrate.js'
import type {Migration} from '../../../../src/server/store/postgres/migrations/index.js'
import {migrations} from '../../../../src/server/store/postgres/migrations/index.js'
import {Sessions} from '../../../../src/server/store/postgres/sessions.js'
import {key, postgresServer, skipWithoutPostgres, version} from '../../../support/postgres-server.js'

/** The database of a registry, a connection of another process, and a migration to a later version. */
async function open(t: TestContext) {
  const server = await postgresServer()
  const {url, database} = await server.createRegistry()
  const sessions = new Sessions({url, pool: 1})
  const other = new pg.Client({connectionString: url})
  await other.connect()
  t.after(async () => {
    await Promise.all([sessions.close(), other.end()])
    await server.dropDatabase(database)
  })
  const query = (sql: string) => server.query(database, sql)
  const migrateWith = (later: Omit<Migration, 'name'>) =>
    migrate(sessions, version, key, [...migrations, {name: '9999-later', ...later}])
  const untilWaiting = async () => {
    while ((await query('SELECT 1 FROM pg_locks WHERE NOT granted')).length === 0) await sleep(5)
  }
  const isValid = async (name: string) => {
    const [row] = await query(`SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('apkg.${name}')`)
    return row?.['indisvalid']
  }
  return {other, query, migrateWith, untilWaiting, isValid}
}

const addName = (name: string) => `INSERT INTO apkg.names (name, holder, taken_at) VALUES ('${name}', 'user', 1)`
const index = {name: 'names_holder', on: 'names (holder, taken_at)'}

describe('migrations on PostgreSQL', {skip: skipWithoutPostgres()}, () => {
  it('migrate: waits for a lock, and tries again if it takes too long', async (t) => {
    const {other, query, migrateWith, untilWaiting} = await open(t)
    await other.query(`BEGIN; ${addName('ada')}`)
    const migrating = migrateWith({sql: 'ALTER TABLE names ADD COLUMN later text'})
    await untilWaiting()
    // The first attempt has given up, so that others don't wait behind it.
    await query(addName('bob'))
    await other.query('COMMIT')
    assert.deepEqual(await migrating, ['9999-later'])
    assert.equal((await query('SELECT later FROM apkg.names')).length, 2)
  })

  it('migrate: builds an index of a large table while others write', async (t) => {
    const {other, query, migrateWith, untilWaiting, isValid} = await open(t)
    await other.query(`BEGIN; ${addName('ada')}`)
    const migrating = migrateWith({sql: '', indexes: [index]})
    await untilWaiting()
    await query(`SET lock_timeout = 1000; ${addName('bob')}`)
    await other.query('COMMIT')
    assert.deepEqual(await migrating, ['9999-later'])
    assert.equal(await isValid(index.name), true)
  })

  it('migrate: replaces an index whose build failed', async (t) => {
    const {query, migrateWith, isValid} = await open(t)
    await query('CREATE INDEX names_holder ON apkg.names (holder)')
    await query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('apkg.names_holder')`)
    await migrateWith({sql: '', indexes: [index]})
    assert.equal(await isValid(index.name), true)
    const [row] = await query(`SELECT pg_get_indexdef('apkg.names_holder'::regclass) AS definition`)
    assert.match(String(row!['definition']), /\(holder, taken_at\)$/)
    assert.deepEqual(await migrateWith({sql: '', indexes: [index]}), [])
  })
})
