import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import Login from '../../../src/commands/login.js'
import OrgMemberAdd from '../../../src/commands/org/member/add.js'
import OrgMemberList from '../../../src/commands/org/member/list.js'
import OrgMemberRemove from '../../../src/commands/org/member/remove.js'
import TokenCreate from '../../../src/commands/token/create.js'
import {errorOf, failureOf, seen, startWorld} from '../../support/command.js'
import {password} from '../../support/registry.js'
import {tempFolder} from '../../support/temp-folder.js'

/** ada is the only admin of acme, and bob isn't a member. Both are logged in. */
async function startOrganization(t: TestContext) {
  const {registry, run} = await startWorld(t)
  const [ada = ''] = (await registry.store.users.list()).map(({id}) => id)
  await registry.addUser('bob')
  await registry.addOrganization('acme', {[ada]: 'admin'})
  const homes = {ada: await tempFolder(t), bob: await tempFolder(t)}
  const as =
    (name: keyof typeof homes): typeof run =>
    (command, argv, world) =>
      run(command, argv, {home: homes[name], ...world})
  for (const name of ['ada', 'bob'] as const) {
    const {exitCode} = await as(name)(Login, ['--username', name, '--password-stdin'], {stdin: password})
    assert.equal(exitCode, 0)
  }
  return {registry, ada: as('ada'), bob: as('bob')}
}

describe('org member', () => {
  it('org member add, list, remove: an admin manages the members', async (t) => {
    const {registry, ada, bob} = await startOrganization(t)
    assert.deepEqual(seen(await ada(OrgMemberAdd, ['acme', 'bob', '--role', 'admin'])), {
      stdout: '',
      stderr: 'bob is now an admin of acme\n',
      exitCode: 0,
    })
    assert.equal(
      (await ada(OrgMemberAdd, ['@acme', 'bob', '--role', 'admin'])).stderr,
      'bob is already an admin of acme\n',
    )
    assert.equal((await ada(OrgMemberList, ['acme'])).stdout, 'ada\tadmin\nbob\tadmin\n')
    const created = JSON.parse((await bob(TokenCreate, ['--label', 'ci', '--org', 'acme', '--json'])).stdout) as {
      id: string
    }
    const removed = JSON.parse((await ada(OrgMemberRemove, ['acme', 'bob', '--json'])).stdout)
    assert.deepEqual(removed, {
      registry: registry.url,
      organization: 'acme',
      user: 'bob',
      organizationTokens: [{id: created.id, label: 'ci', status: 'suspended'}],
      trustedPublishers: [],
    })
    const {registry: url, organization, members} = JSON.parse((await ada(OrgMemberList, ['acme', '--json'])).stdout)
    assert.deepEqual(
      {url, organization, members},
      {
        ...{url: registry.url, organization: 'acme', members: [{user: 'ada', role: 'admin'}]},
      },
    )
  })

  it('org member: the last admin cannot be removed, and the hint makes another member an admin', async (t) => {
    const {ada} = await startOrganization(t)
    const {stderr, exitCode} = await ada(OrgMemberRemove, ['acme', 'ada'])
    assert.equal(exitCode, 3)
    assert.match(stderr, /ada is the only admin of acme\n {2}hint: .*`apkg org member add /)
  })

  it('org member: someone who is not an admin changes nothing, and errors name what is unknown', async (t) => {
    const {ada, bob} = await startOrganization(t)
    const refused = errorOf(await bob(OrgMemberAdd, ['acme', 'bob', '--role', 'admin', '--json']))
    assert.deepEqual([refused.code, refused.reason], ['REFUSED', 'ORGANIZATION_FORBIDDEN'])
    assert.equal((await bob(OrgMemberList, ['acme'])).exitCode, 3)
    assert.equal(failureOf(await ada(OrgMemberRemove, ['acme', 'bob', '--json'])).code, 'MEMBER_NOT_FOUND')
    const unknown = await ada(OrgMemberAdd, ['acme', 'nobody'])
    assert.deepEqual([unknown.exitCode, /The user nobody does not exist/.test(unknown.stderr)], [1, true])
    assert.equal(failureOf(await ada(OrgMemberAdd, ['Acme!', 'bob', '--json'])).code, 'USAGE')
    assert.equal((await ada(OrgMemberList, ['acme'])).stdout, 'ada\tadmin\n')
  })

  it('org member: an API token is refused, and an old login has to be confirmed', async (t) => {
    const {registry, ada} = await startOrganization(t)
    const {token} = JSON.parse((await ada(TokenCreate, ['--label', 'root', '--scopes', 'admin', '--json'])).stdout)
    const withToken = await ada(OrgMemberAdd, ['acme', 'bob', '--json'], {env: {APKG_TOKEN: token}})
    assert.equal(errorOf(withToken).reason, 'SESSION_REQUIRED')
    registry.clock.advance(3_600_000)
    assert.equal(failureOf(await ada(OrgMemberAdd, ['acme', 'bob', '--json'])).code, 'CONFIRMATION_REQUIRED')
    const confirmed = await ada(OrgMemberAdd, ['acme', 'bob', '--password-stdin'], {stdin: password})
    assert.equal(confirmed.stderr, 'bob is now a reader of acme\n')
  })
})
