import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryAudit from '../../../src/commands/registry/audit.js'
import RegistryAuditVerify from '../../../src/commands/registry/audit/verify.js'
import RegistryBackup from '../../../src/commands/registry/backup.js'
import RegistryKeyList from '../../../src/commands/registry/key/list.js'
import RegistryMigrate from '../../../src/commands/registry/migrate.js'
import RegistryOperatorAdd from '../../../src/commands/registry/operator/add.js'
import RegistryOrgCreate from '../../../src/commands/registry/org/create.js'
import RegistryPolicySet from '../../../src/commands/registry/policy/set.js'
import RegistryRecovered from '../../../src/commands/registry/recovered.js'
import RegistryRestore from '../../../src/commands/registry/restore.js'
import RegistryServe from '../../../src/commands/registry/serve.js'
import RegistryTokenCreate from '../../../src/commands/registry/token/create.js'
import RegistryTokenList from '../../../src/commands/registry/token/list.js'
import RegistryUserAdd from '../../../src/commands/registry/user/add.js'
import RegistryUserMfa from '../../../src/commands/registry/user/mfa.js'
import {assertFailure} from '../../support/operator.js'
import {config} from '../../support/oclif-config.js'
import {postgresServer, PostgresServer, skipWithoutPostgres} from '../../support/postgres-server.js'
import {isS3Missing, newPrefix, startS3} from '../../support/s3-server.js'
import {TcpProxy} from '../../support/tcp-proxy.js'
import {password, temporaryFolder} from '../../support/world.js'
import {runCommand, type World} from '../../../../../test/support/run-command.js'

type Command = Parameters<typeof runCommand>[0]

/** An empty database, and a function that runs commands on it as JSON. */
async function onDatabase(t: TestContext, server?: PostgresServer) {
  const used = server ?? (await postgresServer())
  const database = await used.createDatabase()
  if (!server) t.after(() => used.dropDatabase(database))
  const home = temporaryFolder(t)
  const keyFile = path.join(home, 'secret-key')
  writeFileSync(keyFile, randomBytes(32), {mode: 0o600})
  const url = used.urlOf(database)
  const run = (command: Command, argv: string[] = [], world: Partial<World> = {}, through = url) => {
    const place = ['--database', through, '--secret-key-file', keyFile, '--json']
    return runCommand(command, [...argv, ...place], config, {home, now: new Date(), ...world})
  }
  const succeed = async (command: Command, argv: string[] = [], world: Partial<World> = {}) => {
    const outcome = await run(command, argv, world)
    assert.equal(outcome.exitCode, 0, outcome.stdout + outcome.stderr)
    return JSON.parse(outcome.stdout)
  }
  const query = (sql: string) => used.query(database, sql)
  return {server: used, database, home, keyFile, url, run, succeed, query}
}

const addAda: [Command, string[], Partial<World>] = [
  RegistryUserAdd,
  ['ada', '--email', 'ada@example.com', '--password-stdin'],
  {stdin: password},
]

describe('a registry on PostgreSQL', {skip: skipWithoutPostgres()}, () => {
  it('migrate: prepares a database, and then does nothing', async (t) => {
    const {run, succeed, url, keyFile} = await onDatabase(t)
    for (const command of [RegistryServe, RegistryTokenList]) {
      const refused = await run(command, command === RegistryServe ? ['--blobs', 's3://apkg/x'] : [], {
        env: {AWS_REGION: 'x', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x'},
      })
      assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
      const [hint] = JSON.parse(refused.stdout).error.suggestions
      assert.match(hint, /^run `apkg registry migrate --database /)
      assert.ok(hint.includes(`--secret-key-file ${keyFile}`) && hint.includes(url), hint)
    }
    assert.equal((await succeed(RegistryMigrate)).migrations[0], '0030-baseline')
    assert.deepEqual(await succeed(RegistryMigrate), {migrations: []})
    assert.equal((await succeed(RegistryKeyList)).keys.length, 1)
  })

  it('migrate: a newer database is refused', async (t) => {
    const {run, succeed, query} = await onDatabase(t)
    await succeed(RegistryMigrate)
    await query(`UPDATE apkg.settings SET value = '99.0.0' WHERE name = 'oldest-version'`)
    const refused = await run(RegistryTokenList)
    assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
    assert.match(refused.stdout, /requires version 99\.0\.0/)
  })

  it('--database: the commands work as on a data directory', async (t) => {
    const {succeed} = await onDatabase(t)
    await succeed(RegistryMigrate)
    await succeed(...addAda)
    await succeed(RegistryOrgCreate, ['acme'])
    await succeed(RegistryOperatorAdd, ['ada'])
    await succeed(RegistryPolicySet, ['max-tokens', '5'])
    const {id} = await succeed(RegistryTokenCreate, ['--user', 'ada', '--label', 'ci'])
    assert.deepEqual(
      (await succeed(RegistryTokenList)).tokens.map((token: {id: string}) => token.id),
      [id],
    )
    assert.ok((await succeed(RegistryUserMfa, ['ada'])).secret)
    const {entries} = await succeed(RegistryAudit)
    assert.ok(entries.some(({action}: {action: string}) => action === 'token.create'))
  })

  it('--database: sealed columns and the check of the key each use their own key', async (t) => {
    const {succeed, query, keyFile} = await onDatabase(t)
    await succeed(RegistryMigrate)
    const {createSecretBox} = await import('../../../src/server/store/secret-box.js')
    const {deriveKey} = await import('../../../src/server/store/derive-key.js')
    const [row] = await query('SELECT key_id, sealed_seed FROM apkg.signing_keys')
    const secret = readFileSync(keyFile)
    const open = (key: Uint8Array) => createSecretBox(key).open(row!['sealed_seed'], `signing-key:${row!['key_id']}`)
    assert.throws(() => open(secret))
    assert.doesNotThrow(() => open(deriveKey(secret, 'apkg sealed columns')))
  })

  it('--database: a process with another key is refused, and changes nothing', async (t) => {
    const {run, succeed, keyFile} = await onDatabase(t)
    await succeed(RegistryMigrate)
    writeFileSync(keyFile, randomBytes(32))
    for (const command of [RegistryMigrate, RegistryTokenList]) {
      const refused = await run(command)
      assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
      assert.match(refused.stdout, /belongs to another secret key/)
    }
  })

  it('--database: commands that need tarballs require their bucket', async (t) => {
    const {run, succeed, home} = await onDatabase(t)
    await succeed(RegistryMigrate)
    const backup = path.join(home, 'backup')
    for (const command of [RegistryServe, RegistryRecovered, RegistryAuditVerify, RegistryBackup, RegistryRestore]) {
      const refused = await run(command, /Backup|Restore/.test(command.name) ? [backup] : [])
      assertFailure(refused, 'USAGE', 2)
      assert.match(refused.stdout, /--database requires --blobs/)
    }
  })

  it('--scratch: a directory that cannot be used is reported', async (t) => {
    const {run, succeed, keyFile} = await onDatabase(t)
    await succeed(RegistryMigrate)
    const env = {AWS_REGION: 'x', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x'}
    const refused = await run(RegistryServe, ['--blobs', 's3://apkg/x', '--scratch', keyFile], {env})
    assertFailure(refused, 'REGISTRY_SCRATCH_UNUSABLE', 1)
  })

  it('--database: the audit log is verified with the copy of its head in the bucket', async (t) => {
    if (isS3Missing(t)) return
    const {env} = await startS3(t)
    const {succeed} = await onDatabase(t)
    await succeed(RegistryMigrate)
    await succeed(...addAda)
    const blobs = ['--blobs', `s3://apkg/${newPrefix()}data`]
    assert.deepEqual((await succeed(RegistryAuditVerify, blobs, {env})).problems, [])
    assert.equal((await succeed(RegistryRecovered, blobs, {env})).recovered, false)
  })

  it('--database: a command is refused if the clock of this machine is wrong', async (t) => {
    const {run, succeed} = await onDatabase(t)
    await succeed(RegistryMigrate)
    const refused = await run(RegistryTokenList, [], {now: new Date(Date.now() + 90_000)})
    assertFailure(refused, 'REGISTRY_CLOCK_WRONG', 1)
    assert.match(refused.stdout, /differ by (?:89|90|91) seconds/)
  })

  it('--database: a server that can lose changes is refused', async (t) => {
    const {run, succeed, server, database} = await onDatabase(t)
    await succeed(RegistryMigrate)
    await server.query('postgres', `ALTER DATABASE ${database} SET synchronous_commit = off`)
    const refused = await run(RegistryTokenList)
    assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
    assert.match(refused.stdout, /synchronous_commit is off/)
  })

  it('--database: a server that does not sync is refused', async (t) => {
    const server = await PostgresServer.start({fsync: 'off'})
    t.after(() => server.stop())
    const {run} = await onDatabase(t, server)
    const refused = await run(RegistryMigrate)
    assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
    assert.match(refused.stdout, /fsync is off/)
  })

  it('--database: a server that is too old is refused', async (t) => {
    const {run, server, database, url} = await onDatabase(t)
    const proxy = await TcpProxy.start(t, server.socket)
    const [row] = await server.query(database, 'SHOW server_version_num')
    const version = String(row!['server_version_num'])
    const report = (other: string) => {
      // The server sends it as text, and only once for each connection.
      proxy.disturb({rewrite: (bytes) => Buffer.from(bytes.toString('latin1').replace(version, other), 'latin1')})
      return run(RegistryMigrate, [], {}, url.replace(/@.*\//, `@127.0.0.1:${proxy.port}/`))
    }
    const refused = await report('140022')
    assertFailure(refused, 'REGISTRY_DATABASE_UNUSABLE', 1)
    assert.match(refused.stdout, /PostgreSQL 15 or newer is required/)
    assert.equal((await report('150000')).exitCode, 0)
  })

  it('--database: a server that cannot be reached is reported', async (t) => {
    const {home, keyFile} = await onDatabase(t)
    const place = ['--database', 'postgres://apkg@127.0.0.1:1/apkg', '--secret-key-file', keyFile, '--json']
    const refused = await runCommand(RegistryTokenList, place, config, {home, now: new Date()})
    assertFailure(refused, 'REGISTRY_DATABASE_UNAVAILABLE', 1)
  })
})

describe('the roles of a registry on PostgreSQL', {skip: skipWithoutPostgres()}, () => {
  it('roles: one creates tables, another with a password only reads and changes rows', async (t) => {
    const server = await PostgresServer.start()
    t.after(() => server.stop())
    const {succeed, database, url, home, keyFile} = await onDatabase(t, server)
    await succeed(RegistryMigrate)
    await server.query(database, `CREATE ROLE app LOGIN PASSWORD 'hunter2'`)
    for (const sql of await documentedGrants()) await server.query(database, sql)
    const rules = path.join(server.folder, 'data', 'pg_hba.conf')
    const others = readFileSync(rules, 'utf8')
    writeFileSync(rules, `local all app scram-sha-256\n${others}`)
    await server.query('postgres', 'SELECT pg_reload_conf()')

    const place = ['--database', url.replace('apkg@', 'app@'), '--secret-key-file', keyFile, '--json']
    const run = (command: Command, argv: string[], env = {}) =>
      runCommand(command, [...argv, ...place], config, {home, now: new Date(), env, stdin: password})
    const isRefused = async (env = {}) =>
      assertFailure(await run(RegistryTokenList, [], env), 'REGISTRY_DATABASE_UNAVAILABLE', 1)
    await isRefused()
    await isRefused({PGPASSWORD: 'wrong'})
    const file = path.join(home, 'passwords')
    writeFileSync(file, `*:*:*:app:hunter2\n`, {mode: 0o644})
    assertFailure(await run(RegistryTokenList, [], {PGPASSFILE: file}), 'REGISTRY_PASSWORD_FILE_UNUSABLE', 1)
    const own = path.join(home, 'own-passwords')
    writeFileSync(own, '', {mode: 0o600})
    appendFileSync(own, `*:*:*:app:hunter2\n`)
    for (const env of [{PGPASSWORD: 'hunter2'}, {PGPASSFILE: own}]) {
      assert.equal((await run(RegistryTokenList, [], env)).exitCode, 0)
    }
    const added = await run(addAda[0], addAda[1], {PGPASSFILE: own})
    assert.equal(added.exitCode, 0, added.stdout)
    await server.query(database, 'DROP TABLE apkg.migrations')
    assertFailure(await run(RegistryMigrate, [], {PGPASSFILE: own}), 'REGISTRY_DATABASE_UNUSABLE', 1)
  })
})

/** The statements in the docs that give a role what a server needs. */
async function documentedGrants(): Promise<string[]> {
  const page = readFileSync(new URL('../../../../../docs/registry/postgresql.md', import.meta.url), 'utf8')
  const [, block = ''] = /^```sql\n(GRANT .*?)^```$/ms.exec(page) ?? []
  assert.notEqual(block, '')
  return block.split(';').filter((sql) => sql.trim() !== '')
}
