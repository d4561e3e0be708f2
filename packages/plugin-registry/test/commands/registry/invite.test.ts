import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import RegistryInvite from '../../../src/commands/registry/invite.js'
import RegistryUserReset from '../../../src/commands/registry/user/reset.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {assertFailure, withUsers} from '../../support/operator.js'

const at = ['--public-url', 'https://registry.example.com/']

describe('registry invite and user reset', () => {
  it('registry invite: prints the link alone on stdout, and the link is an invitation', async (t) => {
    const {world, run} = await withUsers(t)
    await world.addOrganization('acme', {})
    const invited = await run(RegistryInvite, ['new', '--email', 'n@example.com', '--org', 'acme', ...at])
    assert.match(invited.stdout, /^https:\/\/registry\.example\.com\/-\/invite#[\w-]{43}\n$/)
    const code = invited.stdout.trim().split('#')[1]!
    const {name, membership, createdBy} = (await world.store.invitations.find(hashSecret(code), world.now()))!
    assert.deepEqual([name, membership, createdBy], ['new', {organization: 'acme', role: 'reader'}, null])
  })

  it('registry invite: a name in use, and an unknown organization, are refused', async (t) => {
    const {run} = await withUsers(t)
    assertFailure(await run(RegistryInvite, ['ada', '--email', 'a@example.com', ...at, '--json']), 'USER_NAME_TAKEN', 3)
    const unknown = ['new', '--email', 'n@example.com', '--org', 'nowhere', ...at, '--json']
    assert.equal(JSON.parse((await run(RegistryInvite, unknown)).stdout).error.code, 'ORG_NOT_FOUND')
  })

  it('registry user reset: revokes sessions and prints the link', async (t) => {
    const {world, run, session} = await withUsers(t)
    const {stdout} = await run(RegistryUserReset, ['ada', ...at, '--json'])
    const {name, url, sessions} = JSON.parse(stdout)
    assert.deepEqual([name, sessions, url.includes('/-/invite#')], ['ada', 1, true])
    assert.equal((await world.call('GET', '/auth/whoami', {token: session})).status, 401)
  })
})
