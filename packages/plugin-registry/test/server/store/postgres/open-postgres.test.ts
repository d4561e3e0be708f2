import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {UnsafeServer, UnusableDatabase} from '../../../../src/server/store/database-errors.js'
import {migratePostgres, openPostgres, type PostgresOptions} from '../../../../src/server/store/postgres/index.js'
import {StoreBusy} from '../../../../src/server/store/store-errors.js'
import {key, postgresServer, skipWithoutPostgres, version} from '../../../support/postgres-server.js'

const hasProblem = (problem: string) => (error: unknown) =>
  error instanceof UnusableDatabase && error.problem === problem

async function opens(options: PostgresOptions): Promise<void> {
  await (await openPostgres(options)).close()
}

describe('a database on PostgreSQL', {skip: skipWithoutPostgres()}, () => {
  it('database: is created by a migration, which does nothing the second time', async () => {
    const server = await postgresServer()
    const options = {url: server.urlOf(await server.createDatabase()), pool: 1, key, version}
    await assert.rejects(openPostgres(options), hasProblem('no-registry'))
    const [first] = await Promise.all([migratePostgres(options), migratePostgres(options)])
    assert.ok(first.includes('0030-baseline') || first.length === 0)
    assert.deepEqual(await migratePostgres(options), [])
    await opens(options)
  })

  it('database: is refused with another secret key', async (t) => {
    const options = await (await postgresServer()).createRegistry(t)
    const other = {...options, key: new Uint8Array(32).fill(1)}
    await assert.rejects(openPostgres(other), hasProblem('other-key'))
    await assert.rejects(migratePostgres(other), hasProblem('other-key'))
  })

  it('database: an unknown migration is accepted, unless it requires a newer version', async (t) => {
    const server = await postgresServer()
    const options = await server.createRegistry(t)
    await server.query(options.database, `INSERT INTO apkg.migrations VALUES ('0999-the-future', 1)`)
    await opens(options)
    await server.query(options.database, `UPDATE apkg.settings SET value = '0.2.0' WHERE name = 'oldest-version'`)
    await assert.rejects(openPostgres(options), hasProblem('newer'))
    await assert.rejects(migratePostgres(options), hasProblem('newer'))
    await opens({...options, version: '0.2.0'})
  })

  it('database: is refused if a migration is missing', async (t) => {
    const server = await postgresServer()
    const options = await server.createRegistry(t)
    await server.query(options.database, 'DELETE FROM apkg.migrations')
    await assert.rejects(openPostgres(options), hasProblem('migration-pending'))
  })

  it('database: is refused if its server can lose or damage data', async (t) => {
    const server = await postgresServer()
    const options = await server.createRegistry(t)
    await server.query('postgres', `ALTER DATABASE ${options.database} SET synchronous_commit = off`)
    await assert.rejects(openPostgres(options), UnsafeServer)
    await server.query('postgres', `ALTER DATABASE ${options.database} RESET synchronous_commit`)
    await opens(options)
    await server.query('postgres', `CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'`)
    await assert.rejects(migratePostgres({...options, url: server.urlOf('ascii')}), UnsafeServer)
  })

  it('database: one that cannot be reached is busy', async () => {
    const server = await postgresServer()
    await assert.rejects(openPostgres({url: server.urlOf('missing'), pool: 1, key, version}), StoreBusy)
  })
})
