import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import RegistryUserAdd from '../../../src/commands/registry/user/add.js'
import RegistryUserList from '../../../src/commands/registry/user/list.js'
import {assertFailure, inHome} from '../../support/operator.js'
import {password} from '../../support/world.js'

describe('a data directory', () => {
  it('data directory: in XDG_DATA_HOME, or set by --data', async (t) => {
    const {run, home} = inHome(t)
    const argv = ['ada', '--email', 'a@b', '--password-stdin']
    const env = {XDG_DATA_HOME: path.join(home, 'data')}
    await run(RegistryUserAdd, argv, {stdin: password, env})
    assert.ok(existsSync(path.join(home, 'data', 'apkg-registry', 'registry.db')))
    const elsewhere = path.join(home, 'elsewhere')
    mkdirSync(elsewhere, {mode: 0o755})
    await run(RegistryUserAdd, [...argv, '--data', elsewhere], {stdin: password, env})
    assert.ok(existsSync(path.join(elsewhere, 'registry.db')))
    assert.equal(statSync(elsewhere).mode & 0o777, 0o700)
  })

  it('data directory: refused if others can read it and it has other files', async (t) => {
    const {run, home} = inHome(t)
    const shared = path.join(home, 'shared')
    mkdirSync(shared, {mode: 0o755})
    writeFileSync(path.join(shared, 'theirs'), '')
    const argv = ['ada', '--email', 'a@b', '--password-stdin', '--data', shared, '--json']
    assertFailure(await run(RegistryUserAdd, argv, {stdin: password}), 'REGISTRY_DATA_UNUSABLE', 1)
    assert.equal(statSync(shared).mode & 0o777, 0o755)
    assert.deepEqual(readdirSync(shared), ['theirs'])
  })

  it(
    'data directory: an error if it cannot be created',
    {skip: existsSync('/proc/self') ? false : '/proc does not exist'},
    async (t) => {
      const {run} = inHome(t)
      const argv = ['ada', '--email', 'a@b', '--password-stdin', '--data', '/proc/registry/data', '--json']
      assertFailure(await run(RegistryUserAdd, argv, {stdin: password}), 'REGISTRY_DATA_UNUSABLE', 1)
    },
  )

  it('data directory: a missing key is an error that names the file', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    rmSync(path.join(folder, 'secret.key'))
    const outcome = await run(RegistryUserList, [])
    assert.equal(outcome.exitCode, 1)
    assert.match(outcome.stderr, /secret\.key is missing/)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('key')),
      [],
    )
  })

  it('data directory: an invalid database is an error', async (t) => {
    const {run, add, folder} = inHome(t)
    await add('ada')
    writeFileSync(path.join(folder, 'registry.db'), 'this is not a database, however long it gets'.repeat(99))
    assertFailure(await run(RegistryUserList, ['--json']), 'REGISTRY_DATA_UNUSABLE', 1)
  })
})
