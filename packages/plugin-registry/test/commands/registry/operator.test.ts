import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'node:test'

import RegistryOperatorAdd from '../../../src/commands/registry/operator/add.js'
import RegistryOperatorList from '../../../src/commands/registry/operator/list.js'
import RegistryOperatorRemove from '../../../src/commands/registry/operator/remove.js'
import RegistryUserDisable from '../../../src/commands/registry/user/disable.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import RegistryUserRemove from '../../../src/commands/registry/user/remove.js'
import {loadSqlite} from '../../../src/server/store/sqlite/driver.js'
import {assertFailure, withUsers} from '../../support/operator.js'
import type {World} from '../../support/world.js'

const whoami = async (world: World, token: string) => (await world.call('GET', '/auth/whoami', {token})).body

describe('registry operator', () => {
  it('operator: add, list and remove change and show the role', async (t) => {
    const {run} = await withUsers(t)
    assert.equal((await run(RegistryOperatorList, [])).stderr.split('.')[0], 'No operators')
    assert.equal((await run(RegistryOperatorAdd, ['ada'])).stderr, 'ada is now an operator\n')
    assert.equal((await run(RegistryOperatorAdd, ['ada'])).stderr, 'ada is already an operator\n')
    assert.equal((await run(RegistryOperatorList, [])).stdout, 'ada\tenabled\t2026-11-23\n')
    const listed = (await run(RegistryUserList, [])).stdout.split('\n').map((line) => line.split('\t').at(-1))
    assert.deepEqual(listed, ['operator', '-', ''])
    await run(RegistryUserDisable, ['ada'])
    const {operators} = JSON.parse((await run(RegistryOperatorList, ['--json'])).stdout)
    assert.deepEqual(operators, [{name: 'ada', disabled: true, since: '2026-11-23T12:00:00.000Z'}])
    assert.equal((await run(RegistryOperatorRemove, ['ada'])).stderr, 'ada is no longer an operator\n')
    assert.equal((await run(RegistryOperatorList, [])).stdout, '')
  })

  it('operator: an unknown user and a user without the role are errors', async (t) => {
    const {run} = await withUsers(t)
    assertFailure(await run(RegistryOperatorAdd, ['eve', '--json']), 'USER_NOT_FOUND', 1)
    assertFailure(await run(RegistryOperatorRemove, ['eve', '--json']), 'USER_NOT_FOUND', 1)
    assertFailure(await run(RegistryOperatorRemove, ['ada', '--json']), 'OPERATOR_NOT_FOUND', 1)
  })

  it('operator: whoami reports it for a session from the next request on, and never for a token', async (t) => {
    const {world, run, session} = await withUsers(t)
    const {token} = await world.createToken(session, {name: 'ci', scopes: ['admin']})
    assert.equal('operator' in (await whoami(world, session)), false)
    await run(RegistryOperatorAdd, ['ada'])
    assert.equal((await whoami(world, session)).operator, true)
    assert.equal('operator' in (await whoami(world, token)), false)
    await run(RegistryOperatorRemove, ['ada'])
    assert.equal('operator' in (await whoami(world, session)), false)
  })

  it('operator: the role ends when the user is removed, and each change is in the audit log', async (t) => {
    const {world, run} = await withUsers(t)
    await run(RegistryOperatorAdd, ['ada'])
    await run(RegistryOperatorAdd, ['bob'])
    await run(RegistryOperatorRemove, ['bob'])
    await run(RegistryUserRemove, ['ada', '--yes'])
    assert.deepEqual(
      (await world.store.users.list()).map(({name, operatorSince}) => [name, operatorSince]),
      [['bob', null]],
    )
    assert.equal(await isOperatorStill(world.folder), false)
    const rows = await world.store.audit.latest(10)
    const changes = rows
      .filter(({action}) => action.startsWith('operator.'))
      .map(({action, target}) => [action, target])
    assert.deepEqual(changes.reverse(), [
      ['operator.add', 'id-of-ada'],
      ['operator.add', 'id-of-bob'],
      ['operator.remove', 'id-of-bob'],
    ])
  })
})

async function isOperatorStill(folder: string): Promise<boolean> {
  const database = (await loadSqlite()).open(path.join(folder, 'registry.db'))
  const row = database.prepare('SELECT 1 FROM users WHERE operator_since IS NOT NULL').get()
  database.close()
  return row !== undefined
}
