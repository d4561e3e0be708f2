import assert from 'node:assert/strict'
import {rmSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {pino} from 'pino'

import RegistryAuditVerify from '../../../../src/commands/registry/audit/verify.js'
import {HeadCheck} from '../../../../src/server/operations/head-check.js'
import {AuditSealer} from '../../../../src/server/operations/seal-audit.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {operator} from '../../../../src/server/store/store.js'
import {config} from '../../../support/oclif-config.js'
import {createWorld} from '../../../support/world.js'
import {runCommand} from '../../../../../../test/support/run-command.js'

/** A registry with ten sealed entries. */
async function withSealedLog(t: TestContext) {
  const world = await createWorld(t)
  const log: string[] = []
  const sealer = () => {
    const lines = pino({}, {write: (line: string) => void log.push(line)})
    const head = new HeadCheck({...world, log: lines})
    return new AuditSealer({...world, head, clock: () => new Date(world.now()), log: lines})
  }
  const add = async (count: number) => {
    for (let entry = 0; entry < count; entry++) {
      await world.store.tokens.suspendAll({...operator, agent: `entry ${entry}`}, world.now())
    }
  }
  // Starting the registry made the first entry.
  await add(9)
  await sealer().stop()
  const database = (await loadSqlite()).open(path.join(world.folder, 'registry.db'))
  t.after(() => {
    database.close()
  })
  const run = (...argv: string[]) =>
    runCommand(RegistryAuditVerify, [...argv, '--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
    })
  const verify = async () => JSON.parse((await run('--json')).stdout) as Record<string, unknown>
  return {...world, log, seal: () => sealer().stop(), add, change: (sql: string) => database.exec(sql), run, verify}
}

describe('registry audit verify', () => {
  it('audit verify: an unchanged log has no problems, and later entries are counted as not sealed yet', async (t) => {
    const {run, verify, add, seal} = await withSealedLog(t)
    assert.deepEqual(await verify(), {sealed: 10, unsealed: 0, before: 0, problems: []})
    await add(3)
    const outcome = await run()
    assert.deepEqual(
      [outcome.exitCode, outcome.stdout],
      [0, 'No problems found. 10 entries sealed, 3 not sealed yet, 0 from before sealing began\n'],
    )
    await seal()
    assert.deepEqual(await verify(), {sealed: 13, unsealed: 0, before: 0, problems: []})
  })

  it('audit verify: finds a change in any column', async (t) => {
    const {verify, change} = await withSealedLog(t)
    const columns = ['at', 'action', 'actor', 'credential_id', 'address', 'agent', 'target', 'detail']
    for (const [index, column] of columns.entries()) {
      change(`UPDATE audit SET ${column} = coalesce(${column}, '') || '0' WHERE id = ${index + 2}`)
    }
    const problems = columns.map((_, index) => ({kind: 'changed', position: index + 2}))
    assert.deepEqual((await verify())['problems'], problems)
  })

  const attacks: [string, string, object[], string][] = [
    [
      'a changed entry',
      `UPDATE audit SET actor = 'mallory' WHERE id = 4`,
      [{kind: 'changed', position: 4}],
      'Entry 4 was changed',
    ],
    ['a deleted entry', 'DELETE FROM audit WHERE id = 5', [{kind: 'missing', position: 5}], 'Entry 5 was deleted'],
    [
      'an entry that was deleted with its link',
      'DELETE FROM audit WHERE id = 5; DELETE FROM audit_chain WHERE position = 5',
      [{kind: 'missing', position: 5}],
      'Entry 5 was deleted',
    ],
    [
      'a deleted link',
      'DELETE FROM audit_chain WHERE position = 5',
      [
        {kind: 'missing', position: 5},
        {kind: 'added', position: null},
      ],
      'Entry 5 was deleted',
    ],
    [
      'a link that moved up',
      'DELETE FROM audit_chain WHERE position = 5; UPDATE audit_chain SET position = position - 1 WHERE position > 5',
      [
        ...[5, 6, 7, 8, 9].map((position) => ({kind: 'changed', position})),
        {kind: 'cut', position: 10},
        {kind: 'added', position: null},
      ],
      'Entry 5 was changed',
    ],
    [
      'the newest entries deleted',
      'DELETE FROM audit WHERE id > 7; DELETE FROM audit_chain WHERE position > 7',
      [{kind: 'cut', position: 10}],
      'Entries up to 10 were sealed, but the newest were deleted',
    ],
    [
      'all entries deleted',
      'DELETE FROM audit; DELETE FROM audit_chain',
      [{kind: 'cut', position: 10}],
      'Entries up to 10 were sealed, but the newest were deleted',
    ],
    [
      'a forged HMAC',
      `UPDATE audit_chain SET mac = zeroblob(32) WHERE position = 10`,
      [
        {kind: 'changed', position: 10},
        {kind: 'replaced', position: 10},
      ],
      'Entry 10 was changed',
    ],
  ]
  for (const [what, sql, problems, line] of attacks) {
    it(`audit verify: finds ${what}`, async (t) => {
      const {run, verify, change} = await withSealedLog(t)
      change(sql)
      assert.deepEqual((await verify())['problems'], problems)
      const outcome = await run()
      assert.equal(outcome.exitCode, 1)
      assert.equal(outcome.stdout.split('\n')[0], line)
    })
  }

  it('audit verify: a registry does not seal a log that was changed and truncated, and keeps its head', async (t) => {
    const {verify, change, seal, log} = await withSealedLog(t)
    change(`UPDATE audit SET actor = 'mallory' WHERE id = 4; DELETE FROM audit_chain`)
    await seal()
    assert.deepEqual((await verify())['problems'], [{kind: 'cut', position: 10}])
    assert.match(log.join(''), /the database is older than the copy of the audit log's head, or is a different one/)
    await seal()
    assert.deepEqual((await verify())['problems'], [{kind: 'cut', position: 10}])
  })

  it('audit verify: entries from before the chain are only counted', async (t) => {
    const {verify, change, seal, folder, add} = await withSealedLog(t)
    rmSync(path.join(folder, 'blobs', 'audit-head.json'))
    change(`DELETE FROM audit_chain;
      INSERT INTO audit (at, action, detail) VALUES (1, 'audit.begin', '{"before":10}')`)
    await add(2)
    await seal()
    assert.deepEqual(await verify(), {sealed: 3, unsealed: 0, before: 10, problems: []})
    change('DELETE FROM audit WHERE id = 2')
    assert.deepEqual((await verify())['problems'], [{kind: 'removed-before', position: null}])
  })
})
