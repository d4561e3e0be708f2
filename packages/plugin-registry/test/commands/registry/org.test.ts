import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import RegistryOrgAdd from '../../../src/commands/registry/org/add.js'
import RegistryOrgCreate from '../../../src/commands/registry/org/create.js'
import RegistryOrgList from '../../../src/commands/registry/org/list.js'
import RegistryOrgRemove from '../../../src/commands/registry/org/remove.js'
import RegistryUserAdd from '../../../src/commands/registry/user/add.js'
import {assertFailure, withUsers} from '../../support/operator.js'
import {password} from '../../support/world.js'
import {type runCommand} from '../../../../../test/support/run-command.js'

describe('registry org', () => {
  it('org: creates an organization, adds members and lists them', async (t) => {
    const {run, world} = await withUsers(t)
    const steps: [Parameters<typeof runCommand>[0], string[], string][] = [
      [
        RegistryOrgCreate,
        ['acme'],
        `Created organization acme. To add members, run \`apkg registry org add acme <user> --data ${world.folder}\`.\n`,
      ],
      [RegistryOrgAdd, ['acme', 'ada', '--role', 'publisher'], 'ada is now a publisher of acme\n'],
      [RegistryOrgAdd, ['acme', 'bob'], 'bob is now a reader of acme\n'],
      [RegistryOrgAdd, ['acme', 'bob'], 'bob is already a reader of acme\n'],
    ]
    for (const [command, argv, stderr] of steps) {
      const outcome = await run(command, argv)
      assert.deepEqual([outcome.exitCode, outcome.stdout, outcome.stderr], [0, '', stderr])
    }
    assert.equal((await run(RegistryOrgList, [])).stdout, 'acme\tada\tpublisher\nacme\tbob\treader\n')
    assert.equal(
      (await run(RegistryOrgList, [], {terminal: true})).stdout,
      'ORGANIZATION  USER  ROLE\nacme          ada   publisher\nacme          bob   reader\n',
    )
    const json = JSON.parse((await run(RegistryOrgList, ['acme', '--json'])).stdout)
    assert.deepEqual(json, {
      organizations: [
        {
          name: 'acme',
          createdAt: '2026-11-23T12:00:00.000Z',
          members: [
            {name: 'ada', role: 'publisher'},
            {name: 'bob', role: 'reader'},
          ],
        },
      ],
    })
  })

  it('org: changes of a membership take effect with the next request', async (t) => {
    const {world, run, session} = await withUsers(t)
    const orgs = async () => (await world.call('GET', '/auth/whoami', {token: session})).body.orgs
    const before = await orgs()
    await run(RegistryOrgCreate, ['acme'])
    await run(RegistryOrgAdd, ['acme', 'ada', '--role', 'publisher'])
    assert.notDeepEqual(await orgs(), before)
    const removed = await run(RegistryOrgRemove, ['acme', 'ada'])
    assert.equal(removed.stderr, 'ada is no longer a member of acme\n')
    assert.deepEqual(await orgs(), before)
  })

  it('org: shares a namespace with users, and names are never reused', async (t) => {
    const {run} = await withUsers(t)
    await run(RegistryOrgCreate, ['acme'])
    assertFailure(await run(RegistryOrgCreate, ['acme', '--json']), 'ORG_NAME_TAKEN', 3)
    assertFailure(await run(RegistryOrgCreate, ['ada', '--json']), 'ORG_NAME_TAKEN', 3)
    const user = await run(RegistryUserAdd, ['acme', '--email', 'a@example.com', '--password-stdin', '--json'], {
      stdin: password,
    })
    assertFailure(user, 'USER_NAME_TAKEN', 3)
    for (const name of ['Acme', 'a/b', '@acme', '']) {
      assertFailure(await run(RegistryOrgCreate, [name, '--json']), 'USAGE', 2)
    }
  })

  it('org: unknown organizations, users and members are errors', async (t) => {
    const {run} = await withUsers(t)
    await run(RegistryOrgCreate, ['acme'])
    assertFailure(await run(RegistryOrgAdd, ['other', 'ada', '--json']), 'ORG_NOT_FOUND', 1)
    assertFailure(await run(RegistryOrgList, ['other', '--json']), 'ORG_NOT_FOUND', 1)
    assertFailure(await run(RegistryOrgAdd, ['acme', 'eve', '--json']), 'USER_NOT_FOUND', 1)
    assertFailure(await run(RegistryOrgRemove, ['acme', 'ada', '--json']), 'ORG_MEMBER_NOT_FOUND', 1)
    assertFailure(await run(RegistryOrgAdd, ['acme', 'ada', '--role', 'king', '--json']), 'USAGE', 2)
    assert.equal((await run(RegistryOrgList, [])).stdout, 'acme\t-\t-\n')
  })
})
