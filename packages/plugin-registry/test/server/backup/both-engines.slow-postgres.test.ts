import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryAuditVerify from '../../../src/commands/registry/audit/verify.js'
import RegistryBackup from '../../../src/commands/registry/backup.js'
import RegistryRestore from '../../../src/commands/registry/restore.js'
import RegistryTokenResume from '../../../src/commands/registry/token/resume.js'
import {contentKey} from '../../../src/server/blobs/file-blobs.js'
import {copiedTables} from '../../../src/server/store/copy/copied-tables.js'
import type {Row} from '../../../src/server/store/copy/read-rows.js'
import {copyEmptyRegistry} from '../../support/cheap-registry.js'
import {databasePlace, fillRegistry, folderPlace, type RegistryPlace, rowsOf} from '../../support/full-registry.js'
import {assertFailure} from '../../support/operator.js'
import {config} from '../../support/oclif-config.js'
import {skipWithoutPostgres} from '../../support/postgres-server.js'
import {isS3Missing, type S3Server, startS3} from '../../support/s3-server.js'
import {createWorld, temporaryFolder} from '../../support/world.js'
import {runCommand} from '../../../../../test/support/run-command.js'

type Command = Parameters<typeof runCommand>[0]

function runner(t: TestContext, s3: S3Server) {
  const home = temporaryFolder(t)
  const run = (command: Command, argv: string[]) =>
    runCommand(command, [...argv, '--json'], config, {home, now: new Date(), env: s3.env})
  const succeed = async (command: Command, argv: string[]) => {
    const outcome = await run(command, argv)
    assert.equal(outcome.exitCode, 0, outcome.stdout + outcome.stderr)
    return JSON.parse(outcome.stdout)
  }
  return {home, run, succeed}
}

async function emptyPlace(t: TestContext, kind: RegistryPlace['kind'], s3: S3Server, key = randomBytes(32)) {
  if (kind === 'database') return databasePlace(t, s3, key, true)
  const folder = temporaryFolder(t)
  await copyEmptyRegistry(folder)
  return folderPlace(folder)
}

/** What a restore changes, or what depends on the engine or on where tarballs are. */
const changedColumns: Record<string, string[]> = {
  sessions: ['revoked_at'],
  challenges: ['closed_at'],
  browser_requests: ['closed_at'],
  invitations: ['closed_at'],
  token_values: ['ends_at'],
  trusted_publishers: ['suspended_at'],
  epoch: ['value'],
  blobs: ['key'],
}

function without(table: string, rows: Row[]): Row[] {
  const left = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !changedColumns[table]?.includes(name))),
  )
  return left.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** The placeholder for rows that a restore adds. */
function withoutAdded(table: string, rows: Row[], known: Row[]): Row[] {
  if (table === 'token_suspensions') return rows.filter(({made_by: by}) => by !== 'restore')
  return table === 'audit' || table === 'audit_chain' ? rows.slice(0, known.length) : rows
}

const kinds = ['folder', 'database'] as const

describe('backups of both engines', {skip: skipWithoutPostgres()}, () => {
  for (const from of kinds) {
    for (const to of kinds) {
      it(`backup: of a ${from} is restored to a ${to}, row by row`, async (t) => {
        if (isS3Missing(t)) return
        const s3 = await startS3(t)
        const {home, succeed} = runner(t, s3)
        const source = await emptyPlace(t, from, s3)
        const {world, token, tokenId} = await fillRegistry(t, source)
        const before = await rowsOf(source)
        for (const {name} of copiedTables) assert.notEqual(before[name]?.length, 0, `${name} has rows`)

        const backup = path.join(home, 'backup')
        const made = await succeed(RegistryBackup, [backup, ...source.flags])
        assert.deepEqual(made.counts, {users: 3, packages: 2, versions: 3, blobs: 3, bytes: 14 + 14 + 12})
        assert.deepEqual(await rowsOf(source), before)
        assert.equal((await succeed(RegistryRestore, [backup, '--verify', ...source.flags])).restored, null)
        const restored =
          to === 'folder'
            ? folderPlace(path.join(home, 'restored'))
            : await databasePlace(t, s3, readFileSync(path.join(backup, 'secret.key')))
        const result = await succeed(RegistryRestore, [backup, ...restored.flags])
        assert.deepEqual([result.restored.sessionsEnded, result.restored.tokensSuspended], [1, 3])
        assert.equal(result.restored.folder ?? result.restored.database, restored.flags[1])

        const after = await rowsOf(restored)
        for (const {name} of copiedTables) {
          const known = before[name] ?? []
          const available = name === 'blobs' ? known.filter((row) => row['unreferenced_at'] === undefined) : known
          const found = withoutAdded(name, after[name] ?? [], known)
          assert.deepEqual({[name]: without(name, found)}, {[name]: without(name, available)})
        }
        assert.equal(after['token_suspensions']?.filter(({made_by: by}) => by === 'restore').length, 3)
        assert.ok(after['trusted_publishers']?.every((row) => row['suspended_at'] !== undefined))
        assert.ok(after['browser_requests']?.every((row) => row['closed_at'] !== undefined))
        assert.ok(after['invitations']?.every((row) => row['closed_at'] !== undefined))
        const newest = after['tokens']?.map((row) => row['value_id'])
        for (const {id, ends_at: end} of after['token_values'] ?? [])
          assert.equal(end === undefined, newest?.includes(id))

        const verified = await succeed(RegistryAuditVerify, restored.flags)
        assert.deepEqual(verified.problems, [])
        assert.ok(verified.sealed > 0)

        const again = await createWorld(t, {}, home, restored.open)
        again.pass(Date.now() - again.now())
        const whoami = () => again.call('GET', '/auth/whoami', {token})
        const refused = await whoami()
        assert.deepEqual([refused.status, refused.body.error.code], [401, 'CREDENTIAL_SUSPENDED'])
        const place = restored.flags.filter((_, index) => !restored.flags.slice(0, index + 1).includes('--blobs'))
        await succeed(RegistryTokenResume, [tokenId, '--yes', ...place])
        assert.equal((await whoami()).status, 200)
        const search = async (registry: typeof world) => (await registry.call('GET', '/search?q=uberpruft')).body
        assert.deepEqual(await search(again), await search(world))
        assert.equal((await search(again)).total, 1)
        const download = await again.app.inject({url: '/packages/@ada%2Ftool/1.1.0/tarball'})
        assert.equal(download.body, 'bytes of 1.1.0')
        // The next IDs are free.
        const {accessToken} = await again.logIn('eve')
        await again.publish(accessToken, {name: '@eve/tool', content: 'of eve'})
        const keys = await again.store.signingKeys.list()
        assert.deepEqual(keys, await world.store.signingKeys.list())
        assert.equal(
          (
            await again.store.signingKeys.rotate(
              'superseded',
              {name: 'x', credentialId: null, address: null, agent: null},
              again.now(),
            )
          ).rotatedFrom?.keyId,
          keys[0]?.keyId,
        )
      })
    }
  }

  it('restore: refuses a database that belongs to a registry, and one with another key', async (t) => {
    if (isS3Missing(t)) return
    const s3 = await startS3(t)
    const {home, run, succeed} = runner(t, s3)
    const source = await emptyPlace(t, 'database', s3)
    await fillRegistry(t, source)
    const backup = path.join(home, 'backup')
    await succeed(RegistryBackup, [backup, ...source.flags])
    const before = await rowsOf(source)
    const other = await databasePlace(t, s3, source.key())
    const onto = [...source.flags.slice(0, -1), other.flags.at(-1) ?? '']
    assertFailure(await run(RegistryRestore, [backup, ...onto]), 'REGISTRY_DATABASE_IN_USE', 1)
    assert.deepEqual(await rowsOf(source), before)
    const stranger = await databasePlace(t, s3, randomBytes(32))
    const refused = await run(RegistryRestore, [backup, ...stranger.flags])
    assertFailure(refused, 'BACKUP_OTHER_KEY', 1)
    assert.match(refused.stdout, /--secret-key-file .*backup\/secret\.key/)
    assert.deepEqual(await listedIn(other), [])
  })

  it('backup: a missing tarball in the bucket leaves nothing behind, and the hint names the database', async (t) => {
    if (isS3Missing(t)) return
    const s3 = await startS3(t)
    const {home, run} = runner(t, s3)
    const source = await databasePlace(t, s3, randomBytes(32), true)
    const {world} = await fillRegistry(t, source)
    const found = await world.store.packages.version('@ada/tool', '2.0.0')
    await world.blobs.remove(found?.key ?? contentKey(''))
    const failed = await run(RegistryBackup, [path.join(home, 'backup'), ...source.flags])
    assertFailure(failed, 'REGISTRY_TARBALL_LOST', 1)
    assert.match(failed.stdout, /takedown @ada\/tool@2\.0\.0 --reason lost --database /)
    // The next one doesn't wait for this one.
    assert.equal(await world.store.blobs.pauseCollection('test', Date.now()), true)
  })
})

async function listedIn({openBlobs}: Awaited<ReturnType<typeof databasePlace>>): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const blob of (await openBlobs()).list()) found.push(blob)
  return found
}
